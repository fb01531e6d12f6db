"""User pools of Cognito; never the users in them."""

from escher.providers.declarations import DetailCall, Holds, Int, ListCall, Relation, ResourceType, Texts, Time

TYPE = ResourceType(
    name="aws_cognito_user_pool",
    native_type="AWS::Cognito::UserPool",
    kind="identity",
    service="cognito-idp",
    listing=ListCall("ListUserPools", "UserPools[]", permission="cognito-idp:ListUserPools", page_size=60),
    identifier="Id",
    resource_id="arn:{partition}:cognito-idp:{region}:{account_id}:userpool/{identifier}",
    label="Name",
    tags="Pool.UserPoolTags",
    details=(
        DetailCall(
            "DescribeUserPool",
            {"UserPoolId": "Id"},
            into="Pool",
            result="UserPool",
            permission="cognito-idp:DescribeUserPool",
        ),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "users": Int("Pool.EstimatedNumberOfUsers", volatile=True),
        "tier": "Pool.UserPoolTier",
        "mfa": "Pool.MfaConfiguration",
        "domain": "Pool.CustomDomain || Pool.Domain",
        "signs_in_with": Texts("Pool.UsernameAttributes"),
        "minimum_password_length": Int("Pool.Policies.PasswordPolicy.MinimumLength"),
        "self_sign_up": Holds("!(Pool.AdminCreateUserConfig.AllowAdminCreateUserOnly)", needs=("Pool",)),
        "deletion_protection": Holds("Pool.DeletionProtection == 'ACTIVE'", needs=("Pool",)),
        "created_at": Time("CreationDate"),
        "last_modified": Time("LastModifiedDate"),
    },
    relations=(Relation("uses", "Pool.LambdaConfig.[PreSignUp, PostConfirmation, PreTokenGeneration][]"),),
    acts={
        "delete": ("cognito-idp:DeleteUserPool",),
        "update": ("cognito-idp:UpdateUserPool",),
        "tag": ("cognito-idp:TagResource",),
        "untag": ("cognito-idp:UntagResource",),
    },
)
