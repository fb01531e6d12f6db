"""What to do after a step failed: try again, let its verification decide, or stop. Pure.

What passes by itself is told from what the clouds' CLIs and SDKs print. Sources: botocore's retry rules, the errors of
azure-core and google-api-core, and what the programs print for them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from escher.contract.plan import Step
from escher.contract.playbook import RetryConfig
from escher.contract.runs import StepStatus
from escher.execution.repeating import repeatable, writes

Failure = Literal["refused", "unclear", "lasting"]
"""`refused`: it will pass, and nothing was executed; `unclear`: it will pass, and something may have been executed."""

_REFUSED = re.compile(
    r"\((?:\w+\.)?(?:Throttl\w+|RequestLimitExceeded|TooManyRequests(?:Exception)?|RequestThrottled(?:Exception)?|SlowDown"
    r"|BandwidthLimitExceeded|PriorRequestNotComplete|TransactionInProgressException|EC2ThrottledException"
    r"|ProvisionedThroughputExceededException|LimitExceededException\) when calling the \w+ operation.{0,40}[Rr]ate exceeded"
    r"|\w*RequestsThrottled|OperationNotAllowedThrottled|AnotherOperationInProgress|RetryableError)\b"
    r"|\bRate exceeded\b|\bHTTP(?:Error)? 429\b|\b429 (?:Too Many|Client Error|Quota)|\(429\)|[Ss]tatus(?: ?[Cc]ode)?:? 429\b"
    r"|\b(?:rateLimitExceeded|userRateLimitExceeded|RATE_LIMIT_EXCEEDED|TooManyRequests)\b"
    r"|Could not connect to the endpoint URL|EndpointConnectionError|[Cc]onnection refused|ConnectionRefusedError"
    r"|[Nn]ame or service not known|[Tt]emporary failure in name resolution|NameResolutionError|[Cc]onnect timeout on endpoint"
    r"|ConnectTimeout\w*|Failed to establish a new connection|Unable to find the server at"
)
_UNCLEAR = re.compile(
    r"\((?:InternalError|InternalFailure|InternalServer(?:Error|Exception|Fault)?|ServiceUnavailable(?:Exception|Fault)?|Unavailable"
    r"|ServiceException|ServiceInternalException|RequestTimeout(?:Exception)?|GatewayTimeout|BadGateway|ServerTimeout|OperationTimedOut|50[0234])\)"
    r"|\bHTTP(?:Error)? 50[0234]\b|\b50[0234] (?:Server Error|Internal Server|Bad Gateway|Service Unavailable|Gateway)"
    r"|[Ss]tatus(?: ?[Cc]ode)?:? 50[0234]\b|\b(?:backendError|INTERNAL_ERROR|DEADLINE_EXCEEDED|UNAVAILABLE)\b"
    r"|[Cc]onnection (?:was closed before|reset|aborted|broken)|ConnectionClosedError|ConnectionResetError|ConnectionAbortedError"
    r"|RemoteDisconnected|Remote end closed connection|IncompleteRead|ProtocolError|Broken pipe"
    r"|Read timeout on endpoint|ReadTimeout\w*|[Rr]ead timed out|EOF occurred in violation of protocol|UNEXPECTED_EOF_WHILE_READING"
    r"|(?:google\.api_core\.exceptions|azure\.core\.exceptions)\.(?:ServiceUnavailable|InternalServerError|BadGateway|GatewayTimeout"
    r"|DeadlineExceeded|ServiceRe(?:quest|sponse)\w*Error|IncompleteReadError)"
)
_DENIED = re.compile(
    r"\((?:\w+\.)?(?:AccessDenied\w*|Unauthorized\w*|AuthFailure|AuthorizationFailed|Forbidden|ExpiredToken\w*|InvalidClientTokenId"
    r"|SignatureDoesNotMatch|UnrecognizedClient\w*|OptInRequired|LinkedAuthorizationFailed|Validation\w*|Invalid(?:Parameter|Request|Argument)\w*"
    r"|MissingParameter|MalformedPolicy\w*|OperationNotPermitted)\)"
    r"|\bPERMISSION_DENIED\b|\bHTTP(?:Error)? 40[013]\b|Parameter validation failed|Unable to locate credentials|NoCredentialsError"
    r"|ParamValidationError|: command not found|\b(?:ModuleNotFound|Import|Syntax|Name|Type|Attribute)Error:|usage: aws |unrecognized arguments"
)
# Errors that a change gives when it was made already, perhaps by the tool's own repeat of a request that was broken off.
_MAYBE_DONE = re.compile(r"reached max retries: [1-9]|AlreadyExists|\.Duplicate\b|[Aa]lready exists")
_MOST_OF_A_WAIT = 0.25
POLL_S = 2.0
LONGEST_POLL_S = 15.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt of a step ended. `said` is the end of what it wrote to stderr, masked; `left_s` the step's time."""

    number: int
    status: StepStatus
    exit_code: int | None
    said: str
    left_s: float
    unclear_before: bool = False


