"""Containers: clusters of ECS and EKS, what runs on them, and the images they run."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.blueprint.company import tags
from escher.demo.blueprint.making import Making, Site, by_terraform, small

# (account, region, application, its services)
_ECS = (
    ("web-shop", "us-east-1", "api", ("gateway", "identity", "basket")),
    ("web-shop", "eu-west-1", "api", ("gateway", "identity")),
    ("analytics", "us-east-1", "ingest", ("collector", "validator", "router")),
    ("analytics", "us-west-2", "forecast", ("scorer",)),
)
# (account, region, name, application, environment)
_EKS = (
    ("web-shop", "us-east-1", "platform", "api", "prod"),
    ("web-shop", "us-west-2", "platform-staging", "api", "staging"),
    ("analytics", "us-east-1", "notebooks", "forecast", "dev"),
)


def containers() -> Iterator[Making]:
    """Every cluster with its services, and the repositories."""
    for account, region, app, services in _ECS:
        site = Site(account, region)
        for env in ("prod", "staging"):
            yield from _ecs(site, app, env, services)
        for service in (*services, f"{app}-base"):
            name = f"halden/{app}/{service}"
            yield site.make("ecr", "create_repository", repositoryName=name, tags=_listed_for_ecr(name, app))
    for account, region, name, app, env in _EKS:
        yield from _eks(Site(account, region), name, app, env)


def _listed_for_ecr(name: str, app: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags(name, app, "prod").items()]


def _ecs(site: Site, app: str, env: str, services: tuple[str, ...]) -> Iterator[Making]:
    cluster = f"{app}-{env}"
    yield site.make("ecs", "create_cluster", clusterName=cluster, tags=small(tags(cluster, app, env)))
    for service in services:
        name = f"{app}-{service}-{env}"
        yield site.make(
            "ecs", "register_task_definition", {f"task:{name}": "taskDefinition.taskDefinitionArn"}, family=name,
            networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
            containerDefinitions=[{"name": service, "image": f"halden/{app}/{service}:stable", "memory": 512,
                                   "environment": [{"name": "LOG_LEVEL", "value": "info"}]}],
            tags=small(tags(name, app, env)),
        )  # fmt: skip
        yield site.make(
            "ecs", "create_service", cluster=cluster, serviceName=name, taskDefinition=f"$(task:{name})",
            desiredCount=0 if env == "staging" else 2, launchType="FARGATE", tags=small(tags(name, app, env)),
        )  # fmt: skip


def _eks(site: Site, name: str, app: str, env: str) -> Iterator[Making]:
    named = by_terraform(name, app, env, f"eks-{env}")
    yield site.make(
        "eks", "create_cluster", name=name, version="1.31", roleArn=site.role("Deployment"), tags=named,
        resourcesVpcConfig={"subnetIds": ["$(private:a)", "$(private:b)"], "securityGroupIds": ["$(group:edge-app)"]},
    )  # fmt: skip
    for pool in ("general", "memory"):
        yield site.make(
            "eks", "create_nodegroup", clusterName=name, nodegroupName=f"{name}-{pool}", subnets=["$(private:a)"],
            nodeRole=site.role("InstanceRuntime"), scalingConfig={"minSize": 1, "maxSize": 4, "desiredSize": 2},
            tags=named | {f"kubernetes.io/cluster/{name}": "owned"},
        )  # fmt: skip
    yield site.make(
        "ec2", "create_volume", AvailabilityZone=f"{site.region}a", Size=50, VolumeType="gp3", Encrypted=True,
        TagSpecifications=[{"ResourceType": "volume", "Tags": _claimed(name)}],
    )  # fmt: skip


def _claimed(cluster: str) -> list[dict[str, str]]:
    """The tags that a cluster puts on a disk that one of its applications claimed."""
    claimed = {
        "Name": f"{cluster}-dynamic-pvc-search",
        f"kubernetes.io/cluster/{cluster}": "owned",
        "kubernetes.io/created-for/pvc/name": "search-data",
    }
    return [{"Key": key, "Value": value} for key, value in claimed.items()]
