"""`%escher runs follow`: a run that this or another notebook started, live in a view of its own."""

from __future__ import annotations

from escher.magics.asked import AskedView
from escher.session.loop import start
from escher.session.session import Session


class FollowedView(AskedView):
    """One run, from its first event. Raises NotFound for an unknown id."""

    def __init__(self, session: Session, run_id: str) -> None:
        plan = session.runs.plan(run_id)
        super().__init__(session, plan.question)
        start(self._show_run(plan, lambda on_event: session.runs.afollow(run_id, on_event)))
