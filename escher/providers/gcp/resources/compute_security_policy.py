"""Cloud Armor policies."""

from escher.providers.declarations import Bool, Int, ListCall, ResourceType, Time

TYPE = ResourceType(
    name="gcp_compute_security_policy",
    kind="firewall",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/SecurityPolicy",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/securityPolicies",
        "items.*.securityPolicies[]",
        permission="compute.securityPolicies.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    tags="labels",
    fields={
        "policy_type": "type",
        "rules": Int("length(rules || `[]`)"),
        "default_action": "rules[?priority == `2147483647`].action | [0]",
        "adaptive": Bool("adaptiveProtectionConfig.layer7DdosDefenseConfig.enable"),
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    acts={
        "update": ("compute.securityPolicies.update",),
        "delete": ("compute.securityPolicies.delete",),
        "tag": ("compute.securityPolicies.setLabels",),
        "untag": ("compute.securityPolicies.setLabels",),
    },
)
