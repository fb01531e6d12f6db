"""Advice, reports and alerts from aggregates alone: by rules, so the same figures give the same words.

Where a language model is configured, it may add sentences to the summary of advice and of a report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from escher_server.agents.modelled.adviser import Adviser


def advice_router(adviser: Adviser | None = None) -> APIRouter:
    """The routes that take counts and give words."""
    routes = router("advice")

    @routes.post("/recommendations")
    async def recommendations(request: AdviceRequest) -> AdviceAnswer:
        """What would be better, the most urgent first, each with the order to type to have it planned."""
        answer = advise(request)
        text = await adviser.summarise(request, answer.text) if adviser else answer.text
        return answer.model_copy(update={"text": text})

    @routes.post("/reports/compose")
    async def reports(request: ReportRequest) -> ReportAnswer:
        """The wording and order of a report. The client puts the exact figures beside the words."""
        answer = compose(request)
        summary = await adviser.summarise(request, answer.summary) if adviser else answer.summary
        return answer.model_copy(update={"summary": summary})

    @routes.post("/alerts/analyse")
    async def alerts(request: AlertRequest) -> AlertAnswer:
        """How severe an event is, what most likely caused it, and what to do first."""
        return analyse(request)

    return routes
