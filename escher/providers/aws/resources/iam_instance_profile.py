"""Instance profiles: how a role reaches an EC2 instance."""

from escher.providers.declarations import DetailCall, ListCall, Relation, ResourceType, Time

TYPE = ResourceType(
    name="aws_iam_instance_profile",
    native_type="AWS::IAM::InstanceProfile",
    kind="identity",
    service="iam",
    reach="global",
    listing=ListCall(
        "ListInstanceProfiles", "InstanceProfiles[]", permission="iam:ListInstanceProfiles", page_size=1_000
    ),
    identifier="InstanceProfileName",
    resource_id="Arn",
    tags="Profile.Tags",
    details=(
        # The list answer leaves the tags out.
        DetailCall(
            "GetInstanceProfile",
            {"InstanceProfileName": "InstanceProfileName"},
            into="Profile",
            result="InstanceProfile",
            permission="iam:GetInstanceProfile",
        ),
    ),
    gone=("NoSuchEntity",),
    fields={"path": "Path", "role": "Roles[0].Arn", "created_at": Time("CreateDate")},
    relations=(Relation("uses", "Roles[].Arn"),),
    acts={
        "delete": ("iam:DeleteInstanceProfile",),
        "attach": ("iam:AddRoleToInstanceProfile", "iam:PassRole"),
        "detach": ("iam:RemoveRoleFromInstanceProfile",),
        "tag": ("iam:TagInstanceProfile",),
        "untag": ("iam:UntagInstanceProfile",),
    },
)
