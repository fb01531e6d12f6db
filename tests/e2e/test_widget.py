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
    notebook = await lab.open([SHOW, GALLERY], height=1500)
    import time as _t
    await notebook.page.evaluate("""() => { const k = jupyterapp.shell.currentWidget.sessionContext.session.kernel; window.__log=[]; k.anyMessage.connect((_, a) => { const m=a.msg; window.__log.push([Math.round(performance.now()), a.direction, m.header.msg_type, JSON.stringify(m.content).slice(0,160), m.header.subshell_id]) }) }""")
    await notebook.run(0)
    view = notebook.output(0).locator(".escher")
    try:
        await view.get_by_role("button", name="Approve and run").wait_for(timeout=9000)
    except Exception:
        await notebook.page.screenshot(path="/tmp/shots/fail.png"); print(await notebook.output(0).evaluate("e => e.outerHTML.slice(0,3000)"))
        for line in await notebook.page.evaluate("window.__log"): print(line)
        print((lab.root.parent/"server.log").read_text()[-3000:])
        raise
    await notebook.page.screenshot(path=_pictures(tmp_path) / f"{theme}.png")
    notebook = await lab.open([GALLERY], height=2300)
    await notebook.run(0)
    view = notebook.output(0).locator(".escher")
    try:
        await view.get_by_text("The end.").wait_for(timeout=15000)
    except Exception:
        await notebook.page.screenshot(path="/tmp/shots/fail.png"); print(await view.evaluate("e => e.outerHTML.slice(0,3000)"))
        raise
    await notebook.page.screenshot(path=_pictures(tmp_path) / f"gallery-{theme}.png")
