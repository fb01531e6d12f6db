"""Proxies that end TLS for load balancers."""

from escher.providers.declarations import ListCall, Relation, ResourceType, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_target_https_proxy",
    kind="load_balancer",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/TargetHttpsProxy",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/targetHttpsProxies",
        "items.*.targetHttpsProxies[]",
        permission="compute.targetHttpsProxies.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    fields={
        "url_map": Text("urlMap", last=True),
        "certificates": Texts("sslCertificates", last=True),
        "tls_policy": Text("sslPolicy", last=True),
        "quic": "quicOverride",
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(
        Relation("routes_to", "urlMap"),
        Relation("uses", "sslCertificates"),
    ),
    acts={
        "update": ("compute.targetHttpsProxies.update",),
        "delete": ("compute.targetHttpsProxies.delete",),
    },
)
