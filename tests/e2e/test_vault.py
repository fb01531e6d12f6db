"""The vault in a real browser: what is locked is gone from the page, and comes back only when it is asked again."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.demo,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="session"),
]
CELLS = (
    "%load_ext escher",
    "%escher which buckets are public?",
    "%escher stats",
    "%escher doctor",
    "%escher lock",
    "%escher which volumes are not attached?",
    "%escher unlock",
    "%escher which volumes are not attached?",
)
ASKED, STATS, DOCTOR, LOCK, REFUSED, UNLOCK, AGAIN = range(1, len(CELLS))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def vault(lab_session, make_demo):
    """A notebook on a scanned demo cloud, run up to the doctor."""
    demo = make_demo()
    demo.escher("scan")
    lab_session.add_kernel("escher-vault", demo.environment)
    notebook = await lab_session.open([*CELLS], height=1700, kernel="escher-vault")
    for index in range(LOCK):
        await notebook.run(index, timeout_s=120)
    yield notebook
    await lab_session.close_pages()


async def _picture(notebook, tmp_path, name: str) -> None:
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    for theme in ("Dark", "Light"):
        change = f"jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}})"
        await notebook.page.evaluate(change)
        await expect(notebook.page.locator("#jupyterlab-splash")).to_have_count(0)
        await notebook.page.screenshot(path=folder / f"{name}-{theme.lower()}.png")


async def test_statistics_and_the_doctor_are_shown(vault, tmp_path) -> None:
    """Both commands have their tables in the page."""
    await expect(vault.output(STATS)).to_contain_text("cloud_estate")
    await expect(vault.output(DOCTOR)).to_contain_text("keychain")
    await _picture(vault, tmp_path, "vault")


async def test_locking_blanks_what_was_shown_and_refuses_the_rest(vault, tmp_path) -> None:
    """An answer that was open turns blank, a new question says how to unlock, and unlocking lets one ask again."""
    await expect(vault.output(ASKED).locator(".escher")).to_contain_text(re.compile(r"[a-z]-[a-z]"))
    before = await vault.output(ASKED).locator(".escher").inner_text()
    await vault.run(LOCK, timeout_s=60)
    await expect(vault.output(ASKED).locator(".escher")).to_contain_text("ocked")
    shown = await vault.output(ASKED).locator(".escher").inner_text()
    names = {word for word in before.split() if "-" in word and len(word) > 8}
    assert names and not [name for name in names if name in shown]
    await vault.run(REFUSED, timeout_s=60)
    await expect(vault.output(REFUSED)).to_contain_text("unlock")
    await _picture(vault, tmp_path, "locked")
    await vault.run(UNLOCK, timeout_s=60)
    await vault.run(AGAIN, timeout_s=60)
    await expect(vault.output(AGAIN).locator(".escher")).to_contain_text("vol-")
