"""Masking: credentials, known words, shapes; and what stays in clear because it is everybody's."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from escher.context.aliases import Conversation
from escher.context.known import KnownWords
from escher.context.mask import Masked, mask, normalised
from escher.contract.estate import Resource
from tests.fixtures import hard_names


def masked(known: KnownWords, text: str, *credentials: str) -> tuple[Masked, str]:
    """The masked text, and the same with its aliases resolved again."""
    talk = Conversation()
    found = mask(text, known, talk, credentials)
    return found, re.sub(r"\b[rat]\d{4,}\b", lambda alias: talk.value(alias[0]), found.text)


@pytest.mark.parametrize(
    "text",
    [
        "stop all dev EC2 instances in us-east-1",
        "resize all t3.large machines in eu-west-1 to m5.2xlarge",
        "which volumes are bigger than 100 GB and older than 30 days?",
        "show the security groups, the load balancers and the storage accounts of production",
        "change the size to Standard_D4s_v3 or e2-standard-4 by 2026-01-15 at 20:00",
        "tag everything with env=staging",
        "list the app services, event hubs, key vaults, node pools and resource groups of dev",
        "stop the cloud run services and the pubsub topics, then scale the vmss and the node groups",
    ],
)
def test_everybodys_words_stay_in_clear(known: KnownWords, text: str) -> None:
    """English, cloud vocabulary, regions, sizes, numbers and environments are not masked."""
    assert masked(known, text)[0].text == text


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("stop web-1", {"resource_name"}),
        ("stop WEB-1 now", {"resource_name"}),
        ("stop i-00000000000beed5f please", set[str]()),
        ("stop courier", {"resource_name", "application"}),
        ("stop the instances of nadia", {"owner"}),
        ("list all in hall-lab", {"account"}),
        ("list all in 760215938842", {"account"}),
        ("what costs HALL-2001?", {"tag_value"}),
    ],
)
def test_a_known_word_becomes_an_alias_with_its_roles(known: KnownWords, text: str, roles: set[str]) -> None:
    """Every role a word can have is mentioned, under one alias."""
    found, back = masked(known, text)
    assert {mention.role for mention in found.mentions} == roles
    assert len({mention.alias for mention in found.mentions}) == (1 if roles else 0)
    if roles and "760215938842" not in text and "hall-lab" not in text:
        assert back.lower() == text.lower()


def test_a_mention_says_how_many_and_what(known: KnownWords) -> None:
    """Counts and kinds let the server ask; they never say which."""
    found, _ = masked(known, "reboot cache")
    [mention] = found.mentions
    assert (mention.matches, mention.kinds) == (2, ("compute_instance",))


def test_identifiers_and_arns_are_known_too(known: KnownWords) -> None:
    """An id or ARN of the estate is an alias, an unknown one is `<id>`."""
    one = known.resources[0]
    found, _ = masked(
        known, f"describe {one.identifier} and {one.resource_id}, not i-0123456789abcdef0 or arn:aws:s3:::elsewhere"
    )
    assert one.identifier not in found.text
    assert found.text.endswith("not <id> or <id>")
    assert {mention.role for mention in found.mentions} == {"resource_id"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("who is 10.31.7.12 or 2001:db8::ff00:42:8329?", "who is <address> or <address>?"),
        ("allow 10.0.0.0/8", "allow <address>"),
        ("mail bob@example.com", "mail <email>"),
        ("open https://db.internal.example.com:5432/x", "open <host>"),
        ("ping db-7.corp.example.com", "ping <host>"),
        ("account 123456789012 and 1234-5678-9012", "account <account> and <account>"),
        ("what is 7f9c24e8-3b1a-4c1d-9a6e-0f1e2d3c4b5a", "what is <id>"),
        ("show /subscriptions/0b1f6471/resourceGroups/rg-9/x", "show <id>"),
        ("show projects/acme-prod/zones/us-central1-a/instances/vm-9", "show <id>"),
    ],
)
def test_unknown_ids_and_addresses_go_by_their_shape(known: KnownWords, text: str, expected: str) -> None:
    """What the estate does not know is still no business of the server's."""
    assert masked(known, text)[0].text == expected


