"""App Service plans: the machines that apps run on, and what is paid for. One without apps costs the same."""

from escher.providers.azure.declaring import arm_type
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Bool, Int

TYPE = arm_type(
    "azure_app_service_plan",
    "app_plan",
    "Microsoft.Web/serverfarms",
    "2024-04-01",
    {
        "variant": "kind",
        "sku": "sku.name",
        "tier": "sku.tier",
        "instances": Int("sku.capacity"),
        "max_size": Int("properties.maximumNumberOfWorkers"),
        "apps": Int("properties.numberOfSites"),
        "linux": Bool("properties.reserved"),
        "multi_az": Bool("properties.zoneRedundant"),
    },
    state=provisioning("properties.status", {"Ready": "available", "Pending": "pending", "Creating": "pending"}),
    acts={"scale": "write", "resize": "write"},
)
