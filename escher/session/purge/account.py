"""Purge one account: take its records out, make what remains of them unreadable, look again, and prove it.

The records go in one transaction with the `purged` event and a marker. Then new data keys are made and the old ones
dropped, and the file is written anew, so that neither a freed page nor an old page from a copy can be read with this
store. The marker is taken out last: after a crash the same call goes on from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from escher.approval.consent import local_user
from escher.contract.audit import AuditEvent
from escher.contract.estate import Account, Resource
from escher.contract.ports import Progress
from escher.errors import NotFound
from escher.retrieval.kept import forget_images
from escher.session.purge.belongings import ALERTS, MARKER, REPORTS, Belongings, Digest, find
from escher.session.purge.mentions import Mentions
from escher.session.purge.proof import LIMITS, PURPOSE, Notary
from escher.session.purge.remote import erase
from escher.store.collections import CollectionName
from escher.store.operations import OPERATIONS
from escher.store.records import Record
from escher.store.reports import take_out
from escher.store.transaction import Transaction

if TYPE_CHECKING:
    from escher.session.wiring import Parts

_LOG = (
    "Another process was reading: old pages, all under keys that are gone, stay in the log until it closes the store."
)


@dataclass(frozen=True, slots=True)
class AccountPurge:
    """One account that is to go from one store."""

    parts: Parts
    account: Account

    @classmethod
    def named(cls, parts: Parts, word: str) -> AccountPurge:
        """The purge of the account with this id or name: configured, left over, or half purged. Raises NotFound."""
        return cls(parts, _account(parts, word))

    def look(self) -> tuple[Mentions, Belongings]:
        """What the account and its resources are called, and what belongs to it now."""
        mine: list[Resource] = []
        others: list[Resource] = []
        for one in self.parts.estate.snapshot().resources.values():
            same = (one.provider, one.account_id) == (self.account.provider, self.account.account_id)
            (mine if same else others).append(one)
        mentions = Mentions(self.account, mine, others)
        return mentions, find(self.parts.store, self.account, mentions)

    @property
    def words(self) -> tuple[str, ...]:
        """What may be typed to consent: the account's name or its id."""
        return tuple(filter(None, (self.account.name, self.account.account_id)))

    def preview(self) -> dict[str, Any]:
        """What would go, be changed and stay; nothing is written."""
        mentions, found = self.look()
        return {
            "account_id": self.account.account_id,
            "provider": self.account.provider,
            "looked_for": mentions.words,
            "records": found.counts,
            "changed": len(found.changed),
            "audit_entries_kept": found.audit_entries,
            "references_kept": found.references,
        }

    def run(self, progress: Progress = lambda event: None) -> dict[str, Any]:
        """Purge, or finish what an earlier call began; the signed proof. Raises StoreError and what rotation raises.

        `progress` hears `{"type": "purge", "message": …}` before each step.
        """
        store, (mentions, found) = self.parts.store, self.look()
        marker = store.get(ALERTS, self._marker)
        if marker is None or found.total:
            progress({"type": "purge", "message": f"Removing {found.total:,} records."})
            marker = self._remove(mentions, found, marker.body if marker else {})
            self.parts.runs.forget(key.removeprefix("run:") for key in found.gone[OPERATIONS] if key.startswith("run:"))
        progress({"type": "purge", "message": "Encrypting the rest with new keys."})
        # One that an earlier call had begun ends under keys from before the removal, so another one follows.
        while store.rotate(progress).resumed:
            continue
        progress({"type": "purge", "message": "Writing the file anew."})
        doubts = () if store.compact() else (_LOG,)
        _forget_index(self.parts)
        doubts += erase(self.parts.settings, store)
        proof = self._proof(marker.body, mentions, doubts)
        with store.transaction() as transaction:
            transaction.delete(ALERTS, self._marker)
            transaction.forget_deleted()
        return proof

    @property
    def _marker(self) -> str:
        return f"{MARKER}{self.account.provider}:{self.account.account_id}"

    def _remove(self, mentions: Mentions, found: Belongings, before: Mapping[str, Any]) -> Record:
        """Take the records out, and write in the same commit what was taken out: now, and `before` by a call that crashed."""
        store = self.parts.store
        with store.transaction() as transaction:
            for name, keys in found.gone.items():
                if name == REPORTS:
                    take_out(transaction, keys)
                else:
                    transaction.retire(name, *keys)
            for key, body in found.changed.items():
                transaction.put(ALERTS, Record(key, body))
            transaction.forget_deleted()
            event = self._event(found)
            progress = {
                "purged_at": event.at,
                "audit_entry": self.parts.ledger.append(event, within=transaction),
                "sequence_before": before.get("sequence_before", store.sequence),
                "looked_for": before.get("looked_for", mentions.words),
                "keys": sorted({*before.get("keys", ()), *_keys(transaction)}),
                "digests_before": before.get("digests_before") or _plain(found.before),
            }
            marker = Record(self._marker, self._counted(found, before) | progress)
            transaction.put(ALERTS, marker)
        return marker

    def _counted(self, found: Belongings, before: Mapping[str, Any]) -> dict[str, Any]:
        removed = Counter(before.get("removed", {}))
        removed.update(found.counts)
        return {
            "kind": "purge",
            "purge_of": {"provider": self.account.provider, "account_id": self.account.account_id},
            "removed": dict(removed),
            "changed_keys": sorted({*found.changed, *before.get("changed_keys", ())}),
            "audit_entries_kept": found.audit_entries,
            "references_kept": found.references,
            "kept": _plain(found.kept),
        }

    def _event(self, found: Belongings) -> AuditEvent:
        details = {"records": found.counts, "changed": len(found.changed), "proof_key": self._notary.public_key}
        return AuditEvent(
            type="purged",
            at=datetime.now(UTC).isoformat(),
            actor=local_user(),
            subject=self.account.account_id,
            details=details,
        )

    def _proof(self, marker: Mapping[str, Any], mentions: Mentions, doubts: Sequence[str]) -> dict[str, Any]:
        """Look again, for all that the account was called, and write down what there was and what there is."""
        store = self.parts.store
        after = find(store, self.account, mentions, marker["changed_keys"])
        with store.transaction() as transaction:
            keys = _keys(transaction)
        told = (
            "purged_at", "looked_for", "removed", "digests_before", "sequence_before", "audit_entry",
            "audit_entries_kept", "references_kept",
        )  # fmt: skip
        return self._notary.signed(
            {
                "type": "purge_proof",
                "version": 1,
                "store_id": store.store_id,
                "account": marker["purge_of"],
                "actor": local_user(),
                "proved_at": datetime.now(UTC).isoformat(),
                **{name: marker[name] for name in told},
                "changed": len(marker["changed_keys"]),
                "looked_again_for": mentions.words,
                "found_after": after.counts,
                "complete": after.total == 0,
                "others_untouched": marker["kept"] == _plain(after.kept),
                "digests_after": _plain(after.before),
                "sequence_after": store.sequence,
                "data_keys_dropped": sorted(set(marker["keys"]) - keys),
                "backups_that_still_hold_it": [path.name for path in local_backups(self.parts.settings.snapshots)],
                "limits": [*LIMITS, *doubts],
            }
        )

    @property
    def _notary(self) -> Notary:
        return Notary(self.parts.store.derive(PURPOSE))


