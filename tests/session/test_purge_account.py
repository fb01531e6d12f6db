"""After the purge of an account nothing of it can be read with the store, and nothing of the other accounts is changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from escher.approval.policy_text import read
from escher.contract.audit import AuditEvent
from escher.contract.context import Digest
from escher.contract.estate import Account, Resource, Scope
from escher.errors import NotFound, StoreTampered
from escher.session.purge.account import AccountPurge
from escher.session.purge.mentions import Mentions
from escher.session.purge.proof import PURPOSE, Notary, is_genuine
from escher.session.wiring import Parts, assemble
from escher.settings import Settings
from escher.store.chat import ChatStore
from escher.store.collections import COLLECTIONS
from escher.store.estate import ScopeResult
from escher.store.records import Record, pack
from escher.store.reports import Report, ReportStore
from escher.store.vault import Store
from tests.fixtures.qdrant_server import qdrant_server

GONE, STAYS = "918273645546", "111111111111"
# In names, ids, tags and attributes of the account that goes, and in whatever speaks of it.
CANARIES = (
    "zephyrine-quartz", "i-0feedfacecafe", "peregrine-otter", "kestrel-dns", "payroll-emea", "tangerine-sso",
    "arn:aws:ec2:us-east-1:918273645546",
)  # fmt: skip
Make = Callable[..., Resource]


@pytest.fixture
def parts(settings: Settings, resource: Make) -> Iterator[Parts]:
    """A store with two accounts, and with every kind of record about both of them."""
    with assemble(settings) as assembled:
        fill(assembled, resource)
        yield assembled


def fill(parts: Parts, make: Make) -> None:
    vector = b"\1" * 384 * 4
    mine = [
        make(
            number, account_id=GONE, name=f"zephyrine-quartz-{number}", identifier=f"i-0feedfacecafe{number:04x}",
            resource_id=f"arn:aws:ec2:us-east-1:{GONE}:instance/i-0feedfacecafe{number:04x}",
            tags={"squad": "peregrine-otter"}, attributes={"dns": "kestrel-dns"},
        )
        for number in range(30)
    ]  # fmt: skip
    others = [make(number) for number in range(40)]
    parts.estate.put_account(Account("aws", GONE, "payroll-emea", profile="tangerine-sso"))
    parts.estate.put_account(Account("aws", STAYS, "shop"))
    for account, resources in ((GONE, mine), (STAYS, others)):
        scope = Scope("aws", account, "us-east-1", "aws_ec2_instance", "complete", len(resources), 1_700_000_000)
        parts.estate.apply([ScopeResult(scope, resources)])
    parts.estate.set_vectors({one.natural_key: ("model:hash", vector) for one in (*mine, *others)})
    _talk(parts, "stop zephyrine-quartz-3", "stop web-3", "all well")
    _operate(parts, mine[0].resource_id, others[0].resource_id)
    _alert(parts, mine[0].natural_key, others[0].natural_key)
    _report(parts)
    parts.record("account_added", GONE)


def _talk(parts: Parts, *turns: str) -> None:
    for number, turn in enumerate(turns):
        ChatStore(parts.store).append(f"talk-{number}", Digest(role="user", content=turn), 1_700_000_000)
    ChatStore(parts.store).append("talk-0", Digest(role="assistant", content="It is stopped."), 1_700_000_001)


def _operate(parts: Parts, *targets: str) -> None:
    with parts.store.transaction() as transaction:
        for number, target in enumerate(targets):
            bodies = {
                "plan": {"record": "plan", "plan": {"steps": [{"targets": [target]}]}},
                "approval": {"record": "approval", "state": "used"},
            }
            for kind, body in bodies.items():
                transaction.put("executed_operations", Record(f"{kind}:plan-{number}", body))
            run = {"record": "run", "plan_id": f"plan-{number}", "result": {"summary": "done"}}
            transaction.put("executed_operations", Record(f"run:run-{number}", run))
            playbook = {"playbook_id": f"p{number}", "description": f"stops {target}"}
            transaction.put("user_playbooks", Record(f"p{number}:1", playbook))


def _alert(parts: Parts, *keys: str) -> None:
    with parts.store.transaction() as transaction:
        for number, key in enumerate(keys):
            alert = {"kind": "alert", "alert_id": f"a{number}", "resources": [key]}
            line = {"kind": "timeline", "alert_id": f"a{number}", "description": "Seen."}
            account = (GONE, STAYS)[number]
            event = {"kind": "event", "account_id": account, "raw": {"detail": key}}
            for name, body in (("alert", alert), ("timeline", line), ("event", event)):
                transaction.put("alerts_events", Record(f"{name}:{number}", body))
        conditions: tuple[tuple[str, dict[str, Any]], ...] = (
            ("both", {"accounts": [GONE, STAYS]}),
            ("one", {"accounts": [GONE]}),
        )
        rules = [{"action": name, "condition": condition, "effect": "deny"} for name, condition in conditions]
        transaction.put(
            "alerts_events", Record("policy:careful", {"kind": "policy", "name": "careful", "rules": rules})
        )
        only = {"kind": "policy", "name": "only", "rules": rules[1:]}
        transaction.put("alerts_events", Record("policy:only", only))


def _report(parts: Parts) -> None:
    reports = ReportStore(parts.store)
    for number, scope in enumerate((STAYS, GONE, STAYS, GONE)):
        body = {"text": "payroll-emea costs" if scope == GONE else "shop costs"}
        reports.add(Report("cost", scope, number, number + 1, 1_700_000_000 + number, body))


def everything(store: Store) -> dict[str, bytes]:
    """Every record of every collection in clear, tombstones too, but the audit trail."""
    changes = (change for name in COLLECTIONS for change in store.changes(name, 1)[0])
    clear = {change.key: pack(change.record) if change.record else change.key.encode() for change in changes}
    records = {record.key: pack(record) for name in COLLECTIONS for record in store.records(name)}
    return {key: frame for key, frame in (clear | records).items() if not key.startswith("audit:")}


def test_no_canary_is_left_in_any_record(parts: Parts, settings: Settings) -> None:
    """After a purge no decrypted record, and no tombstone, holds anything of the account but the audit trail."""
    before = b"".join(everything(parts.store).values())
    assert all(canary.encode() in before for canary in CANARIES)
    proof = AccountPurge.named(parts, "payroll-emea").run()
    with Store.open(settings) as store:
        after = b"".join(everything(store).values())
    assert [canary for canary in (*CANARIES, GONE) if canary.encode() in after] == []
    assert proof["complete"] and sum(proof["found_after"].values()) == 0


def test_the_policy_in_force_stays_in_force(parts: Parts) -> None:
    """Only the rules that are about the account alone go; no older version comes back in its place."""
    texts = (
        "",
        f'''
        [[rules]]
        name = "only there"
        effect = "deny"
        accounts = ["{GONE}"]
        [[rules]]
        name = "in both"
        effect = "deny"
        accounts = ["{GONE}", "{STAYS}"]
        ''',
        f'[[rules]]\nname = "gone"\neffect = "deny"\naccounts = ["{GONE}"]\n[[limits]]\nname = "few"\nat_most = 2',
    )
    for text in texts:
        parts.policies.save_at_terminal(read(text))
    AccountPurge.named(parts, GONE).run()
    newest, middle, _ = parts.policies.history()
    assert (newest.number, newest.policy.rules, newest.policy.limits[0].at_most) == (3, (), 2)
    assert [(rule.name, rule.accounts) for rule in middle.policy.rules] == [("in both", (STAYS,))]


def test_other_accounts_are_untouched(parts: Parts) -> None:
    """What belongs to others is byte for byte what it was; a list that named both names the other alone."""
    before = everything(parts.store)
    proof = AccountPurge.named(parts, GONE).run()
    after = everything(parts.store)
    names = [canary.encode() for canary in (*CANARIES, GONE)]
    tied = {"approval:plan-0", "run:run-0", "timeline:0", "message:talk-0:1", "context:talk-0", "chain:cost"}
    kept = {key: frame for key, frame in before.items() if not any(name in frame for name in names)}
    assert {key: after.get(key) for key in kept.keys() - tied} == {key: kept[key] for key in kept.keys() - tied}
    assert after.keys() - kept.keys() == {"policy:careful"}
    assert proof["others_untouched"]
    policy = parts.store.get("alerts_events", "policy:careful")
    assert policy is not None
    assert [rule["condition"] for rule in policy.body["rules"]] == [{"accounts": [STAYS]}]


def test_counts_are_told_by_collection(parts: Parts) -> None:
    """The proof says how many records were found and removed in each collection, and what stays."""
    purge = AccountPurge.named(parts, GONE)
    preview = purge.preview()
    proof = purge.run()
    expected = {
        "cloud_estate": 30, "chat_history": 3, "executed_operations": 3, "immutable_reports": 2, "alerts_events": 6,
        "user_playbooks": 1,
    }  # fmt: skip
    assert preview["records"] == proof["removed"] == expected
    assert (proof["changed"], proof["audit_entries_kept"]) == (1, 1)
    assert proof["digests_before"]["cloud_estate"]["records"] == 70
    assert proof["digests_after"]["cloud_estate"]["records"] == 40


def test_looking_changes_nothing(parts: Parts) -> None:
    """A preview writes nothing."""
    sequence = parts.store.sequence
    assert AccountPurge.named(parts, GONE).preview()["changed"] == 1
    assert parts.store.sequence == sequence


def test_the_trail_and_the_chains_stay_whole(parts: Parts) -> None:
    """The audit trail has a `purged` entry and verifies; chains of reports go on over the gaps, and over new reports."""
    proof = AccountPurge.named(parts, GONE).run()
    entries = list(parts.ledger.entries())
    assert (entries[-1].event.type, entries[-1].entry) == ("purged", proof["audit_entry"])
    assert entries[-1].event.details["proof_key"] == proof["public_key"]
    assert parts.ledger.verify().status == "ok"
    reports = ReportStore(parts.store)
    reports.add(Report("cost", STAYS, 9, 10, 1_700_000_009, {}))
    assert (reports.verify_chain().ok, reports.verify_chain().reports) == (True, 3)
    assert reports.expire("cost", 2_000_000_000) == 3
    assert reports.verify_chain().ok


def test_old_ciphertext_does_not_open_any_more(parts: Parts, settings: Settings, tmp_path: Path) -> None:
    """Rows kept from a copy of the file are not in the new file, and its keys do not open them: the old ones are gone."""
    old = _rows(_copy(settings, tmp_path))
    proof = AccountPurge.named(parts, GONE).run()
    parts.store.close()
    raw = settings.store_path.read_bytes()
    log = settings.store_path.with_name("escher.db-wal")
    raw += log.read_bytes() if log.exists() else b""
    assert [name for name, rows in old.items() if any(row[-1][:28] in raw for row in rows)] == []
    assert len(proof["data_keys_dropped"]) == len(COLLECTIONS)
    with Store.open(settings) as store:
        for name, rows in old.items():
            for row in rows:
                with pytest.raises((StoreTampered, InvalidTag)):
                    store._sealers[name].open(row)


def test_a_rotation_that_was_under_way_does_not_keep_old_keys(parts: Parts, settings: Settings, tmp_path: Path) -> None:
    """The key that an interrupted rotation had begun with goes too: what was sealed under it before does not open."""
    with pytest.raises(KeyboardInterrupt):
        parts.store.rotate(_crash)
    old = _rows(_copy(settings, tmp_path))["cloud_estate"]
    AccountPurge.named(parts, GONE).run()
    with Store.open(settings) as store:
        for row in old:
            with pytest.raises((StoreTampered, InvalidTag)):
                store._sealers["cloud_estate"].open(row)


def test_an_old_row_put_back_is_refused(parts: Parts, settings: Settings, tmp_path: Path) -> None:
    """Whoever writes an old row into the new file makes it tampered; nothing of the row is read."""
    old = _rows(_copy(settings, tmp_path))["cloud_estate"][0]
    AccountPurge.named(parts, GONE).run()
    parts.close()
    with closing(sqlite3.connect(settings.store_path)) as connection:
        places = ", ".join("?" * len(old))
        connection.execute(f"INSERT OR REPLACE INTO cloud_estate VALUES ({places})", old)
        connection.commit()
    with Store.open(settings) as store, pytest.raises(StoreTampered):
        list(store.records("cloud_estate"))


def _copy(settings: Settings, folder: Path) -> Path:
    copy = folder / "copy.db"
    with closing(sqlite3.connect(settings.store_path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def _rows(path: Path) -> dict[Any, list[tuple[Any, ...]]]:
    columns = "position, row_id, sequence, version, deleted, key_id, sealed"
    with closing(sqlite3.connect(path)) as connection:
        return {name: connection.execute(f"SELECT {columns} FROM {name}").fetchall() for name in COLLECTIONS}


def test_a_proof_is_signed_by_the_store(parts: Parts) -> None:
    """A proof verifies with its own key, which is the store's; any change of it shows."""
    proof = json.loads(json.dumps(AccountPurge.named(parts, GONE).run()))
    assert is_genuine(proof, Notary(parts.store.derive(PURPOSE)).public_key)
    changed = [proof | {"complete": False}, proof | {"removed": {}}, proof | {"public_key": "00" * 32}]
    assert [is_genuine(one) for one in changed] == [False, False, False]


