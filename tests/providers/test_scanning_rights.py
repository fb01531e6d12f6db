"""The policies for scanning: real rights, no more than is asked, and none that changes anything."""

from __future__ import annotations

import re

import pytest
from botocore.session import Session

from escher.providers.aws import changes, other, permissions
from escher.providers.aws.cloud_control import LIST_RIGHTS
from escher.providers.azure.reader import READS
from escher.providers.gcp import assets
from escher.providers.gcp import changes as gcp_changes
from escher.providers.gcp import permissions as gcp_permissions
from escher.providers.registry import resource_types
from escher.providers.scanning_rights import policy, rights

TYPES = resource_types().values()
NOT_OPERATIONS = {
    "apigateway:GET", "s3:GetBucketPublicAccessBlock", "s3:GetEncryptionConfiguration", "s3:ListAllMyBuckets",
}  # fmt: skip
"""Actions of IAM that are called otherwise than the operations that they allow."""
OTHERWISE = {
    "apigateway": ("apigatewayv2", "apigateway"), "cloudformation": ("cloudformation", "cloudcontrol"), "elasticfilesystem": ("efs",),
    "elasticloadbalancing": ("elb", "elbv2"), "elasticmapreduce": ("emr",), "es": ("opensearch", "es"),
    "states": ("stepfunctions",), "tag": ("resourcegroupstaggingapi",), "timestream": ("timestream-write",),
}  # fmt: skip
"""What botocore calls the services of some prefixes."""
LOOKS = re.compile(r"(Batch)?(Describe|Get|List|LookupEvents|SimulatePrincipalPolicy|GET)")


def test_every_action_for_aws_is_an_operation_of_its_service() -> None:
    """As botocore's models have them, but for those that IAM names otherwise."""
    session = Session()
    unknown = set()
    for action in set(rights(TYPES, "aws")) - NOT_OPERATIONS:
        prefix, _, name = action.partition(":")
        models = [session.get_service_model(service) for service in OTHERWISE.get(prefix, (prefix,))]
        if not any(name in _names_in_iam(model.operation_names) for model in models):
            unknown.add(action)
    assert unknown == set()


def _names_in_iam(operations: list[str]) -> set[str]:
    """Operations without the date that a few end in: CloudFront's and Lambda's."""
    return {re.sub(r"\d{4}_?\d{2}_?\d{2}(v2)?$", "", name) for name in operations}


def test_aws_is_granted_what_looks_and_nothing_that_changes_or_reads_contents() -> None:
    """No action is a pattern, each is one that looks, and none fetches a secret's value, an object or a message."""
    allowed = rights(TYPES, "aws")
    assert all(LOOKS.match(action.partition(":")[2]) for action in allowed)
    assert not any("*" in action for action in allowed)
    contents = {"secretsmanager:GetSecretValue", "s3:GetObject", "ssm:GetParameter", "ssm:GetParameters", "kms:Decrypt"}
    assert not contents & set(allowed)


@pytest.mark.parametrize("provider", ["aws", "azure", "gcp"])
def test_every_right_of_a_declared_type_is_in(provider) -> None:
    """Each once, sorted, whatever its case; but for Azure's one pattern."""
    allowed = rights(TYPES, provider)
    declared = {right.lower() for one in TYPES if one.provider == provider for right in one.reads}
    assert declared - {right.lower() for right in allowed} == ({"*/read"} if provider == "azure" else set())
    assert len({right.lower() for right in allowed}) == len(allowed)
    assert allowed == sorted(allowed, key=str.lower)


def test_what_the_readers_ask_besides_is_in() -> None:
    """The rights that the readers of the three clouds name when they are refused."""
    aws = {changes.LOOK_UP, other.LIST, other.TAGGED, permissions.SIMULATE, "iam:GetRole", "ec2:DescribeRegions"}
    assert aws <= set(rights(TYPES, "aws"))
    assert {right.lower() for right in READS} <= {right.lower() for right in rights(TYPES, "azure")}
    assert {assets.PERMISSION, gcp_permissions.PERMISSION} <= set(rights(TYPES, "gcp"))


def test_the_generic_form_of_aws_may_list_each_of_its_types() -> None:
    """Cloud Control asks the service of a type with the caller's own rights."""
    listed = {*other.COMMON, *other.BY_ARN.values()}
    assert listed == set(LIST_RIGHTS)
    assert {right for type_ in listed for right in LIST_RIGHTS[type_]} <= set(rights(TYPES, "aws"))


def test_gcp_is_granted_what_its_calls_take_and_no_more() -> None:
    """The rights of the types, of the places where some are listed one by one, and of what is asked of a whole project."""
    places = {
        f"{api}.locations.list" for api in ("artifactregistry", "cloudkms", "cloudscheduler", "cloudtasks", "run")
    }
    project = {assets.PERMISSION, gcp_changes.PERMISSION, gcp_permissions.PERMISSION}
    declared = {right for one in TYPES if one.provider == "gcp" for right in one.reads}
    assert set(rights(TYPES, "gcp")) == declared | places | project | {"compute.regions.list"}


def test_no_right_is_a_pattern_and_azure_says_what_that_leaves_out() -> None:
    """Reading everything is the role Reader, which is no least privilege."""
    for provider in ("aws", "azure", "gcp"):
        assert not any("*" in right for right in rights(TYPES, provider))
    assert "Reader" in policy(TYPES, "azure")["Description"]


def test_azure_and_gcp_are_granted_reading_only() -> None:
    """Azure's actions end in `read`; a permission of GCP is one that gets, lists or searches."""
    assert all(action.lower().endswith("/read") for action in policy(TYPES, "azure")["Actions"])
    permitted = policy(TYPES, "gcp")["includedPermissions"]
    looks = re.compile(r"(get|list|search)", re.IGNORECASE)
    assert [one for one in permitted if not looks.match(one.rpartition(".")[2])] == []


def test_the_documents_have_the_forms_that_the_clouds_take() -> None:
    """An IAM policy, and the definitions of a custom role as `az` and `gcloud` read them."""
    assert set(policy(TYPES, "aws")) == {"Version", "Statement"}
    assert {"Name", "IsCustom", "Actions", "AssignableScopes"} <= set(policy(TYPES, "azure"))
    assert {"title", "stage", "includedPermissions"} <= set(policy(TYPES, "gcp"))
