"""The first notebook in a real browser on a demo cloud: ask, read, approve with a click, watch, prove."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from escher.contract.environments import canonical_environment
from escher.contract.vocabulary import KINDS
from escher.providers.registry import resource_types

pytestmark = [
    pytest.mark.browser,
    pytest.mark.demo,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="session"),
]

FIRST = Path(__file__).parents[2] / "notebooks" / "01_first_question.ipynb"
BUNDLE = Path(__file__).parents[2] / "escher" / "widgets" / "static" / "widget.js"
ORDER = "%escher stop every dev instance in us-east-1"
REGIONS = ("us-east-1", "eu-west-1", "us-west-2")
ON_SCREEN_S = 0.4


def code_cells() -> list[str]:
    """The code of the first notebook."""
    cells = json.loads(FIRST.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def states(demo) -> dict[str, str]:
    """Every instance of the cloud with its state, as boto3 sees it."""
    return {name: state for region in REGIONS for name, state in demo.instances(region).items()}


@pytest.fixture(scope="module")
def demo(make_demo):
    """A scanned demo cloud that these tests may change."""
    cloud = make_demo()
    cloud.escher("scan")
    return cloud


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def first(lab_session, demo):
    """The first notebook, run once from top to bottom, with a busy cell and two attempts to approve below it."""
    lab_session.add_kernel("escher-demo", demo.environment)
    lab_session.set("@jupyter-widgets/jupyterlab-manager:plugin", saveState=True)
    busy = "import time\ntime.sleep(5)\nended = time.time()"
    asked = "plan = ASKED.reply.plan"
    program = "!{__import__('sys').executable} -m escher.cli approve {plan.plan_id} --digest {plan.digest}"
    magic = "get_ipython().run_line_magic('escher', f'approve {plan.plan_id} --digest {plan.digest}')"
    cells = code_cells()
    order = cells.index(ORDER)
    cells[order] = f"{ORDER}\nASKED = _escher"
    notebook = await lab_session.open([*cells, asked, program, magic, busy], height=1500, kernel="escher-demo")
    for index in range(len(cells) + 1):
        await notebook.run(index, timeout_s=120)
    yield notebook, order, len(cells)
    await lab_session.close_pages()


async def test_an_order_shows_what_it_means_and_changes_nothing(first, demo) -> None:
    """The targets are those boto3 finds for the same words, over all accounts; everything still runs."""
    notebook, order, _ = first
    view = notebook.output(order).locator(".escher")
    await view.get_by_role("button", name="Approve and run").wait_for()
    found = {name for name, state in demo.instances("us-east-1", env="dev").items() if state == "running"}
    shown = set(await view.get_by_label("Targets").locator("td.escher-id").all_inner_texts())
    assert shown == found
    assert all(state != "stopping" for state in states(demo).values())


@pytest.mark.parametrize(("theme", "background"), [("Dark", "rgb(33, 33, 33)"), ("Light", "rgb(255, 255, 255)")])
async def test_the_first_notebook_reads_in_both_themes(first, tmp_path, theme, background) -> None:
    """The order's answer follows JupyterLab's theme without being asked again."""
    notebook, order, _ = first
    change = f"jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}})"
    await notebook.page.evaluate(change)
    await notebook.page.evaluate(f"jupyterapp.shell.currentWidget.content.activeCellIndex = {order}")
    await notebook.output(order).locator(".escher").evaluate("view => view.closest('.jp-Cell').scrollIntoView()")
    await expect(notebook.output(order).locator(".escher-card").first).to_have_css("background-color", background)
    await expect(notebook.page.locator("#jupyterlab-splash")).to_have_count(0)
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    await notebook.page.screenshot(path=folder / f"first-notebook-{theme.lower()}.png")


async def test_a_cell_cannot_approve_it(first, demo) -> None:
    """Neither a program started from a cell nor the magic: the cloud stays as it was."""
    notebook, _, after = first
    before = states(demo)
    for attempt in (after + 1, after + 2):
        await notebook.run(attempt, timeout_s=60)
    await asyncio.sleep(1)
    assert states(demo) == before


async def test_a_click_while_a_cell_is_busy_runs_it_and_nothing_else(first, demo, tmp_path) -> None:
    """Exactly the targets are stopped; the result names its audit entry, and the trail verifies."""
    notebook, order, after = first
    before = states(demo)
    targets = {name for name, state in demo.instances("us-east-1", env="dev").items() if state == "running"}
    view = notebook.output(order).locator(".escher")
    await notebook.page.evaluate(f"jupyterapp.shell.currentWidget.content.activeCellIndex = {order}")
    button = view.get_by_role("button", name="Approve and run")
    await button.scroll_into_view_if_needed()
    await asyncio.sleep(ON_SCREEN_S)
    await notebook.run(after + 3, wait=False)
    await button.scroll_into_view_if_needed()
    await asyncio.sleep(ON_SCREEN_S)
    await button.click()
    await expect(view.get_by_text("✓ completed")).to_be_visible(timeout=60_000)
    await expect(view.get_by_text("audit entry").last).to_be_visible()
    changed = {name: state for name, state in states(demo).items() if state != before[name]}
    assert changed == dict.fromkeys(targets, "stopped")
    assert demo.escher("audit", "verify")["status"] == "ok"
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    await notebook.page.screenshot(path=folder / "first-question.png")


async def test_running_everything_again_changes_nothing(first, demo) -> None:
    """`Run all` on the finished notebook asks again, and that is all."""
    notebook, _, _ = first
    before, runs = states(demo), len(demo.escher("runs"))
    await asyncio.wait_for(notebook.page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')"), 180)
    await asyncio.sleep(2)
    assert states(demo) == before
    assert len(demo.escher("runs")) == runs


async def test_the_saved_notebook_holds_nothing_of_the_estate(first, demo) -> None:
    """With widget state saved, the file has none of the cloud's account numbers, ids, ARNs, names and tag values."""
    notebook, _, _ = first
    text = await notebook.save()
    assert "widget-state+json" in text
    rows = demo.escher("estate")
    # Columns and kinds are the product's own words, whatever an owner may be called.
    words = [*KINDS, *(name for declared in resource_types().values() for name in (declared.name, *declared.fields))]
    written = "\n".join([*code_cells(), BUNDLE.read_text("utf-8"), *words])
    canaries = {account["account_id"] for account in demo.accounts}
    for row in rows:
        canaries |= {row["resource_id"], row["identifier"], row["name"], *row["tags"].values()}
    canaries = {one for one in canaries if len(one) >= 6 and one not in written and not canonical_environment(one)}
    assert len(canaries) > 500
    assert [canary for canary in canaries if canary in text] == []
