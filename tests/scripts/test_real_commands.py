"""AWS's own commands: accepted when awscli accepts them, with the same parameters, and fast."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest

from escher.scripts.reader import Reader
from tests.scripts.real_commands import as_awscli_reads, names_file_or_address, real_commands

# Files that the CLI or the shell reads or writes; like any other file they are named in the verdict, which is `unknown`.
FILES = ("writes a file", "is the path of a file to read", "comes from a file")


def read(command: str) -> tuple[str, ...]:
    """What is wrong with a command."""
    return tuple(message for _, message in Reader().read(command, "bash").problems)


def test_nearly_all_of_awss_own_commands_are_accepted() -> None:
    """At least 97 % of those without files and addresses; the rest is not shell, or not a command of today's AWS."""
    results = {command: read(command) for command in real_commands() if not names_file_or_address(command)}
    plain = [
        command
        for command, problems in results.items()
        if "<" in command or not any(words in problem for problem in problems for words in FILES)
    ]
    accepted = [command for command in plain if not results[command]]
    assert len(accepted) >= 0.96 * len(plain)
    assert len(accepted) >= 0.97 * len([command for command in plain if "<" not in command and " \\ " not in command])


def test_commands_with_files_or_addresses_are_unknown() -> None:
    """With the reason, and not as if AWS did not have them."""
    readings = [Reader().read(command, "bash") for command in real_commands() if "file://" in command]
    assert {(reading.effect, reading.invalid) for reading in readings} == {("unknown", False)}


@pytest.mark.campaign
def test_awscli_makes_the_same_calls(campaign: Callable[[int], int]) -> None:
    """Operation and parameters are those that awscli would send."""
    # A list in braces is for the shell, by which the oracle does not go (test_against_bash does).
    left_out = (" wait ", " {")
    accepted = [
        command for command in real_commands() if not read(command) and not any(words in command for words in left_out)
    ]
    chosen = accepted[:: max(1, len(accepted) // campaign(len(accepted)))]
    mine = [Reader().read(command, "bash").operations[0].parameters for command in chosen]
    theirs = [call[2] for call in as_awscli_reads(chosen)]
    different = [
        command
        for command, one, other in zip(chosen, mine, theirs, strict=True)
        if one
        != {name: value for name, value in other.items() if name not in ("PaginationConfig", "InvalidationBatch")}
        and "InvalidationBatch" not in one
    ]
    assert different == []


def test_reading_a_command_is_fast() -> None:
    """Half of them in well under the 25 ms that 95 % of them may take."""
    commands = real_commands()[::4]
    for command in commands:
        read(command)
    times: list[float] = []
    for command in commands:
        start = time.perf_counter()
        read(command)
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < 0.025
