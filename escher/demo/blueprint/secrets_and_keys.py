"""What must stay secret, only as names: secrets, parameters, keys and certificates. Their values are of no use."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.blueprint.company import tags
from escher.demo.blueprint.making import Making, Site, listed

_SECRETS = (
    ("web-shop", "us-east-1", "checkout", ("card-processor", "fraud-service")),
    ("web-shop", "us-east-1", "orders", ("database", "carrier-api")),
    ("web-shop", "eu-west-1", "checkout", ("card-processor",)),
    ("analytics", "us-east-1", "warehouse", ("loader", "dashboards")),
    ("analytics", "us-west-2", "forecast", ("notebooks",)),
    ("sandbox", "us-east-1", "playground", ("nothing-important",)),
)
_PARAMETERS = (
    ("web-shop", "us-east-1", "checkout", ("currency", "tax-table", "retry-limit", "card-processor/url")),
    ("web-shop", "us-east-1", "catalog", ("page-size", "image-host", "cache-seconds")),
    ("web-shop", "eu-west-1", "checkout", ("currency", "tax-table", "retry-limit")),
    ("analytics", "us-east-1", "ingest", ("batch-size", "schema-version", "quarantine-days")),
    ("analytics", "us-west-2", "forecast", ("horizon-days", "model-version")),
)
_KEYS = (
    ("web-shop", "us-east-1", "checkout", ("payments", "receipts")),
    ("web-shop", "us-east-1", "orders", ("orders",)),
    ("web-shop", "eu-west-1", "checkout", ("payments",)),
    ("analytics", "us-east-1", "warehouse", ("warehouse", "exports")),
    ("analytics", "eu-west-1", "reports", ("reports",)),
    ("analytics", "us-west-2", "forecast", ("models",)),
    ("sandbox", "us-east-1", "playground", ("try-out",)),
)
_DOMAINS = (
    ("web-shop", "us-east-1", "api", ("shop.halden.example", "api.halden.example", "images.halden.example")),
    ("web-shop", "eu-west-1", "api", ("shop.halden.example", "api.halden.example")),
    ("analytics", "us-east-1", "reports", ("reports.halden.example",)),
    ("sandbox", "us-west-2", "prototype", ("try.halden.example",)),
)


def secrets_and_keys() -> Iterator[Making]:
    """All of it."""
    for account, region, app, names in _SECRETS:
        for name in names:
            for env in ("prod", "staging"):
                called = f"{env}/{app}/{name}"
                yield Site(account, region).make(
                    "secretsmanager", "create_secret", Name=called, SecretString="demo-only-no-secret",
                    Tags=listed(tags(called, app, env)),
                )  # fmt: skip
    for account, region, app, names in _PARAMETERS:
        for name in names:
            for env in ("prod", "staging"):
                called = f"/halden/{env}/{app}/{name}"
                yield Site(account, region).make(
                    "ssm",
                    "put_parameter",
                    Name=called,
                    Value="demo",
                    Type="String",
                    Tags=listed(tags(called, app, env)),
                )
    for account, region, app, names in _KEYS:
        yield from _keys(Site(account, region), app, names)
    for account, region, app, names in _DOMAINS:
        for name in names:
            yield Site(account, region).make(
                "acm", "request_certificate", DomainName=name, ValidationMethod="DNS",
                Tags=listed(tags(name, app, "prod")),
            )  # fmt: skip


def _keys(site: Site, app: str, names: tuple[str, ...]) -> Iterator[Making]:
    for name in names:
        told = [{"TagKey": key, "TagValue": value} for key, value in tags(name, app, "prod").items()]
        yield site.make(
            "kms", "create_key", {f"key:{name}": "KeyMetadata.KeyId"}, Description=f"{name} of {app}", Tags=told
        )
        yield site.make("kms", "create_alias", AliasName=f"alias/halden-{name}", TargetKeyId=f"$(key:{name})")
