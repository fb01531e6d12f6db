"""Parameters against the declarations, beside the SDK's own check."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from escher.apis import catalogue
from escher.apis.validate import UNKNOWN, has_unknown, problems_of

INSTANCES = {"InstanceIds": ["i-1"]}


def problems(service: str, operation: str, parameters: dict[str, Any]) -> tuple[str, ...]:
    """What is wrong with a call."""
    spec = catalogue.operation("aws", service, operation)
    assert spec is not None
    return problems_of(spec, parameters)


CALLS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("ec2", "stop-instances", "StopInstances", INSTANCES),
    ("ec2", "stop-instances", "StopInstances", {}),
    ("ec2", "stop-instances", "StopInstances", {"InstanceIds": "i-1"}),
    ("ec2", "stop-instances", "StopInstances", {"InstanceIds": [1]}),
    ("ec2", "stop-instances", "StopInstances", INSTANCES | {"Forced": True}),
    ("ec2", "stop-instances", "StopInstances", INSTANCES | {"Force": "yes"}),
    ("ec2", "create-volume", "CreateVolume", {"AvailabilityZone": "us-east-1a", "Size": "10"}),
    ("ec2", "create-tags", "CreateTags", {"Resources": ["i-1"], "Tags": [{"Key": "a", "Value": "b"}]}),
    ("ec2", "create-tags", "CreateTags", {"Resources": ["i-1"], "Tags": [{"Key": "a", "Wert": "b"}]}),
    ("ec2", "create-tags", "CreateTags", {"Resources": ["i-1"], "Tags": {"a": "b"}}),
    ("lambda", "create-alias", "CreateAlias", {"FunctionName": "f", "Name": "n"}),
    (
        "lambda",
        "put-function-concurrency",
        "PutFunctionConcurrency",
        {"FunctionName": "f", "ReservedConcurrentExecutions": -1},
    ),
    ("lambda", "tag-resource", "TagResource", {"Resource": "arn", "Tags": {"a": 1}}),
    ("lambda", "tag-resource", "TagResource", {"Resource": "arn", "Tags": {"a": "1"}}),
    ("dynamodb", "get-item", "GetItem", {"TableName": "ttt", "Key": {"id": {"S": "1"}}}),
    ("dynamodb", "get-item", "GetItem", {"TableName": "ttt", "Key": {"id": "1"}}),
    (
        "bedrock-agent-runtime",
        "retrieve",
        "Retrieve",
        {"knowledgeBaseId": "k123456789", "retrievalQuery": {"text": "t"}},
    ),
    ("sts", "get-caller-identity", "GetCallerIdentity", {}),
    ("sts", "get-caller-identity", "GetCallerIdentity", {"A": 1}),
]


@pytest.mark.parametrize(("service", "operation", "api", "parameters"), CALLS)
def test_it_is_as_strict_as_the_sdk(service: str, operation: str, api: str, parameters: dict[str, Any]) -> None:
    """What botocore would refuse is refused, what it would send is accepted."""
    shape = botocore.session.get_session().get_service_model(service).operation_model(api).input_shape
    report = ParamValidator().validate(parameters, shape)
    assert bool(problems(service, operation, parameters)) == report.has_errors()


def test_a_closed_set_of_values_is_checked() -> None:
    """The SDK would send a volume type that does not exist; here it is named, with those that do."""
    found = problems("ec2", "create-volume", {"AvailabilityZone": "us-east-1a", "VolumeType": "gp9"})
    assert found == ("VolumeType cannot be 'gp9'; it is one of standard, io1, io2, gp2, sc1, st1, gp3",)


def test_the_case_of_a_closed_value_does_not_matter() -> None:
    """AWS's own examples write TCP and tcp."""
    parameters = {"instanceName": "web", "portInfo": {"fromPort": 22, "toPort": 22, "protocol": "TCP"}}
    assert problems("lightsail", "open-instance-public-ports", parameters) == ()


def test_a_value_known_later_fits_everywhere() -> None:
    """A script may pass on what an earlier call answered."""
    assert problems("ec2", "describe-instances", {"InstanceIds": [UNKNOWN], "MaxResults": UNKNOWN}) == ()
    assert has_unknown({"a": [{"b": UNKNOWN}]}) and not has_unknown({"a": ["<unknown>"]})


def test_a_token_the_sdk_makes_itself_is_not_missed() -> None:
    """Idempotency tokens are required by the API and filled in by the SDK and the CLI."""
    assert problems("medical-imaging", "create-datastore", {"datastoreName": "scans"}) == ()


def test_exactly_one_member_of_a_union_is_set() -> None:
    """Two alternatives at once are no value."""
    spec = catalogue.operation("aws", "bedrock-runtime", "converse")
    assert spec is not None
    block = {"text": "hi", "guardContent": {"text": {"text": "x"}}}
    found = problems_of(spec, {"modelId": "m", "messages": [{"role": "user", "content": [block]}]})
    assert len(found) == 1 and found[0].startswith("exactly one of text")
