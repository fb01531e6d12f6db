"""Where data rests: buckets, databases and key-value tables, with a few that are public or in clear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from escher.demo.blueprint.company import Thing, tags


@dataclass(frozen=True, slots=True)
class Bucket(Thing):
    """A bucket. A `public` one lets anyone read; one that is not `guarded` could be made so."""

    encrypted: bool = True
    public: bool = False
    guarded: bool = True


@dataclass(frozen=True, slots=True)
class Database(Thing):
    """A database server."""

    engine: str
    size: str
    storage_gib: int
    encrypted: bool = True
    public: bool = False
    running: bool = True


@dataclass(frozen=True, slots=True)
class Table(Thing):
    """A key-value table."""


_BUCKETS = (
    ("web-shop", "us-east-1", "checkout", ("receipts", "logs", "exports")),
    ("web-shop", "us-east-1", "catalog", ("images", "feeds", "thumbnails")),
    ("web-shop", "eu-west-1", "orders", ("invoices", "archive", "labels")),
    ("web-shop", "us-west-2", "search", ("index", "synonyms")),
    ("analytics", "us-east-1", "ingest", ("landing", "clickstream", "rejects")),
    ("analytics", "eu-west-1", "warehouse", ("lake", "staging-area")),
    ("analytics", "us-west-2", "forecast", ("models", "features")),
    ("sandbox", "us-east-1", "playground", ("scratch",)),
    ("sandbox", "eu-west-1", "loadtest", ("results",)),
)
_IN_CLEAR = frozenset({"logs", "rejects", "scratch", "archive", "results"})
_PUBLIC = frozenset({"images", "thumbnails"})
_ORPHANED_BUCKETS = (
    ("web-shop", "us-east-1", "halden-press-kit-2019", True),
    ("web-shop", "us-west-2", "halden-old-website", True),
    ("analytics", "us-east-1", "halden-survey-raw", False),
    ("sandbox", "us-east-1", "halden-tmp-upload", True),
    ("sandbox", "us-west-2", "halden-workshop", False),
)
_DATABASES = (
    ("web-shop", "us-east-1", "orders", "postgres", "db.m6g.large"),
    ("web-shop", "us-east-1", "catalog", "mysql", "db.m6g.large"),
    ("web-shop", "eu-west-1", "checkout", "postgres", "db.m6g.large"),
    ("web-shop", "us-west-2", "search", "postgres", "db.t4g.medium"),
    ("analytics", "us-east-1", "warehouse", "postgres", "db.r6g.xlarge"),
    ("analytics", "eu-west-1", "reports", "mysql", "db.t4g.medium"),
    ("analytics", "us-west-2", "forecast", "postgres", "db.t4g.medium"),
    ("sandbox", "us-east-1", "playground", "mysql", "db.t4g.micro"),
)
_TABLES = (
    ("web-shop", "us-east-1", "checkout", ("carts", "sessions", "coupons")),
    ("web-shop", "us-east-1", "orders", ("shipments", "returns")),
    ("web-shop", "eu-west-1", "catalog", ("prices", "stock")),
    ("analytics", "us-east-1", "ingest", ("offsets", "schemas")),
    ("analytics", "us-west-2", "forecast", ("experiments",)),
)
ENVIRONMENTS = ("prod", "staging", "dev")


def buckets() -> Iterator[Bucket]:
    """Two environments of each purpose, then what is left of old projects."""
    for account, region, app, purposes in _BUCKETS:
        for purpose in purposes:
            for env in ENVIRONMENTS[:2]:
                name = f"halden-{app}-{purpose}-{env}"
                public = purpose in _PUBLIC and env == "prod"
                yield Bucket(account, region, name, tags(name, app, env), purpose not in _IN_CLEAR, public, not public)
    for account, region, name, public in _ORPHANED_BUCKETS:
        yield Bucket(account, region, name, {}, encrypted=False, public=public, guarded=False)


def databases() -> Iterator[Database]:
    """Three environments of each, with a dev copy that stands still here and there, and two that stand out."""
    for number, (account, region, app, engine, size) in enumerate(_DATABASES):
        for env in ENVIRONMENTS:
            name = f"{app}-db-{env}"
            yield Database(
                account,
                region,
                name,
                tags(name, app, env),
                engine,
                size,
                storage_gib=100 if env == "prod" else 20,
                encrypted=env == "prod" or number % 2 == 0,
                running=env != "dev" or number % 3 != 2,
            )
    yield Database("web-shop", "us-east-1", "db-prod", tags("db-prod", "api", "prod"), "postgres", "db.r6g.large", 500)
    yield Database(
        "sandbox", "eu-west-1", "demo-db", tags("demo-db"), "mysql", "db.t4g.micro", 20, encrypted=False, public=True
    )


def tables() -> Iterator[Table]:
    """Three environments of each table."""
    for account, region, app, names in _TABLES:
        for table in names:
            for env in ENVIRONMENTS:
                name = f"{app}-{table}-{env}"
                yield Table(account, region, name, tags(name, app, env))
