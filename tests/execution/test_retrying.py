"""What is transient, what may be repeated, and which verification can tell. Pure."""

from __future__ import annotations

import random

import pytest

from escher.contract.plan import Operation
from escher.contract.playbook import RetryConfig
from escher.contract.vocabulary import Provider
from escher.execution.repeating import repeatable
from escher.execution.retrying import Again, Ask, Attempt, Failure, decide, failure, verification
from tests.execution.world import BROKEN, THROTTLED, step

SAID: list[tuple[str, Failure]] = [
    (
        "An error occurred (RequestLimitExceeded) when calling the StopInstances operation: Request limit exceeded.",
        "refused",
    ),
    (
        "botocore.exceptions.ClientError: An error occurred (ThrottlingException) when calling the X operation",
        "refused",
    ),
    ('Could not connect to the endpoint URL: "https://ec2.us-east-1.amazonaws.com/"', "refused"),
    ("ERROR: (gcloud.compute.instances.stop) HTTPError 429: Rate limit", "refused"),
    ("(TooManyRequests) The request is being throttled.", "refused"),
    ("An error occurred (500) when calling the StopInstances operation (reached max retries: 2): Internal", "unclear"),
    ("An error occurred (ServiceUnavailable) when calling the RunInstances operation", "unclear"),
    ("Connection was closed before we received a valid response from endpoint URL", "unclear"),
    ("requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'reset'))", "unclear"),
    ("urllib3.exceptions.SSLError: EOF occurred in violation of protocol (_ssl.c:1007)", "unclear"),
    ("google.api_core.exceptions.ServiceUnavailable: 503 POST https://compute.googleapis.com", "unclear"),
    ("HttpResponseError: (InternalServerError) Encountered internal server error.", "unclear"),
    ("An error occurred (UnauthorizedOperation) when calling the StopInstances operation", "lasting"),
    ("An error occurred (InvalidParameterValue) when calling the ModifyVolume operation: 500 is too much", "lasting"),
    ("An error occurred (InvalidInstanceID.NotFound) when calling the StopInstances operation", "lasting"),
    ("(AuthorizationFailed) The client does not have authorization to perform action", "lasting"),
    ("An error occurred (VolumeLimitExceeded) when calling the CreateVolume operation", "lasting"),
    ("not running: i-0a41", "lasting"),
]


def _attempt(said: str, number: int = 1) -> Attempt:
    return Attempt(number, "failed", 1, said, 60)


@pytest.mark.parametrize(("said", "kind"), SAID, ids=range(len(SAID)))
def test_failures_are_told_apart(said: str, kind: Failure) -> None:
    """What passes by itself, executed or not, and what lasts."""
    assert failure(step("1.1", "a", operation="ec2 stop-instances"), _attempt(said)) == kind


ABSOLUTE: list[tuple[Provider, str, bool]] = [
    ("aws", "ec2 stop-instances", True),
    ("aws", "ec2 start-instances", True),
    ("aws", "ec2 create-tags", True),
    ("aws", "ec2 modify-volume", True),
    ("aws", "ec2 terminate-instances", True),
    ("aws", "rds modify-db-instance", True),
    ("aws", "autoscaling set-desired-capacity", True),
    ("aws", "s3api put-public-access-block", True),
    ("azure", "vm deallocate", True),
    ("azure", "network nsg rule delete", True),
    ("azure", "sql db str-policy set", True),
    ("gcp", "compute instances stop", True),
    ("gcp", "compute instances.setMachineType", True),
    ("gcp", "compute disks add-labels", True),
    ("gcp", "storage buckets.patch", True),
    ("aws", "ec2 run-instances", False),
    ("aws", "ec2 reboot-instances", False),
    ("aws", "ec2 create-snapshot", False),
    ("aws", "ec2 copy-image", False),
    ("aws", "lambda invoke", False),
    ("aws", "ssm send-command", False),
    ("aws", "codebuild start-build", False),
    ("aws", "kinesis put-record", False),
    ("aws", "dynamodb update-item", False),
    ("aws", "secretsmanager rotate-secret", False),
    ("azure", "vm restart", False),
    ("azure", "vm create", False),
    ("gcp", "compute instances reset", False),
    ("gcp", "compute disks snapshot", False),
    ("gcp", "sql instances restart", False),
]


@pytest.mark.parametrize(("provider", "called", "safe"), ABSOLUTE, ids=[called for _, called, _ in ABSOLUTE])
def test_only_what_sets_a_value_may_be_repeated(provider: Provider, called: str, safe: bool) -> None:
    """Stop, set and delete may; create, reboot and invoke may not."""
    service, _, name = called.partition(" ")
    operation = Operation(provider=provider, service=service, operation=name, effect="write")
    assert repeatable(step("1.1", "a", operation="x y", operations=(operation,))) is safe


