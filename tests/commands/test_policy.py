"""`escher policy`, as a person at a terminal uses it, and as a program does."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from escher.commands.command import Invocation, Outcome, commands, parser
from escher.contract.documents import PRINTED
from escher.contract.policy import PolicyAnswer
from escher.errors import ConsentFromCell, InvalidInput, NotFound
from escher.session.session import Session
from tests.commands.conftest import Escher, document
from tests.session.test_own_playbooks import session

__all__ = ["session"]
Do = Callable[..., Outcome]
DENY = """
[[rules]]
name = "never"
effect = "deny"
actions = ["aws ec2 terminate-instances", "aws ec2 stop-instance"]
"""


@pytest.fixture
def do(session: Session) -> Iterator[Do]:
    """`do(words, *answers)`: a command on a session with one instance, `web-dev-1`."""

    def run(words: str, *answers: str) -> Outcome:
        options = parser().parse_args(shlex.split(words))
        typed = iter(answers)
        outcome = commands()["policy"].run(Invocation(options, lambda: session, prompt=lambda question: next(typed)))
        name = " ".join(("policy", options.action or "")).strip()
        TypeAdapter(PRINTED[name]).validate_python(outcome.document)
        return outcome

    yield run


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    """A policy in a file."""

    def write(text: str) -> Path:
        path = tmp_path / "policy.toml"
        path.write_text(text)
        return path

    return write


def answer(outcome: Outcome) -> PolicyAnswer:
    return PolicyAnswer.model_validate(outcome.document)


def test_what_is_shown_can_be_set_again(do: Do, file: Callable[[str], Path]) -> None:
    """Out comes TOML, comments and all; a rule that means nothing is told when it is saved."""
    saved = do(f"policy set {file(DENY)}")
    assert "'aws ec2 stop-instance' is no operation of aws that Escher knows. Did you mean" in str(saved.text)
    shown = str(do("policy show").text)
    assert shown.startswith("# Version 1, saved ")
    assert do(f"policy set {file(shown)}").document["policy"] == saved.document["policy"]
    assert [row["number"] for row in do("policy history").document] == [2, 1]
    assert do("policy").document["number"] == 2


def test_an_older_version_comes_back_as_a_new_one(do: Do, file: Callable[[str], Path]) -> None:
    """History only grows; number 0 is the built-in policy."""
    do(f"policy set {file(DENY)}")
    assert do("policy restore-version 0").document["policy"]["rules"] == []
    assert do("policy restore-version 1").document["number"] == 3
    assert do("policy show --number 2").document["number"] == 2
    with pytest.raises(NotFound):
        do("policy restore-version 9")


@pytest.mark.parametrize(
    ("words", "decision", "says"),
    [
        ("--action 'ec2 terminate-instances' --target web-dev-1", "deny", "the rule 'never' of your policy forbids"),
        (
            "--action 'aws ec2 stop-instances --instance-ids i-1' --target web-dev-1",
            "ask",
            "no rule of your policy allows",
        ),
        ("--action 'ec2 describe-instances'", "allow", "it only reads"),
        ("--action 'az vm delete'", "ask", "it is one to destroy"),
        ("--action 'gcloud compute instances stop' --count 3", "ask", "no rule"),
        ("'stop web-dev-1'", "ask", "no rule of your policy allows"),
    ],
)
def test_a_policy_is_tried_without_running_anything(
    do: Do, file: Callable[[str], Path], words: str, decision: str, says: str
) -> None:
    """On an operation, on a resource that is there or not, on an order in words; with the rule that decides."""
    do(f"policy set {file(DENY)}")
    found = answer(do(f"policy check {words}"))
    assert (found.decision, says in found.because) == (decision, True)
    assert found.rules == (("never",) if decision == "deny" else ())
    assert bool(found.plan_id) == ("web-dev-1'" in words)


def test_a_draft_is_tried_before_it_is_saved(do: Do, file: Callable[[str], Path]) -> None:
    """On a plan, too; what would have to be typed is said, and the policy in force stays."""
    draft = file('type_from = "low"\n[[rules]]\nname = "two"\neffect = "deny"\nmore_than = 1\n')
    plan_id = answer(do("policy check 'stop web-dev-1'")).plan_id
    found = answer(do(f"policy check {plan_id} --file {draft}"))
    assert (found.decision, found.confirmation[0], found.plan_id) == ("ask", "web-dev-1", plan_id)
    two = answer(do(f"policy check --action 'ec2 stop-instances' --target web-dev-1 --count 2 --file {draft}"))
    assert (two.decision, two.rules) == ("deny", ("two",))
    assert do("policy").document["number"] == 0


def test_an_order_that_is_denied_is_said_to_be(do: Do, file: Callable[[str], Path]) -> None:
    """The rule is named where there is not even a plan."""
    do(f"policy set {file(DENY.replace('stop-instance', 'stop-instances'))}")
    found = answer(do("policy check 'stop web-dev-1'"))
    assert (found.decision, found.rules) == ("deny", ("never",))


def test_what_is_protected_is_denied(do: Do, session: Session) -> None:
    """The marks of escher protect count like rules."""
    session.exploring.add_mark("protect", "name:web-*")
    assert answer(do("policy check --action 'ec2 stop-instances' --target web-dev-1")).decision == "deny"


@pytest.mark.parametrize(
    "words",
    [
        "check",
        "check x --action 'ec2 stop-instances'",
        "check --action 'ec2 fly'",
        "check --action ec2",
        "set /no/where",
    ],
)
def test_what_cannot_be_checked_is_said(do: Do, words: str) -> None:
    """With the next move."""
    with pytest.raises(InvalidInput) as wrong:
        do(f"policy {words}")
    assert wrong.value.hint


def test_editing_goes_on_until_it_is_a_policy(
    do: Do, file: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The editor gets the policy in a private file in memory; a mistake is shown, and the text is not lost."""
    seen = tmp_path / "seen"
    program = tmp_path / "editor.py"
    program.write_text(
        "import os, stat, sys, pathlib\n"
        f"seen = pathlib.Path({str(seen)!r}); path = pathlib.Path(sys.argv[1])\n"
        "text = path.read_text(); modes = [oct(stat.S_IMODE(p.stat().st_mode)) for p in (path, path.parent)]\n"
        "seen.write_text((seen.read_text() if seen.exists() else '') + f'{path.parent} {modes}\\n')\n"
        "path.write_text('many_target = 2\\n' if 'many_target' not in text else text.replace('many_target ', 'many_targets '))\n"
    )
    monkeypatch.setenv("VISUAL", shlex.join([sys.executable, str(program)]))
    assert do("policy edit", "y").document["policy"]["many_targets"] == 2
    first, second = seen.read_text().splitlines()
    assert first.endswith("['0o600', '0o700']") and second.endswith("['0o600', '0o700']")
    assert not Path(first.split()[0]).exists()


