"""No cell can approve: functions, magics, programs and made-up messages change nothing (design.md section 7, rule 1)."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.product.conftest import Demo

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("product")]

ASK = """
%load_ext escher
%escher stop every dev instance in us-east-1
plan = _escher.reply.plan
"""
ATTEMPTS = {
    "function": "from escher.session.current import open_session\nopen_session().approve(plan.plan_id, plan.digest)",
    "magic": "get_ipython().run_line_magic('escher', f'approve {plan.plan_id} --digest {plan.digest}')",
    "program": "!{__import__('sys').executable} -m escher.cli approve {plan.plan_id} --digest {plan.digest}",
    "program without environment": (
        "import os, subprocess, sys\n"
        "keep = {k: v for k, v in os.environ.items() if not k.startswith('JPY')}\n"
        "subprocess.run([sys.executable, '-m', 'escher.cli', 'approve', plan.plan_id, '--digest', plan.digest],"
        " env=keep, start_new_session=True)"
    ),
    "made-up message": (
        "_escher.widget._handle_custom_msg({'v': 1, 'type': 'plan.approve', 'id': 'x', 'plan_id': plan.plan_id,"
        " 'digest': plan.digest, 'confirmation': '', 'signature': ''}, [])"
    ),
    "made-up click": (
        "from escher.widgets.consent import FrontEndConsent\n"
        "from escher.session.current import open_session\n"
        "open_session().approve_click(FrontEndConsent(plan.plan_id, plan.digest, '', 'x'))"
    ),
    "thread": (
        "import threading\n"
        "work = threading.Thread(target=lambda: _escher.widget._handle_custom_msg({'v': 1, 'type': 'plan.approve', 'id': 'y',"
        " 'plan_id': plan.plan_id, 'digest': plan.digest, 'confirmation': '', 'signature': ''}, []))\n"
        "work.start(); work.join()"
    ),
}
RUN = """
from escher.session.current import open_session
state = open_session()._parts.approvals.state(plan.plan_id)
try:
    open_session().run(plan.plan_id)
    state = "ran"
except Exception as failure:
    state = f"{state}: {failure.code}"
print("end:", state)
"""


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_cell_that_tries_to_approve_changes_nothing(
    demo: Demo, attempt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernel_name: str
) -> None:
    """Whatever the cell does, the plan stays unapproved and every instance stays as it was."""
    before = demo.instances("us-east-1")
    for name, value in demo.environment.items():
        monkeypatch.setenv(name, value)
    cells = [ASK.strip(), ATTEMPTS[attempt], RUN.strip()]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=90, kernel_name=kernel_name, allow_errors=True).execute(cwd=str(tmp_path))
    printed = "".join(output.get("text", "") for output in notebook.cells[2].outputs)
    assert "end: shown: approval" in printed, notebook.cells
    assert demo.instances("us-east-1") == before


COMMANDS = (
    "accounts list",
    "accounts check",
    "estate",
    "estate --where \"env = 'dev'\"",
    "audit export",
    "context list web-1",
    "understand list the instances in account web-shop",
    "runs",
)


def test_what_commands_show_is_not_saved_with_their_cells(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernel_name: str
) -> None:
    """Tables and texts of every command live in the kernel; the file holds no account, id or name of the estate."""
    for name, value in demo.environment.items():
        monkeypatch.setenv(name, value)
    cells = ["%load_ext escher", *(f"%escher {command}" for command in COMMANDS), "import escher\nescher.estate()"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=90, kernel_name=kernel_name, allow_errors=True).execute(cwd=str(tmp_path))
    saved = nbformat.writes(notebook)
    rows = demo.escher("estate")
    canaries = {row["account_id"] for row in rows} | {row["identifier"] for row in rows if len(row["identifier"]) > 9}
    canaries |= {row["name"] for row in rows if len(row["name"]) > 9}
    assert len(canaries) > 500
    assert [canary for canary in canaries if canary in saved] == []
