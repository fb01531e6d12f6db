"""Environments of Elastic Beanstalk that are not terminated. Their settings are never asked for."""

from escher.providers.declarations import (
    Bool,
    DetailCall,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Time,
)

TYPE = ResourceType(
    name="aws_elastic_beanstalk_environment",
    native_type="AWS::ElasticBeanstalk::Environment",
    kind="app",
    service="elasticbeanstalk",
    listing=ListCall(
        "DescribeEnvironments",
        "Environments[]",
        permission="elasticbeanstalk:DescribeEnvironments",
        parameters={"IncludeDeleted": False},
        page_size=1_000,
    ),
    # Names are unique only within an application.
    identifier="tail(EnvironmentArn, ':environment/')",
    resource_id="EnvironmentArn",
    label="EnvironmentName",
    tags="Tags",
    state=StateRule(
        "Status",
        {
            "Aborting": "pending",
            "Launching": "pending",
            "Updating": "running",
            "LinkingFrom": "pending",
            "LinkingTo": "pending",
            "Ready": "running",
            "Terminating": "deleting",
            "Terminated": "deleted",
        },
    ),
    details=(
        DetailCall(
            "ListTagsForResource",
            {"ResourceArn": "EnvironmentArn"},
            into="Tags",
            result="ResourceTags",
            permission="elasticbeanstalk:ListTagsForResource",
        ),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "application": "ApplicationName",
        "version_label": "VersionLabel",
        "platform": "SolutionStackName",
        "tier": "Tier.Name",
        "endpoint": "CNAME",
        "health": "HealthStatus || Health",
        "description": "Description",
        "update_running": Bool("AbortableOperationInProgress"),
        "created_at": Time("DateCreated"),
        "last_modified": Time("DateUpdated"),
    },
    relations=(
        Relation("member_of", "ApplicationName", to="aws_elastic_beanstalk_application"),
        Relation("uses", "OperationsRole"),
    ),
    acts={
        "reboot": ("elasticbeanstalk:RestartAppServer",),
        "delete": ("elasticbeanstalk:TerminateEnvironment",),
        "update": ("elasticbeanstalk:UpdateEnvironment",),
        "tag": ("elasticbeanstalk:AddTags",),
        "untag": ("elasticbeanstalk:RemoveTags",),
    },
)
