"""The agents one by one: plan an order, fix a failed step, validate a filled playbook, lay out a local answer."""

from __future__ import annotations

from fastapi import APIRouter

from escher.contract.agents import (
    DraftAnswer,
    EnhanceAnswer,
    EnhanceRequest,
    FailureReport,
    Fixes,
    PlanAnswer,
    ValidationAnswer,
    ValidationRequest,
)
from escher.contract.context import RequestContext
from escher_server.agents import ui
from escher_server.composer.fixes import remediate
from escher_server.orchestrator import Orchestrator
from escher_server.routes.access import Asking, router


def agents_router(orchestrator: Orchestrator) -> APIRouter:
    """The routes that ask one agent."""
    routes = router("agents")

    @routes.post("/operations/plan")
    async def plan(context: RequestContext, caller: Asking) -> PlanAnswer:
        """What becomes of an order, whole instead of as a stream."""
        return await orchestrator.of(caller.tenant).plan(context)

    @routes.post("/operations/draft")
    async def draft(context: RequestContext, caller: Asking) -> DraftAnswer:
        """A playbook for an aim, put together from the library's; nobody keeps it here."""
        return await orchestrator.of(caller.tenant).draft(context)

    @routes.post("/operations/remediate")
    async def fixes(report: FailureReport, caller: Asking) -> Fixes:
        """Ranked fixes for a failed step, each with its reason and where to go on."""
        playbooks = orchestrator.playbooks
        failed = playbooks.find(report.playbook_id, report.version, caller.tenant)
        return remediate(report, failed, playbooks.active(caller.tenant))

    @routes.post("/validate")
    async def check(request: ValidationRequest, caller: Asking) -> ValidationAnswer:
        """What stands against a filled playbook, how risky it is, and how far it reaches."""
        return await orchestrator.of(caller.tenant).check(request)

    @routes.post("/ui/enhance")
    async def enhance(request: EnhanceRequest) -> EnhanceAnswer:
        """The layout of an answer that the client made itself."""
        return EnhanceAnswer(layout=ui.arrange(request.answer, request.understanding))

    return routes
