"""Clusters of Managed Streaming for Kafka, provisioned and serverless."""

from escher.providers.declarations import Bool, Holds, Int, ListCall, Relation, ResourceType, StateRule, Texts, Time

_NODES = "Provisioned.BrokerNodeGroupInfo"
_SUBNETS = f"{_NODES}.ClientSubnets || Serverless.VpcConfigs[].SubnetIds[]"
_GROUPS = f"{_NODES}.SecurityGroups || Serverless.VpcConfigs[].SecurityGroupIds[]"
_AT_REST = "Provisioned.EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId"

TYPE = ResourceType(
    name="aws_msk_cluster",
    native_type="AWS::MSK::Cluster",
    kind="stream",
    service="kafka",
    listing=ListCall("ListClustersV2", "ClusterInfoList[]", permission="kafka:ListClustersV2", page_size=100),
    identifier="tail(ClusterArn, ':cluster/')",
    resource_id="ClusterArn",
    label="ClusterName",
    tags="Tags",
    state=StateRule(
        "State",
        {
            "ACTIVE": "running",
            "CREATING": "pending",
            "DELETING": "deleting",
            "FAILED": "error",
            "HEALING": "pending",
            "MAINTENANCE": "pending",
            "REBOOTING_BROKER": "pending",
            "UPDATING": "running",
        },
    ),
    fields={
        "cluster_type": "ClusterType",
        "engine_version": "Provisioned.CurrentBrokerSoftwareInfo.KafkaVersion",
        "instance_type": f"{_NODES}.InstanceType",
        "nodes": Int("Provisioned.NumberOfBrokerNodes"),
        "node_size_gib": Int(f"{_NODES}.StorageInfo.EbsStorageInfo.VolumeSize"),
        "subnets": Texts(_SUBNETS),
        "security_groups": Texts(_GROUPS),
        "public": Holds(f"{_NODES}.ConnectivityInfo.PublicAccess.Type == 'SERVICE_PROVIDED_EIPS'"),
        "transit_encryption": "Provisioned.EncryptionInfo.EncryptionInTransit.ClientBroker",
        "kms_key": _AT_REST,
        "iam_auth": Bool("Provisioned.ClientAuthentication.Sasl.Iam.Enabled"),
        "monitoring": "Provisioned.EnhancedMonitoring",
        "created_at": Time("CreationTime"),
    },
    relations=(
        Relation("member_of", _SUBNETS, to="aws_vpc_subnet"),
        Relation("uses", _GROUPS, to="aws_vpc_security_group"),
        Relation("uses", _AT_REST),
    ),
    acts={
        "reboot": ("kafka:RebootBroker",),
        "resize": ("kafka:UpdateBrokerType",),
        "scale": ("kafka:UpdateBrokerCount",),
        "delete": ("kafka:DeleteCluster",),
        "update": ("kafka:UpdateClusterConfiguration",),
        "tag": ("kafka:TagResource",),
        "untag": ("kafka:UntagResource",),
    },
)