def test_giving_up_changes_nothing(do: Do, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The mistake is what is left."""
    program = tmp_path / "editor.py"
    program.write_text("import sys; open(sys.argv[1], 'w').write('x = 1')")
    monkeypatch.setenv("VISUAL", shlex.join([sys.executable, str(program)]))
    with pytest.raises(InvalidInput, match="x is no field"):
        do("policy edit", "n")
    assert do("policy").document["number"] == 0


@pytest.mark.parametrize("words", ["set {}", "edit", "restore-version 0"])
def test_nothing_that_a_cell_starts_changes_the_policy(
    do: Do, file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    """Neither the magic nor a program started with an exclamation mark."""
    monkeypatch.setenv("JPY_PARENT_PID", str(os.getpid()))
    with pytest.raises(ConsentFromCell):
        do(f"policy {words.format(file(DENY))}")
    assert do("policy").document["number"] == 0


def test_programs_get_one_document(escher: Escher, store: Any, file: Callable[[str], Path]) -> None:
    """In a process of its own; a refusal is JSON, too."""
    assert document(escher("policy", "set", str(file(DENY)), "--json"))["number"] == 1
    refused = escher("policy", "check", "--action", "ec2 fly", "--json")
    assert (refused.returncode, json.loads(refused.stdout)["error"]["code"]) == (2, "invalid_request")
