"""Advice, reports and alerts from aggregates alone: by rules, so the same figures give the same words."""

from __future__ import annotations

from fastapi import APIRouter

from escher.contract.aggregates import (
    AdviceAnswer,
    AdviceRequest,
    AlertAnswer,
    AlertRequest,
    ReportAnswer,
    ReportRequest,
)
from escher_server.composer.advice import advise
from escher_server.composer.alerts import analyse
from escher_server.composer.reports import compose
from escher_server.routes.access import router


def advice_router() -> APIRouter:
    """The routes that take counts and give words."""
    routes = router("advice")

    @routes.post("/recommendations")
    async def recommendations(request: AdviceRequest) -> AdviceAnswer:
        """What would be better, the most urgent first, each with the order to type to have it planned."""
        return advise(request)

    @routes.post("/reports/compose")
    async def reports(request: ReportRequest) -> ReportAnswer:
        """The wording and order of a report. The client puts the exact figures beside the words."""
        return compose(request)

    @routes.post("/alerts/analyse")
    async def alerts(request: AlertRequest) -> AlertAnswer:
        """How severe an event is, what most likely caused it, and what to do first."""
        return analyse(request)

    return routes
