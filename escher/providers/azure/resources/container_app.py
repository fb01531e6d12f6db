"""Container apps. Their secrets and environment variables are in no field."""

from escher.providers.azure.declaring import IDENTITIES, arm_type
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Bool, Int, Relation, Text, Texts

_INGRESS = "properties.configuration.ingress"

TYPE = arm_type(
    "azure_container_app",
    "container_service",
    "Microsoft.App/containerApps",
    "2024-03-01",
    {
        "managed_environment": Text("properties.managedEnvironmentId || properties.environmentId", last=True),
        "endpoint": f"{_INGRESS}.fqdn",
        "public": Bool(f"{_INGRESS}.external"),
        "port": Int(f"{_INGRESS}.targetPort"),
        "min_size": Int("properties.template.scale.minReplicas"),
        "max_size": Int("properties.template.scale.maxReplicas"),
        "images": Texts("properties.template.containers[].image"),
        "revision_mode": "properties.configuration.activeRevisionsMode",
        "latest_revision": "properties.latestRevisionName",
        "workload_profile": "properties.workloadProfileName",
    },
    state=provisioning(
        "properties.provisioningState == 'Succeeded' && properties.runningStatus",
        {
            "Running": "running",
            "Progressing": "pending",
            "Ready": "available",
            "Stopped": "stopped",
            "Suspended": "stopped",
        },
    ),
    relations=(Relation("member_of", "properties.managedEnvironmentId || properties.environmentId"), IDENTITIES),
    acts={"start": "start/action", "stop": "stop/action", "scale": "write"},
)
