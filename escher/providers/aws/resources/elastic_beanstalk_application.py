"""Applications of Elastic Beanstalk."""

from escher.providers.declarations import DetailCall, Int, ListCall, Relation, ResourceType, Texts, Time

TYPE = ResourceType(
    name="aws_elastic_beanstalk_application",
    native_type="AWS::ElasticBeanstalk::Application",
    kind="app",
    service="elasticbeanstalk",
    listing=ListCall("DescribeApplications", "Applications[]", permission="elasticbeanstalk:DescribeApplications"),
    identifier="ApplicationName",
    resource_id="ApplicationArn",
    tags="Tags",
    details=(
        DetailCall(
            "ListTagsForResource",
            {"ResourceArn": "ApplicationArn"},
            into="Tags",
            result="ResourceTags",
            permission="elasticbeanstalk:ListTagsForResource",
            absent=("ResourceNotFoundException",),
        ),
    ),
    fields={
        "description": "Description",
        "versions": Int("length(Versions || `[]`)"),
        "configuration_templates": Texts("ConfigurationTemplates"),
        "role": "ResourceLifecycleConfig.ServiceRole",
        "created_at": Time("DateCreated"),
        "last_modified": Time("DateUpdated"),
    },
    relations=(Relation("uses", "ResourceLifecycleConfig.ServiceRole"),),
    acts={
        "delete": ("elasticbeanstalk:DeleteApplication",),
        "update": ("elasticbeanstalk:UpdateApplication",),
        "tag": ("elasticbeanstalk:AddTags",),
        "untag": ("elasticbeanstalk:RemoveTags",),
    },
)
