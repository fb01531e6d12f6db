"""One question becomes a stream of events: what was understood, in words first, then a plan or a question back.

A question never gets a plan: only an order does, and only one whose procedure is clear.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TypeVar

from anyio.to_thread import run_sync

from escher.contract.agents import PlanAnswer, ValidationAnswer, ValidationRequest
from escher.contract.context import RequestContext
from escher.contract.events import Accepted, Clarify, Done, Enhance, Event, Proposed, Stream, Understood
from escher.contract.playbook import Playbook, RankedPlaybook
from escher.contract.understanding import Clarification, Understanding
from escher.contract.vocabulary import CHANGE_ACTIONS, Action, Kind
from escher_server.agents import ui
from escher_server.agents.master import understand
from escher_server.agents.playbook import PlaybookAgent, fill
from escher_server.agents.validation import Verdict, validate
from escher_server.composer import wording
from escher_server.runtime.content import refuse_credentials

SURE = 0.6
NEAR = 0.6
EXPLAINING: frozenset[Action] = frozenset({"explain", "recommend", "diagnose"})
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a request: words to add, and at most one of a question back and a proposal."""

    sort: ui.Answer
    text: str = ""
    clarification: Clarification | None = None
    proposed: Proposed | None = None


@dataclass(frozen=True, slots=True)
class Orchestrator:
    """The agents in their order, for one tenant ("": nobody's). Holds no state of any request."""

    playbooks: PlaybookAgent
    tenant: str = ""
    today: Callable[[], date] = lambda: datetime.now(UTC).date()

    def of(self, tenant: str) -> Orchestrator:
        """The same for a tenant: with its own playbooks, and nobody else's."""
        return replace(self, tenant=tenant)

    async def answer(self, context: RequestContext) -> AsyncIterator[Event]:
        """The events that answer one question, in the order of the contract. Raises ContentForbidden."""
        refuse_credentials(context)
        yield Accepted(message_id=context.message_id)
        understanding, question = await _in_thread(lambda: understand(context))
        yield Understood(understanding=understanding)
        if question is None:
            yield Stream(seq=1, content=wording.understood(understanding))
        decision = await _in_thread(lambda: self.decide(context, understanding, question))
        if decision.text:
            yield Stream(seq=2, content=decision.text if question else f" {decision.text}")
        if decision.clarification:
            yield Clarify(clarification=decision.clarification)
        elif decision.proposed:
            yield decision.proposed
        yield Enhance(layout=ui.arrange(decision.sort, understanding))
        yield Done(message_id=context.message_id)

    async def intent(self, context: RequestContext) -> tuple[Understanding, Clarification | None]:
        """What a request means, and nothing after it. Raises ContentForbidden."""
        refuse_credentials(context)
        return await _in_thread(lambda: understand(context))

    async def search(self, context: RequestContext) -> tuple[RankedPlaybook, ...]:
        """The playbooks that fit a request, be it an order or not. Raises ContentForbidden."""
        understanding, _ = await self.intent(context)
        return await _in_thread(lambda: self._fitting(context, understanding))

    async def plan(self, context: RequestContext) -> PlanAnswer:
        """What becomes of a request, whole. Raises ContentForbidden."""
        understanding, question = await self.intent(context)
        decision = await _in_thread(lambda: self.decide(context, understanding, question))
        return PlanAnswer(
            understanding=understanding,
            text=decision.text,
            clarification=decision.clarification,
            proposed=decision.proposed,
        )

    async def check(self, request: ValidationRequest) -> ValidationAnswer:
        """What stands against a filled playbook. Raises ContentForbidden."""
        refuse_credentials(request.context)
        verdict = await _in_thread(lambda: validate(request.template, request.context))
        metadata = request.template.playbook.metadata
        return ValidationAnswer(
            feasible=verdict.feasible,
            blocking_issues=verdict.blocking,
            warnings=verdict.warnings,
            risk=verdict.risk,
            impact=f"{metadata.estimated_impact.affected_resources}; data loss: {metadata.estimated_impact.data_loss_risk}",
            approvals_required=1,
        )

    def decide(self, context: RequestContext, understanding: Understanding, question: Clarification | None) -> Decision:
        """What becomes of a request that was understood, or was not."""
        if question is not None:
            return Decision("clarification", question.question, clarification=question)
        if understanding.class_ != "operation" or understanding.action not in CHANGE_ACTIONS:
            return self._inform(context, understanding)
        if understanding.confidence < SURE:
            return _ask_back(
                f"Do you want to {wording.order(understanding)}?", [wording.order(understanding, plain=True)]
            )
        ranked = self._fitting(context, understanding)
        return self._propose(context, understanding, ranked) if ranked else self._nothing_fits(understanding)

    def _fitting(self, context: RequestContext, understanding: Understanding) -> tuple[RankedPlaybook, ...]:
        return self.playbooks.search(
            understanding, context.prompt, self.today(), self.tenant, _clouds(context, understanding)
        )

    def _propose(
        self, context: RequestContext, understanding: Understanding, ranked: tuple[RankedPlaybook, ...]
    ) -> Decision:
        found = [self.playbooks.get(each, self.tenant) for each in ranked]
        kinds = uncovered(found, understanding)
        if len(kinds) == 1 and _can_only_mean_one(understanding):
            return self._propose_for(context, understanding.model_copy(update={"kinds": kinds, "resource_types": ()}))
        if kinds and not _names_the_unknown(context, understanding):
            return _one_at_a_time(understanding, kinds)
        template = fill(found[0], understanding)
        verdict = validate(template, context)
        proposed = Proposed(playbooks=ranked, template=template if verdict.feasible else None)
        return Decision("plan" if verdict.feasible else "nothing_fits", _about(found[0], verdict), proposed=proposed)

    def _propose_for(self, context: RequestContext, understanding: Understanding) -> Decision:
        """The same for the one kind of thing of that name to which it can be done."""
        ranked = self._fitting(context, understanding)
        return self._propose(context, understanding, ranked) if ranked else self._nothing_fits(understanding)

    def _nothing_fits(self, understanding: Understanding) -> Decision:
        offered = self.playbooks.purposes(understanding.kinds, self.tenant)
        subject = wording.nouns(understanding.kinds, plural=True)
        instead = f" For {subject} there is: {'; '.join(offered)}." if offered else ""
        return Decision("nothing_fits", f"No playbook of the library does that.{instead}", proposed=Proposed())

    def _inform(self, context: RequestContext, understanding: Understanding) -> Decision:
        """A question: say that nothing is planned, and which playbook does what it asks about."""
        if understanding.action not in EXPLAINING and understanding.action not in CHANGE_ACTIONS:
            return Decision("information")
        ranked = self._fitting(context, understanding)
        near = [self.playbooks.get(each, self.tenant) for each in ranked[:1] if each.confidence >= NEAR]
        texts = (
            f"Nearest in the library: **{about.metadata.name}**. {about.explain_plan.what_it_does}" for about in near
        )
        return Decision("information", " ".join(("This is a question, so nothing is planned.", *texts)))


