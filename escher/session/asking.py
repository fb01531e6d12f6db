"""One question from words to reply: context, server, targets, plan, components; told piece by piece as they come."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from escher.approval.policy import GENERATED
from escher.contract.context import RequestContext
from escher.contract.data_requests import MOST_RESULTS, DataRequest
from escher.contract.environments import environment_of
from escher.contract.estate import Resource
from escher.contract.events import Accepted, Clarify, Enhance, Failed, Proposed, Stream, Understood
from escher.contract.lifecycle import warning
from escher.contract.plan import Plan, PlanTemplate, Target
from escher.contract.playbook import Playbook, RankedPlaybook
from escher.contract.ports import Match, Resolver
from escher.contract.reply import Reply
from escher.contract.ui import Component, Layout
from escher.contract.understanding import Clarification, Intent, Selector, Understanding
from escher.contract.vocabulary import CHANGE_ACTIONS
from escher.errors import (
    EmptyEstate,
    EscherError,
    ForbiddenContent,
    InvalidInput,
    ProtocolError,
    ServerUnavailable,
    Unauthenticated,
)
from escher.procedures.resolve import resolve
from escher.procedures.values import settle
from escher.session import wording
from escher.session.localising import localise, localised
from escher.session.own_playbooks import offer
from escher.session.planning import resolution
from escher.session.wiring import Parts
from escher.widgets.compose import ReplyParts, compose

Read = TypeVar("Read")
_RANKED = TypeAdapter(tuple[RankedPlaybook, ...])


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told while an answer grows: the text so far, then the plan, then the components."""

    text: Callable[[str], None] = lambda text: None
    plan: Callable[[Plan], None] = lambda plan: None
    components: Callable[[Sequence[Component]], None] = lambda components: None


async def ask(parts: Parts, question: str, listener: Listener | None = None) -> Reply:
    """Answer one question. Changes nothing anywhere. Raises EmptyEstate, ServerUnavailable, ForbiddenContent and more."""
    if not question.strip():
        raise InvalidInput("there is no question.", hint='For example: escher ask "which instances are running?"')
    if not parts.estate.snapshot().resources:
        raise EmptyEstate("nothing has been scanned yet.", hint="Run: escher scan")
    asking = _Asking(parts, question, listener or Listener())
    context, resolver = parts.talk.context(question)
    asking.mark("context")
    answer = await asking.hear(context, resolver)
    outcome = asking.act_on(answer, resolver)
    asking.mark("plan")
    reply = asking.reply(context.message_id, answer, outcome, resolver)
    parts.talk.remember(context, reply)
    return reply


async def understand(parts: Parts, question: str) -> dict[str, Any]:
    """What the server makes of a request: `understanding`, `clarification`, `playbooks`. Looks nothing up, plans nothing.

    Raises InvalidInput for an empty one, and as `ask`.
    """
    from escher.client.brain import body_of

    context, resolver = parts.talk.context(question)
    body = body_of(context)
    intent = _read(Intent.model_validate_json, await parts.brain.send("/v1/intent", body))
    ranked = _read(_RANKED.validate_json, await parts.brain.send("/v1/playbooks/search", body))
    if intent.clarification is None and intent.understanding.class_ == "operation":
        ranked = offer(parts, question, intent.understanding, ranked).playbooks
    asked = intent.clarification and localised(intent.clarification, resolver)
    return {
        "understanding": localised(intent.understanding, resolver).model_dump(mode="json"),
        "clarification": asked and asked.model_dump(mode="json"),
        "playbooks": [playbook.model_dump(mode="json") for playbook in ranked],
    }


