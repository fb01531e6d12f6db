"""What one cloud calls a thing that another calls otherwise: an EC2 instance is a VM is a Compute Engine instance. Pure."""

from __future__ import annotations

import re
from functools import cache

from escher.contract.vocabulary import Provider

# One thing a line: its names in AWS, Azure and GCP, the one to search with first; a name in several clouds stays as it is.
_THINGS: tuple[tuple[str, str, str], ...] = (
    ("ec2 instance|ec2 server|ec2 machine|ec2 box", "vm|virtual machine|azure vm", "compute engine instance|gce instance|vm instance"),
    ("ec2 auto scaling group|auto scaling group|asg", "vmss|virtual machine scale set|scale set", "managed instance group|mig"),
    ("ebs volume", "managed disk|azure disk", "compute disk|persistent disk"),
    ("ebs snapshot|ec2 snapshot", "disk snapshot|snapshot of a managed disk", "compute snapshot|persistent disk snapshot"),
    ("ami|amazon machine image", "vm image|managed image", "compute image|machine image"),
    ("elastic ip|elastic ip address|eip", "network public ip|public ip|public ip address", "compute address|static external ip address|static address"),
    ("ec2 security group|security group", "network nsg|network security group|nsg", "compute firewall rule|firewall rule|vpc firewall rule"),
    ("ec2 vpc", "network vnet|virtual network|vnet", "compute network|vpc network"),
    ("s3 bucket", "storage container|blob container|storage account container", "cloud storage bucket|gcs bucket"),
    ("s3 object", "storage blob|blob", "cloud storage object|gcs object"),
    ("lambda function", "functionapp|function app|azure function", "cloud function|gcf function"),
    ("rds db instance|rds instance|rds database", "sql server|azure sql server", "cloud sql instance|cloudsql instance"),
    ("dynamodb table", "cosmosdb table|cosmos db table", "bigtable table|bigtable"),
    ("eks cluster", "aks|aks cluster", "gke container cluster|gke cluster"),
    ("ecr repository", "acr repository|container registry repository", "artifacts repository|artifact registry repository"),
    ("sqs queue", "servicebus queue|service bus queue|storage queue", "cloud tasks queue"),
    ("sns topic", "eventgrid topic|event grid topic|servicebus topic", "pubsub topic|pub/sub topic"),
    ("secrets manager secret|secretsmanager secret", "keyvault secret|key vault secret", "secret manager secret"),
    ("kms key", "keyvault key|key vault key", "cloud kms key"),
    ("iam role", "role definition|azure role", "iam custom role"),
    ("iam user", "ad user|entra user", "iam service account"),
    ("cloudwatch alarm", "monitor metrics alert|metric alert", "monitoring alert policy|alerting policy"),
    ("cloudwatch log group|log group", "monitor log-analytics workspace|log analytics workspace", "logging bucket|log bucket"),
    ("route 53 hosted zone|route53 hosted zone|hosted zone", "network dns zone|azure dns zone", "dns managed zone|cloud dns zone"),
    ("cloudfront distribution", "afd profile|front door|cdn endpoint", "compute backend bucket|cloud cdn"),
    ("elastic load balancer|application load balancer|elbv2 load balancer", "network lb|azure load balancer", "compute forwarding rule|cloud load balancer"),
    ("ecs task|fargate task", "container|container instance|aci", "run job|cloud run job"),
    ("cloudformation stack", "deployment|arm deployment", "infra-manager deployment|deployment manager deployment"),
)  # fmt: skip
# Other clouds' names that AWS's documentation has for things of its own.
_IN_AWS_TOO = frozenset(
    {
        "container",
        "deployment",
        "blob",
        "scale set",
        "firewall rule",
        "static address",
        "log bucket",
        "custom role",
        "vm image",
    }
    | {
        "machine image",
        "virtual network",
        "compute image",
        "cdn endpoint",
        "front door",
        "vm",
        "virtual machine",
        "public ip",
    }
    | {"public ip address", "role definition", "snapshot of a managed disk", "disk snapshot", "container instance"}
)
_PROVIDERS: tuple[Provider, ...] = ("aws", "azure", "gcp")


def translated(text: str, provider: Provider) -> str:
    """The text with the names of things as the CLI of `provider` has them. AWS's own stay: its documentation has them too."""
    names, pattern = _names(provider)
    return pattern.sub(lambda found: names[found[1].lower()] + found[2], text)


@cache
def _names(provider: Provider) -> tuple[dict[str, str], re.Pattern[str]]:
    place = _PROVIDERS.index(provider)
    own = {name: thing[place].split("|")[0] for thing in _THINGS for name in thing[place].split("|")}
    others = {
        name: thing[place].split("|")[0] for thing in _THINGS for of_cloud in thing for name in of_cloud.split("|")
    }
    if provider == "aws":
        names = {name: word for name, word in others.items() if name not in own and name not in _IN_AWS_TOO}
    else:
        names = {name: word for name, word in (others | own).items() if name != word}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return names, re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})(s?)\b", re.IGNORECASE)
