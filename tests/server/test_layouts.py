"""The UI agent: which template an answer gets, what is put together else, and what of a wish may go out."""

from __future__ import annotations

from typing import Any

import pytest

from escher.contract.ui import FORMS, Layout, Slot
from escher.contract.understanding import Understanding
from escher_server.agents import ui
from escher_server.agents.master import understand
from escher_server.composer.dynamic import MOST_COMPONENTS, composed
from escher_server.composer.templates import TEMPLATES
from tests.server.conftest import context

LARGEST = 10_240


def understood(**fields: Any) -> Understanding:
    """What was understood of a question about instances."""
    values = {"class": "query", "action": "list", "kinds": ("compute_instance",), "confidence": 0.95, **fields}
    return Understanding.model_validate(values)


@pytest.mark.parametrize(
    ("prompt", "template"),
    [
        ("list all buckets", "resource_list_view"),
        ("which volumes cost over 100 dollars?", "resource_list_view"),
        ("what do my instances cost?", "cost_breakdown_dashboard"),
        ("show the cost of my databases", "cost_breakdown_dashboard"),
        ("what is the status of my instances?", "status_monitor"),
        ("which instances are running?", "resource_list_view"),
        ("how many instances are there?", "dynamic"),
        ("compare dev and prod instances", "dynamic"),
        ("how do I stop an instance?", "dynamic"),
    ],
)
def test_a_question_gets_the_template_that_fits(prompt: str, template: str) -> None:
    """Read off its words; what no template shows well is put together."""
    asked, _ = understand(context(prompt))
    assert ui.arrange("information", asked, prompt).template == template


@pytest.mark.parametrize(
    ("answer", "template"),
    [
        ("plan", "resource_action_confirmation"),
        ("nothing_fits", "error_display"),
        ("clarification", "error_display"),
    ],
)
def test_what_is_settled_looks_the_same_however_it_was_worded(answer: ui.Answer, template: str) -> None:
    """A plan, a refusal and a question back need no analysis of words, and no confidence."""
    assert ui.arrange(answer, understood(confidence=0.1), "what does it cost, by region?").template == template


def test_below_four_fifths_no_template_is_taken() -> None:
    """A question that was hardly understood, or of many kinds, is shown by its parts."""
    unsure = ui.arrange("information", understood(confidence=0.7))
    mixed = ui.arrange("information", understood(kinds=("compute_instance", "disk", "function")))
    assert (unsure.template, mixed.template) == ("dynamic", "dynamic")
    assert ("metric", "$counts") in [(slot.type, slot.bind) for slot in mixed.components]


def test_groups_are_shown_as_groups_and_one_thing_is_not_counted() -> None:
    """`how many per region` has its places first; a count of a single thing no table of counts."""
    grouped = ui.arrange("information", understood(action="count"), "how many instances per region?")
    alone = ui.arrange("information", understood(action="count", quantity="one"), "how many?")
    assert [slot.bind for slot in grouped.components] == ["$text", "$facts", "$summary", "$counts", "$matches"]
    assert "$counts" not in [slot.bind for slot in alone.components]


def test_every_layout_is_one_that_the_client_can_fill() -> None:
    """Each template's components are forms of what they bind, text first; and small."""
    for slots in TEMPLATES.values():
        assert slots[0].bind == "$text"
        assert all(slot.type in FORMS[slot.bind] for slot in slots)
        assert len(Layout(template="dynamic", components=slots).model_dump_json()) <= LARGEST


WISHES: list[Any] = [
    {}, {"components": None}, {"components": "text"}, {"components": [None, 3, "x", []]},
    {"components": [{"type": "confirmation_card", "bind": "$targets"}, {"type": "execution_plan", "bind": "$text"}]},
    {"components": [{"type": "resource_table", "bind": "$credentials"}, {"type": ["text"], "bind": {"a": 1}}]},
]  # fmt: skip


@pytest.mark.parametrize("wish", WISHES, ids=str)
def test_a_wish_of_nothing_usable_becomes_text_and_a_table(wish: Any) -> None:
    """Never an error, never a plan or a consent."""
    assert [(slot.type, slot.bind) for slot in composed(wish).components] == [
        ("text", "$text"), ("resource_table", "$matches"),
    ]  # fmt: skip


def test_of_a_wish_only_what_can_be_shown_goes_out() -> None:
    """Other properties, second copies, forms that do not fit and long or hidden titles are taken away."""
    wish = {
        "components": [
            {"type": "table", "bind": "$counts", "title": "How many", "rows": [["leak"]], "onclick": "x()"},
            {"type": "table", "bind": "$counts", "title": "Again"},
            {"type": "list", "bind": "$counts"},
            {"type": "markdown", "bind": "$text", "title": "x" * 61},
            {"type": "metric", "bind": "$states", "title": "a\u202eb"},
        ]
    }
    assert composed(wish).components == (
        Slot(type="markdown", bind="$text"),
        Slot(type="table", bind="$counts", title="How many"),
        Slot(type="metric", bind="$states"),
    )


def test_a_wish_for_too_much_is_cut() -> None:
    """However often something is asked for, a reply stays a reply."""
    every = [{"type": form, "bind": bind, "title": "t" * 60} for bind, forms in FORMS.items() for form in sorted(forms)]
    layout = composed({"components": every * 40})
    assert len(layout.components) <= MOST_COMPONENTS
    assert len(layout.model_dump_json()) <= LARGEST
