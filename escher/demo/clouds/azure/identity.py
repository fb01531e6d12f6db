"""Where ARM is, who the caller is, and what the subscriptions and providers are."""

from __future__ import annotations

import base64
import json
import time

from escher.demo.clouds.azure.address import address
from escher.demo.clouds.azure.arm_types import NAMESPACES, TYPES
from escher.demo.clouds.azure.cloud import Cloud
from escher.demo.clouds.azure.exchange import Answer, ArmError, Call, Json
from escher.demo.clouds.azure.paging import paged
from escher.demo.clouds.azure.subscriptions import LOCATIONS, PRINCIPAL_ID, SUBSCRIPTIONS, TENANT_ID
from escher.demo.clouds.azure.views import sizes

TOKEN_LIVES_S = 24 * 3600
_IDENTITY = (
    "/subscriptions/{}/resourceGroups/rg-api-prod/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-escher"
)


def endpoints(cloud: Cloud, call: Call) -> Answer:
    """`/metadata/endpoints`: every endpoint is this server."""
    here = call.base
    body: Json = {
        "name": "EscherDemo",
        "portal": here,
        "authentication": {
            "loginEndpoint": here,
            "audiences": [here, f"{here}/"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "resourceManager": here,
        "media": here,
        "graph": here,
        "graphAudience": here,
        "gallery": here,
        "batch": here,
        "sqlManagement": here,
        "microsoftGraphResourceId": f"{here}/",
        "activeDirectoryDataLake": here,
        "suffixes": {
            "storage": "core.windows.net",
            "keyVaultDns": "vault.azure.net",
            "sqlServerHostname": "database.windows.net",
            "acrLoginServer": "azurecr.io",
        },
    }
    # one version of this call lists the clouds, all others give the one asked
    return Answer(200, [body] if call.query.get("api-version") == "2019-05-01" else body)


def managed_identity(cloud: Cloud, call: Call) -> Answer:
    """`/msi`: a token, as App Service hands it out. Raises ArmError without the identity's header."""
    if not call.headers.get("x-identity-header"):
        raise ArmError(401, "Unauthorized", "The X-IDENTITY-HEADER header is missing.")
    resource = call.query.get("resource", call.base)
    expires = int(time.time()) + TOKEN_LIVES_S
    return Answer(
        200,
        {
            "access_token": access_token(resource, expires),
            "expires_on": str(expires),
            "resource": resource,
            "token_type": "Bearer",
            "client_id": PRINCIPAL_ID,
        },
    )


def access_token(audience: str, expires: int) -> str:
    """An unsigned JWT of the demo's caller; `expires` is in seconds since the epoch."""
    claims = {
        "aud": audience,
        "iss": f"https://sts.windows.net/{TENANT_ID}/",
        "tid": TENANT_ID,
        "oid": PRINCIPAL_ID,
        "appid": PRINCIPAL_ID,
        "iat": int(time.time()),
        "exp": expires,
        "xms_mirid": _IDENTITY.format(SUBSCRIPTIONS["web-shop"]),
    }
    return ".".join((_part({"alg": "none", "typ": "JWT"}), _part(claims), ""))


def check_token(call: Call) -> None:
    """Raise ArmError, 401, without a bearer token, or for a demo token that has expired."""
    kind, _, token = call.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise ArmError(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
    words = token.split(".")
    if len(words) == 3 and _expiry(words[1]) < time.time():
        raise ArmError(
            401, "ExpiredAuthenticationToken", "The access token expiry time is in the past: the token has expired."
        )


def _expiry(part: str) -> float:
    try:
        return float(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))).get("exp", "inf"))
    except ValueError:
        return float("inf")


def _part(claims: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


def tenants(cloud: Cloud, call: Call) -> Answer:
    """The one tenant."""
    one = {
        "id": f"/tenants/{TENANT_ID}",
        "tenantId": TENANT_ID,
        "displayName": "Halden",
        "defaultDomain": "halden.example",
        "countryCode": "NL",
        "tenantCategory": "Home",
    }
    return Answer(200, {"value": [one]})


def subscriptions(cloud: Cloud, call: Call) -> Answer:
    """Both subscriptions."""
    return paged(call, [subscription_body(name) for name in SUBSCRIPTIONS], cloud.page_size)


def subscription(cloud: Cloud, call: Call) -> Answer:
    """One subscription."""
    return Answer(200, subscription_body(_named(cloud, call)))


def subscription_body(name: str) -> Json:
    """A subscription as ARM gives it."""
    return {
        "id": f"/subscriptions/{SUBSCRIPTIONS[name]}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": SUBSCRIPTIONS[name],
        "tenantId": TENANT_ID,
        "displayName": name,
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }


def locations(cloud: Cloud, call: Call) -> Answer:
    """Where a subscription may run things."""
    _named(cloud, call)
    root = f"/subscriptions/{address(call.path).subscription}/locations"
    values = [
        {
            "id": f"{root}/{name}",
            "name": name,
            "type": "Region",
            "displayName": shown,
            "regionalDisplayName": shown,
            "metadata": {"regionType": "Physical", "regionCategory": "Recommended"},
        }
        for name, shown in LOCATIONS.items()
    ]
    return Answer(200, {"value": values})


def machine_sizes(cloud: Cloud, call: Call) -> Answer:
    """The machine sizes of a location, or those that a machine can change to."""
    return Answer(200, {"value": sizes()})


def providers(cloud: Cloud, call: Call) -> Answer:
    """All resource providers."""
    where = address(call.path)
    return Answer(200, {"value": [_provider(where.subscription, name) for name in sorted(set(NAMESPACES.values()))]})


def provider(cloud: Cloud, call: Call) -> Answer:
    """One resource provider: its types with their API versions."""
    where = address(call.path)
    name = NAMESPACES.get(where.namespace.lower())
    if name is None:
        raise ArmError(404, "InvalidResourceNamespace", f"The resource namespace '{where.namespace}' is invalid.")
    return Answer(200, _provider(where.subscription, name))


def _provider(subscription_id: str, name: str) -> Json:
    shown = list(LOCATIONS.values())
    kinds = [
        {
            "resourceType": one.name.partition("/")[2],
            "locations": shown,
            "apiVersions": [one.version],
            "defaultApiVersion": one.version,
            "capabilities": "SupportsTags, SupportsLocation" if one.tracked else "None",
        }
        for one in TYPES.values()
        if one.name.partition("/")[0] == name
    ]
    return {
        "id": f"/subscriptions/{subscription_id}/providers/{name}",
        "namespace": name,
        "registrationState": "Registered",
        "registrationPolicy": "RegistrationRequired",
        "resourceTypes": kinds,
    }


def _named(cloud: Cloud, call: Call) -> str:
    where = address(call.path)
    cloud.check_scope(where)
    return next(name for name, one in SUBSCRIPTIONS.items() if one == where.subscription.lower())
