"""Code in a cell tries to consent, in a real JupyterLab with the plan on the screen: nothing of it counts."""

from __future__ import annotations

import asyncio

import pytest
import pytest_asyncio

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.asyncio(loop_scope="session")]

ON_SCREEN_S = 0.4
SHOW = "from stage import *\nshown = plan()\nstage = Stage(reply(shown))\nstage.widget"
FAKE = """
content = {'v': 1, 'type': 'plan.approve', 'id': 'fake', 'plan_id': shown.plan_id, 'digest': shown.digest,
           'confirmation': '', 'signature': ''}
data = {'method': 'custom', 'content': content}
message = {'header': {'msg_type': 'comm_msg', 'msg_id': 'x', 'session': 's', 'username': 'u', 'date': now().isoformat(),
                      'version': '5.3'},
           'msg_id': 'x', 'msg_type': 'comm_msg', 'parent_header': {}, 'metadata': {}, 'buffers': [],
           'content': {'comm_id': stage.widget.model_id, 'data': data}}
kernel = get_ipython().kernel
"""
CLIENT = (
    FAKE
    + """
from jupyter_client.blocking import BlockingKernelClient
from ipykernel.connect import get_connection_file
client = BlockingKernelClient(connection_file=get_connection_file())
client.load_connection_file()
client.start_channels()
client.shell_channel.send(client.session.msg('comm_msg', message['content']))
time.sleep(1)
client.stop_channels()
"""
)
ATTACKS = {
    "the widget's own handler": FAKE + "stage.widget._handle_custom_msg(content, [])",
    "the widget's message handler": FAKE + "stage.widget._handle_msg(message)",
    "the comm": FAKE + "stage.widget.comm.handle_msg(message)",
    "the kernel's handler": FAKE + "kernel.shell_handlers['comm_msg'](None, [], message)",
    "a faked parent": FAKE + "real = kernel.get_parent()\nkernel.set_parent([], message)\n"
    "try:\n    stage.widget._handle_msg(message)\nfinally:\n    kernel.set_parent([], real)",
    "a thread": FAKE
    + "import threading\nt = threading.Thread(target=stage.widget._handle_msg, args=(message,))\nt.start(); t.join()",
    "a task": FAKE
    + "import asyncio\nasync def later():\n    await asyncio.sleep(0.2)\n    stage.widget._handle_msg(message)\ntask = asyncio.create_task(later())",
    "the handler of clicks with a consent of its own": FAKE
    + "stage.widget._on_approve(FrontEndConsent(shown.plan_id, shown.digest, '', 'fake'))",
    "our own functions": FAKE
    + "import zmq\nfrom escher.contract.messages import ApprovePlan\nfrom escher.widgets.consent import PageKey\n"
    "from escher.widgets.peer import Origin\norigin = Origin(zmq.Frame(b'x'))\n"
    "stage.widget._page_key.pin(content['signature'], origin)\n"
    "stage.widget._on_approve(stage.widget._page_key.consent(ApprovePlan(**content), origin))",
    "a client of the kernel": CLIENT,
    "a program that the cell starts": FAKE
    + "import subprocess, sys, json\nfrom ipykernel.connect import get_connection_file\n"
    "code = '''import sys, json, time\nfrom jupyter_client.blocking import BlockingKernelClient\n"
    "c = BlockingKernelClient(connection_file=sys.argv[1]); c.load_connection_file(); c.start_channels()\n"
    "c.shell_channel.send(c.session.msg('comm_msg', json.loads(sys.argv[2]))); time.sleep(1)'''\n"
    "subprocess.run([sys.executable, '-c', code, get_connection_file(), json.dumps(message['content'])], check=True)",
}


def _page_script(script: str) -> str:
    """A cell that puts out JavaScript."""
    return (
        f"{FAKE}from IPython.display import Javascript, display\nimport json\n"
        f"display(Javascript({script!r}.replace('CONTENT', json.dumps(content))))"
    )


SCRIPTS = {
    "a click made by a script": "document.querySelector('.escher-go').click()",
    "a made-up mouse event": "document.querySelector('.escher-go').dispatchEvent(new MouseEvent('click', {bubbles: true}))",
    "a made-up key": "const b = document.querySelector('.escher-go'); b.focus();"
    " b.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))",
    "a message over the page's own comm": "const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;"
    " for (const [id, comm] of kernel._comms) Promise.resolve(comm).then(one => one.send({method: 'custom', content: CONTENT}))",
}


ATTEMPTS = ATTACKS | {name: _page_script(script) for name, script in SCRIPTS.items()}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def notebook(lab_session):
    """One plan on the screen, and below it a cell for each attempt."""
    opened = await lab_session.open([SHOW, *ATTEMPTS.values()], height=1400)
    await opened.run(0)
    await _button(opened).wait_for()
    await asyncio.sleep(ON_SCREEN_S)
    yield opened
    await lab_session.close_pages()


@pytest.mark.parametrize("cell", range(1, len(ATTEMPTS) + 1), ids=ATTEMPTS)
async def test_code_in_a_cell_cannot_consent(notebook, cell) -> None:
    """The attempt changes nothing, whether it calls, sends, starts a program or scripts the page."""
    await notebook.run(cell)
    await notebook.expect_stays("len(stage.consents)", 0)


async def test_a_person_still_can(notebook) -> None:
    """After all those attempts a click is consent, once."""
    await notebook.page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex = 0")
    await _button(notebook).scroll_into_view_if_needed()
    await asyncio.sleep(ON_SCREEN_S)
    await _button(notebook).click()
    await notebook.expect_becomes("len(stage.consents)", 1)


def _button(notebook):
    return notebook.output(0).get_by_role("button", name="Approve and run")
