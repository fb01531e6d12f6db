"""The generic form: what nobody declares, as the tagging service and Cloud Control report it.

In each region the tagging service tells which other types there are; Cloud Control lists those and some that are common.
Of a thing's properties only its name, its tags and its ARN are kept: nobody has read the others for secrets.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from escher.providers.aws.calls import Calls
from escher.providers.aws.failures import CALL_FAILURES, MALFORMED, READ_FAILURES, code_of, read_failed
from escher.providers.registry import resource_types
from escher.providers.source import ReadFailed, Record, Unit

OTHER = "aws_other"
LIST, TAGGED = "cloudformation:ListResources", "tag:GetResources"
# Common types that are often untagged, so that the tagging service would not tell of them.
COMMON = (
    "AWS::AppRunner::Service",
    "AWS::CloudFront::Function",
    "AWS::DAX::Cluster",
    "AWS::DMS::ReplicationInstance",
    "AWS::IoT::Thing",
    "AWS::MemoryDB::Cluster",
    "AWS::Pipes::Pipe",
    "AWS::Scheduler::Schedule",
    "AWS::ServiceDiscovery::Service",
    "AWS::Timestream::Database",
)
# `service:type` of an ARN and the type in CloudFormation, where it cannot be told from the declared ones.
BY_ARN: Mapping[str, str] = {
    "apprunner:service": "AWS::AppRunner::Service",
    "dax:cache": "AWS::DAX::Cluster",
    "dms:rep": "AWS::DMS::ReplicationInstance",
    "iot:thing": "AWS::IoT::Thing",
    "kinesisvideo:stream": "AWS::KinesisVideo::Stream",
    "memorydb:cluster": "AWS::MemoryDB::Cluster",
    "scheduler:schedule-group": "AWS::Scheduler::ScheduleGroup",
    "servicediscovery:namespace": "AWS::ServiceDiscovery::PrivateDnsNamespace",
    "timestream:database": "AWS::Timestream::Database",
}
# What Cloud Control answers of a type that it does not know, or cannot list, here.
_NOT_LISTED = frozenset({"TypeNotFoundException", "UnsupportedActionException", "InvalidRequestException"})


async def other_records(calls: Calls, unit: Unit, region: str) -> AsyncIterator[list[Record]]:
    """The records of everything else in a region: TypeName, Identifier, Arn, Name, Tags. Raises CredentialError, ReadFailed."""
    declared = {one.native_type for one in resource_types().values()}
    types = sorted(({*COMMON} | await _tagged(calls, unit, region)) - declared)
    listed = await asyncio.gather(*(_listed(calls, unit, region, type_) for type_ in types), return_exceptions=True)
    for records in listed:
        if not isinstance(records, BaseException):
            yield records
    for failure in listed:
        if isinstance(failure, BaseException):
            raise failure


async def _tagged(calls: Calls, unit: Unit, region: str) -> set[str]:
    """The other types of which there are, or were, tagged things."""
    found: set[str] = set()
    try:
        pages = calls.pages(unit.account, region, "resourcegroupstaggingapi", "GetResources", {}, page_size=100)
        async for page in pages:
            arns = [str(one["ResourceARN"]) for one in page["ResourceTagMappingList"]]
            found |= {type_ for arn in arns if (type_ := BY_ARN.get(_kind_of(arn)))}
    except READ_FAILURES as cause:
        raise read_failed(
            cause, unit.account, operation="GetResources", region=unit.region, permission=TAGGED
        ) from cause
    return found


async def _listed(calls: Calls, unit: Unit, region: str, type_: str) -> list[Record]:
    records: list[Record] = []
    try:
        async for page in calls.pages(unit.account, region, "cloudcontrol", "ListResources", {"TypeName": type_}):
            records += [_record(type_, one) for one in page["ResourceDescriptions"]]
    except CALL_FAILURES as cause:
        if code_of(cause) not in _NOT_LISTED:
            raise read_failed(
                cause, unit.account, operation=f"ListResources of {type_}", region=unit.region, permission=LIST
            ) from cause
    except READ_FAILURES as cause:
        message = f"{MALFORMED}: ListResources of {type_} in {unit.region} cannot be read."
        raise ReadFailed(message, native_code=MALFORMED) from cause
    return records


def _record(type_: str, described: Mapping[str, Any]) -> Record:
    properties = json.loads(described.get("Properties") or "{}")
    identifier = str(described["Identifier"])
    short = type_.rpartition("::")[2]
    name = next((properties[key] for key in ("Name", f"{short}Name") if isinstance(properties.get(key), str)), "")
    arn = next((value for key, value in properties.items() if key in ("Arn", "ARN", f"{short}Arn")), "")
    return {"TypeName": type_, "Identifier": identifier, "Arn": arn, "Name": name, "Tags": properties.get("Tags")}


def _kind_of(arn: str) -> str:
    """`service:type` of an ARN."""
    parts = arn.split(":", 5)
    return f"{parts[2]}:{parts[5].replace(':', '/').partition('/')[0]}" if len(parts) == 6 else ""
