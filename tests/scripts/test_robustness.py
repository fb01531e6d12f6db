"""Any text at all gets a verdict: the reader never fails and never hangs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from escher.contract.vocabulary import Language
from escher.scripts.reader import Reader

BASH = ["aws ", "ec2 ", "stop-instances ", "--instance-ids ", "i-1 ", '"$1" ', "$(", ")", "[[ ", " ]]", "if ", "; then ", "; fi", "for x in ", "; do ", "; done", "\n", "x=", "|", "&", "<", ">", "'", '"', "{", "}", "--cli-input-json ", "'{}' ", "s3 rm s3://", "é", "\x00"]  # fmt: skip
PYTHON = ["import boto3\n", "ec2 = boto3.client('ec2')\n", "ec2.", "stop_instances(", "InstanceIds=", "['i-1']", ")", "\n", "if 1:\n  ", "for x in ", ":\n  ", "sys.argv", "[1:]", "**", "{}", "lambda: ", "x = ", "'", "f'{", "}'", " + ", "[", "]", "é", "\x00"]  # fmt: skip


def texts(pieces: list[str]) -> st.SearchStrategy[str]:
    """Pieces of scripts in any order, and any text."""
    return st.lists(st.sampled_from(pieces), max_size=25).map("".join) | st.text(max_size=60)


@settings(max_examples=150, deadline=None)
@given(script=texts(BASH), arguments=st.lists(st.text(max_size=10), max_size=3))
def test_any_bash_gets_a_verdict(script: str, arguments: list[str]) -> None:
    """Also text that is no bash."""
    assert Reader().read(script, "bash", arguments).effect in ("read", "write", "destroy", "secret", "unknown")


@settings(max_examples=150, deadline=None)
@given(script=texts(PYTHON), arguments=st.lists(st.text(max_size=10), max_size=3))
def test_any_python_gets_a_verdict(script: str, arguments: list[str]) -> None:
    """Also text that is no Python."""
    assert Reader().read(script, "python", arguments).effect in ("read", "write", "destroy", "secret", "unknown")


def test_deep_and_endless_scripts_are_unknown() -> None:
    """Nesting and loops have a limit."""
    loops: list[tuple[Language, str]] = [
        ("bash", "".join(f"for x{n} in 1 2 3 4 5 6 7 8 9; do " for n in range(9)) + ":" + "; done" * 9),
        ("bash", "if true; then " * 3_000 + ":" + "; fi" * 3_000),
        ("python", "x = " + "-" * 5_000 + "1"),
        ("python", "x = " + "(" * 90 + "1" + ")" * 90 + "".join(" + [1]" for _ in range(3_000))),
        ("python", "x = [1 for a in range(9999) for b in range(9999)]"),
        ("python", "x = 'ab'\n" + "x = x + x\n" * 40),
    ]
    assert {Reader().read(script, language).effect for language, script in loops} == {"unknown"}
