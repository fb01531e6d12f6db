"""The server cannot fish: an attacker who adapts each data request to all answers before learns of no canary.

The attacker writes the server's stream. It sees the bytes of every context that follows, over as many conversations as
it likes. Twelve canaries are words (names, tag values, ids, accounts, a place of one's own); eight are facts of a group
of fewer than five: where the only one is, which few are public. A fact is known to an attacker who can tell the estate
from the same estate with the fact otherwise; so the attack is made on both, and every byte must be the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from escher.context.build import ContextBuilder
from escher.context.telling import Telling
from escher.contract.data_requests import DataMeasure, DataRequest, DataResult, Dimension
from escher.contract.estate import Account, Resource
from escher.contract.vocabulary import Kind

ACCOUNTS = (Account("aws", "493028571604", "hall-main"), Account("gcp", "zebra-quilt-771", "quilt"))
KINDS: tuple[Kind, ...] = ("compute_instance", "disk", "object_storage", "database_instance")
REGIONS = ("us-east-1", "eu-west-1", "europe-west3")
WORDS = (
    "okapi-ledger-9", "quagga-vault", "i-0d15ea5e0ddba11c0", "i-0badcafe0badcafe0", "arn:aws:s3:::narwhal-ledger",
    "cc-7741-zeta", "wombat-team", "velvet-cellar", "basement-nine", "493028571604", "zebra-quilt-771", "hall-main",
)  # fmt: skip
MESSAGE = "m" + "0" * 24
Estate = list[Resource]
Ask = dict[str, Any]


def _one(number: int, **changes: Any) -> Resource:
    base = Resource(
        "aws", ACCOUNTS[0].account_id, "us-east-1", "aws_ec2_instance", "compute_instance", f"arn:aws:x:::{number}",
        f"x-{number}", f"shop-{number}", "running", account_name="hall-main", tags={"env": "prod"},
        attributes={"public": False, "encrypted": True, "attached": True},
    )  # fmt: skip
    return replace(base, **changes)


def _estate() -> Estate:
    """Classes of seven to thirty-three, none at the edge of a bucket; then the canaries."""
    chance, made = random.Random(20), []
    for kind in KINDS:
        for region in REGIONS:
            for environment in ("prod", "dev"):
                for _ in range(chance.choice((7, 13, 15, 33))):
                    cloud = "gcp" if region == "europe-west3" else "aws"
                    tags = {"env": environment}
                    made.append(_one(len(made), kind=kind, region=region, provider=cloud, tags=tags))
    return [*made, *_named(len(made))]


def _named(start: int) -> Iterator[Resource]:
    """Those that bear the words."""
    yield _one(start, name=WORDS[0], identifier=WORDS[2], tags={"env": WORDS[8], "cost-center": WORDS[5]})
    yield _one(start + 1, name=WORDS[1], identifier=WORDS[3], tags={"env": "prod", "owner": WORDS[6]})
    yield _one(start + 2, region=WORDS[7], resource_id=WORDS[4], kind="object_storage")
    yield _one(start + 3, region="ap-south-1", kind="nosql_table", provider="gcp", account_id=ACCOUNTS[1].account_id)


@dataclass(frozen=True)
class Fact:
    """What is so of a few, and how the estate would be were it not so."""

    says: str
    number: int
    here: Ask
    otherwise: Ask


def _attributes(**changed: bool) -> Ask:
    return {"attributes": {"public": False, "encrypted": True, "attached": True} | changed}


FACTS = (
    Fact("the only one in São Paulo is of qa", 1, {"region": "sa-east-1", "tags": {"env": "qa"}},
         {"region": "sa-east-1", "tags": {"env": "uat"}}),
    Fact("the only one in qa is a machine", 1, {"tags": {"env": "qa"}}, {"tags": {"env": "qa"}, "kind": "alarm"}),
    Fact("two queues are queues", 2, {"kind": "queue"}, {"kind": "topic"}),
    Fact("three are public", 3, _attributes(public=True), _attributes()),
    Fact("four are unencrypted", 4, _attributes(encrypted=False), _attributes()),
    Fact("one is unattached", 1, _attributes(attached=False), _attributes()),
    Fact("one is stopped", 1, {"state": "stopped"}, {"state": "error"}),
    Fact("the only one of Azure is in Oslo", 1, {"provider": "azure", "region": "norwayeast"},
         {"provider": "azure", "region": "norwaywest"}),
)  # fmt: skip


def _with(fact: Fact, change: Ask) -> Estate:
    """The estate with the first few of its instances made so."""
    estate = _estate()
    return [replace(one, **change) if number < fact.number else one for number, one in enumerate(estate)]


class Attacker:
    """Chooses each request by what came back: splits what has counts, compares wholes with parts, tries what is closed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._waiting: list[Ask] = self._chance.sample(first := [*self._first()], len(first))
        self.refused = 0
        self.claims: list[str] = []
        self._seen: dict[DataRequest, DataResult] = {}

    def next(self) -> Ask:
        return self._waiting.pop() if self._waiting else self._drawn()

    def learn(self, results: Sequence[DataResult]) -> None:
        """Follow up every group that has a count, and compare every whole with its parts."""
        for result in results:
            if result.request not in self._seen:
                self.claims += self._isolated_by(result)
                self._seen[result.request] = result
                self._waiting += self._halves(result)

    def _isolated_by(self, new: DataResult) -> Iterator[str]:
        for known in self._seen.values():
            for whole, part in ((new, known), (known, new)):
                if set(part.request.by) > set(whole.request.by) and _isolates(whole, part):
                    yield f"{whole} - {part}"

    def _first(self) -> Iterator[Ask]:
        yield from (
            {"by": [one], "measure": measure} for one in get_args(Dimension) for measure in get_args(DataMeasure)
        )
        yield from ({"by": list(two)} for two in combinations(get_args(Dimension), 2))
        for word in WORDS:
            yield from ({"by": [word]}, {"measure": word}, {"kinds": [word]}, {"name": word}, {"tags": {"env": word}})

    def _halves(self, result: DataResult) -> Iterator[Ask]:
        """A binary search over the kinds, and the same without one of them: a difference."""
        kinds = list(result.request.kinds or get_args(Kind))[:10]
        base = {"by": list(result.request.by), "measure": result.request.measure}
        if len(kinds) > 1 and result.rows:
            half = len(kinds) // 2
            yield from ({**base, "kinds": part} for part in (kinds[:half], kinds[half:], kinds[1:]))

    def _drawn(self) -> Ask:
        chance = self._chance
        return {
            "measure": chance.choice(get_args(DataMeasure)),
            "by": chance.sample(get_args(Dimension), chance.randint(0, 2)),
            "kinds": chance.sample(get_args(Kind), chance.randint(0, 3)),
            "providers": chance.sample(("aws", "azure", "gcp"), chance.randint(0, 2)),
        }


