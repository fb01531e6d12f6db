"""A restore into an open store: as the archive says, but for what is never taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, get_args

import pytest

from escher.contract.audit import AuditEvent
from escher.errors import BackupError, BackupUnreadable
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.backup.archive import Archive
from escher.store.backup.restoring import Restored, restore_in_place
from escher.store.collections import CollectionName
from escher.store.mirror import Mirror
from escher.store.records import Record
from escher.store.transaction import Transaction
from escher.store.vault import Store
from tests.store.backup.conftest import Dump, dump, note, put_approval, without_trail

BackUp = Callable[..., Archive]
Restore = Callable[..., Restored]
OPERATIONS = "executed_operations"


@pytest.fixture
def restore(filled: Store, settings: Settings) -> Restore:
    """`restore(archive, **options)` into the open store."""

    def run(archive: Archive, **options: Any) -> Restored:
        master = archive.unlock(settings).master
        options.setdefault("note", note)
        return restore_in_place(filled, archive, master, **options)

    return run


@pytest.fixture
def archive(filled: Store, back_up: BackUp) -> Archive:
    """An archive of the store, in which since then each collection has a record less, one more, and one that changed."""
    made = back_up(filled)
    with filled.transaction() as within:
        for name in get_args(CollectionName):
            gone, other = [one for one in filled.records(name) if not one.key.startswith("audit:")][:2]
            within.retire(name, gone.key, other.key)
            within.insert(name, Record(other.key, {"kind": "other"}, other.vector))
            within.insert(name, Record(f"later:{name}", {"kind": "event"}))
    return made


def _comparable(everything: Dump) -> Dump:
    """What a whole restore makes equal: all but the trail, and but what was done."""
    return {name: records for name, records in without_trail(everything).items() if name != OPERATIONS}


def test_the_store_is_as_the_archive_says(filled: Store, back_up: BackUp, restore: Restore) -> None:
    """Records that were changed, deleted or added since are as they were, in every collection; the result counts them."""
    before, made = dump(filled), back_up(filled)
    with filled.transaction() as within:
        for name in get_args(CollectionName):
            one = next(record for record in filled.records(name) if record.key not in ("audit:1", "approval:done"))
            within.retire(name, one.key)
            within.put(name, Record(f"later:{name}", {"kind": "event"}))
    assert _comparable(dump(filled)) != _comparable(before)
    restored = restore(made)
    assert _comparable(dump(filled)) == _comparable(before)
    assert restored.counts["cloud_estate"].written == restored.counts["cloud_estate"].removed == 1
    assert restored.counts["cloud_estate"].unchanged == len(before["cloud_estate"]) - 1


def test_append_only_records_are_replaced_too(archive: Archive, filled: Store, restore: Restore) -> None:
    """A message or report of the same key that says something else is as it was."""
    restore(archive)
    bodies = [record.body for name in ("chat_history", "immutable_reports") for record in filled.records(name)]
    assert {"kind": "other"} not in bodies and {"kind": "event"} not in bodies


def test_the_trail_only_grows(archive: Archive, filled: Store, restore: Restore) -> None:
    """Entries since the backup stay, the restore is one more, and the whole is in order."""
    ledger = Ledger(filled)
    ledger.append(AuditEvent(type="scan_completed", at="2026-11-24T13:00:00+00:00", actor="ana", subject="s"))
    entries = list(ledger.entries())
    restore(archive)
    after = list(ledger.entries())
    assert after[:-1] == entries
    assert (after[-1].event.type, after[-1].event.subject) == ("restored", archive.path.name)
    assert ledger.verify().status == "ok"


def test_a_used_approval_stays_used(filled: Store, back_up: BackUp, restore: Restore) -> None:
    """An approval that was given at the time of the backup and used since is not good once more."""
    put_approval(filled, "given", "granted")
    made = back_up(filled)
    put_approval(filled, "given", "used")
    restore(made)
    record = filled.get(OPERATIONS, "approval:given")
    assert record is not None and record.body["state"] == "used"


@pytest.mark.parametrize("key", ["preapproval:pre-1", "request:plan-1", "clock:latest"])
def test_no_other_consent_comes_back_either(filled: Store, back_up: BackUp, restore: Restore, key: str) -> None:
    """A pre-approval that was taken back, a request that was answered, and the time are as they are now."""

    def put(value: str) -> None:
        with filled.transaction() as within:
            within.put(OPERATIONS, Record(key, {"record": "x", "value": value}))

    put("old")
    made = back_up(filled)
    put("new")
    restore(made)
    record = filled.get(OPERATIONS, key)
    assert record is not None
    assert record.body["value"] == "new"
    with filled.transaction() as within:
        within.delete(OPERATIONS, key)
    restore(made)
    assert filled.get(OPERATIONS, key) is None


def test_an_unused_approval_does_not_come_back(filled: Store, back_up: BackUp, restore: Restore) -> None:
    """Neither it nor its plan: nobody consents to that again unasked. What was used comes back as used."""
    put_approval(filled, "given", "granted")
    put_approval(filled, "shown", "shown")
    made = back_up(filled)
    with filled.transaction() as within:
        for name in ("given", "shown", "done"):
            within.retire(OPERATIONS, f"plan:{name}", f"approval:{name}")
    restore(made)
    left = dump(filled)[OPERATIONS]
    assert {"plan:done", "approval:done"} <= left.keys()
    assert left["approval:done"][0]["state"] == "used"
    assert left.keys() & {"plan:given", "approval:given", "plan:shown", "approval:shown"} == set()


def test_what_was_done_since_stays_known(filled: Store, back_up: BackUp, restore: Restore) -> None:
    """A run after the backup is not forgotten, and an older form of one does not replace what it became."""
    with filled.transaction() as within:
        within.put(OPERATIONS, Record("run:1", {"record": "run", "status": "running"}))
    made = back_up(filled)
    with filled.transaction() as within:
        within.put(OPERATIONS, Record("run:1", {"record": "run", "status": "failed"}))
        within.put(OPERATIONS, Record("run:2", {"record": "run", "status": "done"}))
    restore(made)
    runs = {key: body["status"] for key, (body, _) in dump(filled)[OPERATIONS].items() if body.get("record") == "run"}
    assert (runs["run:1"], runs["run:2"]) == ("failed", "done")


@pytest.mark.parametrize("name", get_args(CollectionName))
def test_a_single_collection_comes_alone(
    name: CollectionName, archive: Archive, filled: Store, restore: Restore
) -> None:
    """All others stay as they are now."""
    now = without_trail(dump(filled))
    restored = restore(archive, collection=name)
    after = without_trail(dump(filled))
    assert list(restored.counts) == [name]
    assert {other: after[other] for other in after if other != name} == {
        other: now[other] for other in now if other != name
    }
    assert f"later:{name}" not in after[name] or name == OPERATIONS


def test_rules_stay_when_one_collection_comes(filled: Store, back_up: BackUp, restore: Restore) -> None:
    """A policy that was tightened, a setting, and a pre-approval that was withdrawn stay so; all else comes back.

    The policy stays even when everything comes back: nobody consented to the older one again.
    """
    alerts: CollectionName = "alerts_events"
    kinds = ("policy", "setting", "remediation_setting", "alert")
    with filled.transaction() as within:
        within.put(alerts, *(Record(f"{kind}:x", {"kind": kind, "value": "old"}) for kind in kinds))
    made = back_up(filled)
    with filled.transaction() as within:
        within.delete(alerts, "remediation_setting:x")
        within.put(
            alerts, *(Record(f"{kind}:x", {"kind": kind, "value": "new"}) for kind in kinds if "rem" not in kind)
        )
        within.put(alerts, Record("policy:y", {"kind": "policy", "value": "new"}))
    restore(made, collection=alerts)
    values = {key: body.get("value") for key, (body, _) in dump(filled)[alerts].items()}
    assert (values["policy:x"], values["setting:x"], values["policy:y"]) == ("new", "new", "new")
    assert "remediation_setting:x" not in values
    assert values["alert:x"] == "old"
    restore(made)
    values = {key: body.get("value") for key, (body, _) in dump(filled)[alerts].items()}
    assert (values["policy:x"], values["policy:y"], values["setting:x"]) == ("new", "new", "old")


def test_a_purge_under_way_goes_on(filled: Store, back_up: BackUp, restore: Restore) -> None:
    """The mark of an account that is being purged is neither taken back nor brought back."""
    with filled.transaction() as within:
        within.put("alerts_events", Record("purge:aws:1", {"kind": "purge"}))
    made = back_up(filled)
    with filled.transaction() as within:
        within.delete("alerts_events", "purge:aws:1")
        within.put("alerts_events", Record("purge:aws:2", {"kind": "purge"}))
    restore(made)
    assert {key for key in dump(filled)["alerts_events"] if key.startswith("purge:")} == {"purge:aws:2"}


def test_all_or_nothing(archive: Archive, filled: Store, restore: Restore) -> None:
    """When the last step fails, nothing was done."""

    def fail(store: Store, within: Transaction, restored: Restored) -> NoReturn:
        raise BackupError("no", hint="")

    now = dump(filled)
    with pytest.raises(BackupError):
        restore(archive, note=fail)
    assert dump(filled) == now


def test_a_damaged_archive_changes_nothing(archive: Archive, filled: Store, restore: Restore) -> None:
    """It is read through before anything is written."""
    now, data = dump(filled), bytearray(archive.path.read_bytes())
    data[archive.ends - 100] ^= 1
    archive.path.write_bytes(data)
    with pytest.raises(BackupUnreadable):
        restore(archive)
    assert dump(filled) == now


def test_another_stores_backup_is_refused(
    filled: Store, settings: Settings, back_up: BackUp, restore: Restore, tmp_path: Path
) -> None:
    """Its trail and ids are another's; it belongs into a home of its own."""
    with Store.create(Settings(home=tmp_path / "second", passphrase_file=settings.passphrase_file)) as second:
        other = back_up(second, "other")
    with pytest.raises(BackupError) as refused:
        restore(other)
    assert second.store_id in refused.value.message and "ESCHER_HOME" in refused.value.hint


