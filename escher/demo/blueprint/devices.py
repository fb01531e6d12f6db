"""What fewer companies have: the scanners of a warehouse, schedules, and stores in memory. Escher declares none of it."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.blueprint.company import tags
from escher.demo.blueprint.making import Making, Site, listed

_SCANNERS = (
    ("web-shop", "us-east-1", "orders", 6),
    ("web-shop", "eu-west-1", "orders", 4),
    ("sandbox", "us-east-1", "prototype", 1),
)
_SCHEDULES = (
    ("web-shop", "us-east-1", "orders", ("close-the-day", "count-the-stock")),
    ("analytics", "us-east-1", "reports", ("monday-report", "month-end")),
    ("analytics", "eu-west-1", "reports", ("monday-report",)),
)
_IN_MEMORY = (("web-shop", "us-east-1", "checkout", "baskets"), ("analytics", "us-east-1", "forecast", "features"))


def devices() -> Iterator[Making]:
    """All of it."""
    for account, region, app, number in _SCANNERS:
        for one in range(1, number + 1):
            name = f"{app}-scanner-{one:02}"
            about = {"attributes": {"hall": f"{one % 3 + 1}"}}
            yield Site(account, region).make("iot", "create_thing", thingName=name, attributePayload=about)
    for account, region, app, names in _SCHEDULES:
        site = Site(account, region)
        for name in (f"{app}-{one}" for one in names):
            target = {"Arn": site.arn("sqs", f"{app}-schedule"), "RoleArn": site.role("Deployment")}
            yield site.make(
                "scheduler", "create_schedule", Name=name, ScheduleExpression="rate(1 day)",
                FlexibleTimeWindow={"Mode": "OFF"}, Target=target,
            )  # fmt: skip
    for account, region, app, name in _IN_MEMORY:
        cluster = f"{app}-{name}"
        yield Site(account, region).make(
            "memorydb", "create_cluster", ClusterName=cluster, NodeType="db.r7g.large", ACLName="open-access",
            Tags=listed(tags(cluster, app, "prod")),
        )  # fmt: skip
