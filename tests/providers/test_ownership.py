"""Who else changes a resource, by what tools and services leave on it."""

from __future__ import annotations

import pytest

from escher.providers.ownership import managed_by


@pytest.mark.parametrize(
    ("tags", "manager"),
    [
        ({"aws:cloudformation:stack-name": "shop"}, "cloudformation:shop"),
        ({"aws:autoscaling:groupName": "web", "aws:cloudformation:stack-name": "shop"}, "autoscaling:web"),
        ({"kubernetes.io/cluster/main": "owned"}, "kubernetes:main"),
        ({"kubernetes.io/cluster/main": "shared"}, ""),
        ({"aks-managed-cluster-name": "aks"}, "kubernetes:aks"),
        ({"goog-k8s-cluster-name": "gke"}, "kubernetes:gke"),
        ({"ManagedBy": "Terraform Cloud"}, "terraform"),
        ({"managed-by": "maria"}, ""),
        ({"terraform": "true"}, "terraform"),
        ({"terraform": "false"}, ""),
        ({"goog-terraform-provisioned": "true"}, "terraform"),
        ({"Name": "terraform-state"}, ""),
        ({}, ""),
    ],
)
def test_labels_tell_the_manager(tags: dict[str, str], manager: str) -> None:
    """The nearest one; a name or a person is none."""
    assert managed_by(tags, {}) == manager


def test_a_member_of_a_scaling_group_is_managed_by_it() -> None:
    """The tie tells where no label does."""
    assert managed_by({}, {"member_of": ["aws_ec2_autoscaling_group/web"]}) == "autoscaling:web"
