"""`escher estate`, `search`, `ignore`, `permissions` and the depths of `escher scan`, on a small cloud scanned twice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import TypeAdapter

from escher.commands.command import Invocation, commands, parser
from escher.contract.documents import PRINTED
from escher.errors import EscherError
from escher.session.session import Session
from escher.session.wiring import assemble
from tests.fixtures.moto_cloud import DATA, REGIONS, SHOP
from tests.fixtures.small_estate import FOUND, NAMES, TYPES, WORDS, SmallEstate, another_home, small_estate

HOME, AWAY = REGIONS
WEB = f"web-{HOME}"


@dataclass
class Scanned:
    """A home whose cloud was scanned, changed, and scanned again."""

    estate: SmallEstate
    scans: list[str] = field(default_factory=list)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`escher WORDS`, its output caught."""
        command = [sys.executable, "-m", "escher.cli", *words]
        environment = self.estate.environment
        return subprocess.run(command, env=environment, text=True, capture_output=True, check=False, timeout=120)

    def document(self, *words: str) -> Any:
        """The document of a command; it is all that is on stdout."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanned]:
    """Between the scans the web server of one account stops, its queue goes and another comes."""
    with small_estate(tmp_path_factory.mktemp("small")) as estate:
        one = Scanned(estate)
        one.scans.append(one.document(*WORDS)["scan_id"])
        ec2, sqs = (estate.cloud.client(service, SHOP, HOME) for service in ("ec2", "sqs"))
        ec2.stop_instances(InstanceIds=[_instance(estate)])
        sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=f"orders-{HOME}")["QueueUrl"])
        sqs.create_queue(QueueName="refunds")
        one.scans.append(one.document(*WORDS)["scan_id"])
        yield one


@pytest.fixture
def fresh(scanned: Scanned, tmp_path: Any) -> Scanned:
    """The same cloud with a home of its own, for tests that change the home or scan."""
    return Scanned(another_home(scanned.estate, tmp_path / "own"))


def _instance(estate: SmallEstate) -> str:
    pages = estate.cloud.client("ec2", SHOP, HOME).describe_instances()
    return pages["Reservations"][0]["Instances"][0]["InstanceId"]


def _volume(estate: SmallEstate) -> str:
    return estate.cloud.client("ec2", SHOP, HOME).describe_volumes()["Volumes"][0]["VolumeId"]


# -- the estate --------------------------------------------------------------------------------------------


def test_coverage_has_every_scope_with_its_age(scanned: Scanned) -> None:
    """Three types in two regions of two accounts, each seen whole; for people there is a row for each account."""
    scopes = scanned.document("estate", "--coverage")
    assert {(one["account_id"], one["region"], one["resource_type"]) for one in scopes} == {
        (account_id, region, name) for account_id in NAMES for region in REGIONS for name in TYPES
    }
    assert {one["status"] for one in scopes} == {"complete"}
    assert all(0 <= one["age_seconds"] < 3_600 for one in scopes)
    lines = scanned.run("estate", "--coverage").stdout.splitlines()
    assert lines[0] == "12 of 12 scopes seen whole"
    assert [line.split()[:5] for line in lines[2:4]] == [
        ["AWS", name, "2", "6", "6"] for name in sorted(NAMES.values())
    ]


def test_changes_between_two_scans_are_exactly_what_was_done(scanned: Scanned) -> None:
    """Since the first scan: one is stopped, one is gone, one is new; and nothing since the second."""
    first, second = scanned.scans
    rows = scanned.document("estate", "--changes", first)
    assert {(row["change"], row["name"], row["field"]) for row in rows if row["field"] in ("", "state")} == {
        ("changed", WEB, "state"),
        ("vanished", f"orders-{HOME}", ""),
        ("appeared", "refunds", ""),
    }
    assert {(row["before"], row["after"]) for row in rows if row["field"] == "state"} == {("running", "stopped")}
    assert {row["account_id"] for row in rows} == {SHOP}
    assert scanned.document("estate", "--changes", first[:12]) == rows
    assert scanned.document("estate", "--changes", second) == []
    assert "state: running → stopped" in scanned.run("estate", "--changes", first).stdout


def test_changes_until_a_moment_end_there(scanned: Scanned) -> None:
    """Until the first scan nothing had changed; until the second everything had."""
    first, second = scanned.scans
    assert scanned.document("estate", "--changes", "1d", "--until", first) == []
    assert scanned.document("estate", "--changes", "1d", "--until", second) == scanned.document(
        "estate", "--changes", "1d"
    )


def test_facets_count_what_there_is(scanned: Scanned) -> None:
    """By a column and by a tag, as the rows themselves say."""
    rows = scanned.document("estate")
    assert scanned.document("estate", "--facets", "region") == dict(Counter(row["region"] for row in rows))
    assert scanned.document("estate", "--facets", "tags.env") == {"dev": len(NAMES) * len(REGIONS)}


def test_every_document_is_as_the_contract_says(scanned: Scanned, fresh: Scanned) -> None:
    """Each command's JSON fits its exported form, field by field; only of refused permissions there are none."""
    changing = {"scan": WORDS[1:], "ignore": ("name:nobody-*",), "protect": ("name:web-*",)}
    instance, (first, _) = _instance(scanned.estate), scanned.scans
    asking = {
        "estate --blast-radius": (instance,), "estate --changes": (first,), "estate --facets": ("kind",),
        "estate --related": (instance,), "search": ("queue",),
    }  # fmt: skip
    empty = set()
    of_the_estate = {name: form for name, form in PRINTED.items() if not name.startswith("policy")}
    for command, form in of_the_estate.items():
        home = fresh if command in changing else scanned
        said = home.document(*command.split(), *changing.get(command, ()), *asking.get(command, ()))
        TypeAdapter(form).validate_python(said)
        empty |= set() if said else {command}
    assert empty == {"permissions"}


