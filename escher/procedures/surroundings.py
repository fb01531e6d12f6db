"""What the environment of a plan's step says of its account: the place, and where the cloud's API is. No secret is in it.

These variables are part of what is approved. The names are the CLIs' and SDKs' own, but for AZURE_RESOURCE_MANAGER_URL,
which scripts hand to the SDK as `base_url`: neither `az` nor the SDK has a variable for it.
"""

from __future__ import annotations

from escher.contract.estate import Account


def environment_for(account: Account, region: str) -> dict[str, str]:
    """All that a step's environment holds besides credentials and the fixed base. Raises CredentialError (no https)."""
    makers = {"aws": _aws, "azure": _azure, "gcp": _gcp}
    found = makers[account.provider](account, region) | {"HTTPS_PROXY": account.proxy}
    return {name: value for name, value in found.items() if value}


def _aws(account: Account, region: str) -> dict[str, str]:
    place = "us-east-1" if region in ("global", "") else region
    return {
        "AWS_REGION": place,
        "AWS_DEFAULT_REGION": place,
        "AWS_ENDPOINT_URL": account.endpoint_url,
        "AWS_CA_BUNDLE": account.ca_bundle,
    }


def _azure(account: Account, region: str) -> dict[str, str]:
    """`az` finds an endpoint of its own by the cloud that the generated configuration names."""
    return {
        "AZURE_SUBSCRIPTION_ID": account.account_id,
        "AZURE_RESOURCE_MANAGER_URL": account.endpoint_url,
        "REQUESTS_CA_BUNDLE": account.ca_bundle,
    }


def _gcp(account: Account, region: str) -> dict[str, str]:
    from escher.providers.gcp.access import overrides

    pinned = {"CLOUDSDK_CORE_PROJECT": account.account_id, "GOOGLE_CLOUD_PROJECT": account.account_id}
    return pinned | {"REQUESTS_CA_BUNDLE": account.ca_bundle} | overrides(account)
