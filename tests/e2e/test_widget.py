"""The widget in a real JupyterLab and a real Chromium, showing a reply that was put together by hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.asyncio(loop_scope="session")]

SHOW = "from stage import *\nshown = plan()\nstage = Stage(reply(shown))\nstage.widget"
GALLERY = "from stage import *\nstage = Stage(gallery())\nstage.widget"


def _pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_look(lab, tmp_path, theme) -> None:
    """look"""
    lab.set("@jupyterlab/apputils-extension:themes", theme="JupyterLab Dark" if theme == "dark" else "JupyterLab Light")
    notebook = await lab.open(
        [
            SHOW,
            "stage.run(shown)\nthread = stage.stream('r1', 100, 1)",
            "s2=Stage(reply(plan(destroys=True)))\ns2.widget",
        ],
        height=2800,
    )
    await notebook.run(0)
    view = notebook.output(0).locator(".escher")
    await view.get_by_role("button", name="Approve and run").wait_for()
    await notebook.run(1)
    await notebook.run(2)
    await notebook.page.wait_for_timeout(2000)
    await notebook.output(2).get_by_role("button", name="Explain").click()
    await notebook.page.wait_for_timeout(500)
    await notebook.page.screenshot(path=_pictures(tmp_path) / f"{theme}.png")
