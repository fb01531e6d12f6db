"""Search and selectors over a real encrypted store, with the real model."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from escher.contract.estate import Resource, Scope
from escher.contract.playbook import Targets as Wanted
from escher.contract.ports import Match
from escher.contract.understanding import Conditions, Filters, Selector
from escher.retrieval.index import EstateIndex
from escher.retrieval.parts import embedded_text
from escher.retrieval.targets import EstateTargets
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from escher.vectors.embedder import load_embedder
from escher.vectors.hashing import HashingEmbedder

MODEL = load_embedder()


@pytest.fixture
def store(tmp_path: Path, estate: list[Resource], scope: Callable[..., Scope]) -> Iterator[EstateStore]:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("a passphrase of some length")
    passphrase.chmod(0o600)
    with Store.create(Settings(home=tmp_path / "home", passphrase_file=passphrase)) as opened:
        stored = EstateStore(opened)
        stored.upsert(estate)
        stored.put_scopes([scope()])
        yield stored


@pytest.fixture
def index(store: EstateStore) -> Iterator[EstateIndex]:
    opened = EstateIndex(store, MODEL, name="test")
    opened.embed_pending()
    yield opened
    opened.close()


def found(index: EstateIndex, text: str, limit: int = 5, **filters: list[str]) -> list[str]:
    return [resource.identifier for resource, _ in index.search(text, filters, limit)]


def test_each_distinct_text_is_embedded_once(store: EstateStore, resource: Callable[..., Resource]) -> None:
    """A fleet of two hundred equal machines costs one run of the model; a second pass costs none."""
    fleet = [resource(f"worker-{n}", f"i-{n:017x}", tags={"env": "dev"}) for n in range(200)]
    store.upsert(fleet)
    index = EstateIndex(store, MODEL, name="test")
    heard: list[Mapping[str, Any]] = []
    texts = {embedded_text(each) for each in store.snapshot().resources.values()}
    assert embedded_text(fleet[0]) == "compute instance, worker; ec2, dev"
    assert index.embed_pending(heard.append) == len(texts) < 12
    assert heard == [{"type": "embedding", "done": len(texts), "total": len(texts)}]
    assert store.without_vectors() == [] and index.embed_pending() == 0
    assert len({store.snapshot().vectors[each.natural_key] for each in fleet}) == 1


def test_a_new_sibling_takes_the_vector_that_is_there(
    store: EstateStore, index: EstateIndex, resource: Callable[..., Resource]
) -> None:
    """Another machine of a known fleet needs no model at all."""
    store.upsert([resource("web-77", "i-77", tags={"env": "dev", "app": "shop", "Owner": "ana"})])
    assert index.embed_pending() == 0
    assert store.without_vectors() == []


def test_vectors_of_another_embedder_are_made_anew(store: EstateStore, index: EstateIndex) -> None:
    """Vectors of two models do not compare, so those of the other are neither searched nor kept."""
    another = load_embedder()
    another.name = "another"
    other = EstateIndex(store, another, name="test")
    assert found(other, "orders")[0] == "db-1"
    assert other.embed_pending() > 0
    assert all(entry.text_hash.startswith("another:") for entry in store.snapshot().entries.values())
    other.close()


def test_meaning_finds_what_no_word_says(index: EstateIndex) -> None:
    """`SQL server` is a database, whatever it is called."""
    assert found(index, "SQL server")[0] == "db-1"


def test_names_and_ids_come_first(index: EstateIndex) -> None:
    """What bears the text or a word of it has score 1 and leads, every bearer of it."""
    hits = index.search("restart WEB-1 please", {}, 5)
    assert {resource.identifier for resource, score in hits if score == 1.0} == {"i-01", "i-04", "vol-1"}
    assert found(index, "vol-2", 1) == ["vol-2"]


def test_filters_bind_exact_names_too(index: EstateIndex) -> None:
    """A name does not lead out of the filters."""
    assert found(index, "web-1", kind=["disk"])[0] == "vol-1"
    assert found(index, "web-1", region=["eu-west-1"], environment=["prod"]) == ["i-04"]
    assert found(index, "anything", application=["nothing"]) == []


def test_slips_in_service_names_are_put_right(store: EstateStore, index: EstateIndex) -> None:
    """`databse` means database, unless correction is switched off; names are never corrected."""
    strict = EstateIndex(store, HashingEmbedder(), similar=101, name="test")
    hashed = EstateIndex(store, HashingEmbedder(), name="test")
    assert found(hashed, "databse")[:1] == ["db-1"] != found(strict, "databse")[:1]
    assert found(index, "scratch")[0] == "vol-2"
    strict.close()
    hashed.close()


def test_hits_far_from_the_best_are_dropped(store: EstateStore, index: EstateIndex) -> None:
    """Under 85 % of the best score nothing is shown, unless all are asked for."""
    scores = [score for _, score in index.search("computers of the shop", {}, 50) if score < 1]
    assert scores and min(scores) >= 0.85 * max(scores)
    everything = EstateIndex(store, MODEL, keep=0, name="test")
    assert len(everything.search("computers of the shop", {}, 50)) == 11
    everything.close()


def test_the_index_follows_the_store(
    store: EstateStore, index: EstateIndex, resource: Callable[..., Resource], estate: list[Resource]
) -> None:
    """What is written, changed or deleted is found so by the next search, before it has a vector."""
    assert found(index, "zebra")[:1] != ["i-99"]
    store.upsert([resource("zebra", "i-99")])
    assert found(index, "zebra")[0] == "i-99"
    store.upsert([resource("okapi", "i-99")])
    assert found(index, "okapi")[0] == "i-99"
    store.delete([resource("okapi", "i-99").natural_key])
    assert "i-99" not in found(index, "okapi", 20)


def test_a_closed_index_opens_anew(index: EstateIndex) -> None:
    """Closing gives memory back and forgets nothing."""
    before = found(index, "SQL server")
    index.close()
    assert found(index, "SQL server") == before


class Plain:
    """A resolver without aliases."""

    def names(self, word: str) -> tuple[str, ...]:
        return ()

    def value(self, word: str) -> str:
        return word

    def alias_of(self, resource_id: str) -> str:
        return resource_id


def identifiers(match: Match) -> list[str]:
    assert match.clarification is None, match.clarification
    return [resource.identifier for resource in match.targets]


def test_targets_are_those_of_the_store(store: EstateStore, index: EstateIndex) -> None:
    """Order, question and narrowing over the stored estate, completeness from the stored scopes."""
    targets = EstateTargets(store, index)
    selector = Selector(kinds=("compute_instance",), filters=Filters(environments=("dev",)))
    match = targets.match(selector, Plain())
    assert identifiers(match) == ["i-01", "i-02"]
    assert match.completeness.complete and match.completeness.scopes == 1
    wanted = Wanted(resource_types=("aws_ec2_instance",), require=Conditions(states=("running",)))
    assert identifiers(targets.narrow(match, wanted)) == ["i-01"]


def test_a_question_ranks_by_meaning(store: EstateStore, index: EstateIndex) -> None:
    """Words that nothing says bring the nearest to the top, and hide nothing that fits."""
    ranked = identifiers(EstateTargets(store, index).find(Selector(words="SQL tables"), Plain()))
    assert ranked[0] == "db-1"
    machines = Selector(kinds=("compute_instance",), words="batch processing jobs")
    assert identifiers(EstateTargets(store, index).find(machines, Plain()))[0] == "i-05"
    assert len(identifiers(EstateTargets(store, index).find(machines, Plain()))) == 5


def test_an_unknown_name_is_met_with_what_is_meant(store: EstateStore, index: EstateIndex) -> None:
    """Beside names that are spelt alike, those that mean the same are offered."""
    unknown = Selector(kinds=("database_instance",), filters=Filters(names=("purchases-db",)))
    match = EstateTargets(store, index).match(unknown, Plain())
    assert match.clarification is not None
    assert any("orders (db-1)" in choice for choice in match.clarification.choices)


def test_no_vector_or_name_of_the_estate_is_on_disk(store: EstateStore, index: EstateIndex, tmp_path: Path) -> None:
    """After embedding and searching, the files below the home hold neither a vector's bytes nor a name."""
    found(index, "orders")
    vectors = [vector[16:48] for vector in store.snapshot().vectors.values()]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 1 and len(vectors) == 11
    assert not any(needle in content for content in files for needle in (*vectors, b"scratch", b"billing"))
