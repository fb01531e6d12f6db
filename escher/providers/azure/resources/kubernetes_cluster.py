"""Kubernetes clusters (AKS). Their credentials are never asked for."""

from escher.providers.azure.declaring import IDENTITIES, arm_type
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Bool, Int, Relation, Text, Texts

_POOLS = "properties.agentPoolProfiles"

TYPE = arm_type(
    "azure_kubernetes_cluster",
    "container_cluster",
    "Microsoft.ContainerService/managedClusters",
    "2024-09-01",
    {
        "engine_version": "properties.currentKubernetesVersion || properties.kubernetesVersion",
        "tier": "sku.tier",
        "endpoint": "properties.fqdn || properties.privateFQDN",
        "private": Bool("properties.apiServerAccessProfile.enablePrivateCluster"),
        "pools": Int(f"length({_POOLS} || `[]`)"),
        "nodes": Int(f"sum({_POOLS}[].count || `[]`)"),
        "instance_type": f"{_POOLS}[0].vmSize",
        "node_group": "properties.nodeResourceGroup",
        "rbac": Bool("properties.enableRBAC"),
        "local_auth_off": Bool("properties.disableLocalAccounts"),
        "network_mode": "properties.networkProfile.networkPlugin",
        "upgrade_channel": "properties.autoUpgradeProfile.upgradeChannel",
        "zones": Texts(f"{_POOLS}[0].availabilityZones"),
        "subnet_id": Text(f"{_POOLS}[0].vnetSubnetID", last=True),
    },
    state=provisioning(
        "properties.provisioningState == 'Succeeded' && properties.powerState.code",
        {"Running": "running", "Stopped": "stopped"},
    ),
    relations=(Relation("member_of", f"{_POOLS}[].vnetSubnetID"), IDENTITIES),
    acts={"start": "start/action", "stop": "stop/action", "scale": "agentPools/write", "resize": "agentPools/write"},
)