def test_related_is_what_a_resource_is_tied_to(scanned: Scanned) -> None:
    """An instance and its volume, found from either side; one more tie away there is nothing else."""
    instance, volume = _instance(scanned.estate), _volume(scanned.estate)
    from_instance = scanned.document("estate", "--related", instance)
    assert [row["identifier"] for row in from_instance["related"]] == [volume]
    assert len(from_instance["ties"]) == 1
    from_volume = scanned.document("estate", "--related", volume, "--depth", "3")
    assert [row["identifier"] for row in from_volume["related"]] == [instance]


def test_the_blast_radius_is_what_would_feel_a_change(scanned: Scanned) -> None:
    """The volume feels what happens to its instance; it says by which tie, and how many ties away."""
    felt = scanned.document("estate", "--blast-radius", _instance(scanned.estate))
    assert [(row["identifier"], row["distance"]) for row in felt] == [(_volume(scanned.estate), 1)]
    assert felt[0]["through"] == "attached_to"


def test_where_and_sql_ask_the_same_estate(scanned: Scanned) -> None:
    """A predicate and a query; a person gets a table with whole names."""
    assert [row["name"] for row in scanned.document("estate", "--where", "state = 'stopped'")] == [WEB]
    counted = scanned.document("estate", "--sql", "SELECT count(*) AS n FROM estate")
    assert counted == [{"n": FOUND}]
    table = scanned.run("estate", "--where", "state = 'stopped'").stdout.splitlines()
    assert table[0].split() == ["name", "id", "type", "account", "region", "state"]
    assert table[1].split() == [WEB, _instance(scanned.estate), "aws_ec2_instance", "shop", HOME, "stopped"]


def test_the_whole_estate_is_counted_by_kind_and_cloud(scanned: Scanned) -> None:
    """The sums are those of the rows."""
    lines = scanned.run("estate").stdout.splitlines()
    assert lines[0] == f"{FOUND} resources in 2 accounts and 2 regions"
    kinds = Counter(row["kind"] for row in scanned.document("estate"))
    assert {line.split()[0]: line.split()[1:] for line in lines[2:5]} == {
        kind: [str(count), str(count)] for kind, count in kinds.items()
    }


