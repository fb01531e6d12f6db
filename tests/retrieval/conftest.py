"""A small estate, and makers of resources, scopes and requests."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from escher.contract.estate import Resource, Scope
from escher.contract.understanding import Filters, Selector
from escher.retrieval.request import Request
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store

NOW = 1_800_000_000
TYPES = {
    "compute_instance": "aws_ec2_instance",
    "disk": "aws_ebs_volume",
    "database_instance": "aws_rds_db_instance",
    "object_storage": "aws_s3_bucket",
}
KINDS = {resource_type: kind for kind, resource_type in TYPES.items()}


class Aliases:
    """A resolver with a fixed table: alias to resource ids, and alias to value."""

    def __init__(self, ids: Mapping[str, Sequence[str]] | None = None, values: Mapping[str, str] | None = None) -> None:
        self._ids, self._values = ids or {}, values or {}

    def names(self, word: str) -> tuple[str, ...]:
        return tuple(self._ids.get(word, ()))

    def value(self, word: str) -> str:
        return self._values.get(word, word)

    def alias_of(self, resource_id: str) -> str:
        return resource_id


def make_resource(name: str, identifier: str = "", kind: str = "compute_instance", **changes: Any) -> Resource:
    values: dict[str, Any] = {
        "provider": "aws",
        "account_id": "111111111111",
        "account_name": "shop",
        "region": "us-east-1",
        "state": "running",
        "service": "ec2",
        "resource_type": TYPES[kind],
    } | changes
    identifier = identifier or f"id-{name}"
    return Resource(
        kind=kind,  # pyright: ignore[reportArgumentType]
        name=name,
        identifier=identifier,
        resource_id=f"arn:{values['account_id']}:{values['region']}:{identifier}",
        **values,
    )


def make_scope(resource_type: str = "aws_ec2_instance", region: str = "us-east-1", **changes: Any) -> Scope:
    values: dict[str, Any] = {
        "provider": "aws",
        "account_id": "111111111111",
        "status": "complete",
        "scanned_at": NOW - 3_600,
    } | changes
    return Scope(region=region, resource_type=resource_type, **values)


@pytest.fixture(scope="session")
def resource() -> Callable[..., Resource]:
    return make_resource


@pytest.fixture(scope="session")
def scope() -> Callable[..., Scope]:
    return make_scope


@pytest.fixture(scope="session")
def aliases() -> type[Aliases]:
    return Aliases


@pytest.fixture(scope="session")
def estate() -> list[Resource]:
    """Eleven resources in two accounts and two regions, with a name that three of them bear."""
    dev, prod = {"env": "dev", "app": "shop", "Owner": "ana"}, {"Environment": "Production", "app": "billing"}
    old = NOW - 100 * 86_400
    return [
        make_resource("web-1", "i-01", tags=dev, attributes={"instance_type": "t3.large", "created_at": old}),
        make_resource("web-2", "i-02", tags=dev, state="stopped", zone="us-east-1b"),
        make_resource("web-3", "i-03", tags=prod, attributes={"public": True, "instance_type": "m5.xlarge"}),
        make_resource("web-1", "i-04", tags=prod, region="eu-west-1", account_id="222222222222", account_name="pay"),
        make_resource("batch", "i-05", tags={"Stage": "blue"}, region="eu-west-1"),
        make_resource("ghost", "i-06", tags=dev, state="deleted"),
        make_resource("fading", "i-07", tags=dev, state="deleting"),
        make_resource("web-1", "vol-1", kind="disk", state="in_use", attributes={"attached": True, "size_gib": 100}),
        make_resource(
            "scratch", "vol-2", kind="disk", state="available", attributes={"attached": False, "size_gib": 8}
        ),
        make_resource("orders", "db-1", kind="database_instance", service="rds", tags={"app": "shop", "tier": "dev"}),
        make_resource("logs", "logs", kind="object_storage", service="s3", attributes={"encrypted": False}),
    ]


@pytest.fixture(scope="session")
def ask(estate: list[Resource]) -> Callable[..., Request]:
    """A request over the small estate; keyword arguments are filters, `selector` the rest."""

    def build(
        *kinds: str,
        resolver: Aliases | None = None,
        scopes: Sequence[Scope] = (make_scope(),),
        resources: Sequence[Resource] = estate,
        selector: Mapping[str, Any] | None = None,
        **filters: Any,
    ) -> Request:
        chosen = Selector(kinds=kinds, filters=Filters(**filters), **(selector or {}))  # pyright: ignore[reportArgumentType]
        return Request(chosen, resolver or Aliases(), resources, scopes, KINDS, NOW)  # pyright: ignore[reportArgumentType]

    return build


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a home of its own."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("a passphrase of some length")
    passphrase.chmod(0o600)
    return Settings(home=tmp_path / "home", passphrase_file=passphrase)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """A new one."""
    with Store.create(settings) as opened:
        yield opened


@pytest.fixture
def stored(store: Store, estate: list[Resource]) -> EstateStore:
    """The small estate, stored."""
    one = EstateStore(store)
    one.upsert(estate)
    return one
