"""Gateways of virtual networks: VPN and ExpressRoute. They are listed a resource group at a time, where there is no graph."""

from escher.providers.azure.declaring import api, arm_type
from escher.providers.declarations import Bool, Int, ListCall, Relation, Texts

_ARM = "Microsoft.Network/virtualNetworkGateways"
_IP = "properties.ipConfigurations[].properties"
_GROUPS = ListCall(
    "/subscriptions/{account_id}/resourcegroups",
    "value",
    permission="Microsoft.Resources/subscriptions/resourceGroups/read",
    parameters=api("2021-04-01"),
)

TYPE = arm_type(
    "azure_virtual_network_gateway",
    "vpn",
    _ARM,
    "2024-05-01",
    {
        "gateway_type": "properties.gatewayType",
        "vpn_type": "properties.vpnType",
        "sku": "properties.sku.name",
        "generation": "properties.vpnGatewayGeneration",
        "asn": Int("properties.bgpSettings.asn"),
        "active_active": Bool("properties.activeActive"),
        "bgp": Bool("properties.enableBgp"),
        "public_ips": Texts(f"{_IP}.publicIPAddress.id", last=True),
    },
    listing=ListCall(
        f"{{id}}/providers/{_ARM}",
        "value",
        permission=f"{_ARM}/read",
        parameters=api("2024-05-01"),
        per=_GROUPS,
        arguments={"id": "id"},
    ),
    relations=(
        Relation("member_of", f"{_IP}.subnet.id"),
        Relation("uses", f"{_IP}.publicIPAddress.id"),
    ),
    acts={"resize": "write", "reboot": "reset/action"},
)
