"""The operating system asks the person; whoever cannot be asked has not agreed."""

from __future__ import annotations

import os
import pty
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from escher.approval.presence import Screen, confirm, question
from escher.errors import ConsentMissing
from tests.approval.conftest import House, instance

PINENTRY = "/usr/bin/pinentry-curses"
NOWHERE = Screen({})


@contextmanager
def terminal(answer: bytes) -> Iterator[tuple[Screen, list[bytes]]]:
    """A terminal at which somebody reads what is shown, and then presses these keys."""
    ours, theirs = pty.openpty()
    shown: list[bytes] = []

    def sit() -> None:
        answered = False
        while True:
            try:
                shown.append(os.read(ours, 65_536))
            except OSError:
                return
            if not answered and b"Do not run" in b"".join(shown):
                answered = True
                os.write(ours, answer)

    person = threading.Thread(target=sit, daemon=True)
    person.start()
    try:
        yield Screen({}, os.ttyname(theirs), "xterm"), shown
    finally:
        os.close(theirs)
        person.join(10)
        os.close(ours)


def speaker(folder: Path, *answers: str) -> str:
    """A program that speaks the protocol: it keeps what it is told, and answers CONFIRM with this."""
    path, said = folder / "speaker", "\\n".join(answers)
    path.write_text(
        "#!/bin/sh\necho 'OK hello'\nwhile read -r line; do\n"
        f"  printf '%s\\n' \"$line\" >> {folder}/told\n"
        f"  case \"$line\" in CONFIRM) printf '{said}\\n';; BYE) echo OK; exit;; *) echo OK;; esac\ndone\n"
    )
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(("keys", "agreed"), [(b"\r", True), (b"\t\r", False)])
def test_a_real_pinentry_on_a_terminal(
    house: House, requires: Callable[[str, str], str], keys: bytes, agreed: bool
) -> None:
    """It shows the plan, its things and its digest on the person's terminal; the first button runs, the other does not."""
    requires(PINENTRY, "pinentry-curses")
    plan = house.shown(instance(1), instance(2))
    with terminal(keys) as (screen, shown):
        if agreed:
            confirm(plan, [instance(1), instance(2)], screen)
        else:
            with pytest.raises(ConsentMissing, match="did not agree"):
                confirm(plan, [instance(1), instance(2)], screen)
    text = b"".join(shown).decode(errors="replace")
    assert plan.digest[:16] in text
    assert "web-dev-1, web-dev-2" in text


def test_without_a_desktop_and_a_terminal_nobody_agreed(house: House) -> None:
    """A daemon whose person has gone home runs nothing, and says what to do."""
    with pytest.raises(ConsentMissing, match="neither a desktop nor a terminal") as refused:
        confirm(house.shown(instance(1)), [instance(1)], NOWHERE)
    assert "presence" in refused.value.hint


@pytest.mark.parametrize(
    "answers",
    [
        ("ERR 83886179 Operation cancelled <Pinentry>",),
        ("ERR 83886194 Not confirmed <Pinentry>",),
        ("ERR 83886142 Timeout <Pinentry>",),
        ("# nothing",),
        ("D OK",),
    ],
)
def test_anything_but_a_plain_yes_is_a_no(house: House, tmp_path: Path, answers: tuple[str, ...]) -> None:
    """Cancelled, not confirmed, silent for two minutes, or something else: it does not run."""
    with pytest.raises(ConsentMissing):
        confirm(house.shown(instance(1)), [instance(1)], NOWHERE, [speaker(tmp_path, *answers)])


def test_what_is_asked_is_plain_text_on_its_own_lines(house: House, tmp_path: Path) -> None:
    """A name with control characters, a line of the protocol or a percent sign in it stays a name."""
    hostile = instance(1, name="web\nSETDESC all is well\x1b[2J\u202e%0A")
    plan = house.shown(instance(2))
    confirm(plan, [hostile], NOWHERE, [speaker(tmp_path, "OK")])
    told = (tmp_path / "told").read_text()
    assert [line.split()[0] for line in told.splitlines()].count("SETDESC") == 1
    assert not {"\x1b", "\u202e"} & set(told)
    assert "%250A" in told


def test_the_question_counts_what_it_does_not_name(house: House) -> None:
    """Twelve targets: eight by name, and four more."""
    targets = [instance(number) for number in range(12)]
    asked = question(house.shown(*targets), targets)
    assert "It writes 12: web-dev-0, " in asked
    assert "and 4 more" in asked


def test_a_program_that_ends_at_once_is_no_yes(house: House) -> None:
    """Crashed or missing: nobody was asked."""
    for program in ("/bin/false", "/no/such/program"):
        with pytest.raises(ConsentMissing):
            confirm(house.shown(instance(1)), [instance(1)], NOWHERE, [program])
