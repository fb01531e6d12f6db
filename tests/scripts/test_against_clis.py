"""Commands made from the declarations of az and gcloud, whole and spoilt: their own parsers judge them as we do."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from escher.contract.vocabulary import Provider
from escher.scripts.reader import Reader
from tests.scripts.cli_samples import as_the_cli_reads, samples

pytestmark = pytest.mark.campaign
# Known to be judged more mildly than by the CLI, which refuses them when they run: a map whose values must be structures,
# and a group of which one must be given, within a group.
_MILDER = ("az policy set-definition create ", "gcloud alpha edge-cloud networking routers add-interface ")


@pytest.mark.parametrize("provider", ["azure", "gcp"])
def test_the_clis_own_parsers_agree(provider: Provider, campaign: Callable[[int], int]) -> None:
    """What is accepted is what the CLI takes, and what is called invalid is what it refuses."""
    lines = samples(provider, campaign(2_000), random.Random(11))
    readings = [Reader().read(line, "bash") for line in lines]
    # What is refused for other reasons (files, other accounts) says nothing of what the CLI would take.
    judged = {
        line: not reading.problems
        for line, reading in zip(lines, readings, strict=True)
        if reading.invalid or not reading.problems
    }
    theirs = dict(zip(lines, as_the_cli_reads(provider, lines), strict=True))
    assert len(judged) > 0.9 * len(theirs) and set(judged.values()) == {True, False}
    assert {line: mine for line, mine in judged.items() if mine != theirs[line] and not line.startswith(_MILDER)} == {}
