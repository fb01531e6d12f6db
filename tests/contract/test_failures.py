"""What clouds and their tools print when something fails, and of which sort each failure is."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from escher.contract.failures import ErrorKind, classify

SAID = [line.split("\t") for line in Path(__file__).with_name("failures.tsv").read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("kind", "said"), SAID)
def test_a_failure_is_told_by_what_was_printed(kind: str, said: str) -> None:
    """Also at the end of a traceback, after thousands of lines."""
    assert (classify(said), classify("a line\n" * 5_000 + said)) == (kind, kind)


def test_every_sort_has_examples() -> None:
    """None of the sorts is a name alone; time that ran out is one where nothing else was said."""
    assert {kind for kind, _ in SAID} == set(get_args(ErrorKind))
    assert (classify("", timed_out=True), classify(SAID[0][1], timed_out=True)) == ("timeout", "throttled")
