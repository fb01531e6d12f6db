"""Zones of Cloud DNS."""

from escher.providers.declarations import Bool, Holds, ListCall, Relation, ResourceType, Texts, Time

TYPE = ResourceType(
    name="gcp_dns_managed_zone",
    kind="dns_zone",
    service="dns",
    provider="gcp",
    reach="global",
    native_type="dns.googleapis.com/ManagedZone",
    listing=ListCall(
        "dns/v1/projects/{account_id}/managedZones",
        "managedZones[]",
        permission="dns.managedZones.list",
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || join('', ['//dns.googleapis.com/projects/', _number, '/managedZones/', id])",
    home="_place",
    label="name",
    tags="labels",
    fields={
        "domain": "dnsName",
        "visibility": "visibility",
        "public": Holds("visibility == 'public'"),
        "name_servers": Texts("nameServers"),
        "dnssec": Holds("dnssecConfig.state == 'on'"),
        "vpcs": Texts("privateVisibilityConfig.networks[].networkUrl", last=True),
        "logged": Bool("cloudLoggingConfig.enableLogging"),
        "created_at": Time("creationTime"),
        "description": "description",
    },
    relations=(Relation("attached_to", "privateVisibilityConfig.networks[].networkUrl"),),
    acts={
        "update": ("dns.managedZones.update",),
        "delete": ("dns.managedZones.delete",),
        "tag": ("dns.managedZones.update",),
        "untag": ("dns.managedZones.update",),
    },
)
