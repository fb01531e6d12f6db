"""A question in a notebook: its view grows while the answer comes, and a click on Approve runs the plan there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress

from escher.contract.plan import Plan
from escher.contract.reply import Reply
from escher.contract.runs import RunEvent, RunResult, StepOutput
from escher.contract.ui import Component, ProgressTracker, Text, TextData
from escher.errors import EscherError
from escher.session.asking import Listener
from escher.session.loop import start
from escher.session.session import Session
from escher.widgets.compose import compose_error, confirmation
from escher.widgets.consent import FrontEndConsent
from escher.widgets.run import result, track, tracker_id
from escher.widgets.view import View
from escher.widgets.widget import EscherView

OnEvent = Callable[[RunEvent], None]


class AskedView:
    """One asked question. `reply` waits for the answer; `widget` shows it from the first word on."""

    def __init__(self, session: Session, question: str) -> None:
        self._session, self._question = session, question
        self._view = View("Escher answered here; run the cell again to see it.")
        self._future: Future[Reply] | None = None
        self._plan: Plan | None = None
        self.widget = EscherView(self._view, on_approve=self._approve, on_cancel=self._cancel, on_pause=self._pause)

    def start(self) -> None:
        """Ask, in the background."""
        self._future = start(self._answer())

    @property
    def reply(self) -> Reply:
        """The whole reply, waited for. Raises what asking raised."""
        assert self._future is not None
        return self._future.result()

    def __repr__(self) -> str:
        return self._view.digest

    async def _answer(self) -> Reply:
        listener = Listener(text=self._say, components=self._show)
        try:
            reply = await self._session.aask(self._question, listener)
        except EscherError as failure:
            self._view.put(compose_error(failure))
            raise
        self._plan = reply.plan
        if reply.plan is not None:
            self._session.runs.warm_up()
        return reply

    def _say(self, text: str) -> None:
        self._view.put(Text(id="s0", data=TextData(content=text)))

    def _show(self, components: Sequence[Component]) -> None:
        self._view.put(*components)

    def _approve(self, given: FrontEndConsent) -> None:
        """Take a click's consent, and run. Called in a worker thread; the run itself goes on in the loop."""
        plan = self._plan
        if plan is None:
            return
        self._session.approve_click(given)
        self._card(plan, "granted")
        start(self._run(plan))

    async def _run(self, plan: Plan) -> None:
        self._card(plan, "used")
        await self._show_run(plan, lambda on_event: self._session.arun(plan.plan_id, on_event))

    async def _show_run(self, plan: Plan, run: Callable[[OnEvent], Awaitable[RunResult]]) -> None:
        """Show a run while it tells of itself, then how it ended and what may help."""
        tracker: ProgressTracker | None = None

        def on_event(event: RunEvent) -> None:
            nonlocal tracker
            if isinstance(event, StepOutput):
                self._view.append(tracker_id(event.run_id), event.lines)
                return
            tracker = track(plan, tracker, event)
            if tracker is not None:
                self._view.put(tracker)

        try:
            ended = await run(on_event)
        except EscherError as failure:
            self._view.put(compose_error(failure))
            return
        self._view.put(result(plan, ended))
        with suppress(EscherError):  # the result stands; what may help is a server's to say, and it may be silent
            fixes = await self._session.afixes(ended.run_id)
            if fixes is not None:
                self._view.put(result(plan, ended, fixes))

    def _card(self, plan: Plan, state: str) -> None:
        card = confirmation(plan)
        self._view.put(card.model_copy(update={"data": card.data.model_copy(update={"state": state})}))

    def _cancel(self, run_id: str) -> None:
        self._session.cancel(run_id)

    def _pause(self, run_id: str, paused: bool) -> None:
        steer = self._session.runs.pause if paused else self._session.runs.resume
        steer(run_id)
