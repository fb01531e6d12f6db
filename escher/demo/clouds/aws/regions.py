"""Which regions an account has: those of everybody, and one that it may have had switched on."""

from __future__ import annotations

from typing import Any

from escher.demo.blueprint.company import ACCOUNTS
from escher.demo.clouds.aws.answer import Refused
from escher.demo.clouds.aws.call import Call

OPTIONAL = "eu-south-1"
"""A region that an account must switch on; the sandbox has not."""
_WITHOUT = frozenset({ACCOUNTS["sandbox"]})
_BY_DEFAULT = (
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1",
    "us-east-2", "us-west-1", "us-west-2",
)  # fmt: skip
_OFF = ("af-south-1", "ap-east-1", "ap-southeast-3", "eu-central-2", "eu-south-2", "il-central-1", "me-south-1")
_OPT_STATUS = {"opt-in-not-required": "ENABLED_BY_DEFAULT", "opted-in": "ENABLED", "not-opted-in": "DISABLED"}


def describe_regions(call: Call) -> dict[str, Any]:
    """The answer to EC2's DescribeRegions: what is on, or all with `AllRegions`."""
    asked = call.parameters
    wanted = {one["Name"]: one["Values"] for one in asked.get("Filters") or []}
    names = asked.get("RegionNames") or []
    found = [
        {"RegionName": name, "Endpoint": f"ec2.{name}.amazonaws.com", "OptInStatus": status}
        for name, status in _regions_of(call.account_id).items()
        if (not names or name in names) and (status != "not-opted-in" or asked.get("AllRegions"))
    ]
    return {"Regions": [one for one in found if _passes(one, wanted)]}


def list_regions(call: Call) -> dict[str, Any]:
    """The answer to the account service's ListRegions."""
    wanted = call.parameters.get("RegionOptStatusContains") or list(_OPT_STATUS.values())
    found = [
        {"RegionName": name, "RegionOptStatus": _OPT_STATUS[status]}
        for name, status in _regions_of(call.account_id).items()
    ]
    return {"Regions": [one for one in found if one["RegionOptStatus"] in wanted]}


def refuse_region_that_is_off(call: Call) -> None:
    """Raises Refused as AWS does for keys in a region where the account is not."""
    if _regions_of(call.account_id).get(call.region) == "not-opted-in":
        code = "AuthFailure" if call.service == "ec2" else "UnrecognizedClientException"
        raise Refused(code, "AWS was not able to validate the provided access credentials", 401)


def _regions_of(account_id: str) -> dict[str, str]:
    """Every region by name, with its status for the account."""
    optional = "not-opted-in" if account_id in _WITHOUT else "opted-in"
    statuses = dict.fromkeys(_BY_DEFAULT, "opt-in-not-required") | dict.fromkeys(_OFF, "not-opted-in")
    return dict(sorted((statuses | {OPTIONAL: optional}).items()))


def _passes(region: dict[str, str], wanted: dict[str, list[str]]) -> bool:
    fields = {"region-name": "RegionName", "opt-in-status": "OptInStatus", "endpoint": "Endpoint"}
    return all(region[fields[key]] in values for key, values in wanted.items() if key in fields)
