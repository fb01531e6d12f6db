"""One question from words to reply: context, server, targets, plan, components; told piece by piece as they come."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from escher.contract.context import RequestContext
from escher.contract.environments import environment_of
from escher.contract.estate import Resource
from escher.contract.events import Clarify, Enhance, Failed, Proposed, Stream, Understood
from escher.contract.plan import Plan, PlanTemplate, Target
from escher.contract.playbook import RankedPlaybook
from escher.contract.ports import Match, Resolver
from escher.contract.reply import Reply
from escher.contract.ui import Component, Layout
from escher.contract.understanding import Clarification, Understanding
from escher.errors import (
    EmptyEstate,
    ForbiddenContent,
    InvalidInput,
    ProtocolError,
    ServerUnavailable,
    Unauthenticated,
)
from escher.procedures.resolve import Resolution, resolve
from escher.procedures.values import settle
from escher.session import wording
from escher.session.wiring import Parts
from escher.widgets.compose import ReplyParts, compose

Model = TypeVar("Model", Understanding, Clarification)
_ALIAS = re.compile(r"\b[rat]\d{4,}\b")


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told while an answer grows: the text so far, then the plan, then the components."""

    text: Callable[[str], None] = lambda text: None
    plan: Callable[[Plan], None] = lambda plan: None
    components: Callable[[Sequence[Component]], None] = lambda components: None


