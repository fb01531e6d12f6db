"""How the providers' commands name the things of an estate: by which parameter, and with which of a target's ids. Data.

AWS: the CLI's service, then the parameter that takes the thing's identifier (`@`: its ARN), with what else names it
(`cluster=attributes.cluster`). Azure: the group of commands; all of them take full ids as `--ids`. GCP: the group of
commands, and the flag that says where the thing is, unless its identifier already does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from escher.contract.vocabulary import Kind, Provider
from escher_server.agents.understanding.lexicon.nouns import NOUN_TABLE

_AWS = """
ec2_instance ec2 InstanceId | ebs_volume ec2 VolumeId | ebs_snapshot ec2 SnapshotId | ec2_ami ec2 ImageId
ec2_key_pair ec2 KeyName | ec2_launch_template ec2 LaunchTemplateId | ec2_placement_group ec2 GroupName
ec2_network_interface ec2 NetworkInterfaceId | ec2_capacity_reservation ec2 CapacityReservationId
ec2_spot_request ec2 SpotInstanceRequestId | ec2_transit_gateway ec2 TransitGatewayId | vpc ec2 VpcId
ec2_transit_gateway_vpc_attachment ec2 TransitGatewayAttachmentId | ec2_managed_prefix_list ec2 PrefixListId
vpc_subnet ec2 SubnetId | vpc_security_group ec2 GroupId | vpc_eip ec2 AllocationId | vpc_endpoint ec2 VpcEndpointId
vpc_flow_log ec2 FlowLogId | vpc_internet_gateway ec2 InternetGatewayId | vpc_nat_gateway ec2 NatGatewayId
vpc_network_acl ec2 NetworkAclId | vpc_peering_connection ec2 VpcPeeringConnectionId | vpc_route_table ec2 RouteTableId
vpc_vpn_connection ec2 VpnConnectionId | vpc_vpn_gateway ec2 VpnGatewayId | vpc_dhcp_options ec2 DhcpOptionsId
vpc_customer_gateway ec2 CustomerGatewayId | vpc_egress_only_internet_gateway ec2 EgressOnlyInternetGatewayId
ec2_autoscaling_group autoscaling AutoScalingGroupName | ec2_target_group elbv2 @TargetGroupArn
ec2_launch_configuration autoscaling LaunchConfigurationName | ec2_classic_load_balancer elb LoadBalancerName
ec2_application_load_balancer elbv2 @LoadBalancerArn | ec2_network_load_balancer elbv2 @LoadBalancerArn
ec2_gateway_load_balancer elbv2 @LoadBalancerArn | lambda_function lambda FunctionName
dynamodb_table dynamodb TableName | dynamodb_backup dynamodb @BackupArn | rds_db_instance rds DBInstanceIdentifier
rds_db_cluster rds DBClusterIdentifier | rds_db_snapshot rds DBSnapshotIdentifier
rds_db_cluster_snapshot rds DBClusterSnapshotIdentifier | rds_db_parameter_group rds DBParameterGroupName
rds_db_cluster_parameter_group rds DBClusterParameterGroupName | rds_db_subnet_group rds DBSubnetGroupName
redshift_cluster redshift ClusterIdentifier | elasticache_cluster elasticache CacheClusterId
elasticache_replication_group elasticache ReplicationGroupId | elasticache_subnet_group elasticache CacheSubnetGroupName
s3_bucket s3api Bucket | sns_topic sns @TopicArn | sns_topic_subscription sns @SubscriptionArn | kms_key kms KeyId
secretsmanager_secret secretsmanager @SecretId | ssm_parameter ssm Name | acm_certificate acm @CertificateArn
iam_user iam UserName | iam_role iam RoleName | iam_group iam GroupName | iam_policy iam @PolicyArn
iam_instance_profile iam InstanceProfileName | cloudwatch_alarm cloudwatch AlarmName
cloudwatch_log_group logs logGroupName | cloudformation_stack cloudformation @StackName | cloudtrail_trail cloudtrail Name
codepipeline_pipeline codepipeline name | codebuild_project codebuild name | ecs_cluster ecs cluster
ecs_service ecs @service cluster=attributes.cluster | ecs_task_definition ecs @taskDefinition
ecr_repository ecr repositoryName | eks_cluster eks name | efs_file_system efs FileSystemId
fsx_file_system fsx FileSystemId | emr_cluster emr JobFlowId | glue_job glue JobName | glue_catalog_database glue Name
sagemaker_endpoint sagemaker EndpointName | sagemaker_notebook_instance sagemaker NotebookInstanceName
kinesis_stream kinesis StreamName | kinesis_firehose_delivery_stream firehose DeliveryStreamName
sfn_state_machine stepfunctions @stateMachineArn | opensearch_domain opensearch DomainName
transfer_server transfer ServerId | lightsail_instance lightsail instanceName | msk_cluster kafka @ClusterArn
batch_job_queue batch jobQueue | batch_compute_environment batch computeEnvironment | eventbridge_bus events Name
backup_vault backup BackupVaultName | backup_plan backup BackupPlanId | guardduty_detector guardduty DetectorId
directory_service_directory ds DirectoryId | elastic_beanstalk_application elasticbeanstalk ApplicationName
route53_zone route53 Id | athena_workgroup athena WorkGroup | api_gateway_rest_api apigateway restApiId
api_gatewayv2_api apigatewayv2 ApiId | appsync_graphql_api appsync apiId | cognito_user_pool cognito-idp UserPoolId
config_configuration_recorder configservice ConfigurationRecorderName | workspaces_workspace workspaces WorkspaceId
"""
_AZURE = """
compute_virtual_machine vm | compute_virtual_machine_scale_set vmss | compute_disk disk | compute_snapshot snapshot
compute_image image | network_security_group network nsg | public_ip network public-ip | virtual_network network vnet
subnet network vnet subnet | network_interface network nic | lb network lb | nat_gateway network nat gateway
application_gateway network application-gateway | route_table network route-table | dns_zone network dns zone
private_dns_zone network private-dns zone | private_endpoint network private-endpoint
virtual_network_gateway network vnet-gateway | storage_account storage account
key_vault keyvault | sql_server sql server | sql_database sql db | mysql_flexible_server mysql flexible-server
postgresql_flexible_server postgres flexible-server | redis_cache redis | cosmosdb_account cosmosdb
kubernetes_cluster aks | container_registry acr | container_group container | container_app containerapp
app_service_web_app webapp | app_service_function_app functionapp | app_service_plan appservice plan
eventhub_namespace eventhubs namespace | servicebus_namespace servicebus namespace | eventgrid_topic eventgrid topic
monitor_metric_alert monitor metrics alert | log_analytics_workspace monitor log-analytics workspace
user_assigned_identity identity | api_management apim
"""
_GCP = """
compute_instance compute instances | compute_disk compute disks | compute_snapshot compute snapshots
compute_image compute images | compute_firewall compute firewall-rules | compute_network compute networks
compute_instance_group_manager compute instance-groups managed | compute_instance_template compute instance-templates
compute_router compute routers --region | compute_subnetwork compute networks subnets --region
compute_vpn_tunnel compute vpn-tunnels --region | compute_resource_policy compute resource-policies --region
compute_security_policy compute security-policies | sql_database_instance sql instances | pubsub_topic pubsub topics
pubsub_subscription pubsub subscriptions | secret_manager_secret secrets | kubernetes_cluster container clusters
cloud_run_service run services --region | cloudfunctions_function functions --region
redis_instance redis instances --region | filestore_instance filestore instances
cloud_scheduler_job scheduler jobs --location | cloud_tasks_queue tasks queues --location
dns_managed_zone dns managed-zones | logging_sink logging sinks | logging_metric logging metrics
bigtable_instance bigtable instances | spanner_instance spanner instances | service_account iam service-accounts
workflows_workflow workflows --location | dataproc_cluster dataproc clusters --region
artifact_registry_repository artifacts repositories --location
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """How commands name a type of thing.

    `group` are the words between the service and the verb (none in AWS). `parameter` takes `placeholder`, and each of
    `beside` the placeholder that it has.
    """

    resource_type: str
    provider: Provider
    service: str
    group: tuple[str, ...]
    parameter: str
    placeholder: str
    beside: tuple[tuple[str, str], ...] = ()