def test_names_that_look_like_markup_are_shown_as_they_are(fresh: Scanned) -> None:
    """A name in brackets is neither swallowed nor an error."""
    ec2 = fresh.estate.cloud.client("ec2", DATA, AWAY)
    name = "[/red] [bold]db[/bold]"
    volume = ec2.create_volume(Size=1, AvailabilityZone=f"{AWAY}a")["VolumeId"]
    ec2.create_tags(Resources=[volume], Tags=[{"Key": "Name", "Value": name}])
    try:
        fresh.document("scan", "--type", "aws_ebs_volume")
        assert name in fresh.run("estate", "--where", f"identifier = '{volume}'").stdout
    finally:
        ec2.delete_volume(VolumeId=volume)


# -- search ------------------------------------------------------------------------------------------------


def test_search_finds_by_name(scanned: Scanned) -> None:
    """The best is the one that is called so; no more than were asked for."""
    found = scanned.document("search", "refunds", "--limit", "2")
    assert found[0]["name"] == "refunds"
    assert len(found) <= 2
    assert "refunds" in scanned.run("search", "refunds").stdout


# -- what scans leave out ----------------------------------------------------------------------------------


def test_what_is_ignored_is_gone_with_the_next_scan_and_comes_back(fresh: Scanned) -> None:
    """`escher ignore type:…` takes the queues out, `--remove` lets them in again."""
    types = ("scan", "--type", "aws_sqs_queue")
    fresh.document(*types)
    queues = len(fresh.document("estate"))
    assert [mark["pattern"] for mark in fresh.document("ignore", "type:aws_sqs_queue")] == ["type:aws_sqs_queue"]
    report = fresh.document(*types)
    assert report["ignored"] == queues
    assert fresh.document("estate") == []
    assert fresh.document("ignore", "type:aws_sqs_queue", "--remove") == []
    fresh.document(*types)
    assert len(fresh.document("estate")) == queues


def test_the_lists_are_apart(fresh: Scanned) -> None:
    """What is protected is not ignored; both are told to people and as JSON."""
    assert fresh.document("protect", "tag:env=prod") == [{"effect": "protect", "pattern": "tag:env=prod"}]
    assert fresh.document("ignore") == []
    assert fresh.run("protect").stdout == "No plan may change: tag:env=prod\n"
    assert fresh.run("ignore").stdout == "Scans leave nothing out.\n"


# -- scans -------------------------------------------------------------------------------------------------


def test_the_history_tells_of_each_scan(scanned: Scanned) -> None:
    """The newest first, with what was found new, changed and gone."""
    newest, oldest = scanned.document("scan", "--history")
    assert [newest["scan_id"], oldest["scan_id"]] == scanned.scans[::-1]
    assert (newest["found"], newest["appeared"], newest["changed"], newest["vanished"]) == (FOUND, 1, 1, 1)
    lines = scanned.run("scan", "--history").stdout.splitlines()
    assert lines[1].split()[2:4] == ["full", "completed"]
    assert lines[1].endswith(newest["scan_id"][:12])


@pytest.mark.parametrize("depth", ["full", "incremental", "quick"])
def test_each_depth_is_named_in_the_report(fresh: Scanned, depth: str) -> None:
    """And finds what there is, as nothing was known before."""
    report = fresh.document(*WORDS, f"--{depth}")
    assert (report["scan_type"], report["counts"]["found"]) == (depth, FOUND)


def test_a_service_can_be_scanned_alone(fresh: Scanned) -> None:
    """Only its types are read."""
    report = fresh.document("scan", "--service", "sqs")
    assert (report["scan_type"], {scope["resource_type"] for scope in report["scopes"]}) == (
        "service",
        {"aws_sqs_queue"},
    )


