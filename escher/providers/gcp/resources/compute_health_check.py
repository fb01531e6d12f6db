"""Health checks of load balancers and of managed groups."""

from escher.providers.declarations import Int, ListCall, ResourceType, Time

TYPE = ResourceType(
    name="gcp_compute_health_check",
    kind="policy",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/HealthCheck",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/healthChecks",
        "items.*.healthChecks[]",
        permission="compute.healthChecks.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    fields={
        "protocol": "type",
        "port": Int(
            "(httpHealthCheck || httpsHealthCheck || tcpHealthCheck || sslHealthCheck || http2HealthCheck).port"
        ),
        "path": "(httpHealthCheck || httpsHealthCheck || http2HealthCheck).requestPath",
        "interval_s": Int("checkIntervalSec"),
        "timeout_s": Int("timeoutSec"),
        "healthy_after": Int("healthyThreshold"),
        "unhealthy_after": Int("unhealthyThreshold"),
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    acts={
        "update": ("compute.healthChecks.update",),
        "delete": ("compute.healthChecks.delete",),
    },
)
