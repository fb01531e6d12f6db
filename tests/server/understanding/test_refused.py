"""Contradictions, impossible values, other platforms, other languages, noise: a clear question back, never an action."""

from __future__ import annotations

import random
import string

import pytest

from escher.contract.context import LIMIT_PROMPT
from tests.server.understanding.conftest import asked_back, order, read


@pytest.mark.parametrize(
    "prompt",
    [
        "stop the running stopped instances in us-east-1", "stop instances in us-east-1 but not in us-east-1",
        "delete the public private buckets", "delete all snapshots older than 90 days and younger than 30 days",
        "stop all EC2 instances in westeurope", "list volumes larger than 100 GB and smaller than 50 GB",
        "which EC2 instances are in westeurope?", "stop all Azure VMs in us-east-1", "stop r1001 except r1001",
        "encrypt the encrypted unencrypted volumes", "start all GCP VMs in eu-west-1 in dev",
    ],
)  # fmt: skip
def test_conditions_that_nothing_meets_are_named(prompt: str) -> None:
    """Whatever there is, nothing would be left over."""
    assert "contradict" in asked_back(prompt).question


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("grow the disk r1004 to -5 GB", "-"), ("set the log retention of r1005 to 0 days", "0 days"),
        ("stop r1001 every day at 25:61", "25:61"), ("stop r1001 on February 30", "february 30"),
        ("resize the Azure VM r1001 to m5.large", "m5.large"),
        ("resize the EC2 instance r1001 to Standard_D2s_v5", "Standard_D2s_v5"), ("resize r1001 to 'banana'", "banana"),
        ("resize r1001 to potato", "potato"),
    ],
)  # fmt: skip
def test_values_that_nothing_can_have_are_named(prompt: str, names: str) -> None:
    """Negative and empty amounts, hours that no day has, another cloud's sizes, no sizes at all."""
    assert names.lower() in asked_back(prompt).question.lower()


@pytest.mark.parametrize(
    ("prompt", "platform"),
    [
        ("stop my heroku dynos", "Heroku"), ("list all droplets", "DigitalOcean"), ("restart the vSphere host esx-1", "VMware"),
        ("delete the Snowflake warehouse bi", "Snowflake"), ("shut down the Oracle Cloud VM db-1", "Oracle Cloud"),
    ],
)  # fmt: skip
def test_other_platforms_are_named(prompt: str, platform: str) -> None:
    """Nothing on them is taken for something on one of the three clouds."""
    assert platform in asked_back(prompt).question


@pytest.mark.parametrize(
    "prompt",
    [
        "Bitte alle Testmaschinen herunterfahren", "Lösche den Bucket logs-alt", "Wie viele VMs laufen in Azure?",
        "apaga los servidores de desarrollo", "¿cuántas instancias tengo?", "arrête toutes les instances",
        "ferma tutte le istanze", "останови все серверы", "停止所有开发实例", "テスト環境を停止して", "모든 서버를 중지해",
        "sunucuları durdur lütfen", "أوقف جميع الخوادم",
    ],
)  # fmt: skip
def test_only_english_is_understood(prompt: str) -> None:
    """It says so, and does nothing."""
    assert "only understand English" in asked_back(prompt).question


@pytest.mark.parametrize(
    "prompt",
    [
        "stop r1001",
        'delete the bucket "por favor"',
        "stop vm las-vegas-1",
        "list VMs in Zürich",
        "reboot von",
        "resize nos to t3.micro",
    ],
)
def test_names_are_in_no_language(prompt: str) -> None:
    """What things are called never makes a request foreign."""
    _, asked = read(prompt)
    assert asked is None


def test_slips_of_the_pen_are_put_right_and_names_are_not() -> None:
    """In verbs and in words for things; a name near one of these stays what it is."""
    assert order("pleese restrt r1001").action == "reboot"
    assert order("delte all unattached volumse in us-east-1").kinds == ("disk",)
    assert order("delete bucket imagez").filters.names == ("imagez",)
    assert order("stop all clusterx instances").filters.names == ("clusterx",)


def test_four_thousand_characters_of_noise_are_asked_back_about() -> None:
    """Letters, digits and marks at random: no crash, and nothing to plan."""
    chance = random.Random(20261124)
    for letters in (string.printable, string.ascii_lowercase + " ", string.punctuation + " ", "🔥é☃ \n"):
        noise = "".join(chance.choice(letters) for _ in range(LIMIT_PROMPT))
        understood, asked = read(noise)
        assert understood.class_ != "operation"
        assert asked is not None or understood.class_ == "query"


def test_a_question_back_is_short_whatever_was_typed() -> None:
    """Of four thousand characters, the first ones are said again."""
    understood, asked = read(f"maybe we delete {'the old thing of somebody ' * 150}"[:4_000])
    assert understood.class_ != "operation"
    assert asked is not None and len(asked.question) < 400