def _clouds(context: RequestContext, understanding: Understanding) -> tuple[str, ...]:
    """Where what is named is, as far as that is known; else where the asker has anything."""
    named = {*understanding.filters.names, *understanding.filters.ids}
    found = dict.fromkeys(one.provider for one in context.resources if one.alias in named)
    return tuple(found) or tuple(count.value for count in context.summary.providers)


def uncovered(found: Sequence[Playbook], understanding: Understanding) -> tuple[Kind, ...]:
    """The kinds to choose from when no one playbook acts on all that is meant; empty when the first one does."""
    first = set(found[0].metadata.kinds)
    wanted = set(understanding.kinds) or {kind for playbook in found for kind in playbook.metadata.kinds}
    offered = {kind for playbook in found for kind in playbook.metadata.kinds}
    return () if wanted <= first else tuple(sorted(wanted & offered))


def _can_only_mean_one(understanding: Understanding) -> bool:
    """Whether a name alone was typed, whose bearers' kinds were not asked for; what destroys is always asked about."""
    return bool(understanding.filters.names) and understanding.action not in ("delete", "release")


def _names_the_unknown(context: RequestContext, understanding: Understanding) -> bool:
    """Whether a name was typed that nothing bears: then the client, which knows the names, asks about that first."""
    return bool({*understanding.filters.names} - {mention.alias for mention in context.mentions})


def _one_at_a_time(understanding: Understanding, kinds: Sequence[Kind]) -> Decision:
    choices = [
        wording.order(understanding.model_copy(update={"kinds": (kind,), "resource_types": ()}), plain=True)
        for kind in kinds
    ]
    which = " or ".join(wording.nouns((kind,), plural=True) for kind in kinds)
    question = f"Which first: {which}?" if len(kinds) > 1 else f"Only to {which}?"
    return _ask_back(f"No one playbook does that to all of them. {question}", choices)


def _ask_back(question: str, choices: Sequence[str]) -> Decision:
    clarification = Clarification(question=question.replace("**", ""), choices=tuple(choices))
    return Decision("clarification", question, clarification=clarification)


def _about(playbook: Playbook, verdict: Verdict) -> str:
    """What will be proposed, or why not, in a few sentences."""
    if not verdict.feasible:
        return " ".join(verdict.blocking)
    sentences = (f"**{playbook.metadata.name}** fits best, risk {verdict.risk}.", *verdict.warnings)
    return " ".join((*sentences, "Nothing is changed before you approve."))


async def _in_thread(work: Callable[[], T]) -> T:
    """Run what computes aside, so that other streams go on; abandoned when the client goes away."""
    return await run_sync(work, abandon_on_cancel=True)
