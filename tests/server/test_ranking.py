"""The ranking arithmetic, and the quality score."""

from __future__ import annotations

from datetime import date
from typing import Any

from escher.contract.playbook import Metadata
from escher.contract.quality import Quality, assess
from escher.contract.ranking import Candidate, points, rank
from escher_server.library.loader import Library

TODAY = date(2026, 12, 31)


def candidate(library: Library, similarity: float = 0.5, quality: int = 80, **fields: Any) -> Candidate:
    stop = library.entries["escher-aws-ec2-stop", "1.0.0"].playbook.metadata
    return Candidate(Metadata.model_validate(stop.model_dump() | fields), similarity, quality)


def test_points_are_those_of_the_specification(library: Library) -> None:
    """Similarity 50, library 50, active 50; then a success rate of a half, 20 runs, fresh, and quality."""
    assert points(candidate(library), TODAY) == 150
    assert points(candidate(library, execution_count=20, success_count=10), TODAY) == 150 + 5 + 2
    assert points(candidate(library, execution_count=900, success_count=900), TODAY) == 150 + 10 + 10
    assert points(candidate(library, updated_at="2026-12-01T00:00:00Z"), TODAY) == 155
    assert points(candidate(library, quality=90), TODAY) == 170
    assert points(candidate(library, status="testing"), TODAY) == 105
    assert points(candidate(library, author="user_custom"), TODAY) == 200


def test_the_users_own_comes_before_the_librarys(library: Library) -> None:
    """Even when it is a little less similar."""
    own = candidate(library, 0.5, playbook_id="user-stop", author="user_custom")
    assert rank([candidate(library, 0.9), own], TODAY)[0] is own


def test_of_a_playbook_the_best_version_stands(library: Library) -> None:
    """Active before deprecated, then the higher version, by number and not by letter."""
    old = candidate(library, 0.9, version="9.0.0", status="deprecated")
    newer, newest = candidate(library, version="1.9.0"), candidate(library, version="1.10.0")
    assert rank([old, newest, newer], TODAY) == (newest,)


def test_equal_points_are_ordered_by_id(library: Library) -> None:
    """The order never depends on how the candidates came."""
    one, two = candidate(library, playbook_id="escher-a"), candidate(library, playbook_id="escher-b")
    assert rank([two, one], TODAY) == rank([one, two], TODAY) == (one, two)


def test_quality_says_what_is_missing(library: Library) -> None:
    """A playbook without half of its documentation loses points, and is told for what."""
    entry = library.entries["escher-aws-ec2-stop", "1.0.0"]
    bare = entry.playbook.explain_plan.model_copy(update={"what_happens": (), "success_criteria": ()})
    found = assess(entry.playbook.model_copy(update={"explain_plan": bare}), entry.cases.cases[:1])
    assert found.score == 100 - 10 - 7 - 5
    assert found.improvements == (
        "explain every step",
        "say when it succeeded and how it is undone",
        "give at least 2 cases",
    )


def test_tiers_are_those_of_the_specification() -> None:
    """90 featured, 70 normal, 50 warned, below refused."""
    assert [Quality(score, ()).tier for score in (90, 89, 70, 69, 50, 49)] == [
        "featured",
        "normal",
        "normal",
        "warned",
        "warned",
        "refused",
    ]
