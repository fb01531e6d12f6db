"""What a step prints is masked, bounded and told in batches; however much it prints, little of it is in memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escher.context.patterns import SECRETS
from escher.contract.ui import OutputLine
from escher.execution.output import BATCH, KEEP, HeadAndTail, LineMasker, Masker, Output

MEGABYTE = 1 << 20
# In a process of its own, so that its memory is the engine's alone: a step prints so many megabytes.
PRINTING = """
import resource, sys, tempfile
from pathlib import Path
from tests.execution.world import plan, runner, shell

def most_kib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

with tempfile.TemporaryDirectory() as folder, runner(Path(folder)) as runs:
    seen = 0
    def emit(event):
        global seen
        if event.type == "execution_output":
            seen += sum(len(line.text) + 1 for line in event.lines)
            runs.events.clear()
    runs.run(plan(shell("1.1", "head -c 2000000 /dev/zero | tr '\\\\0' x | fold -w 79")), emit)
    before, seen = most_kib(), 0
    script = f"head -c {sys.argv[1]} /dev/zero | tr '\\\\0' x | fold -w 79; printf '\\\\nlast\\\\n'"
    result = runs.run(plan(shell("1.1", script, timeout_seconds=3600), plan_id="plan-2"), emit)
    print(most_kib() - before, seen, len(result.steps[0].output), result.steps[0].output[-4:])
"""


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_quick_look_misses_no_secret(data: st.DataObject) -> None:
    """Whatever a pattern would hide is hidden, though most patterns are tried on suspicious lines only."""
    pattern = data.draw(st.sampled_from(SECRETS))
    text = data.draw(st.from_regex(pattern))
    plain = text
    for one in SECRETS:
        plain = one.sub("<secret>", plain)
    assert Masker(())(text) == plain


def test_a_key_over_several_lines_is_hidden_whole() -> None:
    """From where it begins to where it ends; what comes after is shown."""
    mask = LineMasker(())
    lines = [
        "-----BEGIN RSA PRIVATE KEY-----",
        "MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn",
        "-----END RSA PRIVATE KEY-----",
        "done",
    ]
    assert [mask(line) for line in lines] == ["<secret>", "<secret>", "<secret>", "done"]


def test_own_credentials_are_hidden_whatever_they_look_like() -> None:
    """Also one that is part of another, and inside a word."""
    mask = Masker(("plain-words", "plain-words-and-more"))
    assert mask("xplain-words-and-morex plain-words") == "x<secret>x <secret>"


def test_lines_are_told_at_once_when_there_are_many() -> None:
    """So they never pile up between two flushes; none is lost and all are in order."""
    told: list[tuple[OutputLine, ...]] = []
    output = Output(told.append)
    for number in range(BATCH * 2 + 1):
        output.add("1.1", "stdout", str(number))
    assert [len(lines) for lines in told] == [BATCH, BATCH]
    output.flush()
    assert [line.text for lines in told for line in lines] == [str(number) for number in range(BATCH * 2 + 1)]


def test_only_head_and_tail_are_kept() -> None:
    """Both within their bound, with the number of lines between them."""
    kept = HeadAndTail()
    for number in range(60_000):
        kept.add(f"line {number:05d} {'x' * 80}")
    text = kept.text()
    assert text.startswith("line 00000") and text.split("\n")[-1].startswith("line 59999")
    assert len(text) < 2 * KEEP and "lines left out" in text


@pytest.mark.campaign
def test_a_gigabyte_of_output_takes_little_memory(campaign: Callable[[int], int]) -> None:
    """The engine's process grows by less than 64 MB, and hands every byte on."""
    size = campaign(1024) * MEGABYTE
    command = [sys.executable, "-c", PRINTING, str(size)]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=3600, check=False
    )
    assert done.returncode == 0, done.stderr
    grown_kib, seen, kept, last = done.stdout.split()
    assert int(grown_kib) < 64 * 1024
    assert int(seen) >= size and int(kept) < 2 * MEGABYTE and last == "last"
