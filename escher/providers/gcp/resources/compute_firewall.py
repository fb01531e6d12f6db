"""Firewall rules of VPC networks."""

from escher.providers.declarations import (
    Bool,
    Holds,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Text,
    Texts,
    Time,
)

TYPE = ResourceType(
    name="gcp_compute_firewall",
    kind="firewall",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/Firewall",
    listing=ListCall(
        "compute/v1/projects/{account_id}/global/firewalls",
        "items[]",
        permission="compute.firewalls.list",
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    state=StateRule("disabled && 'DISABLED' || 'ENABLED'", {"ENABLED": "available", "DISABLED": "stopped"}),
    fields={
        "direction": "direction",
        "priority": Int("priority"),
        "vpc_id": Text("network", last=True),
        "sources": Texts("sourceRanges"),
        "source_tags": Texts("sourceTags"),
        "target_tags": Texts("targetTags"),
        "protocols": Texts("[allowed[].IPProtocol || `[]`, denied[].IPProtocol || `[]`][]"),
        "ports": Texts("[allowed[].ports[] || `[]`, denied[].ports[] || `[]`][]"),
        # The port, of a rule that lets TCP in at one port and nothing else.
        "only_port": "length(allowed || `[]`) == `1` && allowed[0].IPProtocol == 'tcp' "
        "&& length(allowed[0].ports || `[]`) == `1` && allowed[0].ports[0] || null",
        "allows": Holds("allowed"),
        "public": Holds(
            "allowed && direction == 'INGRESS' && !disabled && sourceRanges[?@ == '0.0.0.0/0' || @ == '::/0']"
        ),
        "enabled": Holds("!disabled"),
        "logged": Bool("logConfig.enable"),
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(Relation("attached_to", "network"),),
    acts={
        "update": ("compute.firewalls.update", "compute.networks.updatePolicy"),
        "enable": ("compute.firewalls.update", "compute.networks.updatePolicy"),
        "disable": ("compute.firewalls.update", "compute.networks.updatePolicy"),
        "delete": ("compute.firewalls.delete", "compute.networks.updatePolicy"),
    },
)
