"""Search by meaning, words and filters: the same promises for all indexes."""

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from escher.contract.ports import Point, VectorIndex
from escher.vectors.embedder import load_embedder
from escher.vectors.index import open_index

MODEL = load_embedder()
KINDS = ("edge", "memory", "remote")
TEXTS = {
    "a": "relational database for customer orders",
    "b": "virtual machine that serves the web shop",
    "c": "function that resizes pictures",
    "d": "bucket with invoices and receipts",
}


def point(key: str, text: str, words: str = "", **fields: str | int | bool | Sequence[str]) -> Point:
    return Point(key, MODEL.embed([text])[0], words or text, fields)


def keys(index: VectorIndex, text: str, words: str | None = None, limit: int = 10, **filters: list[str]) -> list[str]:
    hits = index.search(MODEL.embed([text])[0], text if words is None else words, filters, limit)
    return [hit.key for hit in hits]


def test_meaning_finds_without_a_common_word(index: VectorIndex) -> None:
    """A question in other words finds the text that means it."""
    index.upsert(point(key, text) for key, text in TEXTS.items())
    assert keys(index, "SQL server", "")[0] == "a"
    assert keys(index, "image thumbnails", "")[0] == "c"


def test_words_find_what_has_no_vector_yet(index: VectorIndex) -> None:
    """A point that is not embedded yet is found by its words, its id and a part of a compound name."""
    index.upsert([Point("x", None, "WebShop01 i-0abc1234"), Point("y", None, "other i-0def5678")])
    for said in ("webshop01", "shop", "i-0abc1234"):
        assert [hit.key for hit in index.search(None, said, {}, 1)] == ["x"], said


def test_meaning_and_words_count_together(index: VectorIndex) -> None:
    """Of two texts that mean the same, the one that also has the word comes first."""
    index.upsert([point("plain", "database", "database"), point("named", "database", "database orion")])
    assert keys(index, "database orion")[0] == "named"


def test_every_filter_must_hold(index: VectorIndex) -> None:
    """Between fields all must hold, within a field one value is enough; lists and numbers are fields too."""
    index.upsert(
        [
            point("1", "web", region="eu", state="on", public=True, labels=["x", "y"], size=3),
            point("2", "web", region="eu", state="off", public=False, labels=["y"], size=4),
            point("3", "web", region="us", state="on", public=False, labels=[], size=3),
        ]
    )
    assert sorted(keys(index, "web", region=["eu", "us"], state=["on"])) == ["1", "3"]
    assert keys(index, "web", labels=["x"]) == ["1"]
    assert sorted(keys(index, "web", public=["false"])) == ["2", "3"]
    assert sorted(keys(index, "web", size=["3"])) == ["1", "3"]
    assert keys(index, "web", region=["nowhere"]) == keys(index, "web", region=[]) == keys(index, "web", no=["x"]) == []


def test_filters_alone_give_what_meets_them(index: VectorIndex) -> None:
    """Without a vector and words, everything that meets the filters is equally good, and comes in one order."""
    index.upsert(Point(f"{n:03}", None, "", {"parity": str(n % 2)}) for n in range(100))
    hits = index.search(None, "", {"parity": ["1"]}, 3)
    assert [hit.score for hit in hits] == [1.0] * 3 and len({hit.key for hit in hits}) == 3
    assert all(int(hit.key) % 2 for hit in hits)
    assert index.search(None, "", {"parity": ["1"]}, 3) == hits
    assert len(index.search(None, "", {"parity": ["1"]}, 100)) == 50


def test_facets_count_values(index: VectorIndex) -> None:
    """Each value of a field with its number, the most frequent first, of those that meet the filters; also after changes."""
    index.upsert(
        Point(f"{n}", None, "", {"size": n % 3, "big": n > 5, "labels": ["x", f"y{n % 2}"]}) for n in range(10)
    )
    assert index.facets("size", {}) == {"0": 4, "1": 3, "2": 3}
    assert next(iter(index.facets("size", {}))) == "0"
    assert index.facets("size", {"big": ["true"], "labels": ["y0"]}) == {"0": 1, "2": 1}
    assert index.facets("labels", {}) == {"x": 10, "y0": 5, "y1": 5}
    index.delete(["0", "3"])
    index.upsert([Point("1", None, "", {"size": 2})])
    assert index.facets("size", {}) == {"2": 4, "0": 2, "1": 2}
    assert index.facets("unknown", {}) == index.facets("size", {"size": ["7"]}) == {}