def _isolates(whole: DataResult, part: DataResult) -> bool:
    """Whether a whole and the sum of its parts leave between one and four over for certain."""
    same = (whole.request.measure, whole.request.kinds, whole.request.providers)
    if same != (part.request.measure, part.request.kinds, part.request.providers):
        return False
    low, high = _bounds(whole)
    least, most = _bounds(part)
    return low - most >= 1 and high - least <= 4


def _bounds(result: DataResult) -> tuple[int, int]:
    counts = [row.at_least for row in result.rows]
    return sum(counts), sum(_up_to(count) for count in counts)


def _up_to(count: int) -> int:
    return count * (5 if str(count)[0] == "2" else 4) // 2 - 1


def _attacked(estate: Estate, requests: int, seed: int) -> tuple[Attacker, list[bytes]]:
    """So many requests, a conversation for every twelve; all bytes of what follows each."""
    attacker, builder, sent = Attacker(seed), ContextBuilder(estate, ACCOUNTS), list[bytes]()
    telling = Telling()
    for number in range(requests):
        if number % 12 == 0:
            telling = Telling()
        try:
            request = DataRequest.model_validate(attacker.next())
        except ValidationError:
            attacker.refused += 1
            continue
        telling.shown(telling.count([request], builder.counting))
        context, _ = builder.build("compare dev and prod", message_id=MESSAGE, told=telling.to_send())
        sent.append(context.model_dump_json().encode())
        attacker.learn(context.data_result)
    return attacker, sent


@pytest.mark.campaign
def test_no_word_of_the_estate_is_ever_told(campaign: Callable[[int], int]) -> None:
    """No name, id, account, tag value or place of one's own is in any byte; nothing else than closed words is answered."""
    attacker, sent = _attacked(_estate(), campaign(1_000), seed=1)
    told = b"".join(sent).lower()
    assert [word for word in WORDS if word.lower().encode() in told] == []
    assert attacker.refused > 0
    assert attacker.claims == []
    assert any(b'"at_least":' in one for one in sent)


@pytest.mark.campaign
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.says)
def test_no_fact_of_a_few_is_ever_told(fact: Fact, campaign: Callable[[int], int]) -> None:
    """The same attack on the estate in which the fact is otherwise sees the same bytes."""
    requests = campaign(1_000)
    estates = (_with(fact, fact.here), _with(fact, fact.otherwise))
    here, otherwise = (_attacked(estate, requests, seed=2) for estate in estates)
    without_summary = [[_data_result(one) for one in sent] for _, sent in (here, otherwise)]
    assert without_summary[0] == without_summary[1]
    assert (here[0].claims, otherwise[0].claims) == ([], [])


def _data_result(sent: bytes) -> bytes:
    """What a data request brought; the summary, which names every region there is, is not an answer to it."""
    return sent[sent.index(b'"data_result":') : sent.index(b'"summary":')]