def _read(read: Callable[[bytes], Read], content: bytes) -> Read:
    try:
        return read(content)
    except ValidationError as cause:
        raise ProtocolError(
            "the server's answer is not in the contract.", hint="Update Escher or the server."
        ) from cause


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the server said; `advice` is its text after the sentence that tells what it understood."""

    understanding: Understanding
    text: str = ""
    advice: str = ""
    clarification: Clarification | None = None
    playbooks: tuple[RankedPlaybook, ...] = ()
    template: PlanTemplate | None = None
    draft: Playbook | None = None
    layout: Layout | None = None
    seen_by: str = ""
    requests: tuple[DataRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of it on this estate."""

    match: Match
    text: str = ""
    clarification: Clarification | None = None
    plan: Plan | None = None
    skipped_because: str = ""


@dataclass(slots=True)
class _Asking:
    """One question while it is answered. `timings` are milliseconds since it was asked, by what was reached."""

    parts: Parts
    question: str
    listener: Listener
    begun: float = field(default_factory=time.perf_counter)
    timings: dict[str, float] = field(default_factory=dict[str, float])

    def mark(self, name: str) -> None:
        self.timings.setdefault(name, round((time.perf_counter() - self.begun) * 1000, 2))

    async def hear(self, context: RequestContext, resolver: Resolver) -> _Answer:
        """Listen to the end of the stream. Raises ProtocolError when it never says what was understood."""
        said: dict[str, Any] = {"text": "", "advice": "", "requests": ()}
        async for event in self.parts.brain.chat(context):
            match event:
                case Accepted():
                    said["seen_by"] = event.seen_by
                case Understood():
                    said["understanding"] = event.understanding
                case Stream():
                    piece = localise(event.content, resolver)
                    said["text"] += piece
                    said["advice"] += piece if event.seq > 1 else ""
                    self.mark("first_text")
                    self.listener.text(said["text"])
                case Clarify():
                    said["clarification"] = event.clarification
                case Proposed():
                    said |= {"playbooks": event.playbooks, "template": event.template, "draft": event.draft}
                case DataRequest():
                    said["requests"] = (*said["requests"], event)[:MOST_RESULTS]
                case Enhance():
                    said["layout"] = event.layout
                case Failed():
                    raise _failure(event)
                case _:
                    continue
        if "understanding" not in said:
            raise ProtocolError("the server answered without saying what it understood.", hint="Try again.")
        self.mark("server")
        return self._with_own(_Answer(**said))

    def _with_own(self, answer: _Answer) -> _Answer:
        """The user's own playbooks among the server's: with an order that is clear, the best of all is planned."""
        if answer.clarification is not None or answer.understanding.class_ != "operation":
            return answer
        offered = offer(self.parts, self.question, answer.understanding, answer.playbooks)
        template = offered.template or answer.template
        # An order for later never runs at once, whoever offers it.
        if answer.understanding.for_later and template is not None and not template.playbook.keeps_time:
            template = None
        return replace(answer, playbooks=offered.playbooks, template=template)

    def act_on(self, answer: _Answer, resolver: Resolver) -> _Outcome:
        """Find what is meant; plan it when it is an order and nothing is left to ask."""
        if answer.clarification is not None:
            seen = self.parts.targets.find(answer.understanding.selector(), resolver).completeness
            return _Outcome(Match(completeness=seen), clarification=localised(answer.clarification, resolver))
        if answer.draft is not None:
            seen = self.parts.targets.find(answer.understanding.selector(), resolver).completeness
            return _Outcome(Match(completeness=seen), text=wording.draft_text(answer.text, answer.draft, self.question))
        if answer.understanding.class_ != "operation":
            return self._found(answer, resolver)
        selector = answer.template.selector if answer.template else _meant(answer.understanding)
        match = self.parts.targets.match(selector, resolver)
        if match.clarification is not None or answer.template is None:
            return _Outcome(match, text=answer.text, clarification=match.clarification)
        return self._planned(answer.understanding, answer.template, match, resolver)

    def _found(self, answer: _Answer, resolver: Resolver) -> _Outcome:
        match = self.parts.targets.find(answer.understanding.selector(), resolver)
        if match.clarification is not None:
            return _Outcome(match, clarification=match.clarification)
        understood = localised(answer.understanding, resolver)
        text = wording.answer_text(understood, match.targets, match.completeness)
        return _Outcome(match, text=f"{text} {answer.advice.strip()}".strip())

    def _planned(self, understood: Understanding, template: PlanTemplate, match: Match, resolver: Resolver) -> _Outcome:
        wanted = template.playbook.orchestration.targets
        narrowed = self.parts.targets.narrow(match, wanted)
        if narrowed.clarification is not None:
            return _Outcome(replace(narrowed, targets=()), clarification=narrowed.clarification)
        values, asked = settle(template, resolver)
        if asked is not None:
            return _Outcome(narrowed, clarification=asked)
        given = resolution(self.parts, self.question, template, values, narrowed.targets)
        resolved = resolve(given, self.parts.reader)
        plan = self.parts.approvals.show(resolved, narrowed.targets, self.parts.talk.context_id)
        because = wanted.skipped_because
        text = wording.order_text(localised(understood, resolver), narrowed.targets, narrowed.skipped, because)
        warned = GENERATED if plan.generated else warning(template.playbook.metadata.status)
        text = " ".join(filter(None, (text, warned)))
        return _Outcome(narrowed, text, plan=plan, skipped_because=because)

    def reply(self, message_id: str, answer: _Answer, outcome: _Outcome, resolver: Resolver) -> Reply:
        """Say it, show it, and give the whole of it back."""
        understood, asked = localised(answer.understanding, resolver), outcome.clarification
        text = wording.clarification_text(asked) if asked else outcome.text or answer.text
        text += wording.seen_text(answer.seen_by) if self.parts.talk.first_seen_by(answer.seen_by) else ""
        self.listener.text(text)
        if outcome.plan is not None:
            self.listener.plan(outcome.plan)
        targets = () if asked and understood.class_ == "operation" else outcome.match.targets
        counted = () if asked else self.parts.talk.count(answer.requests)
        shown = ReplyParts(
            text=text,
            understanding=understood,
            targets=targets,
            skipped=outcome.match.skipped,
            skipped_because=outcome.skipped_because,
            completeness=outcome.match.completeness,
            playbooks=answer.playbooks,
            plan=outcome.plan,
            clarification=asked,
            layout=answer.layout,
            counted=counted,
        )
        components = compose(shown)
        self.listener.components(components)
        self.parts.talk.shown(counted)
        self.mark("total")
        return Reply(
            message_id=message_id,
            text=text,
            understanding=understood,
            clarification=asked,
            targets=tuple(_target(resource, resolver) for resource in targets),
            completeness=outcome.match.completeness,
            playbooks=answer.playbooks,
            plan=outcome.plan,
            draft=answer.draft,
            components=tuple(component.model_dump(mode="json") for component in components),
            digest_text=wording.digest_text(understood, len(targets), _entities(answer.understanding, resolver)),
            timings_ms=self.timings,
        )


def _meant(understanding: Understanding) -> Selector:
    """What picks the targets; the act of an order for later is among its words, and picks nothing."""
    selector = understanding.selector()
    kept = (word for word in selector.words.split() if not (understanding.for_later and word in CHANGE_ACTIONS))
    return selector.model_copy(update={"words": " ".join(kept)})


def _failure(event: Failed) -> EscherError:
    kinds = {"forbidden_content": ForbiddenContent, "unauthenticated": Unauthenticated, "invalid_request": InvalidInput}
    return kinds.get(event.code, ServerUnavailable)(event.message, hint=event.hint)


def _entities(understanding: Understanding, resolver: Resolver) -> tuple[str, ...]:
    """The aliases of the things that a request names; words that stand for nothing known are left out."""
    filters = understanding.filters
    return tuple(word for word in (*filters.names, *filters.ids) if resolver.names(word))


def _target(resource: Resource, resolver: Resolver) -> Target:
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
        size=str(resource.attributes.get("instance_type") or ""),
        environment=environment_of(resource.tags) or "",
    )
