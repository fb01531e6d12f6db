"""The widget in a real JupyterLab and a real Chromium, showing a reply that was put together by hand."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.asyncio(loop_scope="session")]

SHOW = "from stage import *\nshown = plan()\nstage = Stage(reply(shown))\nstage.widget"
DESTROY = "from stage import *\nshown = plan(destroys=True)\nstage = Stage(reply(shown))\nstage.widget"
GALLERY = "from stage import *\nstage = Stage(gallery())\nstage.widget"
TABLE = "from stage import *\nstage = Stage(View(DIGEST, [table('t', {rows})]))\nstage.widget"
ON_SCREEN_S = 0.4
CANARIES = ("CANARY-owner", "111111111111", "i-0a41c8e20", "web-dev-1", "batch-dev", "role/operator", "stop-instances")


def pictures(tmp_path: Path) -> Path:
    """Where screenshots go: a folder of the caller's choice, or one that pytest removes."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def shown(lab, cell: str, *more: str, height: int = 1400) -> tuple:
    """A notebook whose first cell shows a view, and that view."""
    notebook = await lab.open([cell, *more], height=height)
    await notebook.run(0)
    view = notebook.output(0).locator(".escher")
    await view.locator(".escher-card").first.wait_for()
    return notebook, view


def approve_button(view: Locator) -> Locator:
    """The button through which consent is given."""
    return view.get_by_role("button", name="Approve and run")


@pytest.mark.parametrize(("theme", "background"), [("Light", "rgb(255, 255, 255)"), ("Dark", "rgb(33, 33, 33)")])
async def test_a_reply_reads_in_the_order_of_the_reference(lab, tmp_path, theme, background) -> None:
    """Sentence, facts, targets, plan, consent, run: one below the other, in the colours of the theme."""
    lab.set("@jupyterlab/apputils-extension:themes", theme=f"JupyterLab {theme}")
    notebook, view = await shown(lab, SHOW, "stage.run(shown)\nstage.stream('r1', 5, 0).join()")
    await notebook.run(1)
    await view.get_by_text("line 5").wait_for()
    parts = (".escher-say", ".escher-facts", "[aria-label=Targets]", ".escher-plan", ".escher-ask", ".escher-log")
    tops = [(await view.locator(part).first.bounding_box())["y"] for part in parts]
    assert tops == sorted(tops)
    colour = "element => getComputedStyle(element).backgroundColor"
    assert await view.locator(".escher-card").first.evaluate(colour) == background
    await notebook.page.screenshot(path=pictures(tmp_path) / f"reply-{theme.lower()}.png")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
async def test_every_component_is_shown_and_a_broken_one_takes_nothing_else_down(lab, tmp_path, theme) -> None:
    """Unknown types, missing data and a failing component each say so; what comes after them is there."""
    lab.set("@jupyterlab/apputils-extension:themes", theme=f"JupyterLab {theme}")
    notebook, view = await shown(lab, GALLERY, height=2400)
    await view.get_by_text("The end.").wait_for()
    for text in ("hologram", "has no component here", "lacks props.columns, data.rows", "could not be shown"):
        await expect(view.get_by_text(text).first).to_be_visible()
    await notebook.page.screenshot(path=pictures(tmp_path) / f"gallery-{theme.lower()}.png")


async def test_nothing_in_a_text_is_markup_or_deceives_the_eye(lab) -> None:
    """Raw HTML, scripts, images and javascript links stay text; hidden and lookalike characters show as code points."""
    _, view = await shown(lab, GALLERY)
    assert await view.locator("script, img, iframe").count() == 0
    links = await view.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert set(links) == {"https://docs.example.com/stop", "https://example.com"}
    assert await view.locator(".escher-escaped").all_inner_texts() == ["U+202E", "U+0430"]


async def test_rows_are_sorted_with_the_keyboard_and_searched(lab) -> None:
    """Enter on a heading sorts by number, again reverses; the search keeps what contains every word."""
    notebook, view = await shown(lab, TABLE.format(rows=12))
    heading = view.get_by_role("button", name="GiB")
    await heading.focus()
    await notebook.page.keyboard.press("Enter")
    await expect(view.get_by_role("columnheader", name="GiB")).to_have_attribute("aria-sort", "ascending")
    figures = [int(text) for text in await view.locator("td.escher-number").all_inner_texts()]
    assert figures == sorted(figures)
    await notebook.page.keyboard.press("Enter")
    assert [int(text) for text in await view.locator("td.escher-number").all_inner_texts()] == figures[::-1]
    await view.get_by_role("searchbox").fill("error VOLUME-1")
    await expect(view.get_by_role("status").first).to_have_text("1 row of 12")


async def test_ten_thousand_rows_are_in_the_page_without_being_in_it(lab) -> None:
    """Only the rows in sight are elements; the last one is reached by scrolling."""
    _, view = await shown(lab, TABLE.format(rows=10_000))
    box = view.get_by_role("region", name="Rows of Volumes")
    assert await view.locator("tbody tr").count() < 100
    await box.evaluate("element => { element.scrollTop = element.scrollHeight; }")
    await expect(view.get_by_text("volume-9999", exact=True)).to_be_visible()


async def test_a_click_is_consent_even_while_a_cell_is_busy(lab) -> None:
    """Approve reaches its handler at once, not when the running cell has ended."""
    notebook, view = await shown(lab, SHOW, "import time\ntime.sleep(6)\nended = time.time()")
    await asyncio.sleep(ON_SCREEN_S)
    await notebook.run(1, wait=False)
    await asyncio.sleep(0.5)
    await approve_button(view).click()
    await notebook.expect_becomes(
        "[[one.plan_id, one.digest == shown.digest] for one in stage.consents]", [["plan-stage", True]]
    )
    assert await notebook.value("ended - stage.times[0] > 3")


