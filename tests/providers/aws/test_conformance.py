"""What is declared of AWS is what botocore's models and recorded answers say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from botocore.session import Session

from escher.contract.estate import Resource
from escher.providers.declarations import ListCall, ResourceType
from escher.providers.registry import resource_types
from tests.fixtures.answers import FOLDER, answers_for, resources_of

TYPES = tuple(declared for declared in resource_types().values() if declared.provider == "aws")
DECLARED = tuple(declared for declared in TYPES if declared.kind != "other")
EACH = pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: declared.name)
MODELS = Session()

# What IAM calls a service, where botocore calls it something else.
PREFIXES = {
    "apigatewayv2": "apigateway",
    "cloudcontrol": "cloudformation",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "opensearch": "es",
    "stepfunctions": "states",
}
# Actions of IAM that are no operations of their service.
NO_OPERATIONS = {
    "apigateway:DELETE",
    "apigateway:GET",
    "apigateway:PATCH",
    "apigateway:POST",
    "apigateway:PUT",
    "elasticbeanstalk:AddTags",
    "elasticbeanstalk:RemoveTags",
    "iam:PassRole",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetEncryptionConfiguration",
    "s3:ListAllMyBuckets",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
}
# Their ARNs end with something of AWS's own after the name, which is what commands take.
NAME_WITHIN = {
    "aws_ec2_application_load_balancer",
    "aws_ec2_gateway_load_balancer",
    "aws_ec2_network_load_balancer",
    "aws_ec2_target_group",
}


def test_there_is_no_fixture_without_a_type_and_no_type_without_a_fixture() -> None:
    """What is recorded is used."""
    assert {path.stem for path in FOLDER.glob("*.json")} - {"aws_other"} == {declared.name for declared in DECLARED}


@EACH
def test_calls_are_real(declared: ResourceType) -> None:
    """Every operation and every parameter is in botocore's model, and pages are as large as it allows."""
    for operation, names in _calls(declared.listing):
        shape = _model(declared.service, operation).input_shape
        assert names <= set(shape.members if shape else ())
    for detail in declared.details:
        shape = _model(detail.service or declared.service, detail.operation).input_shape
        assert {*detail.arguments, *detail.parameters} <= set(shape.members)
    least, most = _page_limits(declared)
    assert declared.listing.page_size is None or least <= declared.listing.page_size <= most


@EACH
def test_permissions_are_real(declared: ResourceType) -> None:
    """Reads are of the service that is called; every action is an operation, or known to be none."""
    services = {declared.service, *(detail.service for detail in declared.details if detail.service)}
    assert {action.partition(":")[0] for action in declared.reads} <= {PREFIXES.get(one, one) for one in services}
    assert _actions(declared) - NO_OPERATIONS - _operations() == set()


@EACH
def test_native_types_are_those_of_cloudformation(declared: ResourceType) -> None:
    """`AWS::Service::Thing`."""
    provider, _, thing = declared.native_type.partition("::")
    assert provider == "AWS"
    assert all(part.isalnum() for part in thing.split("::"))
    assert len(thing.split("::")) == 2


@EACH
def test_all_states_of_the_model_are_known(declared: ResourceType) -> None:
    """Where botocore's model lists the states, each is one of ours."""
    missing = {state.lower() for state in _states_of(declared)} - {state.lower() for state in declared.state.states}
    assert missing == set()


@EACH
def test_every_declared_field_is_filled(declared: ResourceType) -> None:
    """The recorded answers fill each field at least once, with tags and a state that the declaration knows."""
    resources = _resources(declared)
    filled = {name for resource in resources for name in resource.attributes}
    assert filled == set(declared.fields)
    assert any(resource.tags for resource in resources) == bool(declared.tags)
    assert all(resource.state != "unknown" for resource in resources)


@EACH
def test_no_secret_is_kept(declared: ResourceType) -> None:
    """Recorded answers hold canaries where AWS tells secrets (user data, tunnels' keys, environments); none gets in."""
    assert "canary" not in repr(_resources(declared))


@EACH
def test_every_relation_is_filled(declared: ResourceType) -> None:
    """The recorded answers fill each relation at least once; those to whole ids lead to ARNs."""
    resources = _resources(declared)
    for relation in declared.relations:
        found = [one for resource in resources for one in resource.relations.get(relation.verb, ())]
        assert [one for one in found if one.startswith(f"{relation.to}/" if relation.to else "arn:aws:")]


@EACH
def test_backups_are_there_and_not(declared: ResourceType) -> None:
    """Where a type has automatic backups, one of the recorded things has them and one has not."""
    found = {resource.constraints.get("automatic_backups") for resource in _resources(declared)}
    assert found == ({True, False} if declared.backups else {None})


