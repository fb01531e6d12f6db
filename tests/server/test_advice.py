"""Advice, reports and alerts from counts in buckets: the same figures give the same words, and no name gets in."""

from __future__ import annotations

from typing import Any, get_args

import httpx
import pytest

from escher.contract.aggregates import BUCKETS, AdviceRequest, AlertRequest, Figure, FigureName, Finding, Found
from escher.contract.aggregates import ReportRequest as Wanted
from escher_server.composer.advice import advise
from escher_server.composer.alerts import analyse
from escher_server.composer.findings import FINDINGS
from escher_server.composer.reports import compose


def test_every_finding_is_known() -> None:
    """Words for each, and an order exactly where there is an action."""
    assert set(FINDINGS) == set(get_args(Finding))
    assert {name for name, known in FINDINGS.items() if bool(known.order) != (known.action != "none")} == set()


def test_the_most_urgent_advice_comes_first() -> None:
    """Security in production before cost; the saving is summed, and the order names the cloud."""
    found = (
        Found(finding="unattached_disk", provider="aws", count=50, monthly_usd=200),
        Found(finding="public_storage", provider="aws", count=2, production=True),
        Found(finding="untagged", count=1_000),
    )
    answer = advise(AdviceRequest(found=found))
    assert [each.finding for each in answer.advice] == ["public_storage", "unattached_disk", "untagged"]
    assert answer.advice[0].priority == "critical"
    assert answer.advice[1].ask == "delete the unattached disks in aws"
    assert answer.text == (
        "3 recommendations. First: 2 public buckets in production. At least 200 USD a month could be saved."
    )


def test_what_the_policy_blocks_and_what_is_nothing_is_not_advised() -> None:
    """Nor is more than was asked for; what is left out is said."""
    found = (Found(finding="unattached_disk", count=5), Found(finding="idle_instance", count=0))
    assert advise(AdviceRequest(found=found, blocked_actions=("delete",))).advice == ()
    answer = advise(AdviceRequest(found=(*found, Found(finding="untagged", count=1)), limit=1))
    assert len(answer.advice) == 1 and "1 more were left out" in answer.text


def test_the_focus_puts_its_own_first() -> None:
    """Cost before security when cost is asked for."""
    found = (Found(finding="public_storage", count=2), Found(finding="idle_instance", count=2))
    assert [each.category for each in advise(AdviceRequest(found=found, focus="cost")).advice] == ["cost", "security"]


def test_a_report_begins_with_critical_alerts() -> None:
    """Whatever the focus; sections without figures are left out, and an executive one is short."""
    figures = (
        Figure(section="cost", name="spend_usd", value=500, before=200),
        Figure(section="security", name="public", value=2, before=2),
        Figure(section="critical_alerts", name="alerts_critical", value=1),
        Figure(section="health", name="unhealthy", value=0, before=3),
        Figure(section="inventory", name="resources", value=5_000),
    )
    answer = compose(Wanted(report="morning", figures=figures, focus="cost", length="executive"))
    assert [section.section for section in answer.sections] == ["critical_alerts", "cost", "security"]
    assert answer.summary == "In the last day look first at: 1 critical alerts."
    assert answer.sections[1].sentences == ("about 500 USD spent, up from about 200.",)
    assert answer.sections[2].sentences == ("2 public resources, as before.",)


def test_a_report_without_trouble_or_figures_says_so() -> None:
    """No alarm where there is nothing, and no report of nothing."""
    calm = (Figure(section="inventory", name="resources", value=10),)
    assert compose(Wanted(report="infrastructure", period_days=7, figures=calm)).summary == (
        "Nothing in the last 7 days calls for action."
    )
    assert compose(Wanted(report="cost")).summary == "There are no figures for the last day."


def test_every_figure_has_words() -> None:
    """A figure of each name gives a sentence."""
    figures = tuple(Figure(section="inventory", name=name, value=1) for name in get_args(FigureName))
    [section] = compose(Wanted(report="infrastructure", figures=figures)).sections
    assert len(section.sentences) == 12 and all(sentence.endswith(".") for sentence in section.sentences)


@pytest.mark.parametrize(
    ("request_", "severity", "notify"),
    [
        ({"severity": "high", "production": True}, "critical", "at_once"),
        ({"severity": "low"}, "low", "next_report"),
        ({"severity": "medium", "personal_data": True}, "high", "within_minutes"),
        ({"severity": "info", "cost_usd": 5_000, "production": True}, "medium", "next_report"),
        ({"severity": "critical", "production": True, "personal_data": True}, "critical", "at_once"),
    ],
)
def test_production_personal_data_and_money_raise_an_alert(
    request_: dict[str, Any], severity: str, notify: str
) -> None:
    """One step each, never beyond critical, and never lowered."""
    answer = analyse(AlertRequest(finding="public_storage", category="security", **request_))
    assert (answer.severity, answer.notify) == (severity, notify)
    assert answer.ask == "block public access to the public buckets"


def test_an_unknown_event_is_looked_at_by_a_person() -> None:
    """No order is invented for it."""
    answer = analyse(AlertRequest(finding="other", category="availability", severity="high", affected=5))
    assert (answer.ask, answer.impact) == ("", "Resources concerned: 5 or more.")


async def test_exact_counts_and_names_are_refused(http: httpx.AsyncClient) -> None:
    """Only buckets and closed words cross the wire."""
    good = {"found": [{"finding": "untagged", "count": 5}]}
    assert (await http.post("/v1/recommendations", json=good)).status_code == 200
    for bad in ({"count": 7}, {"name": "zebra"}, {"finding": "zebra"}, {"provider": "zebra"}):
        body = {"found": [good["found"][0] | bad]}
        response = await http.post("/v1/recommendations", json=body)
        assert (response.status_code, "zebra" in response.text) == (422, False)


def test_buckets_are_those_of_the_context() -> None:
    """One to four exact, then 1, 2, 5 and their tens."""
    from escher.context.summary import bucket

    assert [bucket(number) for number in BUCKETS] == list(BUCKETS)
