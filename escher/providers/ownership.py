"""Who else changes a resource: told by tags and labels that tools and services leave, and by ties. Pure.

A change behind such a manager's back is undone by it, or breaks it: whoever plans one wants to know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# Label → manager; `*` stands for the label's value. The nearest manager first: a scaling group inside a stack is what
# replaces an instance.
_BY_LABEL: Sequence[tuple[str, str]] = (
    ("aws:autoscaling:groupName", "autoscaling:*"),
    ("goog-managed-instance-group", "autoscaling:*"),
    ("aws:eks:cluster-name", "kubernetes:*"),
    ("eks:cluster-name", "kubernetes:*"),
    ("alpha.eksctl.io/cluster-name", "kubernetes:*"),
    ("KubernetesCluster", "kubernetes:*"),
    ("goog-k8s-cluster-name", "kubernetes:*"),
    ("aks-managed-cluster-name", "kubernetes:*"),
    ("k8s-azure-cluster-name", "kubernetes:*"),
    ("elasticbeanstalk:environment-name", "elasticbeanstalk:*"),
    ("aws:ecs:clusterName", "ecs:*"),
    ("aws:elasticmapreduce:job-flow-id", "emr:*"),
    ("goog-dataproc-cluster-name", "dataproc:*"),
    ("goog-composer-environment", "composer:*"),
    ("aws:backup:source-resource", "aws-backup"),
    ("aws:servicecatalog:provisionedProductArn", "servicecatalog"),
    ("aws:cloudformation:stack-name", "cloudformation:*"),
    ("goog-dm", "deployment-manager:*"),
    ("pulumi:project", "pulumi:*"),
    ("goog-terraform-provisioned", "terraform"),
    ("terraform", "terraform"),
    ("Terraform", "terraform"),
    ("crossplane-name", "crossplane:*"),
)
_LABELS = frozenset(label for label, _ in _BY_LABEL)
_KUBERNETES = "kubernetes.io/cluster/"
_SPOKEN = frozenset(
    {"managedby", "managed-by", "managed_by", "provisioner", "createdby", "created-by", "created_by", "iac"}
)
_TOOLS = (
    "terraform",
    "opentofu",
    "cloudformation",
    "pulumi",
    "ansible",
    "crossplane",
    "bicep",
    "cdk",
    "karpenter",
    "helm",
)
_NO = frozenset({"", "false", "no", "0", "none"})


def managed_by(tags: Mapping[str, str], relations: Mapping[str, Sequence[str]]) -> str:
    """Who manages a thing, such as `autoscaling:web` or `terraform`; the empty string when nothing tells."""
    if not tags.keys().isdisjoint(_LABELS):
        for label, manager in _BY_LABEL:
            value = tags.get(label, "")
            if value.lower() not in _NO:
                return manager.replace("*", value)
    for label, value in tags.items():
        if label.startswith(_KUBERNETES) and value == "owned":
            return f"kubernetes:{label.removeprefix(_KUBERNETES)}"
    for group in relations.get("member_of", ()):
        kind, _, name = group.partition("/")
        if kind.endswith("autoscaling_group"):
            return f"autoscaling:{name}"
    return _spoken(tags)


def _spoken(tags: Mapping[str, str]) -> str:
    """A tag in a person's own words: `ManagedBy = Terraform Cloud`."""
    for label, value in tags.items():
        if label.lower() in _SPOKEN:
            tool = next((tool for tool in _TOOLS if tool in value.lower()), "")
            if tool:
                return tool
    return ""
