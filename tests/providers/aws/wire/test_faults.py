"""Calls when something is wrong: what is tried again, what is set right, and what is raised."""

from __future__ import annotations

import asyncio
import re
import time
import traceback
from calendar import timegm
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.aws.session import AwsAccess
from escher.providers.aws.wire.calls import LeanCalls
from escher.providers.pacing import TRIES, Pacer
from tests.fixtures.scripted_server import Asked, Reset, Say, ScriptedServer, Silence, certificate, scripted

VOLUMES = Say(
    '<DescribeVolumesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>'
    "<volumeSet><item><volumeId>vol-1</volumeId><size>8</size></item></volumeSet></DescribeVolumesResponse>"
)
FOUND = {"Volumes": [{"VolumeId": "vol-1", "Size": 8}]}
SKEW_S = 3_600


def refused(code: str, status: int = 400, **headers: str) -> Say:
    """An error of EC2."""
    body = f"<Response><Errors><Error><Code>{code}</Code><Message>no</Message></Error></Errors></Response>"
    return Say(body, status, headers)


def whole(server: ScriptedServer, *call: Any, pacer: Pacer | None = None, timeout_s: int = 30, **account: Any) -> Any:
    """One call of an account that reaches AWS at the server."""
    service, operation, parameters = call or ("ec2", "DescribeVolumes", {})
    where = Account("aws", "111111111111", "shop", **{"endpoint_url": server.url} | account)

    async def called() -> Any:
        calls = LeanCalls(AwsAccess(), pacer or Pacer(first_wait_s=0))
        try:
            return await calls.whole(where, "us-east-1", service, operation, parameters, timeout_s=timeout_s)
        finally:
            await calls.close()

    return asyncio.run(called())


@pytest.fixture(autouse=True)
def keys(aws_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys from the environment, and no proxy."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOLD")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "canary-token")


def test_throttling_is_slowed_down_for_and_tried_again() -> None:
    """A throttled call comes through in the end, and its place was slowed down."""
    pacer = Pacer(first_wait_s=0)
    with scripted([refused("RequestLimitExceeded", 503)] * 2 + [VOLUMES]) as server:
        assert whole(server, pacer=pacer) == FOUND
    assert (pacer.calls, pacer.throttled) == (3, 2)


@pytest.mark.parametrize(
    "trouble",
    [
        refused("InternalError", 500),
        Say("<html><body>Bad gateway</body></html>", 502),
        Say("<!DOCTYPE html><html></html>", 503),
        Reset(),
        Say(VOLUMES.body[:150]),
        Say(VOLUMES.body[:150], cut=True),
        Say("<html><body>Log in to the network</body></html>"),
        Say("{}"),
        Say(""),
    ],
    ids=["500", "html 502", "html 503", "reset", "truncated", "cut", "html", "json", "empty"],
)
def test_a_passing_trouble_passes(trouble: Say | Reset) -> None:
    """What may be better the next time is tried again."""
    with scripted([trouble, VOLUMES]) as server:
        assert whole(server) == FOUND
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("trouble", "raised"),
    [
        (refused("InternalError", 500), boto.ClientError),
        (Reset(), boto.ConnectionClosedError),
        (Say(VOLUMES.body[:150]), ResponseParserError),
        (Say(VOLUMES.body[:150], cut=True), boto.ResponseStreamingError),
        (Say("<html><body>Log in to the network</body></html>"), ResponseParserError),
        (Say("<DescribeInstancesResponse/>"), ResponseParserError),
    ],
    ids=["500", "reset", "truncated", "cut", "html", "another root"],
)
def test_a_lasting_trouble_is_raised(trouble: Say | Reset, raised: type[Exception]) -> None:
    """After the last try it is botocore's own exception; never an empty list."""
    with scripted([trouble]) as server:
        with pytest.raises(raised):
            whole(server)
        assert len(server.asked) == TRIES


@pytest.mark.parametrize("body", ["[]", '"no"', "null", '{"TableNames": "no"}', '{"TableNames": {}}', '{"Table', ""])
def test_json_of_another_form_is_raised(body: str) -> None:
    """JSON that is not what the model says is malformed."""
    with scripted([Say(body)]) as server, pytest.raises(ResponseParserError):
        whole(server, "dynamodb", "ListTables", {})


