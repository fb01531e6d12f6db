"""What the apps of App Service have in common: web apps, function apps and workflows are sites of different kinds."""

from __future__ import annotations

from collections.abc import Mapping

from escher.contract.vocabulary import ChangeAction
from escher.providers.azure.declaring import IDENTITIES
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Bool, FieldSpec, Relation, Text, Texts, Time

ARM = "Microsoft.Web/sites"
VERSION = "2024-04-01"
IS_FUNCTION = "contains(kind || '', 'functionapp')"
"""Whether a site is a function app, or a workflow that runs as one."""

# App settings and connection strings hold secrets, and are never asked for.
FIELDS: Mapping[str, FieldSpec] = {
    "variant": "kind",
    "endpoint": "properties.defaultHostName",
    "domains": Texts("properties.hostNames"),
    "plan": Text("properties.serverFarmId", last=True),
    "runtime": "properties.siteConfig.linuxFxVersion || properties.siteConfig.windowsFxVersion",
    "enabled": Bool("properties.enabled"),
    "https_only": Bool("properties.httpsOnly"),
    "public": Bool("properties.publicNetworkAccess && properties.publicNetworkAccess != 'Disabled'"),
    "client_certificates": Bool("properties.clientCertEnabled"),
    "last_modified": Time("properties.lastModifiedTimeUtc"),
    "subnet_id": Text("properties.virtualNetworkSubnetId", last=True),
}
STATE = provisioning("properties.state", {"Running": "running", "Stopped": "stopped"})
RELATIONS = (
    Relation("member_of", "[properties.serverFarmId, properties.virtualNetworkSubnetId]"),
    IDENTITIES,
)
ACTS: Mapping[ChangeAction, str] = {"start": "start/action", "stop": "stop/action", "reboot": "restart/action"}