@dataclass(slots=True)
class _Answer:
    """What the server has said so far."""

    understanding: Understanding | None = None
    text: str = ""
    clarification: Clarification | None = None
    playbooks: tuple[RankedPlaybook, ...] = ()
    template: PlanTemplate | None = None
    layout: Layout | None = None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of the answer on this estate."""

    match: Match
    plan: Plan | None = None
    clarification: Clarification | None = None
    text: str = ""
    skipped_because: str = ""


@dataclass(slots=True)
class _Timings:
    """Milliseconds since the question, by what was reached."""

    begun: float = field(default_factory=time.perf_counter)
    marks: dict[str, float] = field(default_factory=dict)

    def mark(self, name: str) -> None:
        self.marks.setdefault(name, round((time.perf_counter() - self.begun) * 1000, 2))


async def ask(parts: Parts, question: str, listener: Listener = Listener()) -> Reply:
    """Answer one question. Changes nothing anywhere. Raises EmptyEstate, ServerUnavailable, ForbiddenContent and more."""
    if not question.strip():
        raise InvalidInput("there is no question.", hint='For example: escher ask "which instances are running?"')
    if not parts.estate.snapshot().resources:
        raise EmptyEstate("nothing has been scanned yet.", hint="Run: escher scan")
    timings = _Timings()
    context, conversation = parts.talk.context(question)
    timings.mark("context")
    answer = await _hear(parts, context, conversation, listener, timings)
    if answer.understanding is None:
        raise ProtocolError("the server answered without saying what it understood.", hint="Try again.")
    outcome = _act_on(parts, question, answer, conversation)
    timings.mark("plan")
    reply = _reply(parts, context.message_id, answer, outcome, conversation, listener, timings)
    parts.talk.remember(context, reply)
    return reply


async def understand(parts: Parts, question: str) -> dict[str, Any]:
    """What the server makes of a request: `understanding`, `clarification`, `playbooks`. Looks nothing up."""
    context, conversation = parts.talk.context(question)
    answer = await _hear(parts, context, conversation, Listener(), _Timings())
    if answer.understanding is None:
        raise ProtocolError("the server answered without saying what it understood.", hint="Try again.")
    asked = answer.clarification and localised(answer.clarification, conversation)
    return {
        "understanding": localised(answer.understanding, conversation).model_dump(mode="json"),
        "clarification": asked and asked.model_dump(mode="json"),
        "playbooks": [playbook.model_dump(mode="json") for playbook in answer.playbooks],
    }


async def _hear(
    parts: Parts, context: RequestContext, resolver: Resolver, listener: Listener, timings: _Timings
) -> _Answer:
    answer = _Answer()
    async for event in parts.brain.chat(context):
        match event:
            case Understood():
                answer.understanding = event.understanding
            case Stream():
                answer.text += localise(event.content, resolver)
                timings.mark("first_text")
                listener.text(answer.text)
            case Clarify():
                answer.clarification = event.clarification
            case Proposed():
                answer.playbooks, answer.template = event.playbooks, event.template
            case Enhance():
                answer.layout = event.layout
            case Failed():
                raise _failure(event)
            case _:
                continue
    timings.mark("server")
    return answer


def _failure(event: Failed) -> Exception:
    kinds = {"forbidden_content": ForbiddenContent, "unauthenticated": Unauthenticated, "invalid_request": InvalidInput}
    return kinds.get(event.code, ServerUnavailable)(event.message, hint=event.hint)


def _act_on(parts: Parts, question: str, answer: _Answer, resolver: Resolver) -> _Outcome:
    understood = answer.understanding
    assert understood is not None
    if understood.class_ != "operation" or answer.clarification is not None:
        return _answer_question(parts, answer, understood, resolver)
    selector = answer.template.selector if answer.template else understood.selector()
    match = parts.targets.match(selector, resolver)
    if match.clarification is not None or answer.template is None:
        return _Outcome(match, clarification=match.clarification, text=answer.text)
    return _plan(parts, question, answer.template, match, resolver, understood)


def _answer_question(parts: Parts, answer: _Answer, understood: Understanding, resolver: Resolver) -> _Outcome:
    """A question, or an order the server asks back about: nothing is planned."""
    if answer.clarification is not None:
        question = localised(answer.clarification, resolver)
        seen = parts.targets.find(understood.selector(), resolver).completeness
        return _Outcome(Match(completeness=seen), clarification=question)
    match = parts.targets.find(understood.selector(), resolver)
    if match.clarification is not None:
        return _Outcome(match, clarification=match.clarification)
    text = wording.answer_text(localised(understood, resolver), match.targets, match.completeness)
    return _Outcome(match, text=text)


def _plan(
    parts: Parts, question: str, template: PlanTemplate, match: Match, resolver: Resolver, understood: Understanding
) -> _Outcome:
    narrowed = parts.targets.narrow(match, template.playbook.orchestration.targets)
    if narrowed.clarification is not None:
        return _Outcome(replace(narrowed, targets=()), clarification=narrowed.clarification)
    values, asked = settle(template, resolver)
    if asked is not None:
        return _Outcome(narrowed, clarification=asked)
    draft = resolve(
        Resolution(
            plan_id=f"plan-{secrets.token_hex(6)}",
            question=question,
            template=template,
            values=values,
            targets=narrowed.targets,
            accounts=parts.accounts(),
            languages=parts.languages(),
            now=datetime.now(UTC),
            valid_for=timedelta(minutes=parts.settings.approval_minutes),
        ),
        parts.reader,
    )
    plan = parts.approvals.show(draft, narrowed.targets)
    why = template.playbook.orchestration.targets.skipped_because
    text = wording.order_text(localised(understood, resolver), plan, narrowed.targets, narrowed.skipped, why)
    return _Outcome(narrowed, plan=plan, text=text, skipped_because=why)


def _reply(
    parts: Parts,
    message_id: str,
    answer: _Answer,
    outcome: _Outcome,
    resolver: Resolver,
    listener: Listener,
    timings: _Timings,
) -> Reply:
    assert answer.understanding is not None
    understood = localised(answer.understanding, resolver)
    clarification = outcome.clarification
    text = wording.clarification_text(clarification) if clarification else outcome.text or answer.text
    listener.text(text)
    if outcome.plan is not None:
        listener.plan(outcome.plan)
    targets = () if clarification and understood.class_ == "operation" else outcome.match.targets
    components = compose(
        ReplyParts(
            text=text,
            understanding=understood,
            targets=targets,
            skipped=outcome.match.skipped,
            skipped_because=outcome.skipped_because,
            completeness=outcome.match.completeness,
            playbooks=answer.playbooks,
            plan=outcome.plan,
            clarification=clarification,
            layout=answer.layout,
        )
    )
    timings.mark("components")
    listener.components(components)
    timings.mark("total")
    return Reply(
        message_id=message_id,
        text=text,
        understanding=understood,
        clarification=clarification,
        targets=tuple(target_of(resource, resolver) for resource in targets),
        completeness=outcome.match.completeness,
        playbooks=answer.playbooks,
        plan=outcome.plan,
        components=tuple(component.model_dump(mode="json") for component in components),
        digest_text=wording.digest_text(understood, text, len(targets)),
        timings_ms=timings.marks,
    )


def target_of(resource: Resource, resolver: Resolver) -> Target:
    """A resource as an answer names it."""
    return Target(
        alias=resolver.alias_of(resource.resource_id),
        resource_id=resource.resource_id,
        resource_type=resource.resource_type,
        account_id=resource.account_id,
        region=resource.region,
        name=resource.name,
        identifier=resource.identifier,
        account_name=resource.account_name,
        kind=resource.kind,
        state=resource.state,
        size=str(resource.attributes.get("instance_type", "")),
        environment=environment_of(resource.tags) or "",
    )


def localise(text: str, resolver: Resolver) -> str:
    """The text with every alias replaced by what it stands for here."""
    return _ALIAS.sub(lambda found: resolver.value(found[0]), text)


def localised(model: Model, resolver: Resolver) -> Model:
    """The same with real names, for the eyes of the user only."""
    return type(model).model_validate(_walk(model.model_dump(mode="json"), resolver))


def _walk(node: Any, resolver: Resolver) -> Any:
    if isinstance(node, dict):
        return {key: _walk(value, resolver) for key, value in node.items()}
    if isinstance(node, list):
        return [_walk(value, resolver) for value in node]
    return localise(node, resolver) if isinstance(node, str) else node
