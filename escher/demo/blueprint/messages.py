"""How parts of the company's software talk: queues, topics, streams, rules, state machines and APIs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from escher.demo.blueprint.company import tags
from escher.demo.blueprint.making import Making, Site, listed, small

_QUEUES = (
    ("web-shop", "us-east-1", "orders", ("placed", "paid", "shipped")),
    ("web-shop", "us-east-1", "checkout", ("fraud-review",)),
    ("web-shop", "eu-west-1", "orders", ("placed", "labels")),
    ("analytics", "us-east-1", "ingest", ("clicks", "imports")),
    ("analytics", "us-west-2", "forecast", ("retrain",)),
    ("sandbox", "us-east-1", "playground", ("hello",)),
)
_TOPICS = (
    ("web-shop", "us-east-1", "orders", ("order-events", "refunds")),
    ("web-shop", "eu-west-1", "orders", ("order-events",)),
    ("web-shop", "us-east-1", "api", ("alerts", "deployments")),
    ("web-shop", "eu-west-1", "api", ("alerts",)),
    ("web-shop", "us-west-2", "api", ("alerts",)),
    ("analytics", "us-east-1", "ingest", ("alerts", "quality")),
    ("analytics", "eu-west-1", "reports", ("alerts",)),
    ("analytics", "us-west-2", "forecast", ("alerts",)),
)
_STREAMS = (
    ("web-shop", "us-east-1", "catalog", "clicks", 2),
    ("analytics", "us-east-1", "ingest", "clickstream", 4),
    ("analytics", "us-east-1", "ingest", "orders-copy", 1),
    ("analytics", "eu-west-1", "reports", "page-views", 1),
)
_RULES = (
    ("web-shop", "us-east-1", "orders", ("nightly-settlement", "stale-carts", "warehouse-sync")),
    ("web-shop", "eu-west-1", "orders", ("nightly-settlement", "label-cleanup")),
    ("analytics", "us-east-1", "ingest", ("hourly-compaction", "daily-quality", "partition-repair")),
    ("analytics", "us-west-2", "forecast", ("weekly-retraining",)),
    ("sandbox", "us-east-1", "playground", ("every-minute-test",)),
)
_FLOWS = (
    ("web-shop", "us-east-1", "orders", ("fulfilment", "refund")),
    ("web-shop", "eu-west-1", "orders", ("fulfilment",)),
    ("analytics", "us-east-1", "warehouse", ("nightly-load", "backfill")),
    ("analytics", "us-west-2", "forecast", ("training",)),
)
_APIS = (
    ("web-shop", "us-east-1", "api", ("storefront", "partners", "mobile")),
    ("web-shop", "eu-west-1", "api", ("storefront", "partners")),
    ("analytics", "us-east-1", "reports", ("reporting",)),
)
_STEP = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})


def messages() -> Iterator[Making]:
    """All of it, each after what it leads to."""
    yield from _queues()
    yield from _topics()
    for account, region, app, name, shards in _STREAMS:
        site, stream = Site(account, region), f"{app}-{name}"
        yield site.make("kinesis", "create_stream", StreamName=stream, ShardCount=shards)
        yield site.make("kinesis", "add_tags_to_stream", StreamName=stream, Tags=tags(stream, app, "prod"))
    for account, region, app, rules in _RULES:
        for rule in rules:
            name = f"{app}-{rule}"
            yield Site(account, region).make(
                "events", "put_rule", Name=name, ScheduleExpression="rate(1 day)",
                State="DISABLED" if rule.startswith("every") else "ENABLED", Tags=listed(tags(name, app, "prod")),
            )  # fmt: skip
    for account, region, app, flows in _FLOWS:
        site = Site(account, region)
        for name in (f"{app}-{flow}" for flow in flows):
            yield site.make(
                "stepfunctions", "create_state_machine", name=name, definition=_STEP, roleArn=site.role("Deployment"),
                tags=small(tags(name, app, "prod")),
            )  # fmt: skip
    yield from _apis()


def _queues() -> Iterator[Making]:
    for account, region, app, names in _QUEUES:
        site = Site(account, region)
        for name in names:
            for env in ("prod", "staging"):
                queue = f"{app}-{name}-{env}"
                yield site.make("sqs", "create_queue", QueueName=f"{queue}-dead", tags=tags(f"{queue}-dead", app, env))
                redrive = {"deadLetterTargetArn": site.arn("sqs", f"{queue}-dead"), "maxReceiveCount": "5"}
                attributes = {"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": "60"}
                yield site.make(
                    "sqs", "create_queue", QueueName=queue, Attributes=attributes, tags=tags(queue, app, env)
                )


def _topics() -> Iterator[Making]:
    for account, region, app, names in _TOPICS:
        site = Site(account, region)
        for name in (f"{app}-{one}" for one in names):
            yield site.make("sns", "create_topic", Name=name, Tags=listed(tags(name, app, "prod")))
            if name == "orders-order-events":
                yield site.make(
                    "sns", "subscribe", TopicArn=site.arn("sns", name), Protocol="sqs",
                    Endpoint=site.arn("sqs", "orders-placed-prod"),
                )  # fmt: skip


def _apis() -> Iterator[Making]:
    for account, region, app, names in _APIS:
        site = Site(account, region)
        for name in names:
            yield site.make(
                "apigateway", "create_rest_api", name=f"{app}-{name}", tags=tags(f"{app}-{name}", app, "prod")
            )
        yield site.make(
            "apigatewayv2", "create_api", Name=f"{app}-http", ProtocolType="HTTP", Tags=tags(f"{app}-http", app, "prod")
        )
