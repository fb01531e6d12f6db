"""`%escher scan` in a real browser: live progress by account and service, the summary, and the stop button."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.fixtures.moto_cloud import REGIONS, Refusal, failing
from tests.fixtures.small_estate import FOUND, NAMES, WORDS, another_home, small_estate

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="session"),
]
SCAN = "%escher " + " ".join(WORDS)
SCANNED = re.compile(rf"Scanned: {FOUND} resources in 2 accounts")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """One moto for the tests of this file."""
    with small_estate(tmp_path_factory.mktemp("small")) as estate:
        yield estate


@pytest.fixture
def estate(cloud, lab, tmp_path):
    """It with nothing scanned yet, and a kernel that belongs to it."""
    own = another_home(cloud, tmp_path / "own")
    lab.add_kernel(f"escher-{tmp_path.name}", own.environment)
    return own


async def _open(lab, tmp_path):
    notebook = await lab.open(["%load_ext escher", SCAN, "after = 1"], height=620, kernel=f"escher-{tmp_path.name}")
    await notebook.run(0, timeout_s=60)
    return notebook


async def _picture(notebook, tmp_path, name: str) -> None:
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    for theme, background in (("Dark", "rgb(33, 33, 33)"), ("Light", "rgb(255, 255, 255)")):
        change = f"jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}})"
        await notebook.page.evaluate(change)
        await expect(notebook.page.locator("#jupyterlab-splash")).to_have_count(0)
        await expect(notebook.output(1).locator(".escher-card").first).to_have_css("background-color", background)
        await notebook.page.screenshot(path=folder / f"{name}-{theme.lower()}.png")


async def test_a_scan_shows_its_progress_and_then_its_summary(lab, estate, tmp_path) -> None:
    """While some calls hang each account has a row that says what is still read; at the end all are completed."""
    notebook = await _open(lab, tmp_path)
    denied = failing("ListQueues", Refusal("AccessDenied"), region=REGIONS[0])
    estate.cloud.faults.insert(0, denied)
    try:
        with estate.stalled("DescribeVolumes", region=REGIONS[1]) as go_on:
            await notebook.run(1, wait=False)
            rows = notebook.output(1).locator("tbody tr")
            await expect(rows).to_have_count(len(NAMES), timeout=30_000)
            for name in NAMES.values():
                row = rows.filter(has_text=name)
                await expect(row).to_contain_text("running", timeout=30_000)
                await expect(row).to_contain_text("ec2 3/4", timeout=30_000)
                await expect(row).to_contain_text("5 of 6")
            await expect(notebook.output(1)).to_contain_text("83%")
            await _picture(notebook, tmp_path, "scan-running")
            go_on.set()
            await expect(notebook.output(1)).to_contain_text("Scanned: 10 resources", timeout=60_000)
    finally:
        estate.cloud.faults.remove(denied)
    await expect(rows.filter(has_text="not seen whole")).to_have_count(len(NAMES))
    await expect(notebook.output(1).get_by_text("Grant sqs:ListQueues").first).to_be_visible()
    await _picture(notebook, tmp_path, "scan-ended")


async def test_the_stop_button_cancels_and_keeps_what_was_stored(lab, estate, tmp_path) -> None:
    """The cell ends without an error, says what was kept, and the next run of it reads only the rest."""
    notebook = await _open(lab, tmp_path)
    with estate.stalled("DescribeVolumes"):
        await notebook.run(1, wait=False)
        rows = notebook.output(1).locator("tbody tr")
        await expect(rows.filter(has_text="4 of 6")).to_have_count(len(NAMES), timeout=30_000)
        await notebook.page.get_by_role("button", name="Interrupt the kernel").click()
        await expect(notebook.output(1)).to_contain_text("Scan cancelled: kept 8 resources", timeout=30_000)
        await expect(rows.filter(has_text="cancelled")).to_have_count(len(NAMES))
        await _picture(notebook, tmp_path, "scan-cancelled")
        assert await notebook.page.locator(".jp-OutputArea-output[data-mime-type$='stderr']").count() == 0
    assert len(await _rows(estate)) == 8
    estate.cloud.calls.clear()
    await notebook.run(1, timeout_s=60)
    await expect(notebook.output(1)).to_contain_text("read before", timeout=60_000)
    assert not {"DescribeInstances", "ListQueues"} & {call.operation for call in estate.cloud.calls}
    assert len(await _rows(estate)) == FOUND


async def test_nothing_of_a_scan_is_saved_with_the_notebook(lab, estate, tmp_path) -> None:
    """The file names neither an account nor a region nor a service of the board."""
    notebook = await _open(lab, tmp_path)
    await notebook.run(1, timeout_s=60)
    await expect(notebook.output(1)).to_contain_text(SCANNED, timeout=60_000)
    outputs = json.dumps([cell["outputs"] for cell in json.loads(await notebook.save())["cells"]])
    assert [word for word in (*NAMES, "shop", *REGIONS, "sqs") if word in outputs] == []


async def _rows(estate) -> list[dict[str, object]]:
    """`escher estate` in a process of its own, while the test's loop goes on."""
    command = [sys.executable, "-m", "escher.cli", "estate", "--json"]
    done = await asyncio.to_thread(subprocess.run, command, env=estate.environment, capture_output=True, check=True)
    return json.loads(done.stdout)
