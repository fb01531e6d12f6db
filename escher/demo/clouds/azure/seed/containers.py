"""Kubernetes clusters, registries, container groups and container apps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from escher.demo.clouds.azure.exchange import Json
from escher.demo.clouds.azure.seed.plan import Plan, Spot
from escher.demo.clouds.azure.subscriptions import TENANT_ID

# account: application, environment, size, nodes, power state
_CLUSTERS = {
    "web-shop": (("api", "prod", "Standard_D4s_v5", 4, "Running"), ("api", "dev", "Standard_B2ms", 1, "Stopped")),
    "analytics": (
        ("ingest", "prod", "Standard_D8s_v5", 3, "Running"),
        ("forecast", "dev", "Standard_D2s_v5", 1, "Stopped"),
    ),
}
_JOBS = {"web-shop": ("catalog", "search"), "analytics": ("reports", "forecast")}


def resources(plan: Plan) -> Iterator[Json]:
    """All of a subscription's containers."""
    for app, env, size, nodes, power in _CLUSTERS[plan.account]:
        yield from _cluster(plan, plan.spot(app, env), size, nodes, power)
        yield _nodes(plan, plan.spot(app, env), size, nodes if power == "Running" else 0)
    yield from _registries(plan)
    yield from _groups(plan)
    yield from _apps(plan)


def node_spots(plan: Plan) -> list[Spot]:
    """Where the clusters keep their nodes: in resource groups of their own."""
    return [_node_spot(plan.spot(app, env)) for app, env, *_ in _CLUSTERS[plan.account]]


def _node_spot(spot: Spot) -> Spot:
    return replace(spot, group=f"MC_{spot.group}_{_name(spot)}_{spot.location}")


def _name(spot: Spot) -> str:
    return f"aks-{spot.app}-{spot.env}"


def _nodes(plan: Plan, spot: Spot, size: str, nodes: int) -> Json:
    """The set of machines that a cluster scales, with the labels that it leaves on them."""
    cluster, own = _name(spot), _node_spot(spot)
    name = f"aks-system-{plan.guid(cluster)[:8]}-vmss"
    disk: Json = {
        "createOption": "FromImage",
        "managedDisk": {"storageAccountType": "Premium_LRS"},
        "diskSizeGB": 128,
        "osType": "Linux",
    }
    config: Json = {
        "name": "ipconfig1",
        "properties": {"primary": True, "subnet": plan.subnet(spot.location, "snet-aks")},
    }
    card: Json = {"name": name, "properties": {"primary": True, "ipConfigurations": [config]}}
    more: Json = {
        "uniqueId": plan.guid(name),
        "timeCreated": plan.ago(200),
        "singlePlacementGroup": False,
        "orchestrationMode": "Uniform",
        "upgradePolicy": {"mode": "Manual"},
        "virtualMachineProfile": {
            "osProfile": {"computerNamePrefix": name[:-4], "adminUsername": "azureuser"},
            "storageProfile": {"osDisk": disk},
            "networkProfile": {"networkInterfaceConfigurations": [card]},
        },
    }
    sku = {"name": size, "tier": "Standard", "capacity": nodes}
    labels = {"aks-managed-cluster-name": cluster, "aks-managed-cluster-rg": spot.group}
    body = plan.body(own, "Microsoft.Compute/virtualMachineScaleSets", name, more, sku=sku)
    return body | {"tags": body["tags"] | labels}


def _cluster(plan: Plan, spot: Spot, size: str, nodes: int, power: str) -> Iterator[Json]:
    kind, name = "Microsoft.ContainerService/managedClusters", _name(spot)
    pool: Json = {
        "count": nodes,
        "vmSize": size,
        "osType": "Linux",
        "osDiskSizeGB": 128,
        "mode": "System",
        "type": "VirtualMachineScaleSets",
        "orchestratorVersion": "1.31.7",
        "powerState": {"code": power},
        "provisioningState": "Succeeded",
        "vnetSubnetID": plan.subnet(spot.location, "snet-aks")["id"],
    }
    more: Json = {
        "powerState": {"code": power},
        "kubernetesVersion": "1.31",
        "currentKubernetesVersion": "1.31.7",
        "dnsPrefix": name,
        "fqdn": f"{name}-{plan.guid(name)[:8]}.hcp.{spot.location}.azmk8s.io",
        "nodeResourceGroup": _node_spot(spot).group,
        "enableRBAC": True,
        "agentPoolProfiles": [pool | {"name": "system"}],
        "networkProfile": {"networkPlugin": "azure", "loadBalancerSku": "standard", "serviceCidr": "10.200.0.0/16"},
        "disableLocalAccounts": spot.env == "prod",
    }
    identity = {"type": "SystemAssigned", "principalId": plan.guid(name, "identity"), "tenantId": TENANT_ID}
    sku = {"name": "Base", "tier": "Standard" if spot.env == "prod" else "Free"}
    yield plan.body(spot, kind, name, more, sku=sku, identity=identity)
    yield plan.child(spot, f"{kind}/agentPools", f"{name}/system", pool)


def _registries(plan: Plan) -> Iterator[Json]:
    for env, grade in (("prod", "Premium"), ("dev", "Basic")):
        spot, name = plan.spots(env)[0], plan.short(f"images{env}")
        more: Json = {
            "loginServer": f"{name}.azurecr.io",
            "creationDate": plan.ago(500),
            "adminUserEnabled": env == "dev",
            "publicNetworkAccess": "Enabled",
            "zoneRedundancy": "Disabled",
        }
        yield plan.body(spot, "Microsoft.ContainerRegistry/registries", name, more, sku={"name": grade, "tier": grade})


def _groups(plan: Plan) -> Iterator[Json]:
    for number, app in enumerate(_JOBS[plan.account]):
        spot = plan.spot(app, "prod")
        size: Json = {"requests": {"cpu": 1.0, "memoryInGB": 1.5}}
        image = f"{plan.short('imagesprod')}.azurecr.io/{app}-job:{number + 3}.1"
        container: Json = {
            "name": "job",
            "properties": {"image": image, "resources": size, "ports": [], "environmentVariables": []},
        }
        more: Json = {
            "containers": [container],
            "osType": "Linux",
            "restartPolicy": "OnFailure",
            "sku": "Standard",
            "instanceView": {"state": ("Running", "Stopped")[number % 2], "events": []},
        }
        yield plan.body(spot, "Microsoft.ContainerInstance/containerGroups", f"ci-{app}-job", more)


def _apps(plan: Plan) -> Iterator[Json]:
    spot = plan.spots("staging")[0]
    environment = plan.body(spot, "Microsoft.App/managedEnvironments", f"cae-{spot.app}", {"zoneRedundant": False})
    yield environment
    ingress: Json = {
        "external": True,
        "targetPort": 8080,
        "fqdn": f"ca-{spot.app}.{spot.location}.azurecontainerapps.io",
    }
    template: Json = {"containers": [{"name": spot.app, "image": f"{plan.short('imagesdev')}.azurecr.io/{spot.app}:latest"}], "scale": {"minReplicas": 0, "maxReplicas": 3}}  # fmt: skip
    more: Json = {
        "managedEnvironmentId": environment["id"],
        "runningStatus": "Running",
        "configuration": {"activeRevisionsMode": "Single", "ingress": ingress},
        "template": template,
    }
    yield plan.body(spot, "Microsoft.App/containerApps", f"ca-{spot.app}", more)