def test_a_refusal_is_final() -> None:
    """Who may not, is not asked about again."""
    with scripted([refused("UnauthorizedOperation", 403)]) as server:
        with pytest.raises(boto.ClientError) as caught:
            whole(server)
        assert len(server.asked) == 1
    assert caught.value.response["Error"] == {"Code": "UnauthorizedOperation", "Message": "no"}
    assert caught.value.operation_name == "DescribeVolumes"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_errors_are_the_classes_of_the_service() -> None:
    """A modeled error has its own class and members."""
    error = Say('{"__type": "com.amazon#ResourceNotFoundException", "message": "gone"}', 400)
    with scripted([error]) as server, pytest.raises(boto.ClientError) as caught:
        whole(server, "dynamodb", "DescribeTable", {"TableName": "orders"})
    assert (type(caught.value).__name__, str(caught.value)) == (
        "ResourceNotFoundException",
        "An error occurred (ResourceNotFoundException) when calling the DescribeTable operation: gone",
    )


def test_a_slow_answer_is_given_up() -> None:
    """An answer that does not come is a read time-out."""
    with scripted([Silence()]) as server, pytest.raises(boto.ReadTimeoutError):
        whole(server, timeout_s=0.1)


def test_nobody_there() -> None:
    """An endpoint that cannot be reached is botocore's exception for that."""
    with scripted([VOLUMES]) as server:
        pass
    with pytest.raises(boto.EndpointConnectionError):
        whole(server)


def test_a_looping_page_token_ends() -> None:
    """A token that comes again, even after another one, is an error."""
    pages = [Say(f'{{"TableNames": ["t{name}"], "LastEvaluatedTableName": "{name}"}}') for name in ("aaa", "bbb") * 2]
    with scripted(pages) as server:
        with pytest.raises(boto.PaginationError):
            whole(server, "dynamodb", "ListTables", {})
        assert len(server.asked) == 3


