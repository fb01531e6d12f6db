"""EMR clusters that have not ended. Those that have are listed for months and left out."""

from escher.providers.declarations import (
    Bool,
    DetailCall,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Texts,
    Time,
)

TYPE = ResourceType(
    name="aws_emr_cluster",
    native_type="AWS::EMR::Cluster",
    kind="analytics",
    service="emr",
    listing=ListCall(
        "ListClusters",
        "Clusters[]",
        permission="elasticmapreduce:ListClusters",
        parameters={"ClusterStates": ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING", "TERMINATING"]},
    ),
    identifier="Id",
    resource_id="ClusterArn",
    label="Name",
    zone="Cluster.Ec2InstanceAttributes.Ec2AvailabilityZone",
    tags="Cluster.Tags",
    state=StateRule(
        "Status.State",
        {
            "STARTING": "pending",
            "BOOTSTRAPPING": "pending",
            "RUNNING": "running",
            "WAITING": "running",
            "TERMINATING": "deleting",
            "TERMINATED": "deleted",
            "TERMINATED_WITH_ERRORS": "deleted",
        },
    ),
    details=(
        DetailCall(
            "DescribeCluster",
            {"ClusterId": "Id"},
            into="Cluster",
            result="Cluster",
            permission="elasticmapreduce:DescribeCluster",
        ),
    ),
    fields={
        "release_version": "Cluster.ReleaseLabel",
        "applications": Texts("Cluster.Applications[].Name"),
        "instance_hours": Int("NormalizedInstanceHours", volatile=True),
        "deletion_protection": Bool("Cluster.TerminationProtected"),
        "auto_terminate": Bool("Cluster.AutoTerminate"),
        "subnet_id": "Cluster.Ec2InstanceAttributes.Ec2SubnetId",
        "key_name": "Cluster.Ec2InstanceAttributes.Ec2KeyName",
        "endpoint": "Cluster.MasterPublicDnsName",
        "security_configuration": "Cluster.SecurityConfiguration",
        "log_path": "Cluster.LogUri",
        "role": "Cluster.ServiceRole",
        "created_at": Time("Status.Timeline.CreationDateTime"),
        "ready_at": Time("Status.Timeline.ReadyDateTime"),
    },
    relations=(
        Relation("member_of", "Cluster.Ec2InstanceAttributes.Ec2SubnetId", to="aws_vpc_subnet"),
        Relation(
            "uses",
            "Cluster.Ec2InstanceAttributes.[EmrManagedMasterSecurityGroup, EmrManagedSlaveSecurityGroup][]",
            to="aws_vpc_security_group",
        ),
        Relation("uses", "Cluster.ServiceRole", to="aws_iam_role"),
    ),
    acts={
        "delete": ("elasticmapreduce:TerminateJobFlows",),
        "scale": ("elasticmapreduce:ModifyInstanceGroups",),
        "update": ("elasticmapreduce:ModifyCluster",),
        "tag": ("elasticmapreduce:AddTags",),
        "untag": ("elasticmapreduce:RemoveTags",),
    },
)