def test_another_past_is_refused(filled: Store, settings: Settings, back_up: BackUp, tmp_path: Path) -> None:
    """A backup of the same store whose trail went another way would take back what is written here."""
    early = settings.store_path.read_bytes()
    Ledger(filled).append(AuditEvent(type="scan_completed", at="2026-11-24T13:00:00+00:00", actor="ana", subject="1"))
    made = back_up(filled)
    filled.close()
    for path in settings.store_path.parent.glob("escher.db-*"):
        path.unlink()
    settings.store_path.write_bytes(early)
    with Store.open(settings) as again:
        now = dump(again)
        with pytest.raises(BackupError) as refused:
            restore_in_place(again, made, made.unlock(settings).master, note=note)
        assert "audit trail" in refused.value.message
        assert dump(again) == now


def test_others_follow(archive: Archive, filled: Store, restore: Restore, settings: Settings) -> None:
    """Another process that has the store open sees what was restored as it sees any commit."""
    with Store.open(settings) as other:
        mirror = Mirror(other, "cloud_estate", lambda record: record.body)
        assert "later:cloud_estate" in mirror.current()
        restore(archive)
        assert mirror.current() == {key: body for key, (body, _) in dump(filled)["cloud_estate"].items()}
        assert "later:cloud_estate" not in mirror.current()