def _parsed() -> Mapping[str, Identity]:
    rows = [
        (provider, row.split())
        for provider, table in (("aws", _AWS), ("azure", _AZURE), ("gcp", _GCP))
        for row in table.replace("\n", " | ").split("|")
        if row.strip()
    ]
    found = [_READERS[provider](provider, row) for provider, row in rows]
    return {one.resource_type: one for one in found}


def _of_aws(provider: str, row: list[str]) -> Identity:
    name, service, parameter, *beside = row
    placeholder = "${target.resource_id}" if parameter.startswith("@") else "${target.identifier}"
    pairs = tuple((one, f"${{target.{value}}}") for one, _, value in (each.partition("=") for each in beside))
    return Identity(f"aws_{name}", "aws", service, (), parameter.lstrip("@"), placeholder, pairs)


def _of_azure(provider: str, row: list[str]) -> Identity:
    name, service, *group = row
    return Identity(f"azure_{name}", "azure", service, tuple(group), "ids", "${target.resource_id}")


def _of_gcp(provider: str, row: list[str]) -> Identity:
    name, service, *rest = row
    group = tuple(word for word in rest if not word.startswith("--"))
    beside = tuple((word.lstrip("-"), "${target.region}") for word in rest if word.startswith("--"))
    return Identity(f"gcp_{name}", "gcp", service, group, "", "${target.identifier}", beside)


_READERS = {"aws": _of_aws, "azure": _of_azure, "gcp": _of_gcp}
IDENTITIES: Mapping[str, Identity] = _parsed()
_WITHOUT_WORD: Mapping[str, Kind] = {
    "aws_vpc_subnet": "subnet", "azure_subnet": "subnet", "gcp_compute_subnetwork": "subnet",
    "aws_vpc_route_table": "route_table", "aws_vpc_vpn_connection": "vpn", "aws_ec2_target_group": "target_group",
}  # fmt: skip
KIND_OF: Mapping[str, Kind] = {
    **_WITHOUT_WORD,
    **{name: noun.kind for _, noun in NOUN_TABLE if noun.kind for name in noun.types},
}
"""The kind of every type that people have a word for, or that its kind has a word for."""


def cloud_of(resource_type: str) -> Provider | None:
    """The cloud of a type, by its name."""
    first = resource_type.partition("_")[0]
    return cast("Provider", first) if first in get_args(Provider) else None


def cloud_of_size(size: str) -> Provider:
    """The cloud that has machines of such a size: `t3.large`, `Standard_D2s_v3`, `e2-medium`."""
    return "azure" if "_" in size else "aws" if "." in size else "gcp"
