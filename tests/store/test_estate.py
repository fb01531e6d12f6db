"""The estate's view of the store."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from escher.contract.estate import Account, Resource, Scope
from escher.errors import InvalidInput
from escher.providers.registry import resource_types
from escher.store import transaction
from escher.store.estate import Applied, EstateStore, ScopeResult
from escher.store.records import Record
from escher.store.vault import Store
from escher.store.withheld import is_secret

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


def test_what_can_be_done_with_it_is_kept_with_it(store: Store, estate: EstateStore, resource: Make) -> None:
    """Constraints and permissions come back; a record of before they existed reads as one without."""
    constraints = {"can_stop": True, "has_backups": False, "multi_az": True}
    one = resource(1, constraints=constraints, iam={"allowed_actions": ["ec2:StopInstances"], "user_context": {}})
    estate.upsert([one])
    assert estate.get(one.natural_key) == one and estate.get("unknown") is None
    record = store.get("cloud_estate", one.natural_key)
    assert record is not None
    old = {name: value for name, value in record.body.items() if name not in ("constraints", "iam", "scope")}
    with store.transaction() as transaction:
        transaction.put("cloud_estate", Record(record.key, old))
    assert estate.get(one.natural_key) == replace(one, constraints={}, iam={})


def test_secret_attributes_are_never_stored(store: Store, estate: EstateStore, resource: Make) -> None:
    """User data, environments of functions, passwords and keys are dropped at this door, at any depth and spelling."""
    canary = "hunter2-canary"
    secret = {
        "user_data": canary,
        "Environment": {"Variables": {"DB": canary}},
        "nested": {"os-profile": {"adminPassword": canary, "computer_name": "web"}},
        "metadata": [{"key": "startup-script", "value": canary}, {"key": "zone", "value": "b"}],
        "containers": [{"image": "web", "environment": [{"name": "DB", "value": canary}]}],
    }
    one = resource(
        1, attributes=secret | {"instance_type": "t3.large"}, constraints={"secret": canary}, iam={"token": canary}
    )
    estate.apply([ScopeResult(COMPLETE, [one])])
    record = store.get("cloud_estate", one.natural_key)
    assert record is not None and canary not in str(record.body)
    assert estate.snapshot().resources[one.natural_key].attributes == {
        "nested": {"os-profile": {"computer_name": "web"}},
        "metadata": [{"key": "zone", "value": "b"}],
        "containers": [{"image": "web"}],
        "instance_type": "t3.large",
    }


def test_no_declared_type_reads_a_secret() -> None:
    """No resource type names a field that would be dropped; a mistake there would go unnoticed."""
    declared = resource_types()
    assert declared
    assert [(type_.name, field) for type_ in declared.values() for field in type_.fields if is_secret(field)] == []


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


def test_a_scope_owns_what_was_seen_in_it_wherever_that_lies(estate: EstateStore, resource: Make) -> None:
    """Buckets of one global listing lie in many regions: they go with their scope, and with no other."""
    listing = replace(COMPLETE, region="global", resource_type="aws_s3_bucket")
    buckets = [
        resource(number, resource_type="aws_s3_bucket", region=region)
        for number, region in enumerate(("us-east-1", "eu-west-1", "eu-west-2"))
    ]
    assert estate.sync(buckets, listing) == Applied(written=3, deleted=0)
    assert estate.in_scope(listing) == {bucket.natural_key: bucket for bucket in buckets}
    assert estate.sync([], replace(COMPLETE, resource_type="aws_s3_bucket")).deleted == 0
    assert estate.sync(buckets[:1], listing) == Applied(written=1, deleted=2)
    assert set(estate.snapshot().resources) == {buckets[0].natural_key}


def test_what_no_scan_has_placed_belongs_to_its_region_and_to_a_global_scope(
    estate: EstateStore, resource: Make
) -> None:
    """Records of an older version say nothing of a scope; the next complete one takes them over, or out."""
    home, abroad = resource(1), resource(2, region="eu-west-1")
    estate.upsert([home, abroad])
    assert set(estate.in_scope(COMPLETE)) == {home.natural_key}
    assert set(estate.in_scope(replace(COMPLETE, region="global"))) == {home.natural_key, abroad.natural_key}
    assert estate.sync([], ELSEWHERE).deleted == 1
    assert set(estate.snapshot().resources) == {home.natural_key}


def test_a_small_scope_of_a_large_estate_costs_little(estate: EstateStore, resource: Make) -> None:
    """What a scope costs depends on its own size: a tenth of a pass over the estate, at most."""
    estate.bulk_upsert(resource(number, region=f"r-{number % 400}") for number in range(20_000))
    one = replace(COMPLETE, region="r-7")
    own = [*estate.in_scope(one).values()]
    estate.sync(own, one)

    def seconds(work: Callable[[], object]) -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    small = min(seconds(lambda: estate.sync(own, one)) for _ in range(5))
    every = [*estate.snapshot().resources.values()]
    assert len(own) == 50 and small < seconds(lambda: estate.upsert(every)) / 10


def test_a_failed_scan_changes_nothing(estate: EstateStore, resource: Make) -> None:
    """Results are taken over together or not at all."""
    estate.upsert([resource(1)])
    before = estate.snapshot()
    with pytest.raises(AttributeError):
        estate.apply([ScopeResult(COMPLETE, []), None])  # type: ignore[list-item] the wrong type is the test
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


def test_an_index_is_told_only_of_what_it_holds(estate: EstateStore, resource: Make) -> None:
    """Seen again unchanged, an entry means the same to an index; with another state, tag, name or vector it does not."""
    one = resource(1)
    estate.upsert([one])

    def meaning() -> object:
        return estate.snapshot().entries[one.natural_key].indexed_as

    first = meaning()
    estate.sync([replace(one, last_synced=9, attributes={"size_gib": 9}, constraints={"can_stop": True})], COMPLETE)
    assert meaning() == first and hash(meaning()) == hash(first)
    for changed in (replace(one, state="stopped"), replace(one, tags={"env": "prod"}), replace(one, name="other")):
        estate.upsert([changed])
        assert meaning() != first
    estate.upsert([one])
    estate.set_vectors({one.natural_key: ("hash", os.urandom(1536))})
    assert meaning() != first


def test_the_estate_is_counted_by_its_fields(estate: EstateStore, resource: Make) -> None:
    """By account, region and type; by any declared filter, together; and all facets at once."""
    estate.bulk_upsert(
        [
            resource(1, service="ec2"),
            resource(2, region="eu-west-1", state="stopped", tags={"env": "production"}),
            resource(3, account_id="222222222222", resource_type="aws_ec2_volume", kind="disk", tags={}),
        ]
    )
    assert [one.identifier for one in estate.by_account("222222222222")] == ["i-00000003"]
    assert [one.identifier for one in estate.by_region("eu-west-1")] == ["i-00000002"]
    assert len(estate.by_type("aws_ec2_instance")) == 2
    assert (estate.count(), estate.count({"region": "us-east-1", "state": ["running", "stopped"]})) == (3, 2)
    assert (estate.count({"tags.env": "production"}), estate.count({"last_synced": 1_700_000_000})) == (1, 3)
    assert estate.summary() == {
        "provider": {"aws": 3},
        "account_id": {"111111111111": 2, "222222222222": 1},
        "region": {"us-east-1": 2, "eu-west-1": 1},
        "kind": {"compute_instance": 2, "disk": 1},
        "state": {"running": 2, "stopped": 1},
        "env": {"dev": 1, "prod": 1},
    }
    with pytest.raises(InvalidInput, match="no filter colour"):
        estate.count({"colour": "red"})


def test_duplicates_are_found_and_the_newest_is_kept(estate: EstateStore, resource: Make) -> None:
    """One id of the provider under several keys of an account; clean-up keeps what was seen last, and all others."""
    shared = resource(3, account_id="222222222222")
    estate.upsert([*(resource(number) for number in range(9)), shared])
    assert estate.find_duplicates() == () and estate.snapshot().duplication.level == "ok"
    moved = resource(3, region="eu-west-1", last_synced=1_700_000_009)
    estate.upsert([moved])
    [found] = estate.find_duplicates()
    assert found.keys == (moved.natural_key, resource(3).natural_key)
    assert (estate.snapshot().duplication.points, estate.snapshot().duplication.level) == (11, "warning")
    estate.upsert([resource(4, region="eu-west-1", last_synced=1)])
    assert estate.snapshot().duplication.level == "alert"
    assert estate.cleanup_duplicates() == 2
    others = {resource(number).natural_key for number in range(9) if number != 3}
    assert set(estate.snapshot().resources) == {moved.natural_key, shared.natural_key, *others}


def test_what_was_not_seen_for_a_week_goes_where_somebody_looked(estate: EstateStore, resource: Make) -> None:
    """Not where a scope is partial, and not because nobody scanned; deletion needs a complete look, or no scope at all."""
    now, day = 1_700_000_000, 86_400
    kinds = {
        "orphan": resource(1, region="r-1", last_synced=now - 8 * day),
        "young orphan": resource(2, region="r-1", last_synced=now - 6 * day),
        "unscanned since": resource(3, region="r-2", last_synced=now - 8 * day),
        "forbidden": resource(4, region="r-3", last_synced=now - 30 * day),
        "missed": resource(5, region="r-4", last_synced=now - 9 * day),
    }
    estate.upsert(kinds.values())
    estate.put_scopes(
        [
            replace(COMPLETE, region="r-2", scanned_at=now - 8 * day),
            replace(COMPLETE, region="r-3", status="partial", scanned_at=now),
            replace(COMPLETE, region="r-4", scanned_at=now - day),
        ]
    )
    assert estate.cleanup_unseen(now) == 2
    assert set(estate.snapshot().resources) == {
        kinds[name].natural_key for name in ("young orphan", "unscanned since", "forbidden")
    }


def test_much_is_written_in_bounded_transactions(
    store: Store, estate: EstateStore, resource: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten at a time here: three commits for 25, and clean-up in as many."""
    monkeypatch.setattr("escher.store.estate.BATCH", 10)
    before = store.sequence
    assert estate.bulk_upsert(resource(number, last_synced=1) for number in range(25)) == 25
    assert store.sequence == before + 3
    assert estate.cleanup_unseen(1_700_000_000) == 25
    assert store.sequence == before + 6 and not estate.snapshot().resources


def test_a_snapshot_never_changes(estate: EstateStore, resource: Make) -> None:
    """What was taken before a write still shows the estate of before; its mappings cannot be written to."""
    estate.upsert([resource(1)])
    before = estate.snapshot()
    estate.upsert([resource(2)])
    estate.delete([resource(1).natural_key])
    assert set(before.resources) == {resource(1).natural_key}
    assert set(estate.snapshot().resources) == {resource(2).natural_key}
    with pytest.raises(TypeError):
        before.entries["k"] = None  # type: ignore[index] that it cannot be written is the test


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
    assert len(sleeper.snapshot().entries) == len(sleeper.in_scope(COMPLETE)) == 5
    for number in range(4):
        writer.delete([resource(number).natural_key])
    assert set(sleeper.snapshot().resources) == set(writer.snapshot().resources) == {resource(4).natural_key}
    assert set(sleeper.in_scope(COMPLETE)) == {resource(4).natural_key}


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
