"""Brokers of Amazon MQ. The names of their users come with the details and are dropped."""

from escher.providers.declarations import Bool, DetailCall, ListCall, Relation, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_mq_broker",
    native_type="AWS::AmazonMQ::Broker",
    kind="queue",
    service="mq",
    listing=ListCall("ListBrokers", "BrokerSummaries[]", permission="mq:ListBrokers", page_size=100),
    identifier="tail(BrokerArn, ':broker:')",
    resource_id="BrokerArn",
    label="BrokerName",
    tags="Broker.Tags",
    state=StateRule(
        "BrokerState",
        {
            "CREATION_IN_PROGRESS": "pending",
            "CREATION_FAILED": "error",
            "DELETION_IN_PROGRESS": "deleting",
            "RUNNING": "running",
            "REBOOT_IN_PROGRESS": "pending",
            "CRITICAL_ACTION_REQUIRED": "error",
            "REPLICA": "running",
        },
    ),
    details=(DetailCall("DescribeBroker", {"BrokerId": "BrokerId"}, into="Broker", permission="mq:DescribeBroker"),),
    gone=("NotFoundException",),
    fields={
        "engine": "EngineType",
        "engine_version": "Broker.EngineVersion",
        "instance_type": "HostInstanceType",
        "deployment": "DeploymentMode",
        "storage_type": "Broker.StorageType",
        "endpoint": "Broker.BrokerInstances[0].Endpoints[0]",
        "public": Bool("Broker.PubliclyAccessible"),
        "subnets": Texts("Broker.SubnetIds"),
        "security_groups": Texts("Broker.SecurityGroups"),
        "kms_key": "Broker.EncryptionOptions.KmsKeyId",
        "auto_minor_upgrade": Bool("Broker.AutoMinorVersionUpgrade"),
        "created_at": Time("Created"),
    },
    relations=(
        Relation("member_of", "Broker.SubnetIds", to="aws_vpc_subnet"),
        Relation("uses", "Broker.SecurityGroups", to="aws_vpc_security_group"),
        Relation("uses", "Broker.EncryptionOptions.KmsKeyId"),
    ),
    acts={
        "reboot": ("mq:RebootBroker",),
        "delete": ("mq:DeleteBroker",),
        "resize": ("mq:UpdateBroker",),
        "update": ("mq:UpdateBroker",),
        "tag": ("mq:CreateTags",),
        "untag": ("mq:DeleteTags",),
    },
)
