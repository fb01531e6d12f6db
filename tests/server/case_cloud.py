"""The estates of the library's cases, made in moto with boto3 and read back as a scan reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.config import Config

from escher.contract.estate import GLOBAL, Account, Resource
from escher.providers.aws.reader import AwsReader
from escher.providers.aws.session import AwsAccess
from escher.providers.registry import resource_types
from escher.providers.source import Sighting, Unit
from escher_server.library.cases import Case, Thing
from tests.server.case_compute import COMPUTE, REGION, Client, rules_of
from tests.server.case_services import SERVICES

ACCOUNT_ID = "123456789012"
_BLOCKED = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
_MAKE: Mapping[str, Callable[[Client, Thing], str]] = {**COMPUTE, **SERVICES}
# Facts that count what was made of a thing: the type that is counted, and its attribute that names the thing.
_COUNTED = {"snapshots": ("aws_ebs_snapshot", "volume_id"), "db_snapshots": ("aws_rds_db_snapshot", "source_id")}


class CaseCloud:
    """One account in one region of a moto server. `endpoint` is its address."""

    def __init__(self, endpoint: str) -> None:
        self.account = Account(
            provider="aws", account_id=ACCOUNT_ID, name="case", regions=(REGION,), endpoint_url=endpoint
        )
        self._identifiers: dict[str, tuple[str, str]] = {}

    def build(self, case: Case) -> None:
        """Make everything of a case."""
        for alias in {str(value) for value in self._keys(case)}:
            key = self._client("kms").create_key()["KeyMetadata"]["KeyId"]
            self._client("kms").create_alias(AliasName=alias, TargetKeyId=key)
        for thing in case.estate:
            self._identifiers[thing.name] = (thing.resource_type, _MAKE[thing.resource_type](self._client, thing))

    def read(self, case: Case) -> dict[str, Resource]:
        """What there is of the case's things now, by their names in the case, as a scan reads it."""
        types = {thing.resource_type for thing in case.estate}
        seen = {(found.resource_type, found.identifier): found for name in types for found in self._scan(name)}
        return {name: seen[key] for name, key in self._identifiers.items() if key in seen}

    def observe(self, case: Case, name: str, facts: Mapping[str, Any]) -> dict[str, Any] | None:
        """The given facts of one thing as they are now, or None when it is gone."""
        resource = self.read(case).get(name)
        if resource is None:
            return None
        return {fact: self._fact(resource, fact) for fact in facts}

    def _scan(self, resource_type: str) -> list[Resource]:
        declared = resource_types()[resource_type]
        sightings = asyncio.run(_seen(Unit(self.account, GLOBAL if declared.reach == "global" else REGION, declared)))
        assert [failure for sighting in sightings for failure in sighting.failures] == []
        return [sighting.resource for sighting in sightings if sighting.resource]

    def _fact(self, resource: Resource, fact: str) -> Any:
        match fact:
            case "state":
                return resource.state
            case "tags":
                return resource.tags
            case "snapshots" | "db_snapshots":
                counted, source = _COUNTED[fact]
                made = [one.attributes for one in self._scan(counted)]
                by_hand = [facts for facts in made if facts.get("snapshot_type", "manual") == "manual"]
                return len([facts for facts in by_hand if facts.get(source) == resource.identifier])
            case "images":
                origin = f"aws_ec2_instance/{resource.identifier}"
                return len([one for one in self._scan("aws_ec2_ami") if origin in one.relations.get("copy_of", ())])
            case "rules":
                return rules_of(self._client, resource.identifier)
            case "blocked":
                flags = [resource.attributes.get(name) for name in _BLOCKED]
                return None if set(flags) == {None} else flags
            case _:
                return resource.attributes.get(fact)

    def _keys(self, case: Case) -> list[Any]:
        things = [thing.facts["kms_key"] for thing in case.estate if "kms_key" in thing.facts]
        return [*things, *[value for name, value in case.parameters.items() if name == "kms_key"]]

    def _client(self, service: str) -> Any:
        patient = Config(read_timeout=300, retries={"total_max_attempts": 1})
        return boto3.client(service, region_name=REGION, endpoint_url=self.account.endpoint_url, config=patient)


async def _seen(unit: Unit) -> list[Sighting]:
    """Every thing of a scope, as a scan sees it."""
    reader = AwsReader(AwsAccess())
    try:
        records = [record async for page in reader.pages((unit,)) for record in page.records[unit]]
        return [await reader.look(unit, record) for record in records]
    finally:
        await reader.close()
