"""Backend services: what load balancers send requests to, of a region or global."""

from escher.providers.declarations import Bool, Int, ListCall, Relation, ResourceType, Text, Time

TYPE = ResourceType(
    name="gcp_compute_backend_service",
    kind="load_balancer",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/BackendService",
    native_aliases=("compute.googleapis.com/RegionBackendService",),
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/backendServices",
        "items.*.backendServices[]",
        permission="compute.backendServices.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    fields={
        "protocol": "protocol",
        "port_name": "portName",
        "scheme": "loadBalancingScheme",
        "timeout_s": Int("timeoutSec"),
        "targets": Int("length(backends || `[]`)"),
        "session_affinity": "sessionAffinity",
        "cdn": Bool("enableCDN"),
        "logged": Bool("logConfig.enable"),
        "security_policy": Text("securityPolicy", last=True),
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(
        Relation("routes_to", "backends[].group"),
        Relation("uses", "healthChecks"),
        Relation("uses", "securityPolicy"),
    ),
    acts={
        "update": ("compute.backendServices.update",),
        "delete": ("compute.backendServices.delete",),
    },
)
