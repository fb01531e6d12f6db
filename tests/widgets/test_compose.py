"""A reply laid out: order, facts, tables, consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from escher.contract.estate import Completeness, PartialScope, Resource
from escher.contract.ui import COMPONENT, FORMS, Layout, Slot
from escher.contract.understanding import Clarification, Comparison, Filters, TagFilter, Understanding
from escher.widgets.compose import ReplyParts, compose
from escher.widgets.facts import age

NOW = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
COMPLETE = Completeness(complete=True, oldest_scan="2025-03-01T11:56:00Z", scopes=18, complete_scopes=18)


def understanding(action: str = "stop", **filters: object) -> Understanding:
    """What was understood."""
    return Understanding(
        **{"class": "operation"}, action=action, kinds=("compute_instance",), filters=Filters(**filters), confidence=1
    )


def parts(**changes: object) -> ReplyParts:
    """A reply about nothing yet."""
    given = ReplyParts(text="I will stop **2**.", understanding=understanding(), completeness=COMPLETE, now=NOW)
    return replace(given, **changes)


def instance(number: int, **changes: object) -> Resource:
    """An instance."""
    given = Resource(
        provider="aws", account_id="111111111111", account_name="shop", region="us-east-1", name=f"web-{number}",
        resource_type="aws_ec2_instance", kind="compute_instance", resource_id=f"arn:{number}", identifier=f"i-{number}",
        state="running",
    )  # fmt: skip
    return replace(given, **changes)


def test_an_order_reads_from_sentence_to_consent(stage) -> None:
    """Text, facts, targets, plan, confirmation; every component is one of the contract."""
    plan = stage.plan()
    components = compose(parts(targets=stage.resources(), plan=plan))
    kinds = list(dict.fromkeys(one.type for one in components))
    assert kinds == ["text", "metric", "resource_table", "execution_plan", "confirmation_card"]
    assert all(COMPONENT.validate_python(one.model_dump(mode="json")) == one for one in components)
    assert len({one.id for one in components}) == len(components)


def test_consent_is_about_the_very_plan_that_is_shown(stage) -> None:
    """The confirmation bears the plan's id, digest, expiry and what must be typed."""
    plan = stage.plan(destroys=True)
    *_, shown, card = compose(parts(targets=stage.resources(), plan=plan))
    assert shown.data.plan == plan
    assert (card.data.plan_id, card.data.digest, card.data.expires_at) == (plan.plan_id, plan.digest, plan.expires_at)
    assert (card.props.typed, card.props.effect) == ("us-east-1", "destroy")


def test_a_question_back_shows_its_choices_and_no_plan() -> None:
    """Text and a list whose items can be copied."""
    asked = Clarification(question="Which api?", choices=("api (shop)", "api (sandbox)"))
    text, choices = compose(parts(text="Which api?", clarification=asked))
    assert (text.type, choices.type, choices.data.items) == ("text", "list", asked.choices)
    assert choices.props.selectable


def test_a_question_has_a_table_and_a_count_has_counts() -> None:
    """`count` answers with numbers by kind and place, everything else with rows."""
    found = (instance(1), instance(2, region="eu-west-1"))
    listed = compose(parts(understanding=understanding("list"), targets=found))[-1]
    counted = compose(parts(understanding=understanding("count"), targets=found))[-1]
    assert [row["name"] for row in listed.data.rows] == ["web-1", "web-2"]
    assert [(row["region"], row["count"]) for row in counted.data.rows] == [("us-east-1", 1), ("eu-west-1", 1)]


def test_facts_say_what_was_understood() -> None:
    """Each filter is a figure; what was not asked for is not mentioned."""
    filters = {
        "regions": ("us-east-1",), "environments": ("dev",), "tags": (TagFilter(key="team", values=("red",)),),
        "attached": False, "comparisons": (Comparison(field="size_gib", operator="ge", value=100),),
    }  # fmt: skip
    facts = compose(parts(understanding=understanding(**filters)))
    said = {one.props.label: one.data.value for one in facts if one.type == "metric"}
    assert said == {
        "understood": "stop", "kind": "compute instance", "region": "us-east-1", "env": "dev", "tag team": "red",
        "attached": "no", "size gib": "≥ 100", "estate read": "4 min ago", "scopes": "18 of 18 complete",
    }  # fmt: skip


def test_an_incomplete_answer_says_what_was_not_seen() -> None:
    """The figure warns, and every partial scope is named with its reason."""
    missing = PartialScope(
        account_id="111111111111", region="us-east-1", resource_type="aws_s3_bucket", reason="forbidden"
    )
    seen = Completeness(complete=False, partial_scopes=(missing,), scopes=18, complete_scopes=17)
    components = compose(parts(completeness=seen, understanding=understanding("list")))
    scopes = next(one for one in components if one.type == "metric" and one.props.label == "scopes")
    assert (scopes.data.value, scopes.props.tone) == ("17 of 18 complete", "warn")
    assert components[-1].data.items == ("111111111111 · us-east-1 · aws_s3_bucket: forbidden",)


