"""Container registries."""

from escher.providers.azure.declaring import PUBLIC, UNIQUE, arm_type
from escher.providers.declarations import Bool, Time

TYPE = arm_type(
    "azure_container_registry",
    "container_registry",
    "Microsoft.ContainerRegistry/registries",
    "2023-07-01",
    {
        "sku": "sku.name",
        "endpoint": "properties.loginServer",
        "created_at": Time("properties.creationDate"),
        "admin_user": Bool("properties.adminUserEnabled"),
        "public": PUBLIC,
        "network_access": "properties.networkRuleSet.defaultAction",
        "multi_az": Bool("properties.zoneRedundancy && properties.zoneRedundancy == 'Enabled'"),
        "anonymous_pull": Bool("properties.anonymousPullEnabled"),
    },
    identifier=UNIQUE,
    acts={"rotate": "regenerateCredential/action"},
)
