"""Saving the policy in a real kernel: the page that shows it signs the text; a consent to a plan is none to a policy."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from escher.contract.messages import ApprovePlan, SavePolicy
from escher.errors import ConsentFromCell
from escher.widgets.consent import FrontEndConsent, PolicyConsent, redeem, redeem_policy
from tests.widgets.conftest import Page, sign

SHOW = """
from escher.widgets.consent import redeem_policy
class Editor:
    def __init__(self): self.saved, self.checked = [], []
    def check(self, message): self.checked.append(message.text)
    def save(self, consent): redeem_policy(consent); self.saved.append((consent.text, consent.based_on))
editor = Editor()
stage.widget.close()
stage.widget = EscherView(View("x"), None, None, on_policy=editor)
"""


@pytest.fixture
def editing(page: Page) -> Page:
    """A page that shows the policy."""
    page.run(SHOW)
    page.fetch()
    return page


def saving(page: Page, **changes: Any) -> dict[str, Any]:
    """A signed policy, then changed."""
    message = SavePolicy(id=uuid.uuid4().hex, text="many_targets = 2", based_on=3)
    signed = message.model_copy(update={"signature": sign(page.key, message.signed_bytes())})
    return signed.model_dump(mode="json") | changes


def test_the_page_that_shows_the_policy_saves_it_once(editing: Page) -> None:
    """The same signed text in a second message is refused."""
    message = saving(editing)
    editing.send(message)
    editing.expect_becomes("editor.saved", [("many_targets = 2", 3)])
    editing.send(message)
    assert "sent before" in editing.wait_for("view.put")["components"][0]["data"]["message"]
    assert editing.value("len(editor.saved)") == 1


@pytest.mark.parametrize("change", [{"text": "many_targets = 9"}, {"based_on": 4}, {"id": "other"}, {"signature": ""}])
def test_a_policy_is_only_what_was_signed(editing: Page, change: dict[str, Any]) -> None:
    """Another text, another version, another message: refused, and said in the view."""
    editing.send(saving(editing, **change))
    assert editing.wait_for("view.put")["components"][0]["data"]["code"] == "consent_from_cell"
    assert editing.value("editor.saved") == []


def test_a_signed_plan_is_no_policy(editing: Page) -> None:
    """Its signature is over other words, whatever its fields are called."""
    plan = ApprovePlan(id="x", plan_id="many_targets = 2", digest="3")
    editing.send(saving(editing, id="x", signature=sign(editing.key, plan.signed_bytes())))
    assert editing.wait_for("view.put")["components"][0]["data"]["code"] == "consent_from_cell"
    assert editing.value("editor.saved") == []


def test_trying_needs_no_signature(editing: Page) -> None:
    """It changes nothing."""
    editing.send({"v": 1, "type": "policy.check", "id": "c", "text": "x = 1", "sample": None})
    editing.expect_becomes("editor.checked", ["x = 1"])


def test_a_made_up_consent_is_worth_nothing() -> None:
    """Neither as what it is, nor as the other kind."""
    for use, consent in ((redeem_policy, PolicyConsent("", 0, "x")), (redeem, FrontEndConsent("p", "d", "", "x"))):
        with pytest.raises(ConsentFromCell):
            use(consent)  # type: ignore[arg-type] each with its own kind
    with pytest.raises(ConsentFromCell):
        redeem_policy(FrontEndConsent("p", "d", "", "x"))  # type: ignore[arg-type] the wrong kind on purpose
