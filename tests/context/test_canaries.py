"""Nothing of the user's crosses: canaries of every sort, typed into requests of every shape, are in no byte sent."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from escher.context.build import ContextBuilder
from escher.context.guard import wire_bytes
from escher.contract.context import Digest
from escher.contract.estate import Account, Resource
from tests.fixtures import language

SHAPES = (
    "stop {name}", "who owns {id}?", "describe {arn} in account {account}", "list everything of {owner} and {app}",
    "what is {address}?",
    "tag {name} with cost-center={cost} and team={fresh}", "my key is {secret}; list instances",
    'show "{name}" and `{id}`', "is {name}-old the same as {name}?",
    "STOP {upper} NOW", "compare {name},{id};{cost}", "stop {name}/{app}", "({name})", "mail {mail} about {host}",
    "stop every dev instance of {owner}'s team",
    "who is at {address} or {host}?", "delete {arn}.", "{account}: stop {name}!",
    "owner: {owner}, app: {app}, why is {name} slow?", "env={odd} and {name}_copy",
)  # fmt: skip


@dataclass(frozen=True)
class Canaries:
    """Words that no request may carry out."""

    resources: list[Resource]
    accounts: list[Account]
    secrets: tuple[str, ...]


@pytest.fixture(scope="module")
def planted() -> Canaries:
    """An estate whose every name, id, account, address and free tag value is a canary."""
    chance = random.Random(77)
    accounts = [Account("aws", _digits(chance, 12), _word(chance)) for _ in range(4)]
    secrets = (
        "AKIA" + "".join(chance.choices(string.ascii_uppercase + string.digits, k=16)),
        "ghp_" + "".join(chance.choices(string.ascii_letters + string.digits, k=36)),
        _letters(chance, 20) + "/9aB" + _letters(chance, 16),
        f"postgres://{_word(chance)}:{_word(chance)}@{_word(chance)}.internal:5432/x",
        f"password={_word(chance)}",
    )  # fmt: skip
    return Canaries([_resource(chance, accounts) for _ in range(120)], accounts, secrets)


def _word(chance: random.Random) -> str:
    return (
        "".join(chance.choices("bcdfghjklmnpqrstvwxz", k=4))
        + chance.choice("aeiou")
        + _digits(chance, 2)
        + chance.choice("kqxz")
    )


def _letters(chance: random.Random, number: int) -> str:
    return "".join(chance.choices(string.ascii_letters, k=number))


def _digits(chance: random.Random, number: int) -> str:
    return "9" + "".join(chance.choices(string.digits, k=number - 1))


def _resource(chance: random.Random, accounts: list[Account]) -> Resource:
    account = chance.choice(accounts)
    name = chance.choice("-._ ").join(_word(chance) for _ in range(chance.randint(1, 3)))
    identifier = f"i-{chance.getrandbits(68):017x}"
    tags = {
        "Name": name,
        "env": chance.choice(("dev", "prod", _word(chance))),
        "owner": _word(chance),
        "app": _word(chance),
        "cost-center": _word(chance),
    }
    return Resource(
        "aws", account.account_id, "us-east-1", "aws_ec2_instance", "compute_instance",
        f"arn:aws:ec2:us-east-1:{account.account_id}:instance/{identifier}",
        identifier, name, "running", account_name=account.name, tags=tags,
        attributes={"private_ip": f"10.{chance.randrange(256)}.{chance.randrange(256)}.7"},
    )  # fmt: skip


def _typed(planted: Canaries, number: int) -> Iterator[str]:
    chance = random.Random(5)
    for count in range(number):
        one = chance.choice(planted.resources)
        yield SHAPES[count % len(SHAPES)].format(
            name=one.name, upper=one.name.upper(), id=one.identifier, arn=one.resource_id, account=one.account_id,
            owner=one.tags["owner"],
            app=one.tags["app"], cost=one.tags["cost-center"], odd=one.tags["env"],
            address=one.attributes["private_ip"], fresh=_word(chance),
            secret=chance.choice(planted.secrets), mail=f"{_word(chance)}@{_word(chance)}.com",
            host=f"{_word(chance)}.corp.example.com",
        )  # fmt: skip


def _leaks(planted: Canaries, sent: str) -> list[str]:
    words = {
        text
        for one in planted.resources
        for text in (one.name, one.identifier, one.resource_id, one.account_id, one.account_name)
    }
    words |= {value for one in planted.resources for value in one.tags.values() if value not in ("dev", "prod")}
    words |= {str(one.attributes["private_ip"]) for one in planted.resources} | set(planted.secrets)
    low = sent.lower()
    return [word for word in words if word.lower() in low]


@pytest.mark.campaign
def test_no_canary_is_in_any_byte(planted: Canaries, campaign: Callable[[int], int]) -> None:
    """Names, ids, ARNs, accounts, addresses, tag values, new ones, hosts, mail and keys, alone and inside others."""
    builder = ContextBuilder(planted.resources, planted.accounts)
    history: list[Digest] = []
    for question in _typed(planted, campaign(500)):
        context, talk = builder.build(question, history)
        assert _leaks(planted, wire_bytes(context).decode()) == [], question
        history = [*history, builder.digest(Digest(role="user", content=question[:500]), talk)][-5:]


@pytest.mark.campaign
def test_no_canary_is_in_everyday_requests(planted: Canaries, campaign: Callable[[int], int]) -> None:
    """The questions and orders of the language campaigns leak nothing either."""
    builder = ContextBuilder(planted.resources, planted.accounts)
    number = campaign(500)
    for request in (*language.questions(planted.resources, number, 3), *language.orders(planted.resources, number, 4)):
        context, _ = builder.build(request.text)
        assert _leaks(planted, wire_bytes(context).decode()) == [], request.text