def test_filling_makes_these_all_points(index: VectorIndex) -> None:
    """What an index is filled with when it was opened is all it holds."""
    index.fill([point(key, text) for key, text in TEXTS.items()])
    assert index.count() == 4
    assert keys(index, "SQL server", "")[0] == "a"


def test_upsert_replaces(index: VectorIndex) -> None:
    """The second point with a key takes the place of the first: vector, words and fields."""
    index.upsert([point("k", TEXTS["a"], "first", color="red")])
    index.upsert([point("k", TEXTS["c"], "second", color="blue")])
    assert index.count() == 1
    assert keys(index, "image thumbnails", color=["blue"]) == ["k"]
    assert index.search(None, "first", {}, 5) == keys(index, "x", color=["red"]) == []


def test_delete_takes_out_and_ignores_unknown_keys(index: VectorIndex) -> None:
    """A deleted point is found no more; the others still are."""
    index.upsert(point(key, text) for key, text in TEXTS.items())
    index.delete(["a", "unknown"])
    assert index.count() == 3
    assert "a" not in keys(index, TEXTS["a"])


def test_empty_index_answers(index: VectorIndex) -> None:
    """Nothing there is an empty answer in every form of the question; nothing to do is no error."""
    index.upsert([])
    index.delete([])
    assert keys(index, "anything") == keys(index, "the of", "the of") == index.search(None, "", {}, 5) == []
    assert index.count() == 0


def test_scores_are_from_zero_to_one_and_fall(index: VectorIndex) -> None:
    """Best first, every score within bounds, the text itself near the top of the scale."""
    index.upsert(point(key, text) for key, text in TEXTS.items())
    hits = index.search(MODEL.embed([TEXTS["d"]])[0], TEXTS["d"], {}, 10)
    scores = [hit.score for hit in hits]
    assert hits[0].key == "d" and scores[0] > 0.6
    assert scores == sorted(scores, reverse=True) and all(0 <= score <= 1 for score in scores)


def test_threads_may_search_while_others_write(index: VectorIndex) -> None:
    """Writers and readers at once: no error, and nothing is lost."""

    def work(worker: int) -> None:
        for n in range(10):
            index.upsert([point(f"{worker}-{n}", TEXTS["b"], worker=str(worker))])
            assert keys(index, "web shop", worker=[str(worker)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert index.count() == 40


@pytest.fixture(scope="module")
def crowd() -> list[Point]:
    rng, numbers = random.Random(1), np.random.default_rng(1)
    nouns = ["orders", "shop", "invoices", "pictures", "users", "search", "mail", "queue", "cache", "report"]
    # Less than two hundred bear any two of them: of more that are equal, every index looks at others.
    nouns += [f"{noun}{other}" for noun in nouns[:3] for other in nouns]
    vectors = numbers.standard_normal((1_500, 384)).astype("<f4")
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [
        Point(
            f"key-{n:04}",
            vectors[n].tobytes() if n % 10 else None,
            f"{rng.choice(nouns)} {rng.choice(nouns)} {n}",
            {"region": rng.choice(["eu", "us", "ap"]), "state": rng.choice(["on", "off"])},
        )
        for n in range(1_500)
    ]


@pytest.mark.parametrize("filters", [{}, {"region": ["eu"]}, {"region": ["eu", "us"], "state": ["on"]}])
@pytest.mark.parametrize("said", ["", "orders mail", "invoices 77"])
def test_all_indexes_give_the_same_scores(
    filled: list[VectorIndex], crowd: list[Point], said: str, filters: dict[str, list[str]]
) -> None:
    """Another place is slower, not different."""
    for vector in (crowd[33].vector, None):
        if vector is None and not said:
            continue
        found = [[(hit.key, hit.score) for hit in one.search(vector, said, filters, 10)] for one in filled]
        for other in found[1:]:
            assert [score for _, score in other] == pytest.approx([score for _, score in found[0]], abs=2e-3)
            assert {key for key, score in found[0] if score > found[0][-1][1] + 2e-3} <= {key for key, _ in other}


@pytest.fixture(scope="module")
def filled(opened: Callable[[str], VectorIndex], crowd: list[Point]) -> Iterator[list[VectorIndex]]:
    indexes = [opened(kind) for kind in KINDS]
    for one in indexes:
        one.fill(crowd)
    yield indexes
    for one in indexes:
        one.close()


def test_a_small_memory_file_system_is_left_alone() -> None:
    """An estate that would not fit gets the index in the heap."""
    opened = open_index("test", 384, expected_points=10**12)
    assert opened.kind == "memory"
    opened.upsert([point("a", TEXTS["a"])])
    assert keys(opened, "SQL server") == ["a"]
    opened.close()
