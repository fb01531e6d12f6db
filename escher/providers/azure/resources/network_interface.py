"""Network interfaces. Only the first address of each is kept; all of its subnets and public addresses are relations."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Bool, Holds, Relation, Text, Texts

_IP = "properties.ipConfigurations"

TYPE = arm_type(
    "azure_network_interface",
    "network_interface",
    "Microsoft.Network/networkInterfaces",
    "2024-05-01",
    {
        "private_ip": f"{_IP}[0].properties.privateIPAddress",
        "subnet_id": Text(f"{_IP}[0].properties.subnet.id", last=True),
        "security_groups": Texts("[properties.networkSecurityGroup.id]", last=True),
        "public": Holds(f"{_IP}[].properties.publicIPAddress.id"),
        "public_ips": Texts(f"{_IP}[].properties.publicIPAddress.id", last=True),
        "attached": Holds("properties.virtualMachine.id || properties.privateEndpoint.id"),
        "attached_to": Texts("[properties.virtualMachine.id, properties.privateEndpoint.id]", last=True),
        "mac_address": "properties.macAddress",
        "ip_forwarding": Bool("properties.enableIPForwarding"),
        "accelerated": Bool("properties.enableAcceleratedNetworking"),
    },
    relations=(
        Relation("attached_to", "[properties.virtualMachine.id, properties.privateEndpoint.id]"),
        Relation("member_of", f"{_IP}[].properties.subnet.id"),
        Relation("uses", f"{_IP}[].properties.publicIPAddress.id"),
        Relation("uses", "properties.networkSecurityGroup.id"),
    ),
    acts={"attach": "join/action", "detach": "write"},
)
