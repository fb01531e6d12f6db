import pytest, asyncio
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.asyncio(loop_scope="session")]
SHOW = "from stage import *\nshown = plan()\nstage = Stage(reply(shown))\nstage.widget"
@pytest.mark.parametrize("state",[False,True])
async def test_reopen(lab, state):
    lab.set("@jupyter-widgets/jupyterlab-manager:plugin", saveState=state)
    notebook = await lab.open([SHOW])
    await notebook.run(0)
    await notebook.output(0).locator(".escher-card").first.wait_for()
    await notebook.save()
    await notebook.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    await notebook.page.reload()
    await asyncio.sleep(9)
    await notebook.page.screenshot(path=f"/tmp/shots/reopen-{state}.png")
    await notebook.page.wait_for_timeout(20000)
    await notebook.page.screenshot(path=f"/tmp/shots/reopen2-{state}.png")
