"""The hash chain of the audit trail: how an entry is made and how a trail is checked. Pure: no clock, no store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from escher.contract.audit import GENESIS, AuditEntry, AuditEvent, Verification
from escher.contract.wire import digest


@dataclass(frozen=True, slots=True)
class End:
    """Where a trail must end, or must have passed: its number of entries, and the hash of the last of them."""

    entries: int
    hash: str


def link(event: AuditEvent, end: End) -> AuditEntry:
    """The entry that continues a trail which ends at `end`."""
    unsealed = AuditEntry(entry=end.entries + 1, event=event, previous=end.hash, hash="")
    return unsealed.model_copy(update={"hash": content_hash(unsealed)})


def content_hash(entry: AuditEntry) -> str:
    """The hash that an entry must bear: the SHA-256 of the canonical JSON of all its other fields."""
    return digest(entry.model_dump(mode="json", exclude={"hash"}))


@dataclass(frozen=True, slots=True)
class Link:
    """What the chain looks at in an entry: `content` is the hash that it must bear. Event types need not be known."""

    entry: int
    at: str
    previous: str
    hash: str
    content: str


def link_of(document: Any, content: str | None = None) -> Link | None:
    """The link that an entry's JSON document is, or None when it is no entry. `content` saves hashing it again."""
    match document:
        case {"entry": int(entry), "event": {"at": str(at)}, "previous": str(previous), "hash": str(hash_)}:
            return Link(entry, at, previous, hash_, _hash(document) if content is None else content)
        case _:
            return None


def _hash(document: Mapping[str, Any]) -> str:
    try:
        return digest({name: value for name, value in document.items() if name != "hash"})
    except ValueError:  # numbers or characters that canonical JSON has no form for
        return ""


class Witness(Protocol):
    """Whoever has signed parts of a trail, and looks at every entry as it goes by."""

    @property
    def signed_entries(self) -> int:
        """How many entries are vouched for so far."""
        ...

    def problem(self, entry: Link) -> str:
        """What speaks against the trail up to this entry; empty when nothing does."""
        ...


def verify(
    trail: Iterable[Link | None], end: End | None, anchor: End | None = None, witness: Witness | None = None
) -> Verification:
    """Check entries in their order; None stands for one that cannot be read.

    `end` is what the store says of the trail's end, None when that was altered too. `anchor` is an end that was kept
    outside the store: the trail must have passed it. A trail that was chained anew by somebody without the key passes
    all but the `witness`; its first bad entry is the first that is not vouched for.
    """
    seen, unreadable, coming = End(0, GENESIS), False, iter(trail)
    for link in coming:
        if link is None:
            unreadable = True
            continue
        if not _continues(link, seen):
            return _broken(link, seen, coming, end, witness.signed_entries if witness else 0)
        seen = End(link.entry, link.hash)
        if witness is not None and (problem := witness.problem(link)):
            if _stands_alone(link, coming, end):
                return _replaced(seen, witness.signed_entries)
            return _disowned(witness.signed_entries, link.entry, problem)
        if anchor is not None and seen.entries == anchor.entries and seen.hash != anchor.hash:
            return _tampered(End(seen.entries - 1, link.previous), "is not the one this machine's keychain remembers")
    if anchor is not None and seen.entries < anchor.entries and not unreadable:
        return _truncated(seen, anchor)
    return _at_the_end(seen, end, unreadable=unreadable)


def _at_the_end(seen: End, end: End | None, *, unreadable: bool) -> Verification:
    if end is None:
        message = f"{seen.entries} entries are in order, but the record of where they end was altered."
        return Verification(status="tampered", entries=seen.entries, message=message, head=seen.hash)
    if seen.entries < end.entries:
        return _tampered(seen) if unreadable else _truncated(seen, end)
    if seen != end:
        last_good = End(min(seen.entries - 1, end.entries), seen.hash)
        return _tampered(last_good, "is not the one that was counted as the last")
    return Verification(
        status="ok", entries=seen.entries, message=f"{seen.entries} entries, none altered or missing.", head=seen.hash
    )


def _continues(link: Link, seen: End) -> bool:
    return link.entry == seen.entries + 1 and link.previous == seen.hash and link.hash == link.content


def _broken(link: Link, seen: End, rest: Iterator[Link | None], end: End | None, signed: int) -> Verification:
    """Tell what was done where a trail does not go on, by looking at what comes behind."""
    expected = seen.entries + 1
    if link.entry < expected:
        return _tampered(seen, f"is not there: entry {link.entry} comes again in its place")
    if link.entry > expected:
        later = any(one is not None and one.entry == expected for one in rest)
        return _tampered(seen, f"comes only after entry {link.entry}" if later else "was altered or taken out")
    if link.hash != link.content or seen.entries <= signed or not _is_followed(link, rest, end):
        return _tampered(seen, "was altered")
    return _replaced(seen, signed)


def _is_followed(link: Link, rest: Iterator[Link | None], end: End | None) -> bool:
    """Whether what comes behind an entry speaks for it."""
    follower = next(rest, None)
    return follower.previous == link.hash if follower else end is not None and end.hash == link.hash


def _stands_alone(link: Link, rest: Iterator[Link | None], end: End | None) -> bool:
    """Whether the trail goes on, or ends, with another entry in this one's place."""
    if follower := next(rest, None):
        return follower.previous != link.hash
    return end is not None and end.entries == link.entry and end.hash != link.hash


def _replaced(seen: End, signed: int) -> Verification:
    """The last entry seen bears a right hash of its own, but not the one that the rest of the trail goes on from."""
    what = f"was written anew: it is not the one that entry {seen.entries + 1} follows"
    if seen.entries - signed > 1:
        what += f". No checkpoint vouches for those before it from entry {signed + 1} on"
    return _tampered(End(seen.entries - 1, seen.hash), what)


def _disowned(signed: int, entry: int, problem: str) -> Verification:
    message = f"entries {signed + 1} to {entry} cannot be vouched for: {problem}."
    return Verification(status="tampered", entries=signed, first_bad_entry=signed + 1, message=message)


def _tampered(seen: End, what: str = "was altered or taken out") -> Verification:
    first = seen.entries + 1
    return Verification(
        status="tampered", entries=seen.entries, first_bad_entry=first, message=f"entry {first} {what}.", head=seen.hash
    )


def _truncated(seen: End, end: End) -> Verification:
    return Verification(
        status="truncated",
        entries=seen.entries,
        first_bad_entry=seen.entries + 1,
        message=f"the trail ends at entry {seen.entries}, but {end.entries} were written.",
        head=seen.hash,
    )
