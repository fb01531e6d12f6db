"""Where buckets are, when a request for one was sent to another region: botocore's rules, for one event loop."""

from __future__ import annotations

from botocore import exceptions as boto
from botocore.exceptions import InvalidRegionError
from botocore.utils import ArnParser, validate_region_name

from escher.providers.aws.wire.troubles import code_of, headers_of, status_of

_MOVED = (301, 302, 307)
_HIDDEN = ("301", "400")


def is_elsewhere(cause: boto.ClientError, bucket: str) -> bool:
    """Whether the answer says that the bucket is in another region."""
    code, operation = code_of(cause), cause.operation_name
    if ArnParser.is_arn(bucket):
        return False
    hidden = code in _HIDDEN and (
        operation == "HeadObject" or (operation == "HeadBucket" and "x-amz-bucket-region" in headers_of(cause))
    )
    wrongly_signed = code == "AuthorizationHeaderMalformed" and "Region" in cause.response.get("Error", {})
    moved = status_of(cause) in _MOVED or code == "PermanentRedirect"
    return hidden or wrongly_signed or moved or code == "IllegalLocationConstraintException"


def region_in(cause: boto.ClientError) -> str:
    """The bucket's region, where the answer names one that can be a region; else empty."""
    region = headers_of(cause).get("x-amz-bucket-region") or cause.response.get("Error", {}).get("Region", "")
    try:
        validate_region_name(region or None)
    except InvalidRegionError:
        return ""
    return str(region or "")
