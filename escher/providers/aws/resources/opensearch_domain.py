"""Domains of OpenSearch and of the Elasticsearch before it. Access policies come with them and are dropped."""

from escher.providers.declarations import (
    BatchCall,
    Bool,
    DetailCall,
    Holds,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Texts,
)

TYPE = ResourceType(
    name="aws_opensearch_domain",
    native_type="AWS::OpenSearchService::Domain",
    kind="search_domain",
    service="opensearch",
    listing=ListCall(
        "ListDomainNames",
        "DomainNames[].DomainName",
        permission="es:ListDomainNames",
        batch=BatchCall(
            "DescribeDomains",
            ids="DomainNames",
            result="DomainStatusList[]",
            permission="es:DescribeDomains",
            size=5,
        ),
    ),
    identifier="DomainName",
    resource_id="ARN",
    tags="Tags",
    state=StateRule(
        "(Deleted && 'Deleting') || DomainProcessingStatus || (!Created && 'Creating') || (Processing && 'Modifying')"
        " || 'Active'",
        {
            "Creating": "pending",
            "Active": "running",
            "Modifying": "running",
            "UpgradingEngineVersion": "pending",
            "UpdatingServiceSoftware": "running",
            "Isolated": "stopped",
            "Deleting": "deleting",
        },
    ),
    details=(DetailCall("ListTags", {"ARN": "ARN"}, into="Tags", result="TagList", permission="es:ListTags"),),
    gone=("ResourceNotFoundException",),
    fields={
        "engine_version": "EngineVersion",
        "instance_type": "ClusterConfig.InstanceType",
        "instances": Int("ClusterConfig.InstanceCount"),
        "multi_az": Bool("ClusterConfig.ZoneAwarenessEnabled"),
        "size_gib": Int("EBSOptions.VolumeSize"),
        "volume_type": "EBSOptions.VolumeType",
        "endpoint": "Endpoint || Endpoints.vpc",
        "public": Holds("!VPCOptions.VPCId"),
        "vpc_id": "VPCOptions.VPCId",
        "subnets": Texts("VPCOptions.SubnetIds"),
        "encrypted": Bool("EncryptionAtRestOptions.Enabled"),
        "transit_encrypted": Bool("NodeToNodeEncryptionOptions.Enabled"),
        "kms_key": "EncryptionAtRestOptions.KmsKeyId",
        "minimum_tls": "DomainEndpointOptions.TLSSecurityPolicy",
    },
    relations=(
        Relation("member_of", "VPCOptions.VPCId", to="aws_vpc"),
        Relation("member_of", "VPCOptions.SubnetIds", to="aws_vpc_subnet"),
        Relation("uses", "VPCOptions.SecurityGroupIds", to="aws_vpc_security_group"),
        Relation("uses", "[EncryptionAtRestOptions.KmsKeyId][?@ && starts_with(@, 'arn:')]"),
    ),
    acts={
        "resize": ("es:UpdateDomainConfig",),
        "scale": ("es:UpdateDomainConfig",),
        "delete": ("es:DeleteDomain",),
        "update": ("es:UpdateDomainConfig", "es:UpgradeDomain"),
        "tag": ("es:AddTags",),
        "untag": ("es:RemoveTags",),
    },
    # Every domain has automatic snapshots once it is there.
    backups="Created",
)