@EACH
def test_ids_are_global_and_unique(declared: ResourceType) -> None:
    """Every resource has an ARN of its own, which ends with its identifier, or at least holds it."""
    resources = _resources(declared)
    ids = [resource.resource_id for resource in resources]
    assert len(set(ids)) == len(ids) > 0
    assert len({(resource.region, resource.identifier) for resource in resources}) == len(ids)
    assert all(id_.startswith(f"arn:aws:{PREFIXES.get(declared.service, declared.service)}:") for id_ in ids)
    if declared.name in NAME_WITHIN:
        assert all(f"/{resource.identifier}/" in resource.resource_id for resource in resources)
    else:
        assert all(resource.resource_id.endswith(resource.identifier) for resource in resources)


@EACH
def test_recorded_answers_are_shaped_as_the_model_says(declared: ResourceType) -> None:
    """A recorded answer has no member that AWS does not have, and none of another form."""
    for operation, answers in answers_for(declared.name).items():
        shapes = [model.operation_model(operation).output_shape for model in _models_of(declared, operation)]
        given = [answer["data"] for answer in answers if "data" in answer]
        # Two services of a type may have operations of the same name; an answer is then one of either.
        wrong = [min((list(_misfits(data, shape)) for shape in shapes), key=len) for data in given]
        assert [one for one in wrong if one] == []


def _resources(declared: ResourceType) -> list[Resource]:
    return list(resources_of(declared, answers_for(declared.name)).values())


def _model(service: str, operation: str) -> Any:
    return MODELS.get_service_model(service).operation_model(operation)


def _models_of(declared: ResourceType, operation: str) -> list[Any]:
    services = dict.fromkeys([declared.service, *(detail.service for detail in declared.details if detail.service)])
    models = [MODELS.get_service_model(service) for service in services]
    return [model for model in models if operation in model.operation_names]


def _calls(listing: ListCall) -> Iterator[tuple[str, set[str]]]:
    """Each operation of a listing with the parameters that it is given."""
    yield listing.operation, {*listing.parameters, *listing.arguments}
    if listing.batch:
        yield listing.batch.operation, {listing.batch.ids, *listing.batch.parameters}
    if listing.per:
        yield from _calls(listing.per)


def _page_limits(declared: ResourceType) -> tuple[int, int]:
    """The smallest and the largest page that the model allows, as far as it says."""
    paginators = MODELS.get_component("data_loader").load_service_model(declared.service, "paginators-1")["pagination"]
    name = paginators.get(declared.listing.operation, {}).get("limit_key")
    shape = _model(declared.service, declared.listing.operation).input_shape
    known = shape.members[name].metadata if name else {}
    return known.get("min", 1), known.get("max", 1_000)


@cache
def _operations() -> frozenset[str]:
    """Every operation of botocore as IAM would call it."""
    prefixes = {action.partition(":")[0] for declared in TYPES for action in _actions(declared)}
    named = [(PREFIXES.get(name, name), name) for name in MODELS.get_available_services()]
    return frozenset(
        f"{prefix}:{operation}"
        for prefix, name in named
        if prefix in prefixes
        for operation in MODELS.get_service_model(name).operation_names
    )


def _actions(declared: ResourceType) -> set[str]:
    return {*declared.reads, *(action for acts in declared.acts.values() for action in acts)}


def _states_of(declared: ResourceType) -> list[str]:
    """What the model says the state of a listed thing can be; nothing where the path leads elsewhere."""
    shape = _model(declared.service, declared.listing.operation).output_shape
    path = f"{declared.listing.result}.{declared.state.path}"
    if not declared.state.path or not re.fullmatch(r"[A-Za-z.\[\]]+", path):
        return []
    for name in re.split(r"[.\[\]]+", path):
        while shape.type_name == "list":
            shape = shape.member
        if shape.type_name != "structure" or name not in shape.members:
            return []
        shape = shape.members[name]
    return list(getattr(shape, "enum", []))


_FORMS = {
    "string": str,
    "timestamp": str,
    "blob": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "list": list,
    "map": dict,
    "structure": dict,
}


def _misfits(value: Any, shape: Any, path: str = "") -> Iterator[str]:
    """Where a parsed answer has what the shape has not."""
    if value is None or getattr(shape, "is_document_type", False):
        return
    if not isinstance(value, _FORMS[shape.type_name]) or (isinstance(value, bool) and shape.type_name != "boolean"):
        yield f"{path}: no {shape.type_name}"
    elif shape.type_name == "list":
        for one in value:
            yield from _misfits(one, shape.member, f"{path}[]")
    elif shape.type_name == "map":
        for one in value.values():
            yield from _misfits(one, shape.value, f"{path}.*")
    elif shape.type_name == "structure":
        yield from (f"{path}.{name}" for name in value.keys() - shape.members.keys())
        for name in value.keys() & shape.members.keys():
            yield from _misfits(value[name], shape.members[name], f"{path}.{name}")
