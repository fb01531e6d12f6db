"""How the things of databases, storage and managed services that the library's cases name are made in moto."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from escher_server.library.cases import Thing
from tests.server.case_compute import REGION, Client, pairs

_FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_TRUST = '{"Version":"2012-10-17","Statement":[]}'


def _bucket(client: Client, thing: Thing) -> str:
    s3, name = client("s3"), f"case-{thing.name}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    if thing.tags:
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs(thing)})
    if "blocked" in thing.facts:
        flags = dict(zip(_FLAGS, thing.facts["blocked"], strict=True))
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=flags)
    if "encryption" in thing.facts:
        rule = {"SSEAlgorithm": thing.facts["encryption"], "KMSMasterKeyID": thing.facts["kms_key"]}
        rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": rule}]}
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=rules)
    return name


def _database(client: Client, thing: Thing) -> str:
    rds, facts = client("rds"), thing.facts
    rds.create_db_instance(
        DBInstanceIdentifier=thing.name,
        DBInstanceClass=facts.get("instance_type", "db.t3.micro"),
        Engine="postgres",
        MasterUsername="escher",
        MasterUserPassword="not-a-secret",
        AllocatedStorage=20,
        BackupRetentionPeriod=facts.get("backup_days", 1),
        DeletionProtection=facts.get("deletion_protection", False),
        PubliclyAccessible=facts.get("public", False),
        MultiAZ=facts.get("multi_az", False),
        Tags=pairs(thing),
    )
    if facts.get("state") == "stopped":
        rds.stop_db_instance(DBInstanceIdentifier=thing.name)
    return thing.name


def _database_snapshot(client: Client, thing: Thing) -> str:
    """With the fact `snapshot_type` automated, it is one that RDS made by itself."""
    rds, source = client("rds"), f"of-{thing.name}"
    _database(client, thing.model_copy(update={"name": source, "facts": {}}))
    if thing.facts.get("snapshot_type") == "automated":
        made = rds.describe_db_snapshots(DBInstanceIdentifier=source, SnapshotType="automated")["DBSnapshots"]
        return made[0]["DBSnapshotIdentifier"]
    rds.create_db_snapshot(DBInstanceIdentifier=source, DBSnapshotIdentifier=thing.name)
    return thing.name


def _role(client: Client, thing: Thing) -> str:
    client("iam").create_role(RoleName=thing.name, AssumeRolePolicyDocument=_TRUST, Tags=pairs(thing))
    return thing.name


def _function(client: Client, thing: Thing) -> str:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("main.py", "")
    role = client("iam").create_role(RoleName=f"for-{thing.name}", AssumeRolePolicyDocument=_TRUST)["Role"]["Arn"]
    client("lambda").create_function(
        FunctionName=thing.name,
        Runtime="python3.11",
        Role=role,
        Handler="main.handler",
        Code={"ZipFile": package.getvalue()},
        Tags=thing.tags,
    )
    return thing.name


def _table(client: Client, thing: Thing) -> str:
    dynamodb = client("dynamodb")
    dynamodb.create_table(
        TableName=thing.name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=thing.facts.get("deletion_protection", False),
        Tags=pairs(thing),
    )
    if thing.facts.get("point_in_time_recovery"):
        dynamodb.update_continuous_backups(
            TableName=thing.name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
    return thing.name


def _key(client: Client, thing: Thing) -> str:
    kms = client("kms")
    key = kms.create_key(KeySpec=thing.facts.get("key_type", "SYMMETRIC_DEFAULT"), KeyUsage=_usage(thing))
    identifier = key["KeyMetadata"]["KeyId"]
    if thing.facts.get("rotation"):
        kms.enable_key_rotation(KeyId=identifier)
    return identifier


def _usage(thing: Thing) -> str:
    return "SIGN_VERIFY" if "key_type" in thing.facts else "ENCRYPT_DECRYPT"


def _log_group(client: Client, thing: Thing) -> str:
    logs, name = client("logs"), f"/case/{thing.name}"
    logs.create_log_group(logGroupName=name)
    if "retention_days" in thing.facts:
        logs.put_retention_policy(logGroupName=name, retentionInDays=thing.facts["retention_days"])
    return name


def _container_service(client: Client, thing: Thing) -> str:
    ecs = client("ecs")
    ecs.create_cluster(clusterName="case")
    container = {"name": "web", "image": "web", "memory": 128}
    ecs.register_task_definition(family=thing.name, containerDefinitions=[container])
    ecs.create_service(
        cluster="case",
        serviceName=thing.name,
        taskDefinition=thing.name,
        schedulingStrategy=thing.facts.get("scheduling", "REPLICA"),
        desiredCount=thing.facts.get("desired_capacity", 1),
    )
    return f"case/{thing.name}"


def _topic(client: Client, thing: Thing) -> str:
    given = {"KmsMasterKeyId": thing.facts["kms_key"]} if "kms_key" in thing.facts else {}
    client("sns").create_topic(Name=thing.name, Attributes=given)
    return thing.name


def _repository(client: Client, thing: Thing) -> str:
    scanned = {"scanOnPush": thing.facts.get("scan_on_push", False)}
    client("ecr").create_repository(repositoryName=thing.name, imageScanningConfiguration=scanned)
    return thing.name


def _alarm(client: Client, thing: Thing) -> str:
    client("cloudwatch").put_metric_alarm(
        AlarmName=thing.name,
        ActionsEnabled=thing.facts.get("enabled", True),
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        MetricName="CPUUtilization",
        Namespace="AWS/EC2",
        Period=60,
        Statistic="Average",
        Threshold=80,
    )
    return thing.name


def _trail(client: Client, thing: Thing) -> str:
    client("s3").create_bucket(Bucket=f"for-{thing.name}", CreateBucketConfiguration={"LocationConstraint": REGION})
    client("cloudtrail").create_trail(Name=thing.name, S3BucketName=f"for-{thing.name}")
    if thing.facts.get("state") != "stopped":
        client("cloudtrail").start_logging(Name=thing.name)
    return thing.name


def _rule(client: Client, thing: Thing) -> str:
    state = "DISABLED" if thing.facts.get("state") == "stopped" else "ENABLED"
    client("events").put_rule(Name=thing.name, ScheduleExpression="rate(1 day)", State=state)
    return thing.name


SERVICES: Mapping[str, Callable[[Client, Thing], str]] = {
    "aws_s3_bucket": _bucket,
    "aws_rds_db_instance": _database,
    "aws_rds_db_snapshot": _database_snapshot,
    "aws_iam_role": _role,
    "aws_lambda_function": _function,
    "aws_dynamodb_table": _table,
    "aws_kms_key": _key,
    "aws_cloudwatch_log_group": _log_group,
    "aws_ecs_service": _container_service,
    "aws_sns_topic": _topic,
    "aws_ecr_repository": _repository,
    "aws_cloudwatch_alarm": _alarm,
    "aws_cloudtrail_trail": _trail,
    "aws_eventbridge_rule": _rule,
}
