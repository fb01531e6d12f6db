"""Where a script runs, as its environment says: region, subscription, project, and the addresses of the clouds. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from escher.contract.vocabulary import Provider

REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
ACCOUNTS: Mapping[Provider, tuple[str, ...]] = {
    "aws": (),
    "azure": ("AZURE_SUBSCRIPTION_ID",),
    "gcp": ("CLOUDSDK_CORE_PROJECT", "GOOGLE_CLOUD_PROJECT"),
}
ACCOUNT_WORDS: Mapping[Provider, str] = {"aws": "account", "azure": "subscription", "gcp": "project"}
NAMES = frozenset({*REGIONS, *(name for names in ACCOUNTS.values() for name in names)})

Environment = Mapping[str, str] | None


def region_of(environment: Environment) -> str | None:
    """The region that commands run in; None when it is not known, empty when there is none."""
    return _first(environment, REGIONS)


def account_of(provider: Provider, environment: Environment) -> str | None:
    """The subscription or project that commands run in; None when it is not known, empty when there is none."""
    return _first(environment, ACCOUNTS[provider])


def _first(environment: Environment, names: tuple[str, ...]) -> str | None:
    if environment is None:
        return None
    return next((environment[name] for name in names if name in environment), "")
