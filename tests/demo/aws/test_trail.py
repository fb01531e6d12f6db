"""CloudTrail in front of moto, as boto3 looks events up."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from escher.demo.blueprint.company import ACCOUNTS
from tests.demo.aws.conftest import AwsDemo

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("demo-aws")]


def _events(aws: AwsDemo, account: str, region: str, **asked: Any) -> list[dict[str, Any]]:
    pages = aws.client("cloudtrail", account, region).get_paginator("lookup_events").paginate(**asked)
    return [event for page in pages for event in page["Events"]]


def _named(event: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one.get("ResourceType", ""), one["ResourceName"]) for one in event["Resources"]}


def _by_name(name: str) -> dict[str, Any]:
    return {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": name}]}


def test_what_a_call_made_is_named(aws: AwsDemo) -> None:
    """The id of a new volume is in the answer only, and in the event's resources."""
    made = aws.client("ec2").create_volume(AvailabilityZone="us-east-1a", Size=3)["VolumeId"]
    event = _events(aws, "web-shop", "us-east-1", **_by_name("CreateVolume"))[0]
    assert ("AWS::EC2::Volume", made) in _named(event)
    assert (event["EventSource"], event["ReadOnly"], event["Username"]) == ("ec2.amazonaws.com", "false", "ana")


def test_the_record_tells_the_whole_call(aws: AwsDemo) -> None:
    """Parameters, answer, region and account are in the event's JSON; reads are no events."""
    aws.client("sqs", "analytics").create_queue(QueueName="recorded")
    aws.client("sqs", "analytics").list_queues()
    event = _events(aws, "analytics", "us-east-1")[0]
    record = json.loads(event["CloudTrailEvent"])
    assert record["eventName"] == event["EventName"] == "CreateQueue"
    assert record["requestParameters"]["queueName"] == "recorded"
    assert record["responseElements"]["queueUrl"].endswith("/recorded")
    assert (record["awsRegion"], record["recipientAccountId"]) == ("us-east-1", ACCOUNTS["analytics"])


def test_a_failed_call_is_told_with_its_error(aws: AwsDemo) -> None:
    """What was tried is known as well as what was done, a dry run too."""
    with pytest.raises(ClientError):
        aws.client("ec2").stop_instances(InstanceIds=["i-0123456789abcdef0"])
    with pytest.raises(ClientError):
        aws.client("ec2").create_volume(AvailabilityZone="us-east-1a", Size=3, DryRun=True)
    events = _events(aws, "web-shop", "us-east-1")[:2]
    errors = [json.loads(event["CloudTrailEvent"])["errorCode"] for event in events]
    assert errors == ["DryRunOperation", "InvalidInstanceID.NotFound"]
    assert ("AWS::EC2::Instance", "i-0123456789abcdef0") in _named(events[1])


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "event", "resource"),
    [
        ("lambda", "update_function_configuration", {"FunctionName": "checkout-charge-card-dev", "MemorySize": 256},
         "UpdateFunctionConfiguration20150331v2", ("AWS::Lambda::Function", "checkout-charge-card-dev")),
        ("rds", "stop_db_instance", {"DBInstanceIdentifier": "db-prod"}, "StopDBInstance",
         ("AWS::RDS::DBInstance", "db-prod")),
        ("dynamodb", "update_table", {"TableName": "checkout-carts-dev", "BillingMode": "PAY_PER_REQUEST"},
         "UpdateTable", ("AWS::DynamoDB::Table", "checkout-carts-dev")),
        ("iam", "tag_role", {"RoleName": "Deployment", "Tags": [{"Key": "a", "Value": "b"}]}, "TagRole",
         ("AWS::IAM::Role", "Deployment")),
        ("cloudwatch", "set_alarm_state", {"AlarmName": "orders-db-prod-CPUUtilization", "StateValue": "ALARM",
                                           "StateReason": "a test"}, "SetAlarmState",
         ("AWS::CloudWatch::Alarm", "orders-db-prod-CPUUtilization")),
        ("stepfunctions", "tag_resource",
         {"resourceArn": f"arn:aws:states:us-east-1:{ACCOUNTS['web-shop']}:stateMachine:orders-refund",
          "tags": [{"key": "a", "value": "b"}]}, "TagResource",
         ("AWS::StepFunctions::StateMachine",
          f"arn:aws:states:us-east-1:{ACCOUNTS['web-shop']}:stateMachine:orders-refund")),
    ],
)  # fmt: skip
def test_resources_of_every_protocol_are_named(
    aws: AwsDemo, service: str, operation: str, parameters: dict[str, Any], event: str, resource: tuple[str, str]
) -> None:
    """Query, JSON and REST calls alike name the resource that they change."""
    getattr(aws.client(service), operation)(**parameters)
    found = _events(aws, "web-shop", "us-east-1")[0]
    assert found["EventName"] == event
    assert resource in _named(found)