def _keys(transaction: Transaction) -> set[int]:
    """The ids of the data keys that are in use."""
    return {state.key_id for state in transaction.root.states.values()}


def local_backups(folder: Path) -> list[Path]:
    """Every backup in the local folder, oldest first."""
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    return sorted(files, key=lambda path: path.stat().st_mtime)


def remove_backups(folder: Path) -> int:
    """Remove every backup in the local folder; how many there were."""
    files = local_backups(folder)
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)


def _forget_index(parts: Parts) -> None:
    """Close the search index of this process and remove its images; the next search builds it from the store."""
    index = parts.__dict__.pop("index", None)
    if index is not None:
        index.close()
    forget_images(parts.store.path)


def _account(parts: Parts, word: str) -> Account:
    for account in parts.estate.accounts():
        if word in (account.name, account.account_id):
            return account
    for one in parts.estate.snapshot().resources.values():
        if word in (one.account_id, one.account_name or None):
            return Account(one.provider, one.account_id, one.account_name)
    for record in parts.store.records(ALERTS):
        if record.key.startswith(MARKER) and record.body["purge_of"]["account_id"] == word:
            return Account(**record.body["purge_of"], name="")
    raise NotFound(f"nothing in the store belongs to an account {word!r}.", hint="See: escher accounts list")


def _plain(digests: Mapping[CollectionName, Digest]) -> dict[str, Any]:
    return {name: asdict(digest) for name, digest in digests.items()}
