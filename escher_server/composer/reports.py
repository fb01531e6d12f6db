"""Wording and order of a report from its figures in buckets: sentences by rule, sections by focus and length. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from escher.contract.aggregates import (
    SECTIONS,
    Figure,
    FigureName,
    Focus,
    ReportAnswer,
    ReportKind,
    ReportRequest,
    ReportSection,
    Section,
)
from escher.contract.ui import Layout, Slot

_TITLES: Mapping[ReportKind, str] = {
    "infrastructure": "Infrastructure report",
    "cost": "Cost report",
    "security": "Security report",
    "performance": "Performance report",
    "changes": "Change report",
    "compliance": "Compliance report",
    "morning": "Morning report",
}
_HEADINGS: Mapping[Section, str] = {
    "critical_alerts": "Critical alerts",
    "cost": "Cost",
    "changes": "Changes",
    "security": "Security",
    "compliance": "Compliance",
    "optimisation": "Where to save",
    "health": "Health",
    "performance": "Performance",
    "inventory": "Inventory",
}
_QUESTIONS: Mapping[Section, tuple[str, ...]] = {
    "critical_alerts": ("which alerts are critical?",),
    "cost": ("what did each service cost?", "what became more expensive?"),
    "changes": ("what changed since yesterday?",),
    "security": ("which buckets are public?", "which disks are unencrypted?"),
    "compliance": ("which rules are violated?",),
    "optimisation": ("how can I cut cost?",),
    "health": ("what is unhealthy?",),
    "performance": ("what is near its capacity?",),
    "inventory": ("how many resources are there of each type?",),
}
_FIRST: Mapping[Focus, tuple[Section, ...]] = {
    "balanced": (),
    "cost": ("cost", "optimisation"),
    "security": ("security", "compliance"),
    "operational": ("health", "performance", "changes"),
}
# How many sections, and how many sentences in each.
_LENGTH = {"detailed": (9, 12), "compact": (6, 4), "executive": (3, 2)}
_NAMES: Mapping[FigureName, str] = {
    "resources": "resources",
    "accounts": "accounts",
    "regions": "regions",
    "spend_usd": "USD spent",
    "forecast_usd": "USD forecast",
    "budget_usd": "USD of budget",
    "saving_usd": "USD a month that could be saved",
    "alerts_critical": "critical alerts",
    "alerts_high": "alerts of high severity",
    "alerts_open": "open alerts",
    "resources_new": "new resources",
    "resources_gone": "resources gone",
    "resources_changed": "resources changed",
    "runs": "runs",
    "runs_failed": "failed runs",
    "public": "public resources",
    "unencrypted": "unencrypted resources",
    "violations": "violated rules",
    "checks_passed": "checks passed",
    "unhealthy": "unhealthy resources",
    "idle": "idle resources",
    "near_capacity": "resources near their capacity",
}
_TROUBLE: frozenset[FigureName] = frozenset({
    "alerts_critical", "alerts_high", "runs_failed", "public", "unencrypted", "violations", "unhealthy", "near_capacity",
})  # fmt: skip


def compose(request: ReportRequest) -> ReportAnswer:
    """The report in words. Critical alerts come first whatever the focus is; sections without figures are left out."""
    most, sentences = _LENGTH[request.length]
    told: list[Section] = [section for section in _order(request.focus) if _figures(section, request.figures)]
    return ReportAnswer(
        title=_TITLES[request.report],
        summary=_summary(request),
        sections=tuple(_section(section, request.figures, sentences) for section in told[:most]),
        layout=_layout(told[:most]),
    )


def _order(focus: Focus) -> list[Section]:
    """Every section once, those of the focus right after the critical alerts."""
    return sorted(SECTIONS, key=lambda section: (section != "critical_alerts", section not in _FIRST[focus]))


def _section(section: Section, figures: Sequence[Figure], most: int) -> ReportSection:
    ordered = sorted(_figures(section, figures), key=lambda figure: (figure.name not in _TROUBLE, -figure.value))
    return ReportSection(
        section=section,
        heading=_HEADINGS[section],
        sentences=tuple(_sentence(figure) for figure in ordered[:most]),
        questions=_QUESTIONS[section],
    )


def _figures(section: Section, figures: Sequence[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.section == section]


def _sentence(figure: Figure) -> str:
    words = f"{_about(figure.value)} {_NAMES[figure.name]}"
    if figure.before is None:
        return f"{words}."
    if figure.before == figure.value:
        return f"{words}, as before."
    direction = "up" if figure.value > figure.before else "down"
    return f"{words}, {direction} from {_about(figure.before)}."


def _about(value: int) -> str:
    return f"{value:,}" if value < 5 else f"about {value:,}"


def _summary(request: ReportRequest) -> str:
    days = "the last day" if request.period_days == 1 else f"the last {request.period_days} days"
    trouble = [figure for figure in request.figures if figure.name in _TROUBLE and figure.value]
    if not request.figures:
        return f"There are no figures for {days}."
    if not trouble:
        return f"Nothing in {days} calls for action."
    worst = max(trouble, key=lambda figure: (figure.section == "critical_alerts", figure.value))
    return f"In {days} look first at: {_about(worst.value)} {_NAMES[worst.name]}."


def _layout(sections: Sequence[Section]) -> Layout:
    tables = (Slot(type="table", bind="$counts", title=_HEADINGS[section]) for section in sections)
    return Layout(
        template="dynamic",
        components=(Slot(type="markdown", bind="$text"), Slot(type="metric", bind="$facts"), *tables),
    )
