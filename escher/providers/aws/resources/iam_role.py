"""IAM roles."""

from escher.providers.declarations import DetailCall, Int, ListCall, Relation, ResourceType, Texts, Time

TYPE = ResourceType(
    name="aws_iam_role",
    native_type="AWS::IAM::Role",
    kind="identity",
    service="iam",
    reach="global",
    listing=ListCall("ListRoles", "Roles[]", permission="iam:ListRoles", page_size=1_000),
    identifier="RoleName",
    resource_id="Arn",
    tags="Role.Tags",
    # The list answer leaves out the tags and the last use.
    details=(
        DetailCall("GetRole", {"RoleName": "RoleName"}, into="Role", result="Role", permission="iam:GetRole"),
        DetailCall(
            "ListAttachedRolePolicies",
            {"RoleName": "RoleName"},
            into="Policies",
            result="AttachedPolicies",
            permission="iam:ListAttachedRolePolicies",
        ),
    ),
    gone=("NoSuchEntity",),
    fields={
        "path": "Path",
        "description": "Description",
        "created_at": Time("CreateDate"),
        "last_used_at": Time("Role.RoleLastUsed.LastUsedDate", volatile=True),
        "attached_policies": Texts("Policies[].PolicyName"),
        "max_session_s": Int("MaxSessionDuration"),
    },
    relations=(Relation("uses", "Policies[].PolicyArn"),),
    acts={
        "delete": ("iam:DeleteRole",),
        "update": ("iam:UpdateRole", "iam:UpdateAssumeRolePolicy"),
        "attach": ("iam:AttachRolePolicy",),
        "detach": ("iam:DetachRolePolicy",),
        "tag": ("iam:TagRole",),
        "untag": ("iam:UntagRole",),
    },
    extras=("attached_policies",),
)
