"""URL maps: which backend a load balancer picks for a request."""

from escher.providers.declarations import Int, ListCall, Relation, ResourceType, Text, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_url_map",
    kind="load_balancer",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/UrlMap",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/urlMaps",
        "items.*.urlMaps[]",
        permission="compute.urlMaps.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    fields={
        "domains": Texts("hostRules[].hosts[]"),
        "target": Text("defaultService", last=True),
        "rules": Int("length(pathMatchers || `[]`)"),
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    relations=(
        Relation("routes_to", "[[defaultService], pathMatchers[].[defaultService, pathRules[].service][][] || `[]`][]"),
    ),
    acts={
        "update": ("compute.urlMaps.update",),
        "delete": ("compute.urlMaps.delete",),
    },
)
