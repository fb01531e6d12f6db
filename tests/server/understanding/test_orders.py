"""What an order comes down to: action, things, exceptions, amounts and values, in the fields of the contract."""

from __future__ import annotations

import pytest

from tests.server.understanding.conftest import order


@pytest.mark.parametrize(
    "prompt",
    [
        "stop r1001", "please shut down r1001", "shut r1001 down", "could you turn r1001 off?",
        "I want you to stop r1001", "let's stop r1001",
        "go ahead and halt r1001", "we need to power off r1001", "I'd like r1001 stopped",
        "make sure r1001 is stopped", "would you mind stopping r1001?",
        "stop r1001 and tell me when it is done", "r1001 is idle: stop it", "stop r1001, it is Friday",
        "spin r1001 down, thanks", "STOP R1001!",
    ],
)  # fmt: skip
def test_polite_and_plain_orders_are_orders(prompt: str) -> None:
    """However it is put, it is the same order about the same thing."""
    understood = order(prompt)
    assert (understood.action, understood.filters.names, understood.quantity) == ("stop", ("r1001",), "one")


@pytest.mark.parametrize(
    ("prompt", "action"),
    [
        ("bring r1001 back up", "start"), ("bounce r1001", "reboot"), ("do a reboot of r1001", "reboot"),
        ("upgrade r1001 to m5.large", "resize"),
        ("get rid of r1004", "delete"), ("take a snapshot of r1004", "snapshot"),
        ("create a snapshot of r1004", "snapshot"), ("back up r1003", "backup"),
        ("make r1005 private", "block_public_access"), ("turn off public access for r1005", "block_public_access"),
        ("turn on encryption for r1005", "encrypt"),
        ("delete the owner tag from r1001", "untag"), ("put an owner tag on r1001", "tag"),
        ("enable versioning on r1005", "enable"),
        ("turn off deletion protection for r1003", "disable"), ("get rid of unattached elastic IPs", "release"),
        ("create a bucket called x-9", "create"),
        ("stop r1001 every night at 10pm", "schedule"), ("stop r1001 tomorrow", "schedule"), ("detach r1004", "detach"),
    ],
)  # fmt: skip
def test_the_object_decides_what_a_verb_means(prompt: str, action: str) -> None:
    """Deleting a tag is untagging; turning on encryption is encrypting."""
    assert order(prompt).action == action


def test_kinds_come_from_nouns_and_types_from_the_providers_own_words() -> None:
    """A generic noun says a kind, a provider's noun its type and cloud; what is named brings its kind along."""
    assert order("stop all dev servers").kinds == ("compute_instance",)
    assert order("stop all dev servers").resource_types == ()
    assert order("stop all dev EC2 instances").resource_types == ("aws_ec2_instance",)
    assert order("stop all dev RDS databases").providers == ("aws",)
    assert order("deallocate the dev Azure VMs").resource_types == ("azure_compute_virtual_machine",)
    assert order("stop r1003").kinds == ("database_instance",)
    assert order("stop all dev EC2 instances and all dev databases").resource_types == ()


def test_places_are_understood_as_they_are_said() -> None:
    """Codes, spoken codes, cities, and a cloud that belongs to one region only; the estate's own regions win."""
    assert order("stop all instances in us east 1", regions=("us-east-1",)).filters.regions == ("us-east-1",)
    assert order("stop all instances in Ireland", regions=("eu-west-1",)).filters.regions == ("eu-west-1",)
    assert order("stop all instances in Azure West US or us-east-1").filters.regions == ("westus", "us-east-1")
    assert order("stop all instances in Azure West US or us-east-1").providers == ()
    assert order("stop all instances in zone us-east-1a").filters.regions == ("us-east-1a",)


def test_owners_applications_accounts_and_tags_fill_their_fields() -> None:
    """By the alias's role, and by the words around it."""
    assert order("stop all instances of t3001").filters.applications == ("t3001",)
    assert order("stop the instances owned by t3002").filters.owners == ("t3002",)
    assert order("stop t3002's instances").filters.owners == ("t3002",)
    assert order("stop all instances in account a4001").filters.accounts == ("a4001",)
    assert order("stop all instances in the a4001 subscription").filters.accounts == ("a4001",)
    [tag] = order("stop all instances tagged cost-center=t3003").filters.tags
    assert (tag.key, tag.values) == ("cost-center", ("t3003",))
    [found] = order("stop all instances tagged t3003").filters.tags
    assert (found.key, found.values) == ("cost-center", ("t3003",))
    assert order("stop all instances tagged env=production").filters.environments == ("prod",)
    assert order("stop all instances without an owner tag").filters.untagged == ("owner",)


