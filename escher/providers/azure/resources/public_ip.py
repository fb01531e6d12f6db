"""Public IP addresses. One that nothing uses still costs, when it is a static or a standard one."""

from escher.providers.azure.declaring import arm_type
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Holds, Int, Relation, Texts

_USED = "properties.ipConfiguration.id || properties.natGateway.id"

TYPE = arm_type(
    "azure_public_ip",
    "ip_address",
    "Microsoft.Network/publicIPAddresses",
    "2024-05-01",
    {
        "public_ip": "properties.ipAddress",
        "allocation": "properties.publicIPAllocationMethod",
        "address_family": "properties.publicIPAddressVersion",
        "sku": "sku.name",
        "tier": "sku.tier",
        "attached": Holds(_USED),
        "attached_to": Texts(f"[{_USED}]"),
        "domain_name": "properties.dnsSettings.fqdn",
        "timeout_minutes": Int("properties.idleTimeoutInMinutes"),
        "zones": Texts("zones"),
    },
    state=provisioning(f"properties.provisioningState == 'Succeeded' && ({_USED}) && 'InUse'", {"InUse": "in_use"}),
    relations=(Relation("attached_to", _USED),),
    acts={"release": "delete", "attach": "join/action"},
)
