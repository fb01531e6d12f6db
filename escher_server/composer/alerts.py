"""What to think of an event and what to do first, from its class alone: nobody's names are needed for that. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from escher.contract.aggregates import AlertAnswer, AlertRequest, Finding
from escher.contract.alerts import Severity
from escher_server.composer.findings import FINDINGS, counted
from escher_server.composer.templates import template

_SEVERITIES: tuple[Severity, ...] = ("info", "low", "medium", "high", "critical")
_NOTIFY: Mapping[Severity, Literal["at_once", "within_minutes", "next_report"]] = {
    "critical": "at_once",
    "high": "within_minutes",
    "medium": "next_report",
    "low": "next_report",
    "info": "next_report",
}
_EXPENSIVE_USD = 1_000
# What is not a finding of a scan: its usual cause, and what to look at first.
_EVENTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "down": (
        "It stopped answering; most often a change just before, a full disk or its zone.",
        ("See what changed in the last hour.", "See whether the provider reports trouble.", "Start it again."),
    ),
    "budget_exceeded": (
        "More was spent than planned; most often new or larger resources.",
        ("See which service grew.", "See what was created since the budget was last kept."),
    ),
    "cost_jump": (
        "A day cost clearly more than the one before; most often something was left running.",
        ("See which service and account grew.", "See what was started that day."),
    ),
    "changed": (
        "Somebody or something changed it outside of Escher, or by a run.",
        ("See who changed it.", "Compare it with how it was."),
    ),
    "failed_run": (
        "A step of a run ended with an error; what follows it did not happen.",
        ("Read the failed step's message.", "Ask for ranked fixes before running it again."),
    ),
    "other": ("The event's kind is not one that rules know.", ("Look at the event itself.",)),
}


def analyse(request: AlertRequest) -> AlertAnswer:
    """Severity, cause, impact and first aid of one event. Nothing is ever done by itself."""
    severity = _severity(request)
    finding = _scanned(request)
    known = FINDINGS[finding] if finding else None
    cause, first_aid = (known.why, (known.do,)) if known else _EVENTS[request.finding]
    return AlertAnswer(
        severity=severity,
        notify=_NOTIFY[severity],
        cause=cause,
        impact=_impact(request),
        first_aid=first_aid,
        ask=known.order if known else "",
        layout=template("error_display"),
    )


def _scanned(request: AlertRequest) -> Finding | None:
    """The finding of a scan that the event is about, if it is one."""
    return next((name for name in FINDINGS if name == request.finding), None)


def _severity(request: AlertRequest) -> Severity:
    """As told, one step up in production, one for personal data that lies open, one where much money goes."""
    exposed = request.personal_data and request.category == "security"
    steps = request.production + exposed + (request.cost_usd >= _EXPENSIVE_USD)
    return _SEVERITIES[min(_SEVERITIES.index(request.severity) + steps, len(_SEVERITIES) - 1)]


def _impact(request: AlertRequest) -> str:
    finding = _scanned(request)
    many = f"{request.affected:,}" if request.affected < 5 else f"{request.affected:,} or more"
    about = counted(finding, request.affected) if finding else f"Resources concerned: {many}"
    parts = (
        about,
        "in production" if request.production else "",
        "personal data is concerned" if request.personal_data else "",
        f"about {request.affected_users:,} users" if request.affected_users else "",
        f"about {request.cost_usd:,} USD" if request.cost_usd else "",
    )
    return f"{'; '.join(part for part in parts if part)}."