def test_a_bucket_s_event_is_in_the_bucket_s_region(aws: AwsDemo) -> None:
    """Whatever region the call was signed for; what is written into the bucket is no event."""
    s3 = aws.client("s3", "web-shop", "eu-west-1")
    before = len(_events(aws, "web-shop", "us-east-1", **_by_name("PutBucketTagging")))
    s3.put_bucket_tagging(
        Bucket="halden-orders-labels-prod", Tagging={"TagSet": [{"Key": "a", "Value": uuid.uuid4().hex}]}
    )
    s3.put_object(Bucket="halden-orders-labels-prod", Key="x", Body=b"y")
    event = _events(aws, "web-shop", "eu-west-1")[0]
    assert (event["EventName"], _named(event)) == (
        "PutBucketTagging",
        {("AWS::S3::Bucket", "halden-orders-labels-prod")},
    )
    assert len(_events(aws, "web-shop", "us-east-1", **_by_name("PutBucketTagging"))) == before


def test_events_of_iam_are_in_us_east_1(aws: AwsDemo) -> None:
    """IAM is in no region; its events are in one."""
    aws.client("iam", "sandbox", "eu-west-1").create_user(UserName="from-ireland")
    assert ("AWS::IAM::User", "from-ireland") in _named(_events(aws, "sandbox", "us-east-1")[0])


def test_lookup_filters_by_resource_type_and_time(aws: AwsDemo) -> None:
    """By the type of a resource, and between two moments."""
    aws.client("ec2", "sandbox").create_volume(AvailabilityZone="us-east-1a", Size=1)
    by_type = {"AttributeKey": "ResourceType", "AttributeValue": "AWS::EC2::Volume"}
    found = _events(aws, "sandbox", "us-east-1", LookupAttributes=[by_type])
    assert {event["EventName"] for event in found} == {"CreateVolume"}
    now = datetime.now(UTC)
    assert _events(aws, "sandbox", "us-east-1", StartTime=now - timedelta(hours=1), EndTime=now + timedelta(hours=1))
    assert _events(aws, "sandbox", "us-east-1", EndTime=now - timedelta(hours=1)) == []


def test_pages_hold_fifty_events(aws: AwsDemo) -> None:
    """The 51st of a region is on the second page."""
    ec2 = aws.client("ec2", "sandbox", "us-west-2")
    for number in range(51):
        ec2.create_key_pair(KeyName=f"page-{number}-{uuid.uuid4().hex}")
    trail = aws.client("cloudtrail", "sandbox", "us-west-2")
    first = trail.lookup_events(**_by_name("CreateKeyPair"))
    second = trail.lookup_events(**_by_name("CreateKeyPair"), NextToken=first["NextToken"])
    assert len(first["Events"]) == 50
    assert len({event["EventId"] for event in [*first["Events"], *second["Events"]]}) >= 51


def test_secrets_are_not_in_events(aws: AwsDemo) -> None:
    """A password that a call carried is not told."""
    aws.client("secretsmanager").create_secret(Name=uuid.uuid4().hex, SecretString="hush-hush")
    event = _events(aws, "web-shop", "us-east-1", **_by_name("CreateSecret"))[0]
    assert "hush-hush" not in event["CloudTrailEvent"]
