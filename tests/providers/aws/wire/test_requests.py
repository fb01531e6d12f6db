"""Requests and signatures against botocore's client: what it would send is what is sent, byte for byte."""

from __future__ import annotations

import time
from calendar import timegm
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ParamValidationError

from escher.providers.aws.models import new_session
from escher.providers.aws.wire.endpoints import endpoint
from escher.providers.aws.wire.request import build
from escher.providers.aws.wire.service import aws_service
from escher.providers.aws.wire.signing import signed_headers
from tests.fixtures.declared_calls import EACH_CALL
from tests.fixtures.wire_form import asked_for

NOT_COMPARED = {"user-agent", "amz-sdk-invocation-id", "amz-sdk-request", "content-length"}
FUNCTION = "arn:aws:lambda:eu-west-1:111111111111:function:a b/ü"
CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("ec2", "DescribeInstances", {"Filters": [{"Name": "tag:a b", "Values": ["ü+/=&", "*"]}], "MaxResults": 5}),
    ("lambda", "ListTags", {"Resource": FUNCTION}),
    ("lambda", "ListFunctions", {"FunctionVersion": "ALL", "MaxItems": 10}),
    ("s3", "GetBucketTagging", {"Bucket": "logs"}),
    ("s3", "GetBucketTagging", {"Bucket": "with.dots.in.it"}),
    ("s3", "GetBucketLocation", {"Bucket": "logs"}),
    ("s3", "ListObjectsV2", {"Bucket": "logs", "Prefix": "a b/ü/../x", "MaxKeys": 3}),
    ("s3", "GetObjectTagging", {"Bucket": "logs", "Key": "a//b/../c d+e~é"}),
    ("s3control", "GetPublicAccessBlock", {"AccountId": "111111111111"}),
    ("route53", "ListResourceRecordSets", {"HostedZoneId": "/hostedzone/Z1", "StartRecordName": "a b.example"}),
    ("iam", "GetRole", {"RoleName": "a+b=c,d@e"}),
    ("dynamodb", "DescribeTable", {"TableName": "orders"}),
    ("apigateway", "GetRestApis", {"limit": 5}),
    ("glacier", "ListVaults", {}),
    ("cloudcontrol", "ListResources", {"TypeName": "AWS::S3::Bucket"}),
]
PLACES = [
    ("eu-west-1", ""),
    ("us-east-1", ""),
    ("cn-north-1", ""),
    ("us-gov-west-1", ""),
    ("eu-west-1", "http://h:81/p"),
]


class _Sent(Exception):
    """Carries a request out of botocore before it is sent."""

    def __init__(self, request: Any) -> None:
        super().__init__()
        self.request = request


def by_botocore(service: str, operation: str, parameters: dict[str, Any], region: str, url: str, token: str) -> Any:
    """What botocore would send."""
    client = new_session().create_client(
        service, region, endpoint_url=url or None, aws_access_key_id="AKIA1", aws_secret_access_key="secret",
        aws_session_token=token or None, config=Config(retries={"total_max_attempts": 1}),
    )  # fmt: skip
    client.meta.events.register_first("before-send", _keep)
    try:
        client._make_api_call(operation, parameters)
    except _Sent as sent:
        return sent.request
    raise AssertionError("nothing was sent")


def _keep(request: Any, **_: Any) -> AWSResponse:
    raise _Sent(request)


Wire = tuple[str, str, str, dict[str, str]]


def both(
    service: str, operation: str, parameters: dict[str, Any], region: str, url: str, token: str
) -> tuple[Wire, Wire]:
    """Method, address, body and headers with the signature: what is sent here, and by botocore."""
    theirs = by_botocore(service, operation, parameters, region, url, token)
    headers = {name.lower(): _text(value) for name, value in theirs.headers.items()}
    request = build(endpoint(service, region, url), operation, parameters)
    keys = ReadOnlyCredentials("AKIA1", "secret", token or None)
    mine = signed_headers(request, keys, _moment(headers["x-amz-date"]))
    return (
        (request.method, request.url, request.body.decode(), _compared(mine)),
        (theirs.method, theirs.url, _text(theirs.body or ""), _compared(headers)),
    )


def _compared(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items() if name.lower() not in NOT_COMPARED}


@pytest.mark.parametrize(("region", "url"), PLACES, ids=lambda place: place[:9] or "aws")
@pytest.mark.parametrize(
    ("service", "operation", "parameters"), CASES, ids=lambda case: case if isinstance(case, str) else ""
)
def test_requests_are_those_of_botocore(
    service: str, operation: str, parameters: dict[str, Any], region: str, url: str
) -> None:
    """In every partition, and at an endpoint of the account's own."""
    mine, theirs = both(service, operation, parameters, region, url, "token")
    assert mine == theirs


@EACH_CALL
def test_declared_requests_are_those_of_botocore(service: str, operation: str) -> None:
    """Every call that a resource type declares is sent as botocore sends it."""
    shape = aws_service(service).operation(operation).input_shape
    mine, theirs = both(service, operation, asked_for(shape) if shape else {}, "us-east-1", "", "")
    assert mine == theirs


@pytest.mark.parametrize("setting", ["use_fips_endpoint", "use_dualstack_endpoint"])
def test_the_profile_s_settings_are_kept(setting: str, aws_config: Any) -> None:
    """FIPS and dual stack are followed where the profile says so."""
    aws_config.write_text(f"[profile {setting}]\n{setting} = true\n")
    usual = build(endpoint("ec2", "us-east-1"), "DescribeVolumes", {}).url
    chosen = build(endpoint("ec2", "us-east-1", "", setting), "DescribeVolumes", {}).url
    assert usual == "https://ec2.us-east-1.amazonaws.com/"
    assert chosen in ("https://ec2-fips.us-east-1.amazonaws.com/", "https://ec2.us-east-1.api.aws/")


@pytest.mark.parametrize("parameters", [{}, {"Bucket": ""}, {"Bucket": "logs", "Other": 1}])
def test_wrong_parameters_are_refused(parameters: dict[str, Any]) -> None:
    """They are checked before anything is sent, also after right ones."""
    build(endpoint("s3", "us-east-1"), "GetBucketTagging", {"Bucket": "logs"})
    with pytest.raises(ParamValidationError):
        build(endpoint("s3", "us-east-1"), "GetBucketTagging", parameters)


def _moment(stamp: str) -> float:
    return timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
