"""IAM users. Of their access keys only number and age are kept, never the keys' ids."""

from escher.providers.declarations import DetailCall, Holds, Int, ListCall, Relation, ResourceType, Texts, Time

_USER = {"UserName": "UserName"}
_ACTIVE = "AccessKeys[?Status == 'Active']"

TYPE = ResourceType(
    name="aws_iam_user",
    native_type="AWS::IAM::User",
    kind="identity",
    service="iam",
    reach="global",
    listing=ListCall("ListUsers", "Users[]", permission="iam:ListUsers", page_size=1_000),
    identifier="UserName",
    resource_id="Arn",
    tags="Tags",
    details=(
        # The list answer leaves the tags out.
        DetailCall("ListUserTags", _USER, into="Tags", result="Tags", permission="iam:ListUserTags"),
        DetailCall(
            "ListAccessKeys", _USER, into="AccessKeys", result="AccessKeyMetadata", permission="iam:ListAccessKeys"
        ),
        DetailCall("ListMFADevices", _USER, into="Devices", result="MFADevices", permission="iam:ListMFADevices"),
        DetailCall(
            "GetLoginProfile",
            _USER,
            into="LoginProfile",
            result="LoginProfile",
            permission="iam:GetLoginProfile",
            absent=("NoSuchEntity",),
        ),
        DetailCall("ListGroupsForUser", _USER, into="Groups", result="Groups", permission="iam:ListGroupsForUser"),
        DetailCall(
            "ListAttachedUserPolicies",
            _USER,
            into="Policies",
            result="AttachedPolicies",
            permission="iam:ListAttachedUserPolicies",
        ),
    ),
    gone=("NoSuchEntity",),
    fields={
        "path": "Path",
        "created_at": Time("CreateDate"),
        "password_last_used_at": Time("PasswordLastUsed", volatile=True),
        "console_access": Holds("LoginProfile", needs=("LoginProfile",)),
        "mfa_enabled": Holds("Devices", needs=("Devices",)),
        "access_key_count": Int(f"AccessKeys != `null` && length({_ACTIVE})"),
        "access_key_1_created_at": Time(f"{_ACTIVE} | [0].CreateDate"),
        "access_key_2_created_at": Time(f"{_ACTIVE} | [1].CreateDate"),
        "groups": Texts("Groups[].GroupName"),
        "attached_policies": Texts("Policies[].PolicyName"),
    },
    relations=(
        Relation("member_of", "Groups[].Arn"),
        Relation("uses", "Policies[].PolicyArn"),
    ),
    acts={
        "delete": ("iam:DeleteUser",),
        "update": ("iam:UpdateUser",),
        "disable": ("iam:DeleteLoginProfile", "iam:UpdateAccessKey"),
        "rotate": ("iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"),
        "attach": ("iam:AttachUserPolicy",),
        "detach": ("iam:DetachUserPolicy",),
        "tag": ("iam:TagUser",),
        "untag": ("iam:UntagUser",),
    },
    extras=("access_key_count", "groups", "attached_policies"),
)
