"""Container groups (container instances). Environment variables are in the answer, and in no field."""

from escher.providers.azure.declaring import IDENTITIES, arm_type
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Bool, Int, Relation, Texts

TYPE = arm_type(
    "azure_container_group",
    "container_service",
    "Microsoft.ContainerInstance/containerGroups",
    "2023-05-01",
    {
        "sku": "properties.sku",
        "platform": "properties.osType",
        "containers": Int("length(properties.containers || `[]`)"),
        "images": Texts("properties.containers[].properties.image"),
        "restart_policy": "properties.restartPolicy",
        "public_ip": "properties.ipAddress.type == 'Public' && properties.ipAddress.ip",
        "public": Bool("properties.ipAddress.type && properties.ipAddress.type == 'Public'"),
        "endpoint": "properties.ipAddress.fqdn",
        "subnets": Texts("properties.subnetIds[].id", last=True),
    },
    zone="zones[0]",
    state=provisioning(
        "properties.instanceView.state",
        {
            "Running": "running",
            "Stopped": "stopped",
            "Terminated": "stopped",
            "Repairing": "pending",
            "Unhealthy": "error",
        },
    ),
    relations=(Relation("member_of", "properties.subnetIds[].id"), IDENTITIES),
    acts={"start": "start/action", "stop": "stop/action", "reboot": "restart/action"},
)
