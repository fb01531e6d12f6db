"""The magics in a real IPython shell."""

from __future__ import annotations

import ast

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from escher import load_ipython_extension


@pytest.fixture
def shell() -> InteractiveShell:
    """A shell with the extension."""
    made = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    load_ipython_extension(made)
    return made


@pytest.mark.parametrize(
    "line",
    [
        "%escher which buckets are public?", "%escher what's running in us-east-1?", "%escher stop web-1", "%escher estate??",
        "%escher list everything \\\n  in eu-west-1?",
    ],
)  # fmt: skip
def test_a_question_mark_at_the_end_stays_a_question(shell: InteractiveShell, line: str) -> None:
    """IPython's help never takes the line, and every word of it arrives."""
    words = line.removeprefix("%escher ").replace("\\\n", "").split()
    call = ast.parse(shell.transform_cell(line)).body[0]
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    name, text = (ast.literal_eval(argument) for argument in call.value.args)
    assert (name, text.split()) == ("escher", words)


def test_every_such_line_of_a_cell_counts_and_strings_are_left_alone(shell: InteractiveShell) -> None:
    """Two questions in a cell are two; a line in a string is text."""
    cell = 'if True:\n    %escher is it?\ntext = """\n%escher is it?\n"""\n%escher and this?\n'
    changed = shell.transform_cell(cell)
    assert changed.count("run_line_magic('escher'") == 2
    assert '"""\n%escher is it?\n"""' in changed


def test_help_lists_the_commands(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    """`%escher --help` and `%escher scan --help` say what there is."""
    shell.run_cell("%escher --help")
    shell.run_cell("%escher scan --help")
    printed = capsys.readouterr().out
    assert "audit" in printed
    assert "--region" in printed


def test_a_failure_is_a_card_and_not_a_traceback(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    """What went wrong is shown in the page; the cell fails, and what is saved holds only the error's code."""
    done = shell.run_cell("%escher runs")
    printed = capsys.readouterr()
    assert type(done.error_in_exec).__name__ == "NotInitialised"
    assert "Traceback" not in printed.out + printed.err
    assert "escher: not_initialised" in printed.out