@pytest.mark.parametrize(
    "secret",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "postgres://admin:hunter2secret@db.internal.example.com:5432/shop",
        "password=hunter2",
        'api_key: "abc123def"',
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
        "AccountKey=Zm9vYmFyYmF6cXV4;EndpointSuffix=core.windows.net",
        "xoxb-123456789012-abcdefghijkl",
        "Bearer abcdef0123456789abcdef",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_credentials_never_pass(known: KnownWords, secret: str) -> None:
    """Whatever looks like a credential is `<secret>`, wherever it stands."""
    found, _ = masked(known, f"list instances, I use {secret} here")
    assert "<secret>" in found.text
    assert secret.rsplit("=", maxsplit=1)[-1] not in found.text
    assert found.text.startswith("list instances, I use")


def test_a_credential_of_this_session_is_found_exactly(known: KnownWords) -> None:
    """A held secret needs no shape to be found."""
    assert masked(known, "is swordfish fine?", "swordfish")[0].text == "is <secret> fine?"


@pytest.mark.parametrize(
    ("text", "whole"),
    [("stop web-1-old", "web-1-old"), ("delete courier_backup", "courier_backup"), ("stop x.nadia.y", "x.nadia.y")],
)
def test_a_longer_name_around_a_known_word_is_masked_as_one(known: KnownWords, text: str, whole: str) -> None:
    """It stands for nothing, and can be told back to the user as it was typed."""
    found, back = masked(known, text)
    assert found.text.split()[-1] != whole
    assert back.split()[-1] == whole
    assert [mention.matches for mention in found.mentions] == [0]


def test_a_pattern_stands_for_the_names_that_fit(known: KnownWords) -> None:
    """`courier-*` is masked like a name, and says how many there are."""
    found, _ = masked(known, "stop web-1 or courier-*")
    assert found.text.startswith("stop r")
    assert [mention.matches for mention in found.mentions] == [1, 1]


def test_the_value_of_a_tag_never_crosses_even_when_it_is_new(known: KnownWords) -> None:
    """`key=value` hides the value, whether the estate has it or not; environments and plain words stay."""
    found, back = masked(known, "tag web-1 with team=skunkworks and owner=ana and env=dev and keep=true")
    assert "skunkworks" not in found.text
    assert "ana" not in found.text.split("owner=")[1]
    assert "env=dev and keep=true" in found.text
    assert "team=skunkworks and owner=ana" in back


def test_an_everyday_word_is_a_name_in_quotes_or_after_named(known: KnownWords) -> None:
    """A thing called `nightly` is reachable, and does not make the word a secret elsewhere."""
    assert masked(known, "stop the nightly instances")[0].text == "stop the nightly instances"
    assert "nightly" not in masked(known, 'stop "nightly"')[0].text
    assert "nightly" not in masked(known, "stop the instance named nightly")[0].text


def test_an_environment_that_nobody_has_may_be_a_name() -> None:
    """`playground` is an application here, and no environment."""
    one = hard_names.estate()[0]
    known = KnownWords(
        [replace(one, tags={"app": "playground", "env": "dev"}), replace(one, tags={"app": "demo", "env": "demo"})]
    )
    assert masked(known, "stop all playground instances")[0].mentions[0].role == "application"
    assert masked(known, "stop all demo instances")[0].mentions == ()


def test_look_alikes_and_invisible_characters_do_not_hide_a_name(known: KnownWords) -> None:
    """Full-width digits and zero-width spaces are taken away before anything is looked up."""
    assert normalised("４９３０\u200b２８") == "493028"
    assert "web" not in masked(known, "stop we\u200bb-1")[0].text


def test_masking_again_changes_nothing(known: KnownWords) -> None:
    """A masked text holds nothing to mask: digests of old turns are masked again before they are sent."""
    talk = Conversation()
    once = mask("stop web-1, courier and 10.0.0.1 of ana", known, talk)
    assert mask(once.text, known, talk).text == once.text


def test_a_capitalised_name_is_a_name_although_it_is_an_everyday_word() -> None:
    """A role called `Deployment` is not named on the wire; the word `deployment` stays English."""
    role = Resource(
        provider="aws", account_id="111122223333", region="global", resource_type="aws_iam_role", kind="identity",
        resource_id="arn:aws:iam::111122223333:role/Deployment", identifier="Deployment", name="Deployment", state="available",
    )  # fmt: skip
    known = KnownWords([role], ())
    assert "Deployment" not in mask("who owns Deployment?", known, Conversation()).text
    assert "deployment" in mask("which role is used by the deployment?", known, Conversation()).text


def test_a_known_id_is_no_secret_though_a_part_looks_like_one() -> None:
    """A full resource name of Google's becomes one alias, whole, whatever its numbers look like."""
    one = "//monitoring.googleapis.com/projects/hall-602943/alertPolicies/1782497921736813482"
    alert = replace(hard_names.estate()[0], name="slow", identifier="slow", resource_id=one, provider="gcp")
    known = KnownWords([alert, replace(hard_names.estate()[1], name="hall")])
    found, back = masked(known, f"how do I delete {one}?")
    assert re.fullmatch(r"how do I delete r\d+\?", found.text) and back.endswith(f"{one}?")
