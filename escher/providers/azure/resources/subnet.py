"""Subnets, which a virtual network holds within itself; they have no tags of their own."""

from escher.providers.azure.declaring import arm_type, listed
from escher.providers.declarations import Int, ListCall, Relation, Text, Texts

TYPE = arm_type(
    "azure_subnet",
    "subnet",
    "Microsoft.Network/virtualNetworks/subnets",
    "2024-05-01",
    {
        "vpc_id": "Parent.name",
        "cidr": "properties.addressPrefix || properties.addressPrefixes[0]",
        "cidrs": Texts("properties.addressPrefixes || [properties.addressPrefix]"),
        "security_groups": Texts("[properties.networkSecurityGroup.id]", last=True),
        "route_table": Text("properties.routeTable.id", last=True),
        "nat_gateway": Text("properties.natGateway.id", last=True),
        "service_endpoints": Texts("properties.serviceEndpoints[].service"),
        "delegations": Texts("properties.delegations[].properties.serviceName"),
        "attachments": Int("length(properties.ipConfigurations || `[]`)"),
        "private_endpoint_policies": "properties.privateEndpointNetworkPolicies",
    },
    listing=ListCall(
        "",
        "properties.subnets",
        permission="Microsoft.Network/virtualNetworks/subnets/read",
        per=listed("Microsoft.Network/virtualNetworks", "2024-05-01"),
        in_inventory=False,
    ),
    relations=(
        Relation("member_of", "Parent.id"),
        Relation("uses", "[properties.networkSecurityGroup.id, properties.routeTable.id, properties.natGateway.id]"),
    ),
)
