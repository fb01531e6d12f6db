"""Network security groups. `open_to_world` are the rules of their own that let anybody in.

Of rules that let anybody in at exactly port 22 or 3389, `ssh_rules` and `rdp_rules` count all. When the first is of the
usual form (`ssh_reversible`), `ssh_rule` and what follows tell all of it, so that it can be deleted and given back;
protocol and source are `any` where the rule has `*`.
"""

from collections.abc import Mapping

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import FieldSpec, Holds, Int, Relation, Texts

_ANYBODY = "['*', '0.0.0.0/0', '::/0', 'Internet', 'internet', 'Any', 'any']"
_OPEN = (
    "properties.securityRules[].properties | [?access == 'Allow' && direction == 'Inbound' && "
    f"(contains({_ANYBODY}, sourceAddressPrefix) || sourceAddressPrefixes[?contains({_ANYBODY}, @)])]"
)
_PORTS = "destinationPortRange || join(',', destinationPortRanges || `[]`)"
_USUAL = (
    "properties.sourcePortRange == '*' && properties.destinationAddressPrefix == '*' && "
    "contains(['Tcp', 'TCP', 'tcp', '*'], properties.protocol)"
)


def _open_at(word: str, port: int) -> Mapping[str, FieldSpec]:
    """The fields that tell of rules which let anybody in at exactly this port."""
    every = (
        "properties.securityRules[?properties.access == 'Allow' && properties.direction == 'Inbound' && "
        f"properties.destinationPortRange == '{port}' && contains({_ANYBODY}, properties.sourceAddressPrefix)]"
    )
    rule = f"{every} | [?{_USUAL}] | [0]"
    return {
        f"{word}_rules": Int(f"length({every} || `[]`)"),
        f"{word}_reversible": Holds(rule),
        f"{word}_rule": f"{rule}.name",
        f"{word}_rule_priority": Int(f"{rule}.properties.priority"),
        f"{word}_rule_protocol": f"{rule}.properties.protocol | (@ == '*' && 'any' || @ && 'Tcp')",
        f"{word}_rule_source": f"{rule}.properties.sourceAddressPrefix | (@ == '*' && 'any' || @)",
        f"{word}_rule_description": f"{rule}.properties.description",
    }


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
        **_open_at("ssh", 22),
        **_open_at("rdp", 3389),
    },
    relations=(Relation("attached_to", "[properties.subnets[].id, properties.networkInterfaces[].id][]"),),
)
