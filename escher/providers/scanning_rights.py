"""The rights that scanning takes, and no others, as each provider writes them down. Pure.

They follow from the declared types: whoever adds a type adds its rights.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from escher.contract.vocabulary import Provider
from escher.providers.aws.cloud_control import LIST_RIGHTS
from escher.providers.declarations import ResourceType

# What the engine itself asks besides: regions, changes, what may be done, what nobody declared.
_BESIDES: Mapping[Provider, tuple[str, ...]] = {
    "aws": (
        *chain.from_iterable(LIST_RIGHTS.values()),
        "cloudformation:ListResources",
        "cloudtrail:LookupEvents",
        "ec2:DescribeRegions",
        "iam:GetRole",
        "iam:SimulatePrincipalPolicy",
        "organizations:ListAccounts",
        "sts:GetCallerIdentity",
        "tag:GetResources",
    ),
    "azure": (
        "Microsoft.Authorization/permissions/read",
        "Microsoft.Authorization/roleAssignments/read",
        "Microsoft.Authorization/roleDefinitions/read",
        "Microsoft.Insights/eventtypes/values/Read",
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Resources/subscriptions/read",
        "Microsoft.Resources/subscriptions/resourceGroups/read",
        "Microsoft.Resources/subscriptions/resources/read",
    ),
    "gcp": (
        "cloudasset.assets.listResource",
        "logging.logEntries.list",
        "resourcemanager.projects.get",
    ),
}
_WHAT = "Read what Escher keeps of an estate; change nothing."
_OF_AZURE = (
    f"{_WHAT} Types that it does not declare are seen as far as other roles let them be: all of them with Reader."
)
_BLANK = re.compile(r"\{(location|region)\}")


def rights(types: Iterable[ResourceType], provider: Provider) -> list[str]:
    """Every permission that a scan of a provider takes, sorted, each by its whole name.

    Azure has no name for reading what nobody declares but `*/read`, which is the role Reader and no least privilege; it
    is left out.
    """
    own = [one for one in types if one.provider == provider]
    declared = {permission for one in own for permission in (*one.reads, *_of_places(one)) if "*" not in permission}
    return sorted(declared | set(_BESIDES[provider]), key=str.lower)


def _of_places(declared: ResourceType) -> list[str]:
    """What GCP asks for the places that a type is listed in one by one."""
    api = declared.listing.permission.partition(".")[0]
    named = {"location": f"{api}.locations.list", "region": "compute.regions.list"}
    return [named[blank] for blank in _BLANK.findall(declared.listing.operation)]


def policy(types: Iterable[ResourceType], provider: Provider) -> dict[str, Any]:
    """The least-privilege policy: AWS an IAM policy, Azure and GCP the definition of a custom role."""
    allowed = rights(types, provider)
    if provider == "aws":
        statement = {"Sid": "EscherScan", "Effect": "Allow", "Action": allowed, "Resource": "*"}
        return {"Version": "2012-10-17", "Statement": [statement]}
    if provider == "azure":
        return {
            "Name": "Escher Scan",
            "IsCustom": True,
            "Description": _OF_AZURE,
            "Actions": allowed,
            "NotActions": [],
            "DataActions": [],
            "NotDataActions": [],
            "AssignableScopes": ["/subscriptions/<subscription id>"],
        }
    return {
        "title": "Escher Scan",
        "description": _WHAT,
        "stage": "GA",
        "includedPermissions": allowed,
    }
