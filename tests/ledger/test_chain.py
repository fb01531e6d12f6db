"""The hash chain alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from escher.contract.audit import GENESIS, AuditEntry, AuditEvent, Verification
from escher.contract.wire import digest
from escher.ledger import chain
from escher.ledger.chain import End, content_hash, link, link_of

EVENT = AuditEvent(type="approved", at="2026-01-02T03:04:05+00:00", actor="ana", subject="plan-1", details={"n": 1})


def _trail(length: int) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for number in range(length):
        end = End(number, entries[-1].hash if entries else GENESIS)
        entries.append(link(EVENT.model_copy(update={"subject": f"plan-{number}"}), end))
    return entries


def _end(trail: Sequence[AuditEntry]) -> End:
    return End(trail[-1].entry, trail[-1].hash) if trail else End(0, GENESIS)


def verify(trail: Iterable[AuditEntry | None], end: End | None, anchor: End | None = None) -> Verification:
    """The trail is given as entries; the chain looks at their links."""
    return chain.verify([entry and link_of(entry.model_dump(mode="json")) for entry in trail], end, anchor)


def _found(verification: Verification) -> tuple[str, int | None]:
    return verification.status, verification.first_bad_entry


def test_an_entry_bears_the_hash_of_the_one_before() -> None:
    """Entries are numbered from 1 and chained; the hash covers all that an entry says."""
    first, second = _trail(2)
    assert (first.entry, first.previous) == (1, GENESIS)
    assert (second.entry, second.previous) == (2, first.hash)
    assert second.hash == content_hash(second)
    assert content_hash(second.model_copy(update={"entry": 3})) != second.hash


@pytest.mark.parametrize("length", [0, 1, 7])
def test_a_whole_trail_is_in_order(length: int) -> None:
    """Every entry follows, and the end is where it should be."""
    trail = _trail(length)
    found = verify(trail, _end(trail), _end(trail[:3]) if length else None)
    assert _found(found) == ("ok", None)
    assert (found.entries, found.head) == (length, _end(trail).hash)


@pytest.mark.parametrize("bad", range(5))
def test_an_altered_entry_is_named(bad: int) -> None:
    """Whatever an entry says is covered, wherever it stands."""
    trail = _trail(5)
    altered = [*trail]
    altered[bad] = trail[bad].model_copy(update={"event": EVENT.model_copy(update={"actor": "eve"})})
    assert _found(verify(altered, _end(trail))) == ("tampered", bad + 1)


@pytest.mark.parametrize("bad", range(5))
def test_an_unreadable_entry_is_named(bad: int) -> None:
    """Also the last, which no entry follows."""
    trail = _trail(5)
    assert _found(verify([*trail[:bad], None, *trail[bad + 1 :]], _end(trail))) == ("tampered", bad + 1)


@pytest.mark.parametrize("gone", range(4))
def test_a_missing_entry_is_named(gone: int) -> None:
    """An entry that was taken out of the middle is the first bad one."""
    trail = _trail(5)
    assert _found(verify([*trail[:gone], *trail[gone + 1 :]], _end(trail))) == ("tampered", gone + 1)


@pytest.mark.parametrize("left", range(5))
def test_a_cut_trail_is_truncated(left: int) -> None:
    """Entries taken from the end are missed by the end that is kept apart."""
    trail = _trail(5)
    assert verify(trail[:left], _end(trail)).status == "truncated"


def test_an_anchor_outside_misses_a_cut() -> None:
    """A trail and its end that were cut together are shorter than the anchor, or another trail."""
    trail = _trail(5)
    assert verify(trail[:3], _end(trail[:3]), _end(trail)).status == "truncated"
    other = link(EVENT, _end(trail[:3]))
    assert _found(verify([*trail[:3], other], _end([other]), _end(trail[:4]))) == ("tampered", 4)


def test_exchanged_entries_are_named() -> None:
    """Two entries in each other's place: the first of them is named."""
    one, two, three, four = _trail(4)
    assert _found(verify([one, three, two, four], _end([four]))) == ("tampered", 2)


@pytest.mark.parametrize("bad", range(5))
def test_an_entry_with_a_new_hash_is_named(bad: int) -> None:
    """Whoever alters an entry and makes its hash anew is found at that entry, not at the one behind it."""
    trail = _trail(5)
    forged = list(trail)
    forged[bad] = link(EVENT.model_copy(update={"actor": "eve"}), End(bad, trail[bad].previous))
    assert _found(verify(forged, _end(trail))) == ("tampered", bad + 1)


def test_what_was_done_is_told_apart() -> None:
    """Altered, taken out, moved, doubled: each has words of its own."""
    one, two, three, four = _trail(4)
    eve = EVENT.model_copy(update={"actor": "eve"})
    told = {
        "entry 2 was altered.": [one, two.model_copy(update={"event": eve}), three, four],
        "entry 2 was altered or taken out.": [one, three, four],
        "entry 2 comes only after entry 3.": [one, three, two, four],
        "entry 3 is not there: entry 2 comes again in its place.": [one, two, two, three, four],
        "entry 3 was written anew: it is not the one that entry 4 follows. No checkpoint vouches for those before it "
        "from entry 1 on.": [one, two, link(eve, _end([one, two])), four],
        "the trail ends at entry 3, but 4 were written.": [one, two, three],
    }
    for message, trail in told.items():
        assert verify(trail, _end([four])).message == message


@pytest.mark.parametrize(
    "document", [None, 7, "entry", [], {}, {"entry": "1"}, {"entry": 1, "event": {}, "previous": "", "hash": ""}]
)
def test_what_is_no_entry_is_no_link(document: object) -> None:
    """Any JSON may be given."""
    assert link_of(document) is None


def test_an_entry_of_a_later_version_is_an_entry() -> None:
    """A trail may hold kinds of events that this version does not know; what counts is what was hashed."""
    document = _trail(1)[0].model_dump(mode="json")
    document["event"]["type"] = "teleported"
    hash_ = digest({name: value for name, value in document.items() if name != "hash"})
    later = link_of(document | {"hash": hash_})
    assert later is not None and chain.verify([later], End(1, hash_)).status == "ok"


def test_a_trail_chained_anew_does_not_end_right() -> None:
    """Somebody who could write entries would still need the end."""
    trail = _trail(3)
    forged = [*trail[:2], link(EVENT, _end(trail[:2]))]
    assert _found(verify(forged, _end(trail))) == ("tampered", 3)
    assert _found(verify([*trail, link(EVENT, _end(trail))], _end(trail))) == ("tampered", 4)


def test_without_an_end_nothing_is_proved() -> None:
    """A trail whose end was altered is tampered, even when its entries are in order."""
    assert verify(_trail(3), None).status == "tampered"
