"""What CloudTrail says was changed: events of writes, turned into the resource types and names that they touched.

Whatever an event leaves open is taken at its worst: a write in a service that names nothing we know touches all types of
that service in its region. A region whose events cannot be read is blind.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from escher.contract.estate import GLOBAL, Account
from escher.errors import CredentialError
from escher.providers.aws.calls import Calls
from escher.providers.aws.failures import READ_FAILURES, read_failed
from escher.providers.aws.models import default_region
from escher.providers.aws.other import OTHER
from escher.providers.declarations import ResourceType
from escher.providers.registry import resource_types
from escher.providers.source import Changes, ReadFailed

LOOK_UP = "cloudtrail:LookupEvents"
_COMPARED = "Lists were compared instead, which do not tell what only details tell, such as the tags of functions."
# CloudTrail names a service by its endpoint; where that is not the name of botocore's model.
_SERVICES: Mapping[str, tuple[str, ...]] = {
    "apigateway": ("apigateway", "apigatewayv2"),
    "elasticloadbalancing": ("elb", "elbv2"),
    "elasticfilesystem": ("efs",),
    "elasticmapreduce": ("emr",),
    "es": ("es", "opensearch"),
    "monitoring": ("cloudwatch",),
    "states": ("stepfunctions",),
    "kafka": ("kafka",),
    "cognito-idp": ("cognito-idp",),
    "ssm": ("ssm",),
}
# What an event changes besides what it names; of these alone when the event also names what it only uses.
_SIDE_EFFECTS: Mapping[str, tuple[str, ...]] = {
    "RunInstances": ("aws_ec2_instance", "aws_ebs_volume", "aws_ec2_network_interface"),
    "TerminateInstances": ("aws_ec2_instance", "aws_ebs_volume", "aws_ec2_network_interface"),
    # A public address comes and goes with the instance, and is told of its interface.
    "StartInstances": ("aws_ec2_instance", "aws_ec2_network_interface"),
    "StopInstances": ("aws_ec2_instance", "aws_ec2_network_interface"),
    "ModifyInstanceAttribute": ("aws_ec2_instance", "aws_ec2_network_interface"),
    "AssociateAddress": ("aws_vpc_eip", "aws_ec2_instance", "aws_ec2_network_interface"),
    "DisassociateAddress": ("aws_vpc_eip", "aws_ec2_instance", "aws_ec2_network_interface"),
    "CreateImage": ("aws_ec2_ami", "aws_ebs_snapshot"),
    "CreateNatGateway": ("aws_vpc_nat_gateway", "aws_ec2_network_interface", "aws_vpc_eip"),
    "DeleteNatGateway": ("aws_vpc_nat_gateway", "aws_ec2_network_interface", "aws_vpc_eip"),
    "CreateVpcEndpoint": ("aws_vpc_endpoint", "aws_ec2_network_interface", "aws_vpc_route_table"),
    "DeleteVpcEndpoints": ("aws_vpc_endpoint", "aws_ec2_network_interface", "aws_vpc_route_table"),
    "CreateVpc": ("aws_vpc", "aws_vpc_route_table", "aws_vpc_network_acl", "aws_vpc_security_group"),
    "DeleteVpc": ("aws_vpc", "aws_vpc_route_table", "aws_vpc_network_acl", "aws_vpc_security_group"),
    "CreateVolume": ("aws_ebs_volume",),
    "CreateSnapshot": ("aws_ebs_snapshot",),
    "CopySnapshot": ("aws_ebs_snapshot",),
    "CreateSecurityGroup": ("aws_vpc_security_group",),
    "CreateSubnet": ("aws_vpc_subnet",),
    "CreateFunction20150331": ("aws_lambda_function",),
    "CreateDBInstance": ("aws_rds_db_instance", "aws_rds_db_snapshot"),
    "CreateDBCluster": ("aws_rds_db_cluster", "aws_rds_db_cluster_snapshot"),
    "DeleteDBCluster": ("aws_rds_db_cluster", "aws_rds_db_cluster_snapshot"),
    "DeleteDBInstance": ("aws_rds_db_instance", "aws_rds_db_snapshot"),
}
# Writes that change nothing that is in an estate.
_NO_CHANGE = frozenset(
    {"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "ConsoleLogin", "GetSessionToken"}
)


async def changes(calls: Calls, account: Account, regions: Sequence[str], since: int) -> Changes:
    """What was written in the regions of an account since a moment (Unix seconds); global services in their home."""
    home = default_region(account.partition)
    places = sorted({home if region == GLOBAL else region for region in regions})
    answers = await asyncio.gather(*(_events(calls, account, region, since) for region in places))
    touched: dict[tuple[str, str], set[str] | None] = defaultdict(set)
    blind: dict[str, str] = {}
    for region, found in zip(places, answers, strict=True):
        if isinstance(found, ReadFailed | CredentialError):
            blind[region] = f"{found} {_COMPARED}"
            continue
        for event in found:
            _note(touched, region, event)
    names = {place: frozenset(names or ()) for place, names in touched.items()}
    return Changes(names, frozenset(blind), tuple(blind.values()))


async def _events(
    calls: Calls, account: Account, region: str, since: int
) -> list[Mapping[str, Any]] | ReadFailed | CredentialError:
    """The writes of a region, or why they cannot be read."""
    asked = {
        "LookupAttributes": [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}],
        "StartTime": datetime.fromtimestamp(since, UTC),
    }
    found: list[Mapping[str, Any]] = []
    try:
        async for page in calls.pages(account, region, "cloudtrail", "LookupEvents", asked, page_size=50):
            found += page["Events"]
    except READ_FAILURES as cause:
        return read_failed(cause, account, operation="LookupEvents", region=region, permission=LOOK_UP)
    return found


def _note(touched: dict[tuple[str, str], set[str] | None], region: str, event: Mapping[str, Any]) -> None:
    """Add what one event touched; None stands for something of a type, but nobody knows what."""
    name = str(event.get("EventName", ""))
    if name in _NO_CHANGE or _failed(event):
        return
    named = _named(event.get("Resources") or ())
    wanted = _SIDE_EFFECTS.get(name)
    if wanted is not None:
        types = {type_: named.get(type_, set()) for type_ in wanted}
    else:
        concerned = _of_service(str(event.get("EventSource", ""))) or (OTHER,)
        types = named or {type_: set[str]() for type_ in concerned}
    for type_, names in types.items():
        known = touched[region, type_]
        touched[region, type_] = None if known is None or not names else known | names


def _failed(event: Mapping[str, Any]) -> bool:
    try:
        return bool(json.loads(event.get("CloudTrailEvent") or "{}").get("errorCode"))
    except ValueError:
        return False


def _named(resources: Iterable[Mapping[str, str]]) -> dict[str, set[str]]:
    """The known things that an event names, by resource type: whole names, and what follows the last slash or colon."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in resources:
        name = one.get("ResourceName") or ""
        for type_ in _by_native_type().get(one.get("ResourceType") or "", ()):
            found[type_.name] |= {name, name.rpartition("/")[2], name.rpartition(":")[2]} - {""}
    return found


@cache
def _by_native_type() -> Mapping[str, tuple[ResourceType, ...]]:
    found: dict[str, tuple[ResourceType, ...]] = {}
    for type_ in resource_types().values():
        for native in (type_.native_type, *type_.native_aliases):
            if type_.provider == "aws" and native:
                found[native] = (*found.get(native, ()), type_)
    return found


@cache
def _of_service(source: str) -> tuple[str, ...]:
    endpoint = source.removesuffix(".amazonaws.com")
    services = _SERVICES.get(endpoint, (endpoint,))
    return tuple(
        type_.name for type_ in resource_types().values() if type_.provider == "aws" and type_.service in services
    )
