"""A plan of what a person wrote themselves: read like any other, and approved like any other."""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from escher.contract.estate import Resource
from escher.contract.plan import Plan
from escher.contract.requests import LONGEST_SCRIPT, PlanRequest, Request, ScriptCommand
from escher.errors import InvalidInput
from escher.settings import Settings

if TYPE_CHECKING:
    from escher.session.wiring import Parts


def plan_own(parts: Parts, asked: PlanRequest) -> tuple[Plan, tuple[Resource, ...]]:
    """The plan of these commands as it was shown, and its targets. Nothing runs.

    Raises InvalidInput for a command that cannot be placed, PlanRefused for one that cannot be read, PolicyDenied.
    """
    from escher.procedures.requested import Given, requested

    commands = tuple(_within_time(parts.settings, _with_bytes(one)) for one in asked.commands)
    asked = asked.model_copy(update={"commands": commands})
    named = _named(parts.resources())
    given = Given(
        plan_id=f"plan-{secrets.token_hex(6)}",
        named=lambda word: named.get(word, ()),
        accounts=parts.accounts(),
        reader=parts.reader,
        now=datetime.now(UTC),
        valid_for=timedelta(minutes=parts.settings.approval_minutes),
    )
    plan, targets = requested(asked, given)
    return parts.approvals.show(plan, targets), targets


def plan_request(document: Any) -> PlanRequest:
    """A plan as a document says it. Raises InvalidInput with the first thing that is wrong, and where."""
    try:
        return PlanRequest.model_validate(document)
    except ValidationError as cause:
        first = cause.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        hint = "Its form: escher contract --json, PlanRequest."
        raise InvalidInput(f"this is not a plan: {where + ': ' if where else ''}{first['msg']}.", hint=hint) from cause


def _named(estate: Mapping[str, Resource]) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = defaultdict(list)
    for resource in estate.values():
        for word in {resource.resource_id, resource.identifier, resource.name}:
            found[word].append(resource)
    return found


def _with_bytes(request: Request) -> Request:
    """The request with the script's bytes in place of its path, so that what is shown is what was read."""
    command = request.command
    if not isinstance(command, ScriptCommand):
        return request
    content = command.content or _read(Path(command.path))
    if command.sha256 and hashlib.sha256(content.encode()).hexdigest() != command.sha256:
        raise InvalidInput("the script is not the one whose SHA-256 was given.", hint="Look at what changed.")
    # A path in place of a content keeps the ending, which says the language.
    return request.model_copy(update={"command": command.model_copy(update={"content": content})})


def _within_time(settings: Settings, request: Request) -> Request:
    """The request with the time that it has. Raises InvalidInput for more than the settings let a command run."""
    most = settings.exec_max_timeout_ms // 1_000
    if (request.timeout_seconds or 0) > most:
        raise InvalidInput(
            f"a command may run for {most} s at most, not {request.timeout_seconds}.",
            hint="Raise exec_max_timeout_ms in settings.toml.",
        )
    seconds = request.timeout_seconds or max(1, settings.exec_default_timeout_ms // 1_000)
    return request.model_copy(update={"timeout_seconds": seconds})


def _read(path: Path) -> str:
    try:
        script = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise InvalidInput(f"cannot read the script {str(path)!r}: {cause}.") from cause
    if not script.strip() or len(script) > LONGEST_SCRIPT:
        raise InvalidInput(f"{str(path)!r} is empty, or longer than {LONGEST_SCRIPT} characters.")
    return script
