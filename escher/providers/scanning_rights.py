"""The rights that scanning takes, and no others, as each provider writes them down. Pure.

They follow from the declared types: whoever adds a type adds its rights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from escher.contract.vocabulary import Provider
from escher.providers.declarations import ResourceType

# What the engine itself asks besides: regions, changes, what may be done, what nobody declared.
_BESIDES: Mapping[Provider, tuple[str, ...]] = {
    "aws": (
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
    ),
    "gcp": (
        "cloudasset.assets.listResource",
        "cloudasset.assets.searchAllResources",
        "logging.logEntries.list",
        "resourcemanager.projects.get",
        "serviceusage.services.list",
    ),
}


def rights(types: Iterable[ResourceType], provider: Provider) -> list[str]:
    """Every permission that a scan of a provider takes, sorted."""
    declared = {permission for one in types if one.provider == provider for permission in one.reads}
    return sorted(declared | set(_BESIDES[provider]), key=str.lower)


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
            "Description": "Read what Escher keeps of an estate; change nothing.",
            "Actions": allowed,
            "NotActions": [],
            "DataActions": [],
            "NotDataActions": [],
            "AssignableScopes": ["/subscriptions/<subscription id>"],
        }
    return {
        "title": "Escher Scan",
        "description": "Read what Escher keeps of an estate; change nothing.",
        "stage": "GA",
        "includedPermissions": allowed,
    }