def test_a_token_makes_a_create_safe() -> None:
    """The provider knows the request again; an empty token says nothing, and one that the script makes up is new."""
    made = {"provider": "aws", "service": "ec2", "operation": "run-instances", "effect": "write"}
    token, bare, made_up = (
        Operation(**made, parameters={"ClientToken": value}) for value in ("plan-1", "", "<unknown>")
    )
    assert repeatable(step("1.1", "a", operation="x y", operations=(token,)))
    assert not repeatable(step("1.1", "a", operation="x y", operations=(bare,)))
    assert not repeatable(step("1.1", "a", operation="x y", operations=(made_up,)))


def test_a_name_that_only_one_can_bear_makes_a_create_safe() -> None:
    """The provider refuses the second of that name; without a name each call makes another."""
    made = {"provider": "aws", "service": "rds", "operation": "create-db-snapshot", "effect": "write"}
    named = Operation(**made, parameters={"DBSnapshotIdentifier": "orders-20261125"})
    assert repeatable(step("1.1", "a", operation="x y", operations=(named,)))
    assert not repeatable(step("1.1", "a", operation="x y", operations=(Operation(**made),)))


def test_a_create_is_repeated_only_when_it_was_refused() -> None:
    """Throttled, nothing was made; broken off, its verification is asked."""
    create = step("1.1", "a", operation="ec2 create-snapshot")
    assert isinstance(decide(create, _attempt(THROTTLED), random.Random(1)), Again)
    assert isinstance(decide(create, _attempt(BROKEN), random.Random(1)), Ask)


def test_two_creates_in_one_step_are_not_repeated() -> None:
    """The first may have been made before the second was refused."""
    create = Operation(provider="aws", service="ec2", operation="create-snapshot", effect="write")
    both = step("1.1", "a", operation="x y", operations=(create, create))
    assert decide(both, _attempt(THROTTLED), random.Random(1)) is None


def test_a_repeat_that_lasts_after_an_unclear_end_is_verified() -> None:
    """The second delete that finds nothing may mean that the first one worked."""
    gone = Attempt(2, "failed", 1, "An error occurred (InvalidSnapshot.NotFound)", 60, unclear_before=True)
    assert isinstance(decide(step("1.1", "a", operation="ec2 delete-snapshot"), gone, random.Random(1)), Ask)


def test_what_is_there_already_is_verified() -> None:
    """The SDK may have repeated a request of its own accord, and the first may have worked."""
    there = "An error occurred (DBSnapshotAlreadyExists) when calling the CreateDBSnapshot operation"
    assert isinstance(
        decide(step("1.1", "a", operation="rds create-db-snapshot"), _attempt(there), random.Random(1)), Ask
    )


def test_waits_follow_the_step_and_are_spread() -> None:
    """Within a quarter of what the step says; the last wait goes for all that follow."""
    tried = step("1.1", "a", operation="ec2 stop-instances", retry=RetryConfig(max_attempts=9, backoff_seconds=(1, 8)))
    waits = [decide(tried, _attempt(THROTTLED, number), random.Random(number)) for number in (1, 2, 5)]
    spans = [(0.75, 1.25), (6, 10), (6, 10)]
    assert all(
        isinstance(wait, Again) and least <= wait.wait_s <= most
        for wait, (least, most) in zip(waits, spans, strict=True)
    )


def test_a_step_may_say_itself_what_is_transient() -> None:
    """By exit code or by what it wrote; then nothing else counts."""
    own = step("1.1", "a", retry=RetryConfig(exit_codes=(75,), patterns=("lock held",)))
    assert failure(own, _attempt("lock held by somebody")) == "unclear"
    assert failure(own, Attempt(1, "failed", 75, "", 60)) == "unclear"
    assert failure(own, _attempt(THROTTLED)) == "lasting"


def test_only_a_verification_of_what_is_done_can_tell() -> None:
    """Not one behind another change of the same target, and not one that also looks at what is still to come."""
    first, second = step("1.1", "t", operation="a b"), step("1.2", "u", operation="a b")
    both = step("2.1", "t", "u", phase="verify")
    assert verification(first, (first, second, both), frozenset()) is None
    assert verification(second, (first, second, both), frozenset({"1.1"})) == both
    third = step("2.1", "t", operation="a b")
    assert verification(first, (first, third, step("3.1", "t", phase="verify")), frozenset()) is None
