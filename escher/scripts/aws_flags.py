"""Flags of the AWS CLI: those every command has, and those that stand for several parameters at once. Data, pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from escher.scripts.aws_values import ValueRefused, load_json
from escher.scripts.shorthand import ShorthandError, parse

# Flags that every command has, with whether a value follows.
HARMLESS: Mapping[str, bool] = {
    "output": True,
    "query": True,
    "color": True,
    "cli-binary-format": True,
    "cli-read-timeout": True,
    "cli-connect-timeout": True,
    "no-cli-pager": False,
    "no-paginate": False,
}
PAGING = frozenset({"max-items", "page-size", "starting-token"})
# Those that reach files, other addresses or other credentials, hang, print secrets, or make no call at all.
REFUSED: Mapping[str, bool] = {
    "endpoint-url": True,
    "profile": True,
    "no-verify-ssl": False,
    "no-sign-request": False,
    "ca-bundle": True,
    "cli-input-yaml": True,
    "cli-auto-prompt": False,
    "no-cli-auto-prompt": False,
    "generate-cli-skeleton": True,
    "debug": False,
    "v2-debug": False,
    "version": False,
}

Path = tuple[str, ...]
Settings = list[tuple[Path, Any]]
_RULE = ("IpPermissions", "0")


def _protocol(texts: Sequence[str]) -> Settings:
    return [((*_RULE, "IpProtocol"), "-1" if texts[0] == "all" else texts[0])]


def _port(texts: Sequence[str]) -> Settings:
    first, _, last = ("-1", "", "-1") if texts[0] in ("-1", "all") else texts[0].partition("-")
    try:
        return [((*_RULE, "FromPort"), int(first)), ((*_RULE, "ToPort"), int(last or first))]
    except ValueError as cause:
        raise ValueRefused(f"{texts[0]!r} is neither a port nor a range of ports") from cause


def _source_group(texts: Sequence[str]) -> Settings:
    member = "GroupId" if texts[0].startswith("sg-") else "GroupName"
    return [((*_RULE, "UserIdGroupPairs", "0", member), texts[0])]


def _count(texts: Sequence[str]) -> Settings:
    least, _, most = texts[0].partition(":")
    try:
        return [(("MinCount",), int(least)), (("MaxCount",), int(most or least))]
    except ValueError as cause:
        raise ValueRefused(f"{texts[0]!r} is neither a number nor min:max") from cause


def _dimensions(texts: Sequence[str]) -> Settings:
    pairs = [part.partition("=") for text in texts for part in text.split(",")]
    if not all(equals for _, equals, _ in pairs):
        raise ValueRefused("dimensions are given as name=value")
    return [(("MetricData", "0", "Dimensions"), [{"Name": name, "Value": value} for name, _, value in pairs])]


def _invalidation(texts: Sequence[str]) -> Settings:
    # The CLI makes a reference of its own from the clock; any text stands for it here.
    batch = {"Paths": {"Quantity": len(texts), "Items": list(texts)}, "CallerReference": "cli"}
    return [(("InvalidationBatch",), batch)]


def _emr_tags(texts: Sequence[str]) -> Settings:
    pairs = [text.partition("=") for text in texts]
    return [(("Tags",), [{"Key": key, "Value": value} for key, _, value in pairs])]


def _location(kind: str, member: str) -> Callable[[Sequence[str]], Settings]:
    """Where a revision of CodeDeploy lies."""

    def settings(texts: Sequence[str]) -> Settings:
        try:
            place = load_json(texts[0]) if texts[0].lstrip().startswith("{") else parse(texts[0])
        except ShorthandError as cause:
            raise ValueRefused(f"{texts[0]!r} is no location: {cause}") from cause
        return [(("revision",), {"revisionType": kind, member: place})]

    return settings


def _public_address(*, wanted: bool) -> Settings:
    return [
        (("NetworkInterfaces", "0", "DeviceIndex"), 0),
        (("NetworkInterfaces", "0", "AssociatePublicIpAddress"), wanted),
    ]


def _cluster_states(*states: str) -> Callable[[Sequence[str]], Settings]:
    return lambda _: [(("ClusterStates",), list(states))]


# What a flag that stands for no single parameter sets; after those in BARE no word follows, after SEVERAL many may.
CUSTOM: Mapping[str, Callable[[Sequence[str]], Settings]] = {
    "protocol": _protocol,
    "port": _port,
    "cidr": lambda texts: [((*_RULE, "IpRanges", "0", "CidrIp"), texts[0])],
    "source-group": _source_group,
    "group-owner": lambda texts: [((*_RULE, "UserIdGroupPairs", "0", "UserId"), texts[0])],
    "count": _count,
    "dimensions": _dimensions,
    "paths": _invalidation,
    "tags": _emr_tags,
    "s3-location": _location("S3", "s3Location"),
    "github-location": _location("GitHub", "gitHubLocation"),
    "associate-public-ip-address": lambda _: _public_address(wanted=True),
    "no-associate-public-ip-address": lambda _: _public_address(wanted=False),
    "active": _cluster_states("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING", "TERMINATING"),
    "terminated": _cluster_states("TERMINATED"),
    "failed": _cluster_states("TERMINATED_WITH_ERRORS"),
}
BARE = frozenset({"active", "terminated", "failed", "associate-public-ip-address", "no-associate-public-ip-address"})
SEVERAL = frozenset({"dimensions", "paths", "tags"})


def put(parameters: dict[str, Any], path: Path, value: Any) -> bool:
    """Set what lies at a path (`0` = the first item of a list); False when something else is there already."""
    node: Any = parameters
    for step, following in pairwise(path):
        if step != "0":
            node.setdefault(step, [{}] if following == "0" else {})
        node = _inside(node, step, following)
        if node is None:
            return False
    if path[-1] in node:
        return False
    node[path[-1]] = value
    return True


def _inside(node: Any, step: str, following: str) -> Any:
    """What lies one step on, when it is a list or an object as the next step wants it."""
    found = (node[0] if node else None) if step == "0" else node[step]
    return found if isinstance(found, list if following == "0" else dict) else None
