"""Makes what the blueprint tells as calls, in moto, through clients of this process."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import jmespath

from escher.demo.blueprint import (
    containers,
    devices,
    edge,
    messages,
    networks,
    people,
    scaling,
    secrets_and_keys,
    stores,
    watching,
)
from escher.demo.blueprint.company import ACCOUNTS
from escher.demo.blueprint.making import Making
from escher.demo.clouds.aws.inner import InnerClients, Place, at

_REFERENCE = re.compile(r"\$\(([^)|]+)(\|last)?\)")
Known = dict[tuple[str, str], dict[str, str]]


def makings() -> Iterator[Making]:
    """Every call, in an order in which each finds what it refers to."""
    return chain(
        networks.networks(), people.people(), scaling.scaling(), containers.containers(), messages.messages(),
        stores.stores(), secrets_and_keys.secrets_and_keys(), watching.watching(), edge.edge(),
        devices.devices(),
    )  # fmt: skip


def make_all(clients: InnerClients) -> None:
    """Make everything. An error of any call rises: the blueprint is wrong then."""
    known: Known = defaultdict(dict)
    for making in makings():
        here = (making.account, making.region)
        place = Place(ACCOUNTS[making.account], making.region)
        with at(place):
            if here not in known:
                known[here] = _already_there(clients)
            answer = getattr(clients.client(making.service), making.operation)(
                **_filled(making.parameters, known[here])
            )
        for name, path in making.keeps.items():
            known[here][name] = jmespath.search(path, answer)


def _filled(value: Any, known: Mapping[str, str]) -> Any:
    """The parameters with every reference replaced. Raises KeyError for what nothing kept."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda found: known[found[1]].rpartition("/")[2] if found[2] else known[found[1]], value)
    if isinstance(value, Mapping):
        return {key: _filled(inner, known) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, known) for inner in value]
    return value


def _already_there(clients: InnerClients) -> dict[str, str]:
    """What is in an account and region before: machines, volumes and groups by name, and the default network."""
    ec2 = clients.client("ec2")
    found: dict[str, str] = {}
    for group in ec2.get_paginator("describe_instances").paginate().search("Reservations[].Instances[]"):
        found[f"instance:{_name(group)}"] = group["InstanceId"]
    for volume in ec2.describe_volumes()["Volumes"]:
        found[f"volume:{_name(volume)}"] = volume["VolumeId"]
    for group in ec2.describe_security_groups()["SecurityGroups"]:
        found[f"group:{group['GroupName']}"] = group["GroupId"]
    default = [{"Name": "is-default", "Values": ["true"]}]
    found["vpc"] = ec2.describe_vpcs(Filters=default)["Vpcs"][0]["VpcId"]
    for subnet in ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"]:
        found[f"subnet:{subnet['AvailabilityZone'][-1]}"] = subnet["SubnetId"]
    return found


def _name(thing: Mapping[str, Any]) -> str:
    return next((tag["Value"] for tag in thing.get("Tags", ()) if tag["Key"] == "Name"), "")
