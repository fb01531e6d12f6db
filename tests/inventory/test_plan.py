"""What a scan reads and in which order, decided without any cloud."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escher.contract.estate import Account, Scope
from escher.errors import InvalidInput, ScanError
from escher.inventory.plan import (
    Limits,
    ScanRequest,
    Unit,
    chosen_accounts,
    chosen_types,
    fresh_scopes,
    startable,
    units_of,
)
from escher.providers.registry import resource_types

SHOP = Account("aws", "111111111111", "shop")
DATA = Account("aws", "222222222222", "data")
TYPES = resource_types()
REGIONAL, GLOBAL = TYPES["aws_ec2_instance"], TYPES["aws_s3_bucket"]


def test_regional_types_are_read_in_each_region_and_global_ones_once() -> None:
    """Accounts × regions × types, but for what is in no region."""
    units = units_of(SHOP, ("us-east-1", "eu-west-1"), (REGIONAL, GLOBAL), ())
    assert [(unit.region, unit.declared.name) for unit in units] == [
        ("global", "aws_s3_bucket"),
        ("us-east-1", "aws_ec2_instance"),
        ("eu-west-1", "aws_ec2_instance"),
    ]


def test_wanted_regions_narrow_regional_types_only() -> None:
    """A region that is off is not read, and buckets are listed anyway."""
    units = units_of(SHOP, ("us-east-1", "eu-west-1"), (REGIONAL, GLOBAL), ("eu-west-1", "mars-1"))
    assert [unit.region for unit in units] == ["global", "eu-west-1"]


def test_types_of_other_clouds_are_not_read() -> None:
    """An AWS account has AWS types."""
    assert units_of(SHOP, ("us-east-1",), (replace(REGIONAL, provider="gcp"),), ()) == []


def test_accounts_go_by_id_or_name() -> None:
    """Both are known to people."""
    assert chosen_accounts([SHOP, DATA], ScanRequest(accounts=("shop", "222222222222"))) == [SHOP, DATA]
    assert chosen_accounts([SHOP, DATA], ScanRequest(accounts=("data",))) == [DATA]


def test_an_unknown_account_is_named_with_the_known_ones() -> None:
    """The next move is in the sentence."""
    with pytest.raises(InvalidInput, match=r"unknown account: nope.*shop"):
        chosen_accounts([SHOP], ScanRequest(accounts=("nope",)))


def test_without_accounts_there_is_nothing_to_scan() -> None:
    """Neither without any, nor without one of the wanted cloud."""
    with pytest.raises(ScanError, match=r"no account to scan.*escher init"):
        chosen_accounts([SHOP], ScanRequest(providers=("gcp",)))


def test_an_unknown_type_is_named() -> None:
    """A typing error is not an empty scan."""
    with pytest.raises(InvalidInput, match="unknown resource type: aws_ec2_instances"):
        chosen_types(TYPES, ScanRequest(types=("aws_ec2_instances",)))


@pytest.mark.parametrize(
    ("status", "age", "full", "kept"),
    [
        ("complete", 60, False, True),
        ("complete", 60, True, False),
        ("complete", 3_600, False, False),
        ("partial", 60, False, False),
    ],
)
def test_an_incremental_scan_leaves_fresh_scopes(status: str, age: int, full: bool, kept: bool) -> None:
    """Only what was seen whole a short while ago is left as it is."""
    unit = Unit(SHOP, "us-east-1", REGIONAL)
    scope = Scope("aws", SHOP.account_id, "us-east-1", REGIONAL.name, status, scanned_at=10_000 - age)  # pyright: ignore[reportArgumentType] one of the statuses
    fresh = fresh_scopes([unit], {scope.key: scope}, ScanRequest(full=full), now=10_000)
    assert (unit.key in fresh) is kept


@given(
    waiting=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 12), st.integers(0, 5)), unique=True),
    limits=st.builds(Limits, st.integers(1, 3), st.integers(1, 4), st.integers(1, 4), st.just(1), st.integers(2, 30)),
)
def test_no_level_goes_over_its_limit(waiting: list[tuple[int, int, int]], limits: Limits) -> None:
    """However the work is spread, and everything is read in the end."""
    types = list(TYPES.values())
    left = [Unit(replace(SHOP, account_id=str(a)), f"r{r}", types[t]) for a, r, t in waiting]
    rounds = 0
    while left:
        started, left = startable(left, [], limits)
        regions = Counter((unit.account.account_id, unit.region) for unit in started)
        accounts = Counter(account for account, _ in regions)
        assert 0 < len(started) <= limits.threads
        assert len(accounts) <= limits.accounts
        assert max(accounts.values()) <= limits.regions
        assert max(regions.values()) <= limits.services
        rounds += 1
    assert rounds <= len(waiting)


def test_running_scopes_count() -> None:
    """What runs takes its place."""
    running = [Unit(SHOP, "us-east-1", REGIONAL)]
    waiting = [Unit(SHOP, "us-east-1", TYPES["aws_ebs_volume"]), Unit(SHOP, "eu-west-1", REGIONAL)]
    started, left = startable(waiting, running, Limits(services=1))
    assert (started, left) == ([waiting[1]], [waiting[0]])