async def test_a_double_click_is_one_consent(lab) -> None:
    """After the first click the button waits for the kernel's answer."""
    notebook, view = await shown(lab, SHOW)
    await asyncio.sleep(ON_SCREEN_S)
    await approve_button(view).dblclick()
    await notebook.expect_becomes("len(stage.consents)", 1)
    await notebook.expect_stays("len(stage.consents)", 1)


async def test_a_click_counts_only_after_the_button_was_in_sight(lab) -> None:
    """A button that slips under the pointer cannot be hit: nothing happens within 300 ms of its appearing."""
    notebook, _ = await shown(lab, SHOW, "again = Stage(reply(shown))\nagain.widget")
    waits = notebook.page.evaluate("""() => new Promise(resolve => {
        const watch = new MutationObserver(() => {
            const button = document.querySelectorAll('.escher-go')[1];
            if (button) { watch.disconnect(); const box = button.getBoundingClientRect(); resolve([box.x + 20, box.y + 10]); }
        });
        watch.observe(document.body, {subtree: true, childList: true});
    })""")
    await notebook.run(1, wait=False)
    x, y = await waits
    await notebook.page.mouse.click(x, y)
    await notebook.expect_stays("len(again.consents)", 0)


async def test_a_name_must_be_typed_where_the_plan_asks_for_it(lab) -> None:
    """Approve stays closed until the words are right, and they travel with the consent."""
    notebook, view = await shown(lab, DESTROY)
    await expect(approve_button(view)).to_be_disabled()
    await view.get_by_label("to confirm").fill("us-east-1")
    await asyncio.sleep(ON_SCREEN_S)
    await approve_button(view).click()
    await notebook.expect_becomes("[one.confirmation for one in stage.consents]", ["us-east-1"])


async def test_explain_opens_the_exact_script_and_change_copies_the_question(lab) -> None:
    """Neither runs anything."""
    notebook, view = await shown(lab, SHOW)
    script = view.get_by_role("region", name="Script, bash").first
    await expect(script).to_be_hidden()
    await view.get_by_role("button", name="Explain").click()
    await expect(script).to_contain_text('aws ec2 describe-instances --instance-ids "$@"')
    await view.get_by_role("button", name="Change").click()
    await expect(view.get_by_text("Copied.")).to_be_visible()
    copied = await notebook.page.evaluate("navigator.clipboard.readText()")
    assert copied == "%escher stop every dev instance in us-east-1"
    await notebook.expect_stays("len(stage.consents)", 0)


async def test_cancel_reaches_the_kernel_while_a_cell_is_busy(lab) -> None:
    """The run's id arrives at the handler."""
    notebook, view = await shown(
        lab, SHOW, "stage.run(shown)", "import time\ntime.sleep(3)\nseen = list(stage.cancelled)"
    )
    await notebook.run(1)
    await view.get_by_role("button", name="Cancel").wait_for()
    await notebook.run(2, wait=False)
    await asyncio.sleep(0.5)
    await view.get_by_role("button", name="Cancel").click()
    assert await notebook.value("seen") == ["r1"]


async def test_a_thousand_lines_a_second_arrive_whole(lab) -> None:
    """3 000 lines in three seconds: the last 2 000 are kept without a gap, and the tail is followed."""
    notebook, view = await shown(lab, SHOW, "stage.run(shown)\nstage.stream('r1', 3000, 3).join()")
    begun = time.monotonic()
    await notebook.run(1)
    await expect(view.get_by_text("line 3000", exact=True)).to_be_visible(timeout=3_000)
    assert time.monotonic() - begun < 8
    log = view.get_by_role("log")
    height = await log.evaluate("element => element.scrollHeight")
    assert round((height - 16) / 19) == 2_001
    await log.evaluate("element => { element.scrollTop = 0; }")
    await expect(view.get_by_text("1,000 lines not kept here")).to_be_visible()


@pytest.mark.parametrize("save_state", [False, True])
async def test_a_saved_notebook_holds_the_digest_and_nothing_else(lab, save_state) -> None:
    """No name, id, account, tag or command is in the file, with and without JupyterLab's saving of widget state."""
    lab.set("@jupyter-widgets/jupyterlab-manager:plugin", saveState=save_state)
    notebook, view = await shown(lab, SHOW, "stage.run(shown)\nstage.stream('r1', 5, 0).join()")
    await notebook.run(1)
    await view.get_by_text("line 5").wait_for()
    text = await notebook.save()
    assert ("widget-state+json" in text) is save_state
    assert "operation: stop dev compute instance" in text
    assert [canary for canary in CANARIES if canary in text] == []


async def test_another_page_can_look_but_not_approve(lab) -> None:
    """After a reload the view is shown again from the kernel; consent stays with the page that showed it first."""
    notebook, _ = await shown(lab, SHOW)
    await notebook.save()
    await notebook.page.reload()
    view = notebook.output(0).locator(".escher")
    await approve_button(view).wait_for(timeout=30_000)
    await asyncio.sleep(ON_SCREEN_S)
    await approve_button(view).click()
    await expect(view.get_by_text("was not signed by the page that first showed this plan")).to_be_visible()
    await notebook.expect_stays("len(stage.consents)", 0)


async def test_a_notebook_opened_without_its_kernel_still_says_what_was_answered(lab) -> None:
    """The digest is shown where the view cannot be; while the view is there it is hidden."""
    notebook, view = await shown(lab, SHOW)
    digest = notebook.output(0).locator(".escher-digest")
    await expect(view).to_be_visible()
    await expect(digest).to_be_hidden()
    await notebook.save()
    await notebook.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    await notebook.page.reload()
    await expect(digest).to_be_visible(timeout=30_000)
