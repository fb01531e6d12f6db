"""DNS zones that only linked networks see."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Int

TYPE = arm_type(
    "azure_private_dns_zone",
    "dns_zone",
    "Microsoft.Network/privateDnsZones",
    "2024-06-01",
    {
        "records": Int("properties.numberOfRecordSets"),
        "most_records": Int("properties.maxNumberOfRecordSets"),
        "networks": Int("properties.numberOfVirtualNetworkLinks"),
        "registering_networks": Int("properties.numberOfVirtualNetworkLinksWithRegistration"),
    },
)
