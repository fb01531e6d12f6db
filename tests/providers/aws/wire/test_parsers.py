"""The readers against botocore's parsers: random answers of many services, and answers that are not what they claim."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from botocore.utils import parse_timestamp
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from escher.providers.aws.wire import xml
from escher.providers.aws.wire.answers import Reply
from escher.providers.aws.wire.service import aws_service, covered
from escher.providers.aws.wire.times import moment
from tests.fixtures.shapes import values
from tests.fixtures.wire_form import parsed_by_botocore, wire_form

SERVICES = (
    "ec2", "rds", "iam", "sts", "autoscaling", "elbv2", "cloudformation", "sns", "elasticache", "redshift",
    "s3", "s3control", "route53", "cloudfront",
    "dynamodb", "ecs", "kms", "secretsmanager", "ssm", "logs", "sqs", "cloudwatch", "glue", "stepfunctions",
    "lambda", "eks", "apigateway", "apigatewayv2", "batch", "efs", "backup", "bedrock-agent", "wafv2", "kafka",
)  # fmt: skip
READS = ("Describe", "List", "Get", "Lookup", "Search")


@cache
def readable(service: str) -> tuple[str, ...]:
    """The read operations of a service that are covered, answer with something, and are not given up."""
    models = [aws_service(service).operation(name) for name in aws_service(service).model.operation_names]
    return tuple(
        model.name
        for model in models
        # What S3 has given up has members that share a tag, of which botocore yields bare elements.
        if model.name.startswith(READS) and covered(service, model.name) and model.output_shape and not model.deprecated
    )


@pytest.mark.parametrize("service", SERVICES)
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_random_answers_are_read_as_botocore_reads_them(service: str, data: st.DataObject) -> None:
    """Whatever a shape allows comes out equal."""
    operation = data.draw(st.sampled_from(readable(service)))
    answer = data.draw(values(aws_service(service).operation(operation).output_shape))
    try:
        reply = wire_form(service, operation, answer)
    except TypeError:
        # moto takes a member that is called "body" for the whole body.
        reject()
    assert _read(service, operation, reply) == parsed_by_botocore(service, operation, reply)


def _read(service: str, operation: str, reply: Reply) -> dict[str, Any]:
    """What the reader yields before botocore's handlers change it."""
    return aws_service(service).reader(operation).parsed(reply)


BOMB = b"""<?xml version="1.0"?><!-- x --><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<DescribeVolumesResponse><volumeSet><item><volumeId>&b;</volumeId></item></volumeSet></DescribeVolumesResponse>"""


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("prefix", [b"", b"\n  ", b"<!-- <a> -->", b"\xef\xbb\xbf", b"<?a?> <?b c?>"])
def test_entities_are_refused(status: int, prefix: bytes) -> None:
    """A document that could blow up is not read, as an answer or as an error."""
    body = prefix + BOMB.removeprefix(b'<?xml version="1.0"?>')
    reply = Reply(status, {}, body)
    with pytest.raises(ResponseParserError):
        raise _read_or_error("ec2", "DescribeVolumes", reply)


def test_a_long_prolog_is_searched_once() -> None:
    """Thousands of comments before the root, and a document type in none of them, are read like any others."""
    root = xml.parse(b"<!-- a --><?b?>" * 5_000 + b"<a><![CDATA[<!DOCTYPE]]></a>")
    assert root.tag == "a"


def test_what_only_looks_like_a_document_type_is_text() -> None:
    """In a CDATA section it is a value like any other."""
    root = xml.parse(b"<a><![CDATA[<!DOCTYPE html>]]></a>")
    assert root.text == "<!DOCTYPE html>"


def test_bytes_of_another_encoding_are_refused() -> None:
    """AWS answers in UTF-8, whatever a document says of itself."""
    with pytest.raises(ResponseParserError):
        xml.parse('<?xml version="1.0" encoding="utf-16"?><a>x</a>'.encode("utf-16"))


@pytest.mark.parametrize(
    ("service", "operation", "body"),
    [
        ("ec2", "DescribeVolumes", "<DescribeSnapshotsResponse><volumeSet/></DescribeSnapshotsResponse>"),
        ("ec2", "DescribeVolumes", "<html><head/></html>"),
        ("rds", "DescribeDBInstances", "<DescribeDBInstancesResponse><Other/></DescribeDBInstancesResponse>"),
        ("rds", "DescribeDBInstances", "<ErrorResponse><Error><Code>X</Code></Error></ErrorResponse>"),
        ("s3", "ListBuckets", "<html><body>no</body></html>"),
        ("s3", "GetBucketTagging", "<Other><Thing/></Other>"),
        ("s3", "GetBucketTagging", ""),
        ("cloudfront", "ListDistributions", "<html/>"),
        ("lambda", "ListFunctions", "[]"),
        ("lambda", "ListFunctions", ""),
        ("lambda", "ListFunctions", '{"Functions": [1]}'),
        ("lambda", "ListFunctions", '{"Functions": [{"CodeSize": "much"}]}'),
        ("ecs", "DescribeTasks", '{"tasks": [{"createdAt": "some day"}]}'),
        ("elasticache", "DescribeCacheClusters", "<DescribeCacheClustersResponse/>"),
    ],
)
def test_an_answer_of_another_form_is_refused(service: str, operation: str, body: str) -> None:
    """What contradicts the model is malformed, and no empty list."""
    with pytest.raises(ResponseParserError):
        aws_service(service).reader(operation).read(Reply(200, {}, body.encode()))


def test_an_error_of_s3_in_a_success_is_an_error() -> None:
    """S3 may say so only in the body."""
    body = b"<?xml version='1.0'?><Error><Code>InternalError</Code><Message>no</Message></Error>"
    with pytest.raises(ClientError, match="InternalError"):
        aws_service("s3").reader("ListBuckets").read(Reply(200, {}, body))


@pytest.mark.parametrize(
    "value",
    [
        "2024-05-06T07:08:09Z", "2024-05-06T07:08:09.123Z", "2024-05-06T07:08:09.123456789Z", "2024-05-06T07:08:09+02:00",
        "2024-05-06T07:08:09", "2024-05-06", "Mon, 06 May 2024 07:08:09 GMT", "1714979289", "1714979289.5", 1714979289,
        1714979289.123, -1, 0, "20240506T070809Z", "2024-05-06 07:08:09Z", 64060588800,
    ],
)  # fmt: skip
def test_timestamps_are_those_of_botocore(value: Any) -> None:
    """Every form of a moment is the same moment, with a zone or without."""
    expected = parse_timestamp(value)
    assert (moment(value), moment(value).utcoffset()) == (expected, expected.utcoffset())


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("s3", "GetObject"),
        ("logs", "StartLiveTail"),
        ("kinesis", "SubscribeToShard"),
        ("eventbridgev2", "ListEventBuses"),
        ("timestream-query", "DescribeScheduledQuery"),
    ],
)
def test_what_is_left_to_botocore(service: str, operation: str) -> None:
    """Streams, protocols of their own and endpoints that must be discovered are not covered."""
    assert not covered(service, operation)


def _read_or_error(service: str, operation: str, reply: Reply) -> Exception:
    reader = aws_service(service).reader(operation)
    try:
        reader.read(reply)
    except (ClientError, ResponseParserError) as cause:
        return cause
    return AssertionError("it was read")
