"""What the model is given of a resource: little, shared by many, and enough to find it by its meaning."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from escher.contract.estate import Resource
from escher.retrieval.embedding import Embedding
from escher.retrieval.parts import asked, composed, embedded_text, weights
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from escher.vectors.embedder import load_embedder
from tests.fixtures.questions_by_meaning import missed, questions
from tests.fixtures.realistic_names import numbered, realistic_estate

MODEL = load_embedder()
SHARE = 0.20


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[EstateStore]:
    passphrase = tmp_path / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text("a passphrase of some length")
    with Store.create(Settings(home=tmp_path / "home", passphrase_file=passphrase)) as store:
        yield EstateStore(store)


def test_what_is_matched_exactly_counts_less(resource: Callable[..., Resource]) -> None:
    """The kind counts most, then the name; service, environment, region and tags least, and ids and keys not at all."""
    one = resource("orders-api-prod-us-east-1-03", tags={"team": "payments", "Name": "orders-api-prod-us-east-1-03"})
    assert embedded_text(one) == "compute instance, orders, api; ec2, prod, us, east, payments"
    counted = weights(embedded_text(one))
    assert counted["compute instance"] > counted["orders"] > counted["ec2"] == counted["prod"] == counted["payments"]


def test_siblings_share_one_text(resource: Callable[..., Resource]) -> None:
    """Whatever number, date or suffix a name ends with, its resources say the same."""
    names = (
        "web-1",
        "web-02",
        "web-2024-03-12",
        "web-x7k2q",
        "web-0a1b2c3d",
        "web-550e8400-e29b-41d4-a716-446655440000",
    )
    assert {embedded_text(resource(name)) for name in names} == {"compute instance, web; ec2"}


def test_a_vector_is_the_mean_of_its_parts() -> None:
    """Of length 1, nearest to what counts most, and the same whatever else is embedded beside it."""
    counted = weights("disk, scratch; dev")
    vectors = dict(zip(counted, MODEL.embed([*counted]), strict=True))
    mean = np.frombuffer(composed(counted, vectors), "<f4")
    near = {part: float(mean @ np.frombuffer(vector, "<f4")) for part, vector in vectors.items()}
    assert abs(np.linalg.norm(mean) - 1) < 1e-5
    assert near["disk"] > near["scratch"] > near["dev"]


def test_a_question_counts_as_a_whole_and_by_its_words() -> None:
    """Words that say nothing by themselves are left to the whole; a question of nothing else is asked as it stands."""
    assert asked("volumes of the shop") == {"volumes": 1.0, "shop": 1.0, "volumes of the shop": 1.0}
    assert asked("what is it") == {"what is it": 1.0}


def test_a_fifth_of_a_realistic_estate_reaches_the_model(stored: EstateStore) -> None:
    """Of 10 000 resources whose names are hard, the model is given texts for at most 20 %, each once."""
    estate, given = list(realistic_estate(10_000)), list[str]()

    class Noting:
        name, dimension = MODEL.name, MODEL.dimension

        def embed(self, texts: Sequence[str]) -> list[bytes]:
            given.extend(texts)
            return [bytes(4 * 383) + np.float32(1).tobytes()] * len(texts)

    stored.bulk_upsert(estate)
    Embedding(stored, Noting()).run()
    assert stored.without_vectors() == [] and len(given) == len({*given})
    assert len(given) <= SHARE * len(estate)
    assert numbered(one.name for one in estate) <= len(estate) / 3
    assert len({one.name for one in estate}) > 0.9 * len(estate)


def test_a_realistic_estate_is_found_by_meaning() -> None:
    """For questions in words that no name has, most of what is meant is among the ten nearest by vectors alone."""
    estate = list(realistic_estate(1_000))
    asking = list(questions(estate))
    vectors = _composed(weights(embedded_text(one)) for one in estate)
    left_out = missed(_composed(asked(text) for text, _ in asking), vectors, [meant for _, meant in asking])
    assert len(asking) > 25 and left_out < 0.5


def _composed(each: Iterable[Mapping[str, float]]) -> npt.NDArray[np.float32]:
    counted = list(each)
    parts = sorted({part for parts in counted for part in parts})
    vectors = dict(zip(parts, MODEL.embed(parts), strict=True))
    return np.stack([np.frombuffer(composed(parts, vectors), "<f4") for parts in counted])
