"""Launch templates. What a version holds, user data among it, is not asked for."""

from escher.providers.declarations import Int, ListCall, ResourceType, Time

TYPE = ResourceType(
    name="aws_ec2_launch_template",
    native_type="AWS::EC2::LaunchTemplate",
    kind="template",
    service="ec2",
    listing=ListCall(
        "DescribeLaunchTemplates", "LaunchTemplates[]", permission="ec2:DescribeLaunchTemplates", page_size=200
    ),
    identifier="LaunchTemplateId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:launch-template/{identifier}",
    label="LaunchTemplateName",
    tags="Tags",
    fields={
        "default_version": Int("DefaultVersionNumber"),
        "latest_version": Int("LatestVersionNumber"),
        "created_at": Time("CreateTime"),
        "created_by": "CreatedBy",
    },
    acts={
        "delete": ("ec2:DeleteLaunchTemplate",),
        "update": ("ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
)
