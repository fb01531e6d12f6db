"""A plan that a command made, in a notebook: shown with its Approve button, and run there when it is clicked."""

from __future__ import annotations

from escher.contract.plan import Plan
from escher.magics.asked import AskedView
from escher.session.session import Session
from escher.widgets.compose import plan_components


class PlannedView(AskedView):
    """One plan that was shown. It has no reply: nobody was asked."""

    def __init__(self, session: Session, plan: Plan) -> None:
        super().__init__(session, plan.question)
        self._plan = plan
        self._show(plan_components(plan))
