"""The policy in a real browser: read, tried and changed with the keyboard; only the page's own click saves it."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from escher.contract.estate import Account
from escher.session.wiring import create
from escher.settings import Settings
from tests.approval.conftest import instance

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.asyncio(loop_scope="session")]
ON_SCREEN_S = 0.4
NUMBER = "__import__('escher.session.current', fromlist=['x']).open_session().policy.current().number"
FAKE = """
from escher.contract.messages import SavePolicy
message = SavePolicy(id="fake", text="many_targets = 99", based_on=0)
content = message.model_dump(mode="json")
caught = []
for attempt in (
    lambda: _escher.widget._handle_custom_msg(content, []),
    lambda: _escher._book.save("many_targets = 99"),
    lambda: _escher._book.save_click(message),
    lambda: _escher.save(__import__("escher.widgets.consent", fromlist=["x"]).PolicyConsent("many_targets = 99", 0, "fake")),
    lambda: get_ipython().run_line_magic("escher", "policy restore-version 0"),
):
    try:
        attempt()
    except Exception as refusal:
        caught.append(type(refusal).__name__)
"""
CELLS = ("%load_ext escher", "%escher policy", FAKE)
DRAFT = """presence = "os"

[[rules]]
name = "no terminations in production"
effect = "deny"
actions = ["aws ec2 terminate-instances"]
environments = ["prod"]

[[rules]]
name = "stopping is fine"
effect = "allow"
actions = ["aws ec2 stop-instances"]

[[limits]]
name = "a tenth at once"
kind = "compute_instance"
at_most_percent = 10

[[freezes]]
name = "weekend"
days = ["sat", "sun"]
zone = "Europe/Berlin"

[[approvers]]
name = "ana"
public_key = "0000000000000000000000000000000000000000000000000000000000000000"

[[second_person_for]]
effects = ["destroy"]
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def notebook(lab_session, tmp_path_factory: pytest.TempPathFactory):
    """The policy's card, on a store with two instances."""
    home = tmp_path_factory.mktemp("policy")
    secret = home / "passphrase"
    secret.write_text("correct horse battery staple")
    secret.chmod(0o600)
    with create(Settings(home=home, passphrase_file=secret)) as parts:
        parts.estate.upsert([instance(1), instance(2, tags={"env": "prod"}, name="web-prod")])
        parts.estate.put_account(Account(provider="aws", account_id="111122223333", name="web-shop"))
    lab_session.add_kernel("escher-policy", {"ESCHER_HOME": str(home), "ESCHER_PASSPHRASE_FILE": str(secret)})
    opened = await lab_session.open([*CELLS], height=1500, kernel="escher-policy")
    await opened.run(0)
    await opened.run(1)
    await _card(opened).wait_for()
    yield opened
    await lab_session.close_pages()


def _card(notebook) -> Locator:
    return notebook.output(1).get_by_role("region", name="Policy", exact=True)


async def _picture(notebook, tmp_path: Path, name: str) -> None:
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    for theme in ("Dark", "Light"):
        change = f"jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}})"
        await notebook.page.evaluate(change)
        await expect(notebook.page.locator("#jupyterlab-splash")).to_have_count(0)
        await notebook.page.screenshot(path=folder / f"{name}-{theme.lower()}.png")


async def test_no_cell_changes_the_policy(notebook) -> None:
    """Neither a message that it made up, nor the functions, nor the magic."""
    await notebook.run(2)
    assert await notebook.value("caught") == ["ConsentFromCell"] * 5
    assert await notebook.value(NUMBER) == 0


async def test_a_policy_is_written_tried_and_saved_with_the_keyboard(notebook, tmp_path) -> None:
    """Mistakes are named while one types, the act is tried on the draft, and the saved version is in force."""
    card, page = _card(notebook), notebook.page
    await page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    await card.scroll_into_view_if_needed()
    await expect(card).to_contain_text("built in")
    await card.get_by_role("button", name="Edit").focus()
    await page.keyboard.press("Enter")
    area = card.get_by_role("textbox", name="The policy as TOML")
    await expect(area).to_be_focused()
    await page.keyboard.type("a\nb x")
    await expect(area).to_have_value(re.compile(r"^a\nb x"))
    await area.fill(DRAFT.replace("environments", "enviroments"))
    await expect(card.get_by_role("alert")).to_contain_text("did you mean environments?")
    save = card.get_by_role("button", name="Save")
    await expect(save).to_be_disabled()
    await area.fill(DRAFT)
    await expect(save).to_be_enabled()
    await expect(card).to_contain_text("a second person (ana) what destroys")
    await card.get_by_label("Try").fill("ec2 terminate-instances")
    await card.get_by_label("on", exact=True).fill("web-prod")
    await page.keyboard.press("Enter")
    await expect(card.get_by_role("status")).to_contain_text(
        "the rule 'no terminations in production' of your policy forbids"
    )
    assert await notebook.value(NUMBER) == 0
    await _picture(notebook, tmp_path, "policy-editing")
    await save.focus()
    await save.scroll_into_view_if_needed()
    await asyncio.sleep(ON_SCREEN_S)
    await page.keyboard.press("Enter")
    await expect(card).to_contain_text("version 1")
    await expect(area).to_have_count(0)
    assert await notebook.value(NUMBER) == 1
    await _picture(notebook, tmp_path, "policy-saved")
    assert "no terminations" not in await notebook.save()