def test_a_name_that_is_an_application_too_is_read_by_its_grammar() -> None:
    """`stop api` is the thing; `the api instances` and `instances of api` are the application's."""
    assert order("stop r2001").filters.names == ("r2001",)
    assert order("stop the r2001 instances").filters.applications == ("r2001",)
    assert order("stop all instances of r2001").filters.applications == ("r2001",)
    assert order("stop the instance named r2001").filters.names == ("r2001",)
    assert order("stop all instances of application r2001").filters.applications == ("r2001",)


def test_exceptions_leave_out_and_never_let_in() -> None:
    """Each thing left out by itself; an unclear place makes the rest smaller; a kind left out is no kind meant."""
    excluded = order("stop all dev instances except r1001 and r1002").filters.exclude
    assert {name for condition in excluded for name in condition.names} == {"r1001", "r1002"}
    by_owner = order("stop all dev instances not owned by t3002")
    assert (by_owner.filters.owners, by_owner.filters.exclude[0].owners) == ((), ("t3002",))
    placed = order("stop all dev instances except r1001 in us-east-1").filters
    assert (placed.regions, placed.exclude[0].names, placed.exclude[0].regions) == (("us-east-1",), ("r1001",), ())
    assert order("stop all dev instances but not the ones in eu-west-1").filters.exclude[0].regions == ("eu-west-1",)
    assert order("stop everything in dev except databases").kinds == ("compute_instance",)
    mixed = order("stop everything in dev except databases and r1001")
    assert (mixed.kinds, mixed.filters.exclude[0].names) == (("compute_instance",), ("r1001",))
    assert order("stop all dev instances, but don't touch r1001").filters.exclude[0].names == ("r1001",)
    assert order("stop all non-prod instances in us-east-1").filters.exclude[0].environments == ("prod",)


def test_states_attributes_and_measures_narrow() -> None:
    """Attributive words, in the units of the contract."""
    found = order("delete unattached unencrypted volumes older than 2 weeks and bigger than 1 TB").filters
    assert (found.attached, found.encrypted) == (False, False)
    assert [(one.field, one.operator, one.value) for one in found.comparisons] == [
        ("age_days", "gt", 14),
        ("size_gib", "gt", 1024),
    ]
    assert order("start the stopped dev instances").filters.states == ("stopped",)
    assert order("stop all t3.large instances in dev").filters.sizes == ("t3.large",)


def test_how_many_are_meant() -> None:
    """A name is one, all and every and a plural are all, a number is a limit."""
    assert order("stop r1001").quantity == "one"
    assert order("stop every dev instance").quantity == "all"
    assert order("stop the dev instance").quantity == "one"
    assert order("delete the 3 oldest snapshots").limit == 3
    assert order("stop 2 dev instances").limit == 2


def test_parameters_say_where_they_come_from() -> None:
    """What was given is there; what the action needs and nobody gave is there without a value."""
    resized = order("resize r1001 from t3.small to t3.large")
    assert resized.parameters.instance_type is not None
    assert (resized.parameters.instance_type.value, resized.parameters.instance_type.source) == (
        "t3.large",
        "user_query",
    )
    missing = order("resize r1001").parameters.instance_type
    assert missing is not None
    assert (missing.value, missing.source) == (None, "not_provided")
    tagged = order("set the cost-center tag of r1001 to t3003").parameters
    assert tagged.tag_key is not None and tagged.tag_value is not None
    assert (tagged.tag_key.value, tagged.tag_value.value) == ("cost-center", "t3003")
    grown = order("grow the disk r1004 to 200 GB").parameters.size_gib
    assert grown is not None and grown.value == 200


@pytest.mark.parametrize(
    ("prompt", "action", "parameter", "value"),
    [
        ("raise the memory of the lambda pdf-export to 512 MB", "resize", "memory_mib", 512),
        ("set the lambda function pdf-export to 2 GB", "resize", "memory_mib", 2048),
        ("make r1001 bigger", "resize", "instance_type", None),
        ("put r1001 on c6i.xlarge", "resize", "instance_type", "c6i.xlarge"),
        ("set the retention of the dev log groups to 90 days", "update", "days", 90),
        ("rotate the KMS key payroll-main every year", "rotate", "schedule", "every year"),
    ],
)
def test_what_a_size_or_a_time_is_of(prompt: str, action: str, parameter: str, value: object) -> None:
    """A function's size is its memory; a machine is put on a size; a key is rotated over and over."""
    understood = order(prompt)
    found = getattr(understood.parameters, parameter)
    assert (understood.action, found and found.value) == (action, value)


def test_an_unknown_name_stays_for_the_client_to_know_nothing_of() -> None:
    """The word, pattern or placeholder itself is the name; a modifier nobody knows is never dropped."""
    assert order("stop payments-api-9").filters.names == ("payments-api-9",)
    assert order("stop the payments machines").filters.names == ("payments",)
    assert order("stop all web-* instances").filters.names == ("web-*",)
    assert order("delete <id>").filters.names == ("<id>",)
