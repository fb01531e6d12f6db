"""IAM groups, with their members; AWS gives groups no tags."""

from escher.providers.declarations import DetailCall, Int, ListCall, Relation, ResourceType, Texts, Time

_GROUP = {"GroupName": "GroupName"}

TYPE = ResourceType(
    name="aws_iam_group",
    native_type="AWS::IAM::Group",
    kind="identity",
    service="iam",
    reach="global",
    listing=ListCall("ListGroups", "Groups[]", permission="iam:ListGroups", page_size=1_000),
    identifier="GroupName",
    resource_id="Arn",
    details=(
        DetailCall("GetGroup", _GROUP, into="Users", result="Users", permission="iam:GetGroup"),
        DetailCall(
            "ListAttachedGroupPolicies",
            _GROUP,
            into="Policies",
            result="AttachedPolicies",
            permission="iam:ListAttachedGroupPolicies",
        ),
    ),
    gone=("NoSuchEntity",),
    fields={
        "path": "Path",
        "created_at": Time("CreateDate"),
        "members": Int("Users != `null` && length(Users)"),
        "attached_policies": Texts("Policies[].PolicyName"),
    },
    relations=(Relation("uses", "Policies[].PolicyArn"),),
    acts={
        "delete": ("iam:DeleteGroup",),
        "update": ("iam:UpdateGroup",),
        "attach": ("iam:AttachGroupPolicy", "iam:AddUserToGroup"),
        "detach": ("iam:DetachGroupPolicy", "iam:RemoveUserFromGroup"),
    },
    extras=("members", "attached_policies"),
)