def test_columns_appear_when_they_tell_something() -> None:
    """What the question said already, and what no row has, is no column."""
    same = compose(parts(understanding=understanding(regions=("us-east-1",)), targets=(instance(1), instance(2))))[-1]
    assert [column.key for column in same.props.columns] == ["name", "identifier", "account", "state"]
    other = (
        instance(1, kind="disk", attributes={"size_gib": 8}),
        instance(2, region="eu-west-1", tags={"env": "prod"}),
    )
    mixed = compose(parts(targets=other))[-1]
    keys = [column.key for column in mixed.props.columns]
    assert keys == ["name", "identifier", "kind", "account", "region", "environment", "size_gib", "state"]


def test_left_out_matches_are_counted_and_named() -> None:
    """`4 of 6 matches`, and which two and why."""
    table = compose(parts(targets=(instance(1),), skipped=(instance(2),), skipped_because="stopped already"))[-1]
    assert table.props.subtitle == "1 of 2 matches"
    assert table.props.footer == "Left out: stopped already (web-2)."


def test_the_server_may_choose_the_first_part_but_never_the_plan(stage) -> None:
    """A layout's slots are filled in their order; plan and consent follow whatever it says."""
    slots = (
        Slot(type="table", bind="$counts", title="How many"),
        Slot(type="text", bind="$text"),
        Slot(type="list", bind="$summary"),
    )
    layout = Layout(template="dynamic", components=slots)
    components = compose(parts(targets=stage.resources(), plan=stage.plan(), layout=layout))
    assert [one.type for one in components] == ["table", "text", "list", "execution_plan", "confirmation_card"]
    assert components[0].props.title == "How many"


def test_tables_stop_at_five_thousand_rows_and_say_so() -> None:
    """The rest is in the frame."""
    table = compose(parts(understanding=understanding("list"), targets=tuple(instance(n) for n in range(5_001))))[-1]
    assert (len(table.data.rows), table.props.total) == (5_000, 5_001)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, "just now"), (45, "45 s ago"), (240, "4 min ago"), (7_200, "2 h ago"), (200_000, "2 days ago")],
)
def test_ages_read_like_a_person_would_say_them(seconds, said) -> None:
    """In the largest unit that fits."""
    assert age((NOW - timedelta(seconds=seconds)).isoformat(), NOW) == said


def test_costs_are_summed_and_what_nobody_knows_is_said() -> None:
    """A total of what is known, how many are not, and a table with the dearest first."""
    slots = (Slot(type="metric", bind="$costs"), Slot(type="table", bind="$costs", title="Cost by kind and place"))
    layout = Layout(template="cost_breakdown_dashboard", components=slots)
    found = (
        instance(1, attributes={"monthly_cost_usd": 10.25}),
        instance(2, attributes={"monthly_cost_usd": 30}, region="eu-west-1"),
        instance(3, attributes={"monthly_cost_usd": True}, kind="disk"),
    )
    *figures, table = compose(parts(targets=found, layout=layout))
    assert [(one.props.label, one.data.value) for one in figures] == [
        ("USD / month", 40.25),
        ("without a known cost", 1),
    ]
    assert [(row["region"], row["usd"]) for row in table.data.rows] == [("eu-west-1", 30), ("us-east-1", 10.25)]
    [unknown] = compose(parts(targets=(instance(1),), layout=layout))
    assert unknown.data.value == "not known"


def test_a_status_shows_how_many_are_in_which_state() -> None:
    """Figures with trouble marked, and a table by kind."""
    slots = (Slot(type="metric", bind="$states"), Slot(type="table", bind="$states"))
    found = (instance(1), instance(2), instance(3, state="error", kind="disk"))
    layout = Layout(template="status_monitor", components=slots)
    running, broken, table = compose(parts(targets=found, layout=layout))
    assert [(one.props.label, one.data.value, one.props.tone) for one in (running, broken)] == [
        ("running", 2, "ok"), ("error", 1, "bad"),
    ]  # fmt: skip
    assert [(row["kind"], row["state"], row["count"]) for row in table.data.rows] == [
        ("compute instance", "running", 2), ("disk", "error", 1),
    ]  # fmt: skip


def test_a_comparison_counts_what_is_compared() -> None:
    """By what the question named several of; else by kind."""
    layout = Layout(template="dynamic", components=(Slot(type="metric", bind="$counts"),))
    found = (
        instance(1, tags={"env": "dev"}), instance(2, tags={"env": "dev"}, region="eu-west-1"), instance(3, tags={"env": "prod"}),
    )  # fmt: skip
    labels = []
    for filters in ({"environments": ("dev", "prod")}, {"regions": ("us-east-1", "eu-west-1")}, {}):
        shown = compose(parts(understanding=understanding("compare", **filters), targets=found, layout=layout))
        labels.append([(one.props.label, one.data.value) for one in shown])
    assert labels == [
        [("dev", 2), ("prod", 1)], [("us-east-1", 2), ("eu-west-1", 1)], [("compute instance", 3)],
    ]  # fmt: skip


@pytest.mark.parametrize("bind", sorted(FORMS))
def test_the_client_can_fill_every_form_that_may_be_asked_for(bind) -> None:
    """Whatever a layout names is a component of the contract with the asked type."""
    for form in FORMS[bind]:
        layout = Layout(template="dynamic", components=(Slot(type=form, bind=bind),))
        shown = compose(parts(targets=(instance(1, attributes={"monthly_cost_usd": 1}),), layout=layout))
        assert {one.type for one in shown} == {form}
