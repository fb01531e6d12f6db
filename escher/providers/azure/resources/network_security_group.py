"""Network security groups. `open_to_world` are the rules of their own that let anybody in."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Holds, Int, Relation, Texts

_ANYBODY = "['*', '0.0.0.0/0', '::/0', 'Internet', 'internet', 'Any', 'any']"
_OPEN = (
    "properties.securityRules[].properties | [?access == 'Allow' && direction == 'Inbound' && "
    f"(contains({_ANYBODY}, sourceAddressPrefix) || sourceAddressPrefixes[?contains({_ANYBODY}, @)])]"
)
_PORTS = "destinationPortRange || join(',', destinationPortRanges || `[]`)"

TYPE = arm_type(
    "azure_network_security_group",
    "firewall",
    "Microsoft.Network/networkSecurityGroups",
    "2024-05-01",
    {
        "rules": Int("length(properties.securityRules || `[]`)"),
        "ingress_rules": Int("length(properties.securityRules[?properties.direction == 'Inbound'] || `[]`)"),
        "egress_rules": Int("length(properties.securityRules[?properties.direction == 'Outbound'] || `[]`)"),
        "open_to_world": Texts(f"{_OPEN}.join(' ', [protocol || '*', {_PORTS}])"),
        "public": Holds(_OPEN),
        "attached": Holds("properties.subnets || properties.networkInterfaces"),
        "attached_to": Texts("[properties.subnets[].id, properties.networkInterfaces[].id][]", last=True),
        "flow_logs": Holds("properties.flowLogs"),
    },
    relations=(Relation("attached_to", "[properties.subnets[].id, properties.networkInterfaces[].id][]"),),
)
