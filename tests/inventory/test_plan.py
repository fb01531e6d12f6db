"""What a scan reads and in which order, decided without any cloud."""

from __future__ import annotations

from dataclasses import replace

import pytest

from escher.contract.estate import Account, Scope
from escher.errors import InvalidInput, ScanError
from escher.inventory.plan import (
    ScanRequest,
    by_region_and_service,
    chosen_accounts,
    chosen_types,
    touched_in,
    units_of,
    untouched,
)
from escher.providers.registry import resource_types
from escher.providers.source import Changes, Unit

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


def scope_of(unit: Unit, status: str) -> Scope:
    """What is stored of a unit's scope."""
    return Scope("aws", SHOP.account_id, unit.region, unit.declared.name, status, scanned_at=1)  # pyright: ignore[reportArgumentType] one of the statuses


VOLUMES = TYPES["aws_ebs_volume"]
HERE, THERE = Unit(SHOP, "us-east-1", REGIONAL), Unit(SHOP, "eu-west-1", REGIONAL)
VOLUMES_HERE, BUCKETS = Unit(SHOP, "us-east-1", VOLUMES), Unit(SHOP, "global", GLOBAL)
ALL = (HERE, THERE, VOLUMES_HERE, BUCKETS)


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        (Changes(), ALL),
        (Changes({("us-east-1", "aws_ec2_instance"): frozenset({"i-1"})}), (THERE, VOLUMES_HERE, BUCKETS)),
        (Changes({("eu-west-1", "aws_s3_bucket"): frozenset()}), (HERE, THERE, VOLUMES_HERE)),
        (Changes(blind=frozenset({"eu-west-1"})), (HERE, VOLUMES_HERE)),
        (Changes(blind=frozenset({"global"})), ()),
        (Changes({("global", "aws_ebs_volume"): frozenset()}), (HERE, THERE, BUCKETS)),
    ],
)
def test_only_what_is_known_to_be_unchanged_is_left(changes: Changes, left: tuple[Unit, ...]) -> None:
    """A change touches its type in its region; a blind region is read, and with it what is in no region."""
    known = {unit.key: scope_of(unit, "complete") for unit in ALL}
    assert untouched(ALL, known, changes) == list(left)


def test_what_was_never_seen_whole_is_always_read() -> None:
    """That nothing was changed says nothing of what nobody has seen."""
    assert untouched([HERE], {HERE.key: scope_of(HERE, "partial")}, Changes()) == []
    assert untouched([HERE], {}, Changes()) == []


def test_one_change_without_a_name_makes_all_of_a_type_suspect() -> None:
    """Names are only used when every change has told them."""
    named = Changes({("us-east-1", "aws_ec2_instance"): frozenset({"i-1"})})
    unnamed = Changes({("us-east-1", "aws_ec2_instance"): frozenset()})
    assert touched_in(HERE, named) == {"i-1"}
    assert (touched_in(HERE, unnamed), touched_in(THERE, named)) == (None, None)


def test_batches_go_by_region_and_service() -> None:
    """So that a region and a service have limits of their own."""
    grouped = by_region_and_service([(unit,) for unit in ALL])
    assert {region: sorted(services) for region, services in grouped.items()} == {
        "us-east-1": ["ec2"], "eu-west-1": ["ec2"], "global": ["s3"],
    }  # fmt: skip
    assert grouped["us-east-1"]["ec2"] == [(HERE,), (VOLUMES_HERE,)]


def test_equal_requests_have_equal_digests() -> None:
    """By it a scan that was broken off is found again."""
    assert ScanRequest(types=("a",)).digest == ScanRequest(types=("a",)).digest
    assert ScanRequest(types=("a",)).digest != ScanRequest(types=("a",), depth="quick").digest
