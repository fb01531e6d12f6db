"""Sessions that were entered with a policy of their own: what it does not allow is refused to their keys.

Moto gives out such sessions and forgets the policy. Resources are compared by the ids that a call names: each of them
must be the end of a resource that the policy allows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from threading import Lock
from typing import Any

from escher.demo.clouds.aws.answer import Refused
from escher.demo.clouds.aws.call import Call
from escher.demo.clouds.aws.policy import Policy, decide

_KEY = re.compile(rb"<AccessKeyId>([^<]+)</AccessKeyId>")
_ID = re.compile(r"[a-z]+-[0-9a-f]{8,17}|arn:.+")
# What signs requests as one thing and asks for permissions as another.
_PREFIXES = {"monitoring": "cloudwatch"}
_CODES = {"ec2": "UnauthorizedOperation", "s3": "AccessDenied"}


class SessionPolicies:
    """The policies by access key. Safe to use from many threads."""

    def __init__(self) -> None:
        self._by_key: dict[str, dict[str, Any]] = {}
        self._lock = Lock()

    def note(self, call: Call, content: bytes) -> None:
        """Remember the policy of a session that was just given out."""
        policy = call.parameters.get("Policy") if call.operation == "AssumeRole" else None
        found = _KEY.search(content)
        if policy and found:
            with self._lock:
                self._by_key[found[1].decode()] = json.loads(policy)

    def refuse(self, call: Call) -> None:
        """Raises Refused as AWS does for what the session's policy does not allow."""
        document = self._by_key.get(call.access_key)
        if document is None:
            return
        action = f"{_PREFIXES.get(call.service, call.service)}:{call.operation}"
        policy = Policy("session", document, "Session Policy")
        for resource in _resources(document, call):
            if decide([policy], action, resource).decision != "allowed":
                message = f"You are not authorized to perform: {action} because no session policy allows it."
                raise Refused(_CODES.get(call.service, "AccessDenied"), message, 403)


def _resources(document: dict[str, Any], call: Call) -> Iterator[str]:
    """What a call acts on, as the policy spells it; an id that it does not name stays as it is."""
    spelt = [one for statement in document["Statement"] for one in statement.get("Resource", [])]
    ids = sorted(set(_ids(call.parameters)))
    for one in ids:
        yield next((arn for arn in spelt if arn.endswith((f"/{one}", f":{one}")) or arn == one), one)
    if not ids:
        yield "*"


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, str) and _ID.fullmatch(value):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]  # JSON
            yield from _ids(part)
