"""How the company watches itself: log groups, alarms, trails, backups."""

from __future__ import annotations

import json
from collections.abc import Iterator

from escher.demo.blueprint.company import tags
from escher.demo.blueprint.data import databases
from escher.demo.blueprint.making import Making, Site, listed
from escher.demo.blueprint.serverless import functions

_TRAILED = ("web-shop", "analytics")
_BACKED_UP = (
    ("web-shop", "us-east-1", "orders"),
    ("web-shop", "eu-west-1", "checkout"),
    ("analytics", "us-east-1", "warehouse"),
    ("analytics", "us-west-2", "forecast"),
)


def watching() -> Iterator[Making]:
    """All of it."""
    for function in functions():
        name = f"/aws/lambda/{function.name}"
        yield Site(function.account, function.region).make(
            "logs", "create_log_group", logGroupName=name, tags=function.tags
        )
    for database in databases():
        if database.tags.get("env") == "prod":
            yield from _alarms(Site(database.account, database.region), database.name, database.tags)
    for account in _TRAILED:
        site, bucket = Site(account, "us-east-1"), f"halden-{account}-trail"
        yield site.make("s3", "create_bucket", Bucket=bucket)
        yield site.make(
            "s3", "put_bucket_policy", Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": []})
        )
        yield site.make("cloudtrail", "create_trail", Name="halden-audit", S3BucketName=bucket, IsMultiRegionTrail=True)
    for account, region, app in _BACKED_UP:
        site, vault = Site(account, region), f"{app}-vault"
        yield site.make(
            "backup", "create_backup_vault", BackupVaultName=vault, BackupVaultTags=tags(vault, app, "prod")
        )
        yield site.make(
            "backup", "create_backup_plan", BackupPlanTags=tags(f"{app}-daily", app, "prod"),
            BackupPlan={"BackupPlanName": f"{app}-daily",
                        "Rules": [{"RuleName": "daily", "TargetBackupVaultName": vault}]},
        )  # fmt: skip


def _alarms(site: Site, database: str, given: dict[str, str]) -> Iterator[Making]:
    for metric, threshold in (("CPUUtilization", 80.0), ("FreeStorageSpace", 5_000_000_000.0)):
        name = f"{database}-{metric}"
        yield site.make(
            "cloudwatch", "put_metric_alarm", AlarmName=name, Namespace="AWS/RDS", MetricName=metric,
            Dimensions=[{"Name": "DBInstanceIdentifier", "Value": database}], Statistic="Average", Period=300,
            EvaluationPeriods=3, Threshold=threshold, ComparisonOperator="GreaterThanThreshold",
            Tags=listed(given | {"Name": name}),
        )  # fmt: skip
