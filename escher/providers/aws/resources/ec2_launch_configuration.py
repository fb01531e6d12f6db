"""Launch configurations, the forerunners of launch templates. Their user data comes with the list and is dropped."""

from escher.providers.declarations import Bool, ListCall, Relation, ResourceType, Texts, Time

TYPE = ResourceType(
    name="aws_ec2_launch_configuration",
    native_type="AWS::AutoScaling::LaunchConfiguration",
    kind="template",
    service="autoscaling",
    listing=ListCall(
        "DescribeLaunchConfigurations",
        "LaunchConfigurations[]",
        permission="autoscaling:DescribeLaunchConfigurations",
        page_size=100,
    ),
    identifier="LaunchConfigurationName",
    resource_id="LaunchConfigurationARN",
    fields={
        "instance_type": "InstanceType",
        "image_id": "ImageId",
        "key_name": "KeyName",
        "security_groups": Texts("SecurityGroups"),
        "public_ip_on_launch": Bool("AssociatePublicIpAddress"),
        "ebs_optimized": Bool("EbsOptimized"),
        "metadata_tokens": "MetadataOptions.HttpTokens",
        "spot_price": "SpotPrice",
        "instance_profile": "IamInstanceProfile",
        "created_at": Time("CreatedTime"),
    },
    relations=(
        Relation("uses", "ImageId", "aws_ec2_ami"),
        Relation("uses", "[KeyName][?@]", "aws_ec2_key_pair"),
        Relation("uses", "SecurityGroups", "aws_vpc_security_group"),
        # By name or by ARN, as it was given.
        Relation("uses", "IamInstanceProfile", "aws_iam_instance_profile"),
    ),
    acts={"delete": ("autoscaling:DeleteLaunchConfiguration",)},
)
