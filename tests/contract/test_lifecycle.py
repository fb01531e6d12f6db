"""The ten states of a playbook and their moves, as the specification's table has them."""

from __future__ import annotations

from itertools import pairwise, product
from typing import get_args

import pytest

from escher.contract.lifecycle import MOVES, after_run, may_move, must_allow, needs_reason, way_out
from escher.contract.playbook import Status
from escher.errors import InvalidInput

STATES: tuple[Status, ...] = get_args(Status)
# spec/playbooks.md section 7.
TABLE = """
draft: ready deleted
ready: draft active review deleted
review: testing draft ready
testing: active failed review
active: deprecated suspended failed archived
deprecated: active archived
failed: draft testing suspended archived
suspended: active testing archived
archived: deleted
deleted:
"""
ALLOWED = {(line.partition(":")[0], to) for line in TABLE.split("\n") for to in line.partition(":")[2].split()}


def test_every_pair_of_states_is_as_the_table_says() -> None:
    """All hundred pairs: a user's own may move where the table says, the library's only out of use."""
    pairs = set(product(STATES, STATES))
    assert {pair for pair in pairs if may_move("user_custom", *pair)} == ALLOWED
    out_of_use = {(state, to) for state, to in ALLOWED if to in ("deprecated", "suspended", "archived")}
    assert {pair for pair in pairs if may_move("escher_library", *pair)} == out_of_use
    assert set(MOVES) == set(STATES)


def test_a_move_that_is_none_names_those_that_are() -> None:
    """So that the next try can be right."""
    with pytest.raises(InvalidInput, match=r"that is review cannot become active\. It can become draft, ready"):
        must_allow("user_custom", "review", "active")


@pytest.mark.parametrize(
    ("author", "state", "failures", "after"),
    [
        ("user_custom", "active", 2, "active"),
        ("user_custom", "active", 3, "failed"),
        ("user_custom", "testing", 1, "failed"),
        ("escher_library", "active", 3, "suspended"),
        ("user_custom", "deprecated", 3, "deprecated"),
    ],
)
def test_failures_in_a_row_end_the_use(author: str, state: Status, failures: int, after: Status) -> None:
    """Three of them, or one in a test; the library's own is suspended."""
    assert after_run(author, state, failures) == after


def test_the_way_out_is_made_of_moves_that_exist() -> None:
    """From every state but the library's and the last, to `deleted`, never over a state in which it could run."""
    for state in STATES:
        way = (state, *way_out("user_custom", state))
        assert all(may_move("user_custom", before, to) for before, to in pairwise(way))
        assert way[-1] == "deleted" and not {"active", "testing"} & set(way[1:])
        assert way_out("escher_library", state) == ()


def test_a_rejection_says_why() -> None:
    """And so does what takes a playbook out of use for a fault; an approval need not."""
    assert needs_reason("review", "draft") and needs_reason("active", "suspended")
    assert not needs_reason("review", "testing") and not needs_reason("draft", "ready")
