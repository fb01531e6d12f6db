"""IAM roles."""

from escher.providers.declarations import DetailCall, Int, ListCall, ResourceType, Time

TYPE = ResourceType(
    name="aws_iam_role",
    kind="identity",
    service="iam",
    reach="global",
    listing=ListCall("ListRoles", "Roles[]", permission="iam:ListRoles", page_size=1_000),
    identifier="RoleName",
    resource_id="Arn",
    tags="Tags",
    # The list answer leaves the tags out.
    details=(
        DetailCall("ListRoleTags", {"RoleName": "RoleName"}, into="Tags", result="Tags", permission="iam:ListRoleTags"),
    ),
    gone=("NoSuchEntity",),
    fields={
        "path": "Path",
        "description": "Description",
        "created_at": Time("CreateDate"),
        "max_session_s": Int("MaxSessionDuration"),
    },
)
