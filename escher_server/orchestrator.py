"""One question becomes a stream of events: what was understood, in words first, then a plan or a question back.

A question never gets a plan: only an order does, and only one whose procedure is clear.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeVar

from anyio.to_thread import run_sync

from escher.contract.agents import DraftAnswer, PlanAnswer, ValidationAnswer, ValidationRequest
from escher.contract.context import RequestContext
from escher.contract.events import Accepted, Clarify, Done, Enhance, Event, Stream, Understood
from escher.contract.playbook import RankedPlaybook
from escher.contract.understanding import Clarification, Understanding
from escher.contract.vocabulary import CHANGE_ACTIONS, Action
from escher_server.agents import ui
from escher_server.agents.making.decision import Decision, ask_back
from escher_server.agents.making.drafting import draft_for
from escher_server.agents.master import understand
from escher_server.agents.operations import OperationsAgent
from escher_server.agents.playbook import PlaybookAgent
from escher_server.agents.validation import answer as validation_answer
from escher_server.agents.validation import validate
from escher_server.composer import figures, wording
from escher_server.runtime.content import refuse_credentials

if TYPE_CHECKING:
    from escher.contract.ui import Layout
    from escher_server.agents.modelled.adviser import Adviser

SURE = 0.6
NEAR = 0.6
EXPLAINING: frozenset[Action] = frozenset({"explain", "recommend", "diagnose"})
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Orchestrator:
    """The agents in their order, for one tenant ("": nobody's). Holds no state of any request.

    `adviser` is there when a language model is configured; `preferred` is the order that it gave the playbooks.
    """

    playbooks: PlaybookAgent
    tenant: str = ""
    today: Callable[[], date] = lambda: datetime.now(UTC).date()
    adviser: Adviser | None = None
    preferred: tuple[RankedPlaybook, ...] = ()

    def of(self, tenant: str) -> Orchestrator:
        """The same for a tenant: with its own playbooks, and nobody else's."""
        return replace(self, tenant=tenant)

    async def answer(self, context: RequestContext) -> AsyncIterator[Event]:
        """The events that answer one question, in the order of the contract. Raises ContentForbidden."""
        refuse_credentials(context)
        yield Accepted(message_id=context.message_id, seen_by=self.adviser.model.seen_by if self.adviser else "")
        understanding, question = await self.intent(context)
        yield Understood(understanding=understanding)
        if question is None:
            yield Stream(seq=1, content=wording.understood(understanding))
        decision = await self._decided(context, understanding, question)
        seq = 1
        async with aclosing(self._words(context, understanding, question, decision)) as pieces:
            async for piece in pieces:
                seq += 1
                yield Stream(seq=seq, content=piece)
        if decision.clarification:
            yield Clarify(clarification=decision.clarification)
        elif decision.proposed:
            yield decision.proposed
        for request in decision.asks:
            yield request
        yield Enhance(layout=await self._layout(context, decision, understanding))
        yield Done(message_id=context.message_id)

    async def intent(self, context: RequestContext) -> tuple[Understanding, Clarification | None]:
        """What a request means, and nothing after it. Raises ContentForbidden."""
        refuse_credentials(context)
        rules = await _in_thread(lambda: understand(context))
        return await self.adviser.understand(context, rules) if self.adviser else rules

    async def search(self, context: RequestContext) -> tuple[RankedPlaybook, ...]:
        """The playbooks that fit a request, be it an order or not. Raises ContentForbidden."""
        understanding, _ = await self.intent(context)
        return await _in_thread(lambda: self._fitting(context, understanding))

    async def plan(self, context: RequestContext) -> PlanAnswer:
        """What becomes of a request, whole. Raises ContentForbidden."""
        understanding, question = await self.intent(context)
        decision = await self._decided(context, understanding, question)
        return PlanAnswer(
            understanding=understanding,
            text=decision.text,
            clarification=decision.clarification,
            proposed=decision.proposed,
        )

    async def draft(self, context: RequestContext) -> DraftAnswer:
        """A playbook for what a request aims at, whatever else it says. Raises ContentForbidden."""
        understanding, _ = await self.intent(context)
        decision = await _in_thread(lambda: draft_for(context, understanding, self.playbooks.library))
        draft = decision.proposed.draft if decision.proposed else None
        return DraftAnswer(text=decision.text, clarification=decision.clarification, draft=draft)

    async def check(self, request: ValidationRequest) -> ValidationAnswer:
        """What stands against a filled playbook. Raises ContentForbidden."""
        refuse_credentials(request.context)
        known = self.playbooks.known(self.tenant)
        verdict = await _in_thread(lambda: validate(request.template, request.context, known))
        return validation_answer(request.template, verdict)

    def decide(self, context: RequestContext, understanding: Understanding, question: Clarification | None) -> Decision:
        """What becomes of a request that was understood, or was not."""
        if question is not None:
            return Decision("clarification", question.question, clarification=question)
        if understanding.class_ == "playbook_generation":
            return draft_for(context, understanding, self.playbooks.library)
        if understanding.class_ != "operation" or understanding.action not in CHANGE_ACTIONS:
            return self._inform(context, understanding)
        if understanding.confidence < SURE:
            return ask_back(
                f"Do you want to {wording.order(understanding)}?", [wording.order(understanding, plain=True)]
            )
        return OperationsAgent(self.playbooks, self.tenant, self._fitting).decide(context, understanding)

    async def _decided(
        self, context: RequestContext, understanding: Understanding, question: Clarification | None
    ) -> Decision:
        """`decide`, aside; for an order, after a model was asked about the playbooks' order."""
        asked = self
        if self.adviser and question is None and understanding.class_ == "operation":
            found = await _in_thread(lambda: self._fitting(context, understanding))
            pairs = [(one, self.playbooks.get(one, self.tenant).metadata) for one in found]
            asked = replace(self, preferred=await self.adviser.rank(context, understanding, pairs))
        return await _in_thread(lambda: asked.decide(context, understanding, question))

    async def _words(
        self, context: RequestContext, understanding: Understanding, question: Clarification | None, decision: Decision
    ) -> AsyncGenerator[str]:
        """The answer's text after the sentence that says what was understood, in pieces."""
        text = decision.text if question or not decision.text else f" {decision.text}"
        if self.adviser and text and decision.sort == "information":
            async with aclosing(self.adviser.tell(context, understanding, text)) as pieces:
                async for piece in pieces:
                    yield piece
        elif text:
            yield text

    async def _layout(self, context: RequestContext, decision: Decision, understanding: Understanding) -> Layout:
        layout = ui.arrange(decision.sort, understanding, context.prompt)
        informs = decision.sort == "information"
        return await self.adviser.arrange(understanding, layout) if self.adviser and informs else layout

    def _fitting(self, context: RequestContext, understanding: Understanding) -> tuple[RankedPlaybook, ...]:
        found = self.playbooks.search(
            understanding, context.prompt, self.today(), self.tenant, _clouds(context, understanding)
        )
        same = {one.playbook_id for one in found} == {one.playbook_id for one in self.preferred}
        return self.preferred if same else found

    def _inform(self, context: RequestContext, understanding: Understanding) -> Decision:
        """A question: say that nothing is planned, and which playbook does what it asks about."""
        if understanding.action not in EXPLAINING and understanding.action not in CHANGE_ACTIONS:
            told = context.data_result
            asks = figures.wanted_counts(understanding, told)
            return Decision("information", figures.said_counts(understanding, told), asks=asks)
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


async def _in_thread(work: Callable[[], T]) -> T:
    """Run what computes aside, so that other streams go on; abandoned when the client goes away."""
    return await run_sync(work, abandon_on_cancel=True)
