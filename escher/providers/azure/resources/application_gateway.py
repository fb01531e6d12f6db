"""Application gateways. Certificates and their secrets are in no field."""

from escher.providers.azure.declaring import IDENTITIES, arm_type
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Bool, Holds, Int, Relation, Text, Texts

_FRONT = "properties.frontendIPConfigurations[].properties"
_BACK = "properties.backendAddressPools[].properties.backendIPConfigurations[].id"

TYPE = arm_type(
    "azure_application_gateway",
    "load_balancer",
    "Microsoft.Network/applicationGateways",
    "2024-05-01",
    {
        "sku": "properties.sku.name",
        "tier": "properties.sku.tier",
        "capacity": Int("properties.sku.capacity"),
        "min_size": Int("properties.autoscaleConfiguration.minCapacity"),
        "max_size": Int("properties.autoscaleConfiguration.maxCapacity"),
        "public": Holds(f"{_FRONT}.publicIPAddress.id"),
        "listeners": Int("length(properties.httpListeners || `[]`)"),
        "rules": Int("length(properties.requestRoutingRules || `[]`)"),
        "subnet_id": Text("properties.gatewayIPConfigurations[0].properties.subnet.id", last=True),
        "web_acl": Text("properties.firewallPolicy.id", last=True),
        "tls_policy": "properties.sslPolicy.policyName",
        "http2": Bool("properties.enableHttp2"),
        "zones": Texts("zones"),
    },
    state=provisioning(
        "properties.provisioningState == 'Succeeded' && properties.operationalState",
        {"Running": "running", "Stopped": "stopped", "Starting": "pending", "Stopping": "pending"},
    ),
    relations=(
        Relation("routes_to", _BACK),
        Relation("uses", f"{_FRONT}.publicIPAddress.id"),
        Relation("uses", "properties.firewallPolicy.id"),
        Relation("member_of", "properties.gatewayIPConfigurations[].properties.subnet.id"),
        IDENTITIES,
    ),
    acts={"start": "start/action", "stop": "stop/action", "scale": "write", "resize": "write"},
)
