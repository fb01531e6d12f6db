"""The estate's view of the store."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from escher.contract.estate import Account, Resource, Scope
from escher.store import transaction
from escher.store.estate import Applied, EstateStore, ScopeResult
from escher.store.vault import Store

Make = Callable[..., Resource]
COMPLETE = Scope("aws", "111111111111", "us-east-1", "aws_ec2_instance", "complete", count=2, scanned_at=5)
ELSEWHERE = replace(COMPLETE, region="eu-west-1")


@pytest.fixture
def estate(store: Store) -> EstateStore:
    """An empty estate."""
    return EstateStore(store)


def test_a_resource_comes_back_as_it_was(estate: EstateStore, resource: Make) -> None:
    """Every field, by natural key and by the provider's id."""
    one = resource(
        native_state="running", zone="us-east-1a", service="ec2", account_name="shop", attributes={"public": None}
    )
    estate.upsert([one])
    assert dict(estate.snapshot().resources) == {one.natural_key: one}
    assert dict(estate.snapshot().by_id) == {one.resource_id: one}


def test_a_complete_scope_deletes_what_is_gone(estate: EstateStore, resource: Make) -> None:
    """What a complete scan no longer sees is deleted, in its own scope only, and the scope is recorded."""
    abroad = resource(9, region="eu-west-1")
    estate.upsert([resource(1), resource(2), abroad])
    assert estate.apply([ScopeResult(COMPLETE, [resource(2), resource(3)])]) == Applied(written=2, deleted=1)
    assert set(estate.snapshot().resources) == {r.natural_key for r in (resource(2), resource(3), abroad)}
    assert estate.scopes() == [COMPLETE]


def test_a_partial_scope_deletes_nothing(estate: EstateStore, resource: Make) -> None:
    """A scope that was not fully seen adds, and takes nothing away."""
    estate.upsert([resource(1)])
    partial = replace(COMPLETE, status="partial", error="Throttling", missing_permission="ec2:DescribeInstances")
    assert estate.apply([ScopeResult(partial, [resource(2)])]) == Applied(written=1, deleted=0)
    assert len(estate.snapshot().resources) == 2
    assert estate.scopes() == [partial]


def test_a_failed_scan_changes_nothing(estate: EstateStore, resource: Make) -> None:
    """Results are taken over together or not at all."""
    estate.upsert([resource(1)])
    before = estate.snapshot()
    with pytest.raises(AttributeError):
        estate.apply([ScopeResult(COMPLETE, []), None])  # type: ignore[list-item]
    assert estate.snapshot() is before and estate.scopes() == []


def test_a_later_scan_of_a_scope_replaces_the_earlier(estate: EstateStore) -> None:
    """A scope is recorded once."""
    estate.put_scopes([COMPLETE, ELSEWHERE])
    estate.put_scopes([replace(COMPLETE, scanned_at=9)])
    assert estate.scopes() == [replace(COMPLETE, scanned_at=9), ELSEWHERE]


def test_a_vector_stays_while_the_meaning_stays(estate: EstateStore, resource: Make) -> None:
    """A new state or time keeps the vector; a new tag drops it, and the resource is to be embedded again."""
    one, vector = resource(1), os.urandom(1536)
    estate.upsert([one])
    assert estate.without_vectors() == [one]
    estate.set_vectors({one.natural_key: ("hash", vector), "gone": ("hash", vector)})
    estate.upsert([replace(one, state="stopped", last_synced=9)])
    assert estate.without_vectors() == []
    assert dict(estate.snapshot().vectors) == {one.natural_key: vector}
    assert dict(estate.snapshot().text_hashes) == {one.natural_key: "hash"}
    assert estate.snapshot().resources[one.natural_key].state == "stopped"
    estate.upsert([replace(one, tags={"env": "prod"})])
    assert [found.tags for found in estate.without_vectors()] == [{"env": "prod"}]
    assert not estate.snapshot().vectors and not estate.snapshot().text_hashes


def test_a_snapshot_never_changes(estate: EstateStore, resource: Make) -> None:
    """What was taken before a write still shows the estate of before; its mappings cannot be written to."""
    estate.upsert([resource(1)])
    before = estate.snapshot()
    estate.upsert([resource(2)])
    estate.delete([resource(1).natural_key])
    assert set(before.resources) == {resource(1).natural_key}
    assert set(estate.snapshot().resources) == {resource(2).natural_key}
    with pytest.raises(TypeError):
        before.entries["k"] = None  # type: ignore[index]


def test_an_unchanged_estate_costs_next_to_nothing(estate: EstateStore, resource: Make) -> None:
    """The same snapshot object comes back, also after commits elsewhere, in far less than a millisecond."""
    estate.upsert([resource(number) for number in range(2_000)])
    first = estate.snapshot()
    estate.put_account(Account("aws", "1", "one"))
    assert estate.snapshot() is first
    taken: list[float] = []
    for _ in range(200):
        start = time.perf_counter()
        estate.snapshot()
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.001


def test_only_what_changed_is_read_again(estate: EstateStore, resource: Make) -> None:
    """Entries of unchanged resources are the very same objects in the next snapshot."""
    estate.upsert([resource(1), resource(2)])
    before = estate.snapshot().entries
    estate.upsert([resource(2, name="renamed")])
    after = estate.snapshot().entries
    assert after[resource(1).natural_key] is before[resource(1).natural_key]
    assert after[resource(2).natural_key].resource.name == "renamed"


def test_a_follower_survives_forgotten_tombstones(
    store: Store, resource: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that slept while deletions were made and forgotten still comes to the right estate."""
    monkeypatch.setattr(transaction, "TOMBSTONE_COMMITS", 1)
    writer, sleeper = EstateStore(store), EstateStore(store)
    writer.upsert([resource(number) for number in range(5)])
    assert len(sleeper.snapshot().entries) == 5
    for number in range(4):
        writer.delete([resource(number).natural_key])
    assert set(sleeper.snapshot().resources) == set(writer.snapshot().resources) == {resource(4).natural_key}


def test_threads_share_an_estate(estate: EstateStore, resource: Make) -> None:
    """Writers and readers at once: every snapshot is whole, and the last has everything."""
    problems: list[object] = []

    def write(start: int) -> None:
        for number in range(start, start + 20, 2):
            estate.upsert([resource(number), resource(number + 1)])

    def read() -> None:
        for _ in range(100):
            snapshot = estate.snapshot()
            if len(snapshot.resources) % 2 or len(snapshot.by_id) != len(snapshot.resources):
                problems.append(snapshot)

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 100)]
    threads += [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == [] and len(estate.snapshot().resources) == 40


def test_accounts_are_kept_without_secrets(estate: EstateStore) -> None:
    """An account comes back as it was, is replaced by its id, and can be forgotten."""
    chain = Account(
        "aws", "222222222222", "prod", role_arns=("arn:aws:iam::2:role/a",), regions=("us-east-1", "eu-west-1")
    )
    estate.put_account(Account("aws", "111111111111", "dev"))
    estate.put_account(replace(chain, name="old name"))
    estate.put_account(chain)
    assert estate.accounts() == [Account("aws", "111111111111", "dev"), chain]
    estate.remove_account(chain)
    assert [account.name for account in estate.accounts()] == ["dev"]
