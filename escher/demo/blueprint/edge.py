"""What faces the world, and what builds and deploys: zones, distributions, firewalls, builds, batches and stacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from escher.demo.blueprint.company import ACCOUNTS, tags
from escher.demo.blueprint.making import Making, Site, listed

_HOME = Site("web-shop", "us-east-1")
_ZONES = (("halden.example", "api"), ("halden-shop.example", "catalog"), ("halden-old.example", "catalog"))
_FRONTS = (("catalog", "images"), ("catalog", "thumbnails"), ("checkout", "exports"))
_BUILDS = (
    ("web-shop", "us-east-1", "checkout", ("build", "deploy")),
    ("web-shop", "us-east-1", "catalog", ("build", "deploy")),
    ("web-shop", "eu-west-1", "api", ("deploy",)),
    ("analytics", "us-east-1", "ingest", ("build", "deploy")),
    ("analytics", "us-west-2", "forecast", ("package-model",)),
)
_BATCHES = (("analytics", "us-east-1", "warehouse"), ("analytics", "us-west-2", "forecast"))
_STACKS = (
    ("web-shop", "us-east-1", "orders", "notifications"),
    ("web-shop", "eu-west-1", "orders", "notifications"),
    ("web-shop", "us-west-2", "search", "reindexing"),
    ("analytics", "us-east-1", "ingest", "quarantine"),
    ("sandbox", "us-east-1", "playground", "tutorial"),
)
_WALLS = (("web-shop", "us-east-1", "api"), ("web-shop", "eu-west-1", "api"), ("analytics", "us-east-1", "reports"))


def edge() -> Iterator[Making]:
    """All of it."""
    for name, app in _ZONES:
        yield from _zone(name, app)
    for app, purpose in _FRONTS:
        yield _distribution(app, f"halden-{app}-{purpose}-prod")
    for account, region, app in _WALLS:
        name = f"{app}-wall"
        yield Site(account, region).make(
            "wafv2", "create_web_acl", Name=name, Scope="REGIONAL", DefaultAction={"Allow": {}}, Rules=[],
            VisibilityConfig=_seen(name), Tags=listed(tags(name, app, "prod")),
        )  # fmt: skip
    yield from _building()
    for account, region, app, name in _STACKS:
        yield from _stack(Site(account, region), app, f"{app}-{name}")


def _stack(site: Site, app: str, name: str) -> Iterator[Making]:
    """A stack, and the tags that CloudFormation leaves on what it makes."""
    yield site.make(
        "cloudformation", "create_stack", {f"stack:{name}": "StackId"}, StackName=name, TemplateBody=_template(name),
        Tags=listed(tags(name, app, "prod")),
    )  # fmt: skip
    left = {"aws:cloudformation:stack-name": name, "aws:cloudformation:stack-id": f"$(stack:{name})"}
    queue = f"http://127.0.0.1/{ACCOUNTS[site.account]}/{name}-stack"
    yield site.make("sqs", "tag_queue", QueueUrl=queue, Tags=left)
    yield site.make("sns", "tag_resource", ResourceArn=site.arn("sns", f"{name}-stack"), Tags=listed(left))
    parameter = {"ResourceType": "Parameter", "ResourceId": f"/halden/stacks/{name}"}
    yield site.make("ssm", "add_tags_to_resource", **parameter, Tags=listed(left))


def _zone(name: str, app: str) -> Iterator[Making]:
    zone = f"zone:{name}"
    yield _HOME.make("route53", "create_hosted_zone", {zone: "HostedZone.Id"}, Name=name, CallerReference=name)
    yield _HOME.make(
        "route53", "change_tags_for_resource", ResourceType="hostedzone", ResourceId=f"$({zone}|last)",
        AddTags=listed(tags(name, app, "prod")),
    )  # fmt: skip
    records = [
        {"Action": "CREATE", "ResourceRecordSet": {
            "Name": f"{host}.{name}", "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": f"edge.{name}"}]}}
        for host in ("www", "shop")
    ]  # fmt: skip
    yield _HOME.make(
        "route53", "change_resource_record_sets", HostedZoneId=f"$({zone})", ChangeBatch={"Changes": records}
    )


def _distribution(app: str, bucket: str) -> Making:
    origin = {"Id": bucket, "DomainName": f"{bucket}.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
    settings: dict[str, Any] = {
        "CallerReference": bucket,
        "Comment": f"{app}: {bucket}",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": bucket, "ViewerProtocolPolicy": "redirect-to-https"},
    }
    named = {"Items": listed(tags(bucket, app, "prod"))}
    return _HOME.make(
        "cloudfront", "create_distribution_with_tags",
        DistributionConfigWithTags={"DistributionConfig": settings, "Tags": named},
    )  # fmt: skip


def _building() -> Iterator[Making]:
    for account, region, app, jobs in _BUILDS:
        site = Site(account, region)
        for job in jobs:
            name = f"{app}-{job}"
            yield site.make(
                "codebuild", "create_project", name=name, serviceRole=site.role("Deployment"),
                source={"type": "S3", "location": f"halden-{app}-builds/source.zip"}, artifacts={"type": "NO_ARTIFACTS"},
                environment={"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0",
                             "computeType": "BUILD_GENERAL1_SMALL"},
                tags=[{"key": key, "value": value} for key, value in tags(name, app, "prod").items()],
            )  # fmt: skip
    for account, region, app in _BATCHES:
        site, name = Site(account, region), f"{app}-nightly"
        yield site.make(
            "batch", "create_compute_environment", {f"batch:{app}": "computeEnvironmentArn"},
            computeEnvironmentName=name, type="UNMANAGED", state="ENABLED", serviceRole=site.role("Deployment"),
            tags=tags(name, app, "prod"),
        )  # fmt: skip
        yield site.make(
            "batch", "create_job_queue", jobQueueName=name, priority=1, state="ENABLED",
            computeEnvironmentOrder=[{"order": 1, "computeEnvironment": f"$(batch:{app})"}],
            tags=tags(name, app, "prod"),
        )  # fmt: skip


def _seen(name: str) -> dict[str, Any]:
    return {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": name}


def _template(name: str) -> str:
    """A stack that owns a queue, a topic and a parameter."""
    return json.dumps(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": {
                "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": f"{name}-stack"}},
                "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": f"{name}-stack"}},
                "Limit": {
                    "Type": "AWS::SSM::Parameter",
                    "Properties": {"Name": f"/halden/stacks/{name}", "Type": "String", "Value": "10"},
                },
            },
        }
    )