@dataclass(frozen=True, slots=True)
class Again:
    """Try once more, after this many seconds."""

    wait_s: float
    because: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Nobody knows whether it was done: the step's verification decides."""


Decision = Again | Ask | None


def decide(step: Step, attempt: Attempt, chance: random.Random, pace: float = 1.0) -> Decision:
    """What follows a failed attempt; None: it stays failed. `pace` scales every wait."""
    if attempt.status in ("completed", "cancelled", "pending", "running"):
        return None
    if step.phase == "verify" and attempt.status == "failed" and not _DENIED.search(attempt.said):
        # It looks at the cloud until it is as it should be; so does a verification that was throttled.
        wait = min(POLL_S * 1.3 ** (attempt.number - 1), LONGEST_POLL_S) * pace
        return Again(wait, "not as it should be yet") if attempt.left_s > wait else None
    kind = failure(step, attempt)
    if kind != "lasting" and attempt.number < step.retry.max_attempts and may_repeat(step, kind):
        return Again(_wait(step.retry, attempt.number, chance) * pace, because(attempt))
    maybe_done = attempt.unclear_before or _MAYBE_DONE.search(attempt.said) is not None
    maybe_done = maybe_done or (kind == "refused" and step.provider != "aws")
    is_unclear = kind == "unclear" or attempt.status == "timeout" or (maybe_done and not _DENIED.search(attempt.said))
    return Ask() if step.effect != "read" and is_unclear else None


def failure(step: Step, attempt: Attempt) -> Failure:
    """How an attempt failed: what passes by itself, or what does not."""
    if attempt.status == "timeout":
        return "unclear" if step.failure_action == "retry" else "lasting"
    if step.retry.exit_codes or step.retry.patterns:
        return "unclear" if _named(step.retry, attempt) else "lasting"
    if _REFUSED.search(attempt.said):
        return "refused"
    if _DENIED.search(attempt.said):
        return "lasting"
    return "unclear" if _UNCLEAR.search(attempt.said) else "lasting"


def may_repeat(step: Step, kind: Failure) -> bool:
    """Whether a step that failed so can be made again with no more coming of it than of one.

    What AWS refused was not executed. The other clouds' tools may have sent it before, and been refused the repeat only.
    """
    if step.effect == "read" or repeatable(step):
        return True
    return kind == "refused" and step.provider == "aws" and writes(step) == 1


def because(attempt: Attempt) -> str:
    """What is told about a repeat: the line that says what will pass."""
    if attempt.status == "timeout":
        return "it took too long"
    lines = [line for line in attempt.said.splitlines() if _REFUSED.search(line) or _UNCLEAR.search(line)]
    return (lines[-1].strip() if lines else f"exit code {attempt.exit_code}")[:300]


def repeats_underneath(step: Step) -> bool:
    """Whether the cloud's own tools may repeat a step's requests by themselves."""
    return step.effect == "read" or repeatable(step)


def verification(step: Step, steps: Sequence[Step], done: frozenset[str]) -> Step | None:
    """The step that can tell whether this one was done: the next on its targets, if it only looks at what is done.

    `done` are the steps that have completed. None where nothing can tell.
    """
    same = [one for one in steps if one.number > step.number and set(one.targets) & set(step.targets)]
    following = min(same, key=lambda one: one.number, default=None)
    if following is None or following.phase != "verify" or not set(step.targets) <= set(following.targets):
        return None
    earlier = [
        one
        for one in steps
        if one.number < following.number and set(one.targets) & set(following.targets) and one.step_id != step.step_id
    ]
    return following if all(one.step_id in done for one in earlier) else None


def _named(retry: RetryConfig, attempt: Attempt) -> bool:
    return attempt.exit_code in retry.exit_codes or any(pattern in attempt.said for pattern in retry.patterns)


def _wait(retry: RetryConfig, number: int, chance: random.Random) -> float:
    """The configured wait, moved by up to a quarter so that those who failed together do not come back together."""
    waits = retry.backoff_seconds or (0.0,)
    base = waits[min(number, len(waits)) - 1]
    return base * (1 + chance.uniform(-_MOST_OF_A_WAIT, _MOST_OF_A_WAIT))
