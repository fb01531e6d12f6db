"""CloudTrail: what was changed, by account and region, since the demo started.

Management events only, as LookupEvents tells them: what is written into buckets, tables or queues is not among them.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.parsers import ResponseParserError, create_parser
from moto.backends import get_backend

from escher.demo.clouds.aws.answer import Refused
from escher.demo.clouds.aws.call import Call
from escher.demo.clouds.aws.touched import touched

_PAGE = 50
_READS = re.compile(r"(Describe|Get|List|Head|Search|Lookup|Simulate|Batch(Get|Check|Describe)|Check|Validate|Query|Scan|"
                    r"Select|Receive|Estimate|Preview|Filter|Test|Assume|Decrypt|Encrypt|GenerateDataKey)")  # fmt: skip
_DATA = {
    "s3": re.compile(r".*Object(s|Acl|Tagging|Retention)?|.*Multipart.*|UploadPart.*"),
    "dynamodb": re.compile(r"(Put|Update|Delete|BatchWrite|TransactWrite)Items?|Execute.*"),
    "sqs": re.compile(r".*Message.*"),
    "sns": re.compile(r"Publish.*"),
    "lambda": re.compile(r"Invoke.*"),
    "kinesis": re.compile(r"PutRecords?|SubscribeToShard"),
    "logs": re.compile(r"PutLogEvents|StartQuery"),
    "monitoring": re.compile(r"PutMetricData"),
}
_GLOBAL = frozenset({"iam", "sts", "cloudfront", "route53", "organizations"})
# Lambda's events bear the date of the version of its API.
_NAMES = {
    ("lambda", "CreateFunction"): "CreateFunction20150331",
    ("lambda", "DeleteFunction"): "DeleteFunction20150331",
    ("lambda", "UpdateFunctionCode"): "UpdateFunctionCode20150331v2",
    ("lambda", "UpdateFunctionConfiguration"): "UpdateFunctionConfiguration20150331v2",
    ("lambda", "TagResource"): "TagResource20170331v2",
    ("lambda", "UntagResource"): "UntagResource20170331v2",
    ("lambda", "AddPermission"): "AddPermission20150331v2",
}
_SECRET = re.compile(r"password|secret(string|binary|key)|userdata|authtoken|plaintext|^value$", re.IGNORECASE)
_HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
_LOOKED_UP = {
    "EventName": "EventName", "EventSource": "EventSource", "ReadOnly": "ReadOnly", "Username": "Username",
    "EventId": "EventId", "AccessKeyId": "AccessKeyId",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answered:
    """What moto answered: status, headers and body."""

    status: int
    headers: dict[str, str]
    body: bytes


def is_recorded(call: Call) -> bool:
    """Whether a call changes something that CloudTrail tells of."""
    if call.model is None or _READS.match(call.operation):
        return False
    data = _DATA.get(call.service)
    return data is None or not data.fullmatch(call.operation)


class Trail:
    """The events of all accounts. Safe to use from many threads."""

    def __init__(self) -> None:
        self._events: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self._lock = threading.Lock()

    def record(self, call: Call, answered: Answered) -> None:
        """Keep the event of a call that was answered."""
        event = _event(call, answered)
        place = (call.account_id, json.loads(event["CloudTrailEvent"])["awsRegion"])
        with self._lock:
            self._events[place].append(event)

    def lookup(self, call: Call) -> dict[str, Any]:
        """The answer to LookupEvents: newest first, 50 a page. Raises Refused."""
        asked = call.parameters
        with self._lock:
            known = list(reversed(self._events[call.account_id, call.region]))
        found = [event for event in known if _matches(event, asked)]
        try:
            start = int(asked.get("NextToken") or 0)
        except ValueError as cause:
            raise Refused("InvalidNextTokenException", "The token is none of ours.") from cause
        end = start + min(int(asked.get("MaxResults") or _PAGE), _PAGE)
        return {"Events": found[start:end]} | ({"NextToken": str(end)} if end < len(found) else {})


def _matches(event: dict[str, Any], asked: dict[str, Any]) -> bool:
    when = event["EventTime"]
    since, until = _moment(asked.get("StartTime")), _moment(asked.get("EndTime"))
    if (since and when < since) or (until and when > until):
        return False
    return all(_has(event, one["AttributeKey"], one["AttributeValue"]) for one in asked.get("LookupAttributes") or [])


def _has(event: dict[str, Any], key: str, value: str) -> bool:
    if key in _LOOKED_UP:
        return event[_LOOKED_UP[key]] == value
    if key in ("ResourceType", "ResourceName"):
        return any(one.get(key) == value for one in event["Resources"])
    raise Refused("InvalidLookupAttributesException", f"There is no attribute {key!r}.")


def _moment(value: datetime | None) -> datetime | None:
    """Moto reads times without a zone, in UTC. Events are told to the second, so the second counts whole."""
    return value.replace(tzinfo=UTC, microsecond=0) if value else None


def _event(call: Call, answered: Answered) -> dict[str, Any]:
    now = datetime.now(UTC).replace(microsecond=0)
    said = _said(call, answered)
    error = said.get("Error", {}) if answered.status >= 400 else {}
    response = {} if error else {key: value for key, value in said.items() if key != "ResponseMetadata"}
    name = _NAMES.get((call.service, call.operation), call.operation)
    event_id, username = str(uuid.uuid4()), _username(call)
    record: dict[str, Any] = {
        "eventVersion": "1.09",
        "userIdentity": {
            "type": "AssumedRole",
            "accountId": call.account_id,
            "accessKeyId": call.access_key,
            "userName": username,
        },
        "eventTime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": f"{call.service}.amazonaws.com",
        "eventName": name,
        "awsRegion": _region(call),
        "sourceIPAddress": "127.0.0.1",
        "requestParameters": _told(call.parameters),
        "responseElements": _told(response) or None,
        "eventID": event_id,
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": call.account_id,
    }
    if answered.status >= 400:
        record |= {"errorCode": error.get("Code", "Unknown"), "errorMessage": error.get("Message", "")}
    named = touched(call.service, call.parameters, response)
    return {
        "EventId": event_id,
        "EventName": name,
        "ReadOnly": "false",
        "AccessKeyId": call.access_key,
        "EventTime": now,
        "EventSource": record["eventSource"],
        "Username": username,
        "Resources": [{"ResourceType": kind, "ResourceName": one} if kind else {"ResourceName": one} for kind, one in named],
        "CloudTrailEvent": json.dumps(record, default=str),
    }  # fmt: skip


def _said(call: Call, answered: Answered) -> dict[str, Any]:
    """Moto's answer by the names of botocore."""
    assert call.model is not None
    parser: Any = create_parser(call.protocol)
    response = {"status_code": answered.status, "headers": answered.headers, "body": answered.body}
    try:
        return parser.parse(response, call.model.output_shape)
    except ResponseParserError:
        return {}


def _region(call: Call) -> str:
    """Where an event is told: a bucket's in its region, those of global services in us-east-1."""
    if call.service in _GLOBAL:
        return "us-east-1"
    if call.service == "s3":
        bucket = get_backend("s3")[call.account_id]["aws"].buckets.get(call.parameters.get("Bucket", ""))
        return bucket.region_name if bucket else call.region
    return call.region


def _username(call: Call) -> str:
    """The session's name of an assumed role, as CloudTrail has it."""
    session = get_backend("sts")[call.account_id]["aws"].get_assumed_role_from_access_key(call.access_key)
    return session.session_name if session else "root"


def _told(value: Any, key: str = "") -> Any:
    """A document as events tell it: keys begin small, secrets are hidden."""
    if _SECRET.search(key) and isinstance(value, str | bytes):
        return _HIDDEN
    if isinstance(value, dict):
        return {f"{name[:1].lower()}{name[1:]}": _told(inner, name) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_told(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