def test_accounts_and_regions_narrow_a_scan(fresh: Scanned) -> None:
    """By the account's name."""
    report = fresh.document(*WORDS, "--account", "shop", "--region", AWAY)
    assert {(scope["account_id"], scope["region"]) for scope in report["scopes"]} == {(SHOP, AWAY)}


# -- permissions -------------------------------------------------------------------------------------------


def test_nothing_was_refused(scanned: Scanned) -> None:
    """Then it says so."""
    assert scanned.document("permissions") == []
    assert scanned.run("permissions").stdout == "No scan was refused anything that it needs.\n"


@pytest.mark.parametrize(
    ("provider", "key"), [("aws", "Statement"), ("azure", "Actions"), ("gcp", "includedPermissions")]
)
def test_the_policy_is_the_same_for_people_and_programs(scanned: Scanned, provider: str, key: str) -> None:
    """What is printed without --json can be given to the cloud's own program as it is."""
    words = ("permissions", "--policy", "--provider", provider)
    assert json.loads(scanned.run(*words).stdout) == scanned.document(*words)
    assert scanned.document(*words)[key]


# -- wrong input -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("estate", "--facets", "attributes"), "nothing can be counted by 'attributes'"),
        (("estate", "--facets", "nonsense"), "nothing can be counted by 'nonsense'"),
        (("estate", "--changes", "yesterday"), "'yesterday' is no moment"),
        (("estate", "--until", "1d"), "--until goes with --changes"),
        (("estate", "--related", "nothing-like-it"), "there is no resource 'nothing-like-it'"),
        (("estate", "--blast-radius", "nothing-like-it"), "there is no resource 'nothing-like-it'"),
        (("estate", "--related", WEB), f"2 resources are called '{WEB}'"),
        (("estate", "--related", "x", "--depth", "0"), "--depth is at least 1"),
        (("estate", "--where", "nonsense ="), ""),
        (("estate", "--sql", "DROP TABLE estate"), ""),
        (("estate", "--coverage", "--changes", "1d"), "not allowed with"),
        (("search", "web", "--limit", "0"), "--limit is at least 1"),
        (("ignore", "everything"), "'everything' is no pattern"),
        (("ignore", "name:*"), "'name:*' is no pattern"),
        (("ignore", "--remove"), "--remove takes a pattern"),
        (("protect", "name:nobody", "--remove"), "'name:nobody' is not on the list"),
        (("scan", "--type", "aws_nonsense"), "aws_nonsense"),
        (("scan", "--service", "nonsense"), "nonsense"),
        (("scan", "--account", "nobody"), "nobody"),
        (("scan", "--provider", "ibm"), "invalid choice"),
        (("scan", "--quick", "--full"), "not allowed with"),
        (("permissions", "--provider", "ibm"), "invalid choice"),
    ],
)
def test_wrong_input_is_refused_with_its_next_move(
    scanned: Scanned, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    """A sentence that names what was wrong, and a hint; nothing is stored."""
    for name, value in scanned.estate.environment.items():
        monkeypatch.setenv(name, value)
    with Session(assemble(scanned.estate.settings)) as session:
        before = session.exploring.marks(), len(session.exploring.scans())
        with pytest.raises(EscherError) as refused:
            options = parser().parse_args(words)
            commands()[options.command].run(Invocation(options, lambda: session))
        assert (session.exploring.marks(), len(session.exploring.scans())) == before
    assert said in refused.value.message
    assert refused.value.hint
    assert refused.value.exit_code != 0


def test_a_refusal_is_a_document_or_two_lines(scanned: Scanned) -> None:
    """As JSON it is all that is on stdout; for people it is on stderr, with the next move below it."""
    words = ("estate", "--facets", "nonsense")
    said, told = scanned.run(*words, "--json"), scanned.run(*words)
    error = json.loads(said.stdout)["error"]
    assert (said.returncode, told.returncode, said.stderr, told.stdout) == (2, 2, "", "")
    assert told.stderr.split() == f"escher: {error['message']} {error['hint']}".split()
