"""API Management services."""

from escher.providers.azure.declaring import IDENTITIES, PUBLIC, UNIQUE, arm_type
from escher.providers.declarations import Int, Relation, Texts, Time

TYPE = arm_type(
    "azure_api_management",
    "api",
    "Microsoft.ApiManagement/service",
    "2022-08-01",
    {
        "sku": "sku.name",
        "capacity": Int("sku.capacity"),
        "endpoint": "properties.gatewayUrl",
        "created_at": Time("properties.createdAtUtc"),
        "network_mode": "properties.virtualNetworkType",
        "public": PUBLIC,
        "public_ips": Texts("properties.publicIPAddresses"),
        "platform_version": "properties.platformVersion",
        "zones": Texts("zones"),
    },
    identifier=UNIQUE,
    relations=(Relation("member_of", "properties.virtualNetworkConfiguration.subnetResourceId"), IDENTITIES),
    acts={"scale": "write", "backup": "backup/action", "restore": "restore/action"},
)