def test_a_purge_that_crashed_is_finished_by_a_second_call(
    parts: Parts, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a crash between the removal and the new keys the same call finishes, and its proof counts what was removed."""
    with monkeypatch.context() as crashing:
        crashing.setattr(Store, "rotate", _crash)
        with pytest.raises(KeyboardInterrupt):
            AccountPurge.named(parts, GONE).run()
    parts.close()
    with assemble(settings) as again:
        proof = AccountPurge.named(again, GONE).run()
        assert proof["removed"]["cloud_estate"] == 30
        assert proof["complete"] and proof["others_untouched"]
        assert len(proof["data_keys_dropped"]) == len(COLLECTIONS)
        assert [entry.event.type for entry in again.ledger.entries()].count("purged") == 1
        with pytest.raises(NotFound):
            AccountPurge.named(again, GONE)


def _crash(*_: object) -> None:
    raise KeyboardInterrupt


def test_an_account_without_records_is_unknown(parts: Parts) -> None:
    """What nothing belongs to cannot be purged."""
    with pytest.raises(NotFound, match="999999999999"):
        AccountPurge.named(parts, "999999999999")


def test_resources_of_a_forgotten_account_can_be_purged(parts: Parts) -> None:
    """An account that was taken off the list before is found by its resources."""
    account = next(one for one in parts.estate.accounts() if one.account_id == GONE)
    parts.estate.remove_account(account)
    assert AccountPurge.named(parts, GONE).run()["removed"]["cloud_estate"] == 30


def test_another_process_follows(parts: Parts, settings: Settings) -> None:
    """A session that is open elsewhere no longer sees the account, though no tombstone tells it so."""
    with assemble(settings) as other:
        assert len(other.estate.snapshot().resources) == 70
        AccountPurge.named(parts, GONE).run()
        assert {one.account_id for one in other.estate.snapshot().resources.values()} == {STAYS}


def test_a_name_that_others_bear_too_is_no_sign(resource: Make) -> None:
    """A word that another account's resource is called as well does not make a text one about this account."""
    mine = [resource(1, name="ledger-api", account_id=GONE), resource(2, name="quartz-7", account_id=GONE)]
    mentions = Mentions(Account("aws", GONE, "payroll-emea"), mine, [resource(3, name="ledger-api")])
    said = ["stop ledger-api", "stop quartz-7", "quartz-77 is slow", "the running instances", f"in {GONE}"]
    assert [text for text in said if mentions.has(text)] == ["stop quartz-7", f"in {GONE}"]


def test_a_project_whose_id_is_a_word(resource: Make) -> None:
    """A project's id that is an everyday word counts as a part of an id, or alone in a field, and not in a sentence."""
    mentions = Mentions(
        Account("gcp", "database", "database"), [resource(1, provider="gcp", account_id="database")], []
    )
    said = [
        "database",
        "gcp:database:eu-west1:x:y",
        "//compute.googleapis.com/projects/database/zones/z",
        "database it",
        "a:bookdatabase:b",
    ]
    assert [mentions.has(text) for text in said] == [True, True, True, False, False]


def test_what_refers_to_it_from_other_accounts_is_counted(parts: Parts, resource: Make) -> None:
    """A resource of another account that names this one stays as it is; the proof counts it."""
    trusting = replace(resource(77), attributes={"trusts": [f"arn:aws:iam::{GONE}:root"]})
    parts.estate.upsert([trusting])
    proof = AccountPurge.named(parts, GONE).run()
    assert proof["references_kept"] == 1
    assert trusting.natural_key in parts.estate.snapshot().resources


def test_events_of_long_ago_leave_no_tombstone(parts: Parts) -> None:
    """Records of the account that were deleted before the purge leave nothing behind either."""
    key = next(key for key, one in parts.estate.snapshot().resources.items() if one.account_id == GONE)
    parts.estate.delete([key])
    AccountPurge.named(parts, GONE).run()
    assert [change for name in COLLECTIONS for change in parts.store.changes(name, 1)[0] if change.record is None] == []


def test_the_audit_trail_names_who_purged(parts: Parts) -> None:
    """The `purged` entry has its actor, its account and its counts."""
    AccountPurge.named(parts, GONE).run()
    event: AuditEvent = [*parts.ledger.entries()][-1].event
    assert event.subject == GONE and event.details["records"]["cloud_estate"] == 30 and event.actor


def test_the_index_on_a_server_is_erased(parts: Parts, settings: Settings, resource: Make) -> None:
    """On a Qdrant server of the user's own the collection goes; one that does not answer is named in the proof."""
    with qdrant_server() as served, assemble(replace(settings, qdrant_url=served.url)) as remote:
        assert remote.index.search("web-1", {}, 1)
        assert len(served.engine.get_collections().collections) == 1
        proof = AccountPurge.named(remote, GONE).run()
        assert served.engine.get_collections().collections == []
        assert not any("Qdrant" in limit for limit in proof["limits"])
    with assemble(replace(settings, qdrant_url="http://127.0.0.1:9")) as remote:
        proof = AccountPurge.named(remote, STAYS).run()
    assert any("Qdrant" in limit for limit in proof["limits"])
