"""Rules that change the number of a managed group's instances."""

from escher.providers.declarations import Int, ListCall, Relation, ResourceType, StateRule, Text, Time

TYPE = ResourceType(
    name="gcp_compute_autoscaler",
    kind="policy",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/Autoscaler",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/autoscalers",
        "items.*.autoscalers[]",
        permission="compute.autoscalers.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    # Two zones of a region may each have one of this name; gcloud takes the relative name as it is.
    identifier="_path",
    resource_id="_name || selfLink",
    home="_place",
    zone="_zone",
    label="name",
    state=StateRule("status", {"PENDING": "pending", "ACTIVE": "available", "DELETING": "deleting", "ERROR": "error"}),
    fields={
        "min_size": Int("autoscalingPolicy.minNumReplicas"),
        "max_size": Int("autoscalingPolicy.maxNumReplicas"),
        "desired_capacity": Int("recommendedSize"),
        "cooldown_s": Int("autoscalingPolicy.coolDownPeriodSec"),
        "scaling_mode": "autoscalingPolicy.mode",
        "scaling_group": Text("target", last=True),
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(Relation("attached_to", "target"),),
    acts={
        "update": ("compute.autoscalers.update",),
        "delete": ("compute.autoscalers.delete",),
    },
)