def test_an_expired_token_is_renewed_once(aws_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When somebody logged in again since, the call is repeated with the new keys."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    _write_keys(aws_config, "AKIAOLD")

    def expired(asked: Asked) -> Say:
        _write_keys(aws_config, "AKIANEW")
        return refused("ExpiredToken")

    with scripted([expired, _identity("111111111111"), VOLUMES]) as server:
        assert whole(server, profile="shop") == FOUND
        used = [re.findall("Credential=(\\w+)/", asked.headers["authorization"]) for asked in server.asked]
    assert used == [["AKIAOLD"], ["AKIANEW"], ["AKIANEW"]]


def test_an_expired_token_that_cannot_be_renewed_is_raised() -> None:
    """The same keys again are not tried again."""
    with scripted([refused("ExpiredToken"), _identity("111111111111")]) as server:
        with pytest.raises(boto.ClientError, match="ExpiredToken"):
            whole(server)
        assert len(server.asked) == 2


def test_keys_of_another_account_are_not_used() -> None:
    """Who logged in to another account since reads nothing."""
    with scripted([refused("ExpiredToken"), _identity("222222222222")]) as server, pytest.raises(CredentialError):
        whole(server)


@pytest.mark.parametrize("code", ["RequestTimeTooSkewed", "RequestExpired", "SignatureDoesNotMatch"])
def test_a_wrong_clock_is_set_right(code: str) -> None:
    """The second request is signed with the provider's time."""
    date = formatdate(time.time() + SKEW_S, usegmt=True)
    with scripted([refused(code, 403, Date=date), VOLUMES]) as server:
        assert whole(server) == FOUND
        first, second = (_signed_at(asked) for asked in server.asked)
    assert second - first == pytest.approx(SKEW_S, abs=60)


def test_a_wrong_signature_at_the_right_time_is_final() -> None:
    """Nothing is set right where the clock is not to blame."""
    with scripted([refused("SignatureDoesNotMatch", 403, Date=formatdate(usegmt=True))]) as server:
        with pytest.raises(boto.ClientError):
            whole(server)
        assert len(server.asked) == 1


TAGGING = Say("<Tagging><TagSet><Tag><Key>env</Key><Value>dev</Value></Tag></TagSet></Tagging>")
_ELSEWHERE = "<Error><Code>{}</Code><Message>no</Message>{}</Error>"


@pytest.mark.parametrize(
    "script",
    [
        [Say(_ELSEWHERE.format("PermanentRedirect", ""), 301, {"x-amz-bucket-region": "eu-west-1"})],
        [Say(_ELSEWHERE.format("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"), 400)],
        [Say(_ELSEWHERE.format("PermanentRedirect", ""), 301), Say("", 403, {"x-amz-bucket-region": "eu-west-1"})],
    ],
    ids=["header", "body", "asked"],
)
def test_a_bucket_elsewhere_is_followed(script: list[Say]) -> None:
    """A bucket of another region is read there, wherever its region is said."""
    with scripted([*script, TAGGING]) as server:
        assert whole(server, "s3", "GetBucketTagging", {"Bucket": "logs"}) == {
            "TagSet": [{"Key": "env", "Value": "dev"}]
        }
        assert "/eu-west-1/s3/" in server.asked[-1].headers["authorization"]


def test_no_other_redirect_is_followed() -> None:
    """A redirect to somewhere else is an error, and nobody is called there."""
    with scripted([VOLUMES]) as other, scripted([Say("", 302, {"Location": other.url})]) as server:
        with pytest.raises((boto.ClientError, ResponseParserError)):
            whole(server)
        assert other.asked == []


def test_the_account_s_proxy_is_used() -> None:
    """Requests go to the proxy, with the whole address."""
    with scripted([VOLUMES]) as proxy:
        assert whole(proxy, endpoint_url="http://aws.example", proxy=proxy.url) == FOUND
        assert proxy.asked[0].line.startswith("POST http://aws.example/ ")


def test_a_proxy_that_is_not_there_is_named_without_its_password() -> None:
    """The exception is botocore's."""
    with scripted([VOLUMES]) as proxy:
        pass
    address = proxy.url.replace("//", "//user:canary-secret@")
    with pytest.raises(boto.ProxyConnectionError) as caught:
        whole(proxy, endpoint_url="http://aws.example", proxy=address)
    assert "canary" not in str(caught.value)


def test_the_account_s_authority_is_trusted(tmp_path: Path) -> None:
    """With the account's CA the certificate is good."""
    context, trusted = certificate(tmp_path)
    with scripted([VOLUMES], context) as server:
        assert whole(server, ca_bundle=str(trusted)) == FOUND


def test_an_authority_that_nobody_knows_is_not_trusted(tmp_path: Path) -> None:
    """Without it, nothing is sent."""
    context, _ = certificate(tmp_path)
    with scripted([VOLUMES], context) as server:
        with pytest.raises(boto.SSLError):
            whole(server)
        assert server.asked == []


def test_an_answer_without_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is longer than any answer is given up."""
    monkeypatch.setattr("escher.providers.aws.wire.transport.MOST_BYTES", 1_000)
    with scripted([Say("x" * 5_000)]) as server, pytest.raises(boto.ResponseStreamingError, match="longer"):
        whole(server)


@pytest.mark.parametrize("step", [Reset(), refused("ExpiredToken"), Say("<no/>"), Say("", cut=True)])
def test_no_secret_is_told(step: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Neither exceptions, with all that led to them, nor logs hold a secret or a token."""
    caplog.set_level("DEBUG")
    with scripted([step, _identity("111111111111"), step]) as server, pytest.raises(Exception) as caught:
        whole(server)
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    seen: Any = caught.value
    while seen is not None:
        told += repr(seen) + repr(getattr(seen, "__dict__", ""))
        seen = seen.__cause__ or seen.__context__
    assert "canary" not in told


def _write_keys(config: Path, key: str) -> None:
    config.write_text(f"[profile shop]\naws_access_key_id = {key}\naws_secret_access_key = s\n")


def _identity(account_id: str) -> Say:
    body = f"<Arn>arn:aws:iam::{account_id}:user/ana</Arn><UserId>u</UserId><Account>{account_id}</Account>"
    return Say(
        f"<GetCallerIdentityResponse><GetCallerIdentityResult>{body}</GetCallerIdentityResult></GetCallerIdentityResponse>"
    )


def _signed_at(asked: Asked) -> float:
    return timegm(time.strptime(asked.headers["x-amz-date"], "%Y%m%dT%H%M%SZ"))
