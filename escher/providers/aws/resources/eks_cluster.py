"""EKS clusters. Certificate data is dropped."""

from escher.providers.declarations import (
    Bool,
    DetailCall,
    Holds,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Texts,
    Time,
)

TYPE = ResourceType(
    name="aws_eks_cluster",
    native_type="AWS::EKS::Cluster",
    kind="container_cluster",
    service="eks",
    listing=ListCall("ListClusters", "clusters[].{name: @}", permission="eks:ListClusters", page_size=100),
    identifier="name",
    resource_id="arn:{partition}:eks:{region}:{account_id}:cluster/{identifier}",
    tags="Cluster.tags",
    state=StateRule(
        "Cluster.status",
        {
            "CREATING": "pending",
            "ACTIVE": "running",
            "UPDATING": "running",
            "PENDING": "pending",
            "DELETING": "deleting",
            "FAILED": "error",
        },
        missing="unknown",
    ),
    details=(
        DetailCall(
            "DescribeCluster", {"name": "name"}, into="Cluster", result="cluster", permission="eks:DescribeCluster"
        ),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "engine_version": "Cluster.version",
        "platform_version": "Cluster.platformVersion",
        "endpoint": "Cluster.endpoint",
        "public": Bool("Cluster.resourcesVpcConfig.endpointPublicAccess"),
        "public_cidrs": Texts("Cluster.resourcesVpcConfig.publicAccessCidrs"),
        "private_access": Bool("Cluster.resourcesVpcConfig.endpointPrivateAccess"),
        "vpc_id": "Cluster.resourcesVpcConfig.vpcId",
        "subnets": Texts("Cluster.resourcesVpcConfig.subnetIds"),
        "security_groups": Texts("Cluster.resourcesVpcConfig.[securityGroupIds || `[]`, [clusterSecurityGroupId]][][]"),
        "secrets_encrypted": Holds("Cluster.encryptionConfig[?contains(resources, 'secrets')]", needs=("Cluster",)),
        "kms_key": "Cluster.encryptionConfig[0].provider.keyArn",
        "logs": Texts("Cluster.logging.clusterLogging[?enabled].types[]"),
        "support_type": "Cluster.upgradePolicy.supportType",
        "role": "Cluster.roleArn",
        "deletion_protection": Bool("Cluster.deletionProtection"),
        "created_at": Time("Cluster.createdAt"),
    },
    relations=(
        Relation("member_of", "Cluster.resourcesVpcConfig.vpcId", to="aws_vpc"),
        Relation("member_of", "Cluster.resourcesVpcConfig.subnetIds", to="aws_vpc_subnet"),
        Relation(
            "uses",
            "Cluster.resourcesVpcConfig.[securityGroupIds || `[]`, [clusterSecurityGroupId]][][]",
            to="aws_vpc_security_group",
        ),
        Relation("uses", "Cluster.roleArn"),
        Relation("uses", "Cluster.encryptionConfig[].provider.keyArn"),
    ),
    acts={
        "delete": ("eks:DeleteCluster",),
        "update": ("eks:UpdateClusterConfig", "eks:UpdateClusterVersion"),
        "tag": ("eks:TagResource",),
        "untag": ("eks:UntagResource",),
    },
    extras=("support_type",),
)
