"""The types that the demo's Cloud Control lists, as data: which call of moto lists them, and what their properties are.

Expressions are JMESPath over the whole answer. Tags come with the list where it has them, else from a call of their
own, else from the tagging API.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Detail:
    """A call that tells more of one resource: the parameter that takes the identifier, and what is read.

    The parameter takes the property `of` where that is named, and a list of one with `many`.
    """

    operation: str
    parameter: str
    properties: str
    constant: Mapping[str, object] = field(default_factory=dict[str, object])
    many: bool = False
    of: str = ""


@dataclass(frozen=True, slots=True)
class ControlType:
    """A CloudFormation type. `items` yields a list of properties, of which `identifier` names one."""

    service: str
    operation: str
    items: str
    identifier: str
    arn: str = ""
    detail: Detail | None = None
    tags: Detail | None = None
    constant: Mapping[str, object] = field(default_factory=dict[str, object])


def _names(expression: str, identifier: str) -> str:
    """A list of plain names as properties."""
    return f"{expression}[].{{{identifier}: @}}"


CONTROL_TYPES: Mapping[str, ControlType] = {
    "AWS::ApiGateway::RestApi": ControlType(
        "apigateway",
        "get_rest_apis",
        "items[].{RestApiId: id, Name: name, Description: description, Tags: tags}",
        "RestApiId",
    ),
    "AWS::Athena::WorkGroup": ControlType(
        "athena", "list_work_groups", "WorkGroups[].{Name: Name, State: State, Description: Description}", "Name"
    ),
    "AWS::AutoScaling::AutoScalingGroup": ControlType(
        "autoscaling",
        "describe_auto_scaling_groups",
        "AutoScalingGroups[].{AutoScalingGroupName: AutoScalingGroupName, MinSize: to_string(MinSize), "
        "MaxSize: to_string(MaxSize), DesiredCapacity: to_string(DesiredCapacity), Tags: Tags[].{Key: Key, Value: Value}}",
        "AutoScalingGroupName",
    ),
    "AWS::Backup::BackupVault": ControlType(
        "backup",
        "list_backup_vaults",
        "BackupVaultList[].{BackupVaultName: BackupVaultName, BackupVaultArn: BackupVaultArn}",
        "BackupVaultName",
        arn="BackupVaultArn",
    ),
    "AWS::Batch::ComputeEnvironment": ControlType(
        "batch",
        "describe_compute_environments",
        "computeEnvironments[].{ComputeEnvironmentArn: computeEnvironmentArn, Type: type, State: state, "
        "ComputeEnvironmentName: computeEnvironmentName, Tags: tags}",
        "ComputeEnvironmentArn",
    ),
    "AWS::CertificateManager::Certificate": ControlType(
        "acm",
        "list_certificates",
        "CertificateSummaryList[].{Id: CertificateArn, DomainName: DomainName}",
        "Id",
        arn="Id",
    ),
    "AWS::CloudWatch::Alarm": ControlType(
        "cloudwatch",
        "describe_alarms",
        "MetricAlarms[].{AlarmName: AlarmName, Arn: AlarmArn, MetricName: MetricName, Namespace: Namespace, "
        "Threshold: Threshold, ComparisonOperator: ComparisonOperator}",
        "AlarmName",
        arn="Arn",
    ),
    "AWS::DynamoDB::Table": ControlType(
        "dynamodb",
        "list_tables",
        _names("TableNames", "TableName"),
        "TableName",
        arn="Arn",
        detail=Detail(
            "describe_table", "TableName", "Table.{Arn: TableArn, BillingMode: BillingModeSummary.BillingMode}"
        ),
    ),
    "AWS::EC2::VPC": ControlType(
        "ec2",
        "describe_vpcs",
        "Vpcs[].{VpcId: VpcId, CidrBlock: CidrBlock, InstanceTenancy: InstanceTenancy, Tags: Tags}",
        "VpcId",
    ),
    "AWS::ECR::Repository": ControlType(
        "ecr",
        "describe_repositories",
        "repositories[].{RepositoryName: repositoryName, Arn: repositoryArn, RepositoryUri: repositoryUri, "
        "ImageTagMutability: imageTagMutability}",
        "RepositoryName",
        arn="Arn",
        tags=Detail("list_tags_for_resource", "resourceArn", "tags", of="Arn"),
    ),
    "AWS::ECS::Cluster": ControlType(
        "ecs",
        "list_clusters",
        _names("clusterArns", "Arn"),
        "ClusterName",
        arn="Arn",
        detail=Detail("describe_clusters", "clusters", "clusters[0].{ClusterName: clusterName}", many=True),
    ),
    "AWS::EFS::FileSystem": ControlType(
        "efs",
        "describe_file_systems",
        "FileSystems[].{FileSystemId: FileSystemId, Arn: FileSystemArn, Encrypted: Encrypted, "
        "PerformanceMode: PerformanceMode}",
        "FileSystemId",
        arn="Arn",
    ),
    "AWS::EKS::Cluster": ControlType(
        "eks",
        "list_clusters",
        _names("clusters", "Name"),
        "Name",
        arn="Arn",
        detail=Detail("describe_cluster", "name", "cluster.{Arn: arn, Version: version, RoleArn: roleArn, Tags: tags}"),
    ),
    "AWS::Events::Rule": ControlType(
        "events",
        "list_rules",
        "Rules[].{Arn: Arn, Name: Name, State: State, ScheduleExpression: ScheduleExpression}",
        "Arn",
        arn="Arn",
        tags=Detail("list_tags_for_resource", "ResourceARN", "Tags", of="Arn"),
    ),
    "AWS::Glue::Job": ControlType("glue", "list_jobs", _names("JobNames", "Name"), "Name"),
    "AWS::IAM::Role": ControlType(
        "iam", "list_roles", "Roles[].{RoleName: RoleName, Arn: Arn, Path: Path, RoleId: RoleId}", "RoleName"
    ),
    "AWS::IoT::Thing": ControlType(
        "iot",
        "list_things",
        "things[].{ThingName: thingName, Arn: thingArn, AttributePayload: {Attributes: attributes}}",
        "ThingName",
    ),
    "AWS::KMS::Alias": ControlType(
        "kms", "list_aliases", "Aliases[?TargetKeyId].{AliasName: AliasName, TargetKeyId: TargetKeyId}", "AliasName"
    ),
    "AWS::KMS::Key": ControlType(
        "kms",
        "list_keys",
        "Keys[].{KeyId: KeyId, Arn: KeyArn}",
        "KeyId",
        arn="Arn",
        detail=Detail("describe_key", "KeyId", "KeyMetadata.{Description: Description, Enabled: Enabled}"),
    ),
    "AWS::Kinesis::Stream": ControlType(
        "kinesis",
        "list_streams",
        _names("StreamNames", "Name"),
        "Name",
        arn="Arn",
        detail=Detail(
            "describe_stream_summary",
            "StreamName",
            "StreamDescriptionSummary.{Arn: StreamARN, RetentionPeriodHours: RetentionPeriodHours, "
            "ShardCount: OpenShardCount}",
        ),
        tags=Detail("list_tags_for_stream", "StreamName", "Tags"),
    ),
    "AWS::Lambda::Function": ControlType(
        "lambda",
        "list_functions",
        "Functions[].{FunctionName: FunctionName, Arn: FunctionArn, Runtime: Runtime, MemorySize: MemorySize, Role: Role}",
        "FunctionName",
        arn="Arn",
    ),
    "AWS::Logs::LogGroup": ControlType(
        "logs",
        "describe_log_groups",
        "logGroups[].{LogGroupName: logGroupName, Arn: arn, RetentionInDays: retentionInDays}",
        "LogGroupName",
        arn="Arn",
        tags=Detail("list_tags_log_group", "logGroupName", "tags"),
    ),
    "AWS::MemoryDB::Cluster": ControlType(
        "memorydb",
        "describe_clusters",
        "Clusters[].{ClusterName: Name, ARN: ARN, NodeType: NodeType, ACLName: ACLName, Status: Status}",
        "ClusterName",
        tags=Detail("list_tags", "ResourceArn", "TagList", of="ARN"),
    ),
    "AWS::OpenSearchService::Domain": ControlType(
        "opensearch", "list_domain_names", "DomainNames[].{DomainName: DomainName}", "DomainName"
    ),
    "AWS::RDS::DBInstance": ControlType(
        "rds",
        "describe_db_instances",
        "DBInstances[].{DBInstanceIdentifier: DBInstanceIdentifier, DBInstanceArn: DBInstanceArn, Engine: Engine, "
        "DBInstanceClass: DBInstanceClass, StorageEncrypted: StorageEncrypted}",
        "DBInstanceIdentifier",
        arn="DBInstanceArn",
    ),
    "AWS::S3::Bucket": ControlType("s3", "list_buckets", "Buckets[].{BucketName: Name}", "BucketName"),
    "AWS::SNS::Topic": ControlType(
        "sns",
        "list_topics",
        "Topics[].{TopicArn: TopicArn}",
        "TopicArn",
        arn="TopicArn",
        detail=Detail("get_topic_attributes", "TopicArn", "Attributes.{DisplayName: DisplayName}"),
    ),
    "AWS::SQS::Queue": ControlType(
        "sqs",
        "list_queues",
        _names("QueueUrls", "QueueUrl"),
        "QueueUrl",
        arn="Arn",
        detail=Detail(
            "get_queue_attributes",
            "QueueUrl",
            "Attributes.{Arn: QueueArn, VisibilityTimeout: to_number(VisibilityTimeout)}",
            constant={"AttributeNames": ["All"]},
        ),
    ),
    "AWS::SSM::Parameter": ControlType("ssm", "describe_parameters", "Parameters[].{Name: Name, Type: Type}", "Name"),
    "AWS::Scheduler::Schedule": ControlType(
        "scheduler",
        "list_schedules",
        "Schedules[].{Name: Name, Arn: Arn, GroupName: GroupName, State: State}",
        "Name",
    ),
    "AWS::SecretsManager::Secret": ControlType(
        "secretsmanager", "list_secrets", "SecretList[].{Id: ARN, Name: Name}", "Id", arn="Id"
    ),
    "AWS::StepFunctions::StateMachine": ControlType(
        "stepfunctions",
        "list_state_machines",
        "stateMachines[].{Arn: stateMachineArn, StateMachineName: name, StateMachineType: type}",
        "Arn",
        arn="Arn",
    ),
    "AWS::WAFv2::WebACL": ControlType(
        "wafv2",
        "list_web_acls",
        "WebACLs[].{Id: Id, Name: Name, Arn: ARN}",
        "Arn",
        arn="Arn",
        constant={"Scope": "REGIONAL"},
        tags=Detail("list_tags_for_resource", "ResourceARN", "TagInfoForResource.TagList", of="Arn"),
    ),
}
UNLISTED = frozenset(
    {"AWS::CodeBuild::Project", "AWS::EC2::VPCGatewayAttachment", "AWS::IAM::Policy", "AWS::SNS::TopicPolicy"}
)
"""Types that CloudFormation knows and Cloud Control does not list."""
