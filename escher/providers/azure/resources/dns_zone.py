"""DNS zones that the internet sees."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Bool, Int, StateRule, Texts

TYPE = arm_type(
    "azure_dns_zone",
    "dns_zone",
    "Microsoft.Network/dnsZones",
    "2018-05-01",
    {
        "records": Int("properties.numberOfRecordSets"),
        "most_records": Int("properties.maxNumberOfRecordSets"),
        "name_servers": Texts("properties.nameServers"),
        "private": Bool("properties.zoneType && properties.zoneType == 'Private'"),
    },
    state=StateRule(),
)
