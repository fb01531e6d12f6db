"""The estate's index on a server: it sees nothing in clear, and whatever it answers changes nothing but the order."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from escher.contract.estate import Resource
from escher.errors import ConfigurationError
from escher.retrieval.index import EstateIndex
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from escher.vectors.embedder import load_embedder
from escher.vectors.remote import RemoteIndex, Server
from tests.fixtures.qdrant_server import QdrantServer, qdrant_server

MODEL = load_embedder()
API_KEY = "the key of the server"
QUESTIONS = ("SQL server", "web-1", "shop machines", "scratch", "billing production")


@pytest.fixture
def served() -> Iterator[QdrantServer]:
    with qdrant_server() as server:
        yield server


@pytest.fixture
def store(tmp_path: Any, estate: list[Resource]) -> Iterator[Store]:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("a passphrase of some length")
    passphrase.chmod(0o600)
    with Store.create(Settings(home=tmp_path / "home", passphrase_file=passphrase)) as opened:
        EstateStore(opened).upsert(estate)
        yield opened


def remote(store: Store, served: QdrantServer) -> EstateIndex:
    server = Server(served.url, API_KEY, store.derive("remote index"))
    return EstateIndex(EstateStore(store), MODEL, name="test", server=server)


@pytest.fixture
def local(store: Store) -> Iterator[EstateIndex]:
    index = EstateIndex(EstateStore(store), MODEL, name="test")
    index.embed_pending()
    yield index
    index.close()


def found(index: EstateIndex, text: str, limit: int = 5, **filters: list[str]) -> list[str]:
    return [resource.identifier for resource, _ in index.search(text, filters, limit)]


def test_it_finds_what_is_found_here(store: Store, served: QdrantServer, local: EstateIndex) -> None:
    """The same resources and facets as from the index of this machine, with filters and without."""
    index = remote(store, served)
    for text in QUESTIONS:
        assert sorted(found(index, text)) == sorted(found(local, text)), text
        assert sorted(found(index, text, kind=["disk"])) == sorted(found(local, text, kind=["disk"])), text
    assert index.facets("kind") == local.facets("kind")
    assert index.state().kind == "remote" and index.state().note == ""
    index.close()


def test_no_name_id_tag_or_account_is_on_the_wire(
    store: Store, served: QdrantServer, local: EstateIndex, estate: list[Resource]
) -> None:
    """Of every byte that the server was sent, in no letter case; vectors are turned by a secret rotation."""
    index = remote(store, served)
    for text in QUESTIONS:
        found(index, text, account_id=["111111111111"], environment=["dev"])
    index.facets("account_name")
    EstateStore(store).delete([estate[0].natural_key])
    found(index, "anything")
    index.close()
    sent = b"\n".join(served.received).lower().replace(b"/points/query/batch", b"")
    own = [text for one in estate for text in (one.name, one.identifier, one.resource_id, one.natural_key, one.region)]
    own += [text for one in estate for tag in one.tags.items() for text in tag]
    own += [
        "111111111111",
        "222222222222",
        "compute_instance",
        "aws_ec2_instance",
        "running",
        "account_id",
        "sql server",
    ]
    assert len(sent) > 100_000 and API_KEY.encode() in sent
    assert [text for text in own if _telling(text) and text.lower().encode() in sent] == []
    vectors = [np.frombuffer(vector, "<f4") for vector in EstateStore(store).snapshot().vectors.values()]
    assert len(vectors) == 10
    shown = [number for vector in vectors for number in vector.tolist() if str(number).encode() in sent]
    assert len(shown) < 20  # of 3 840: two float32 numbers are equal by chance now and then


def _telling(text: str) -> bool:
    """Whether finding it in ciphertext and hashes cannot be chance."""
    return len(text) > 5 or "web-" in text or "vol-" in text


def test_a_second_session_sends_only_what_is_new(
    store: Store, served: QdrantServer, local: EstateIndex, resource: Callable[..., Resource], estate: list[Resource]
) -> None:
    """The points stay on the server; a new process sends what changed and takes out what is gone."""
    first = remote(store, served)
    found(first, "orders")
    first.close()
    EstateStore(store).upsert([resource("zebra", "i-99")])
    EstateStore(store).delete([estate[4].natural_key])
    served.received.clear()
    second = remote(store, served)
    assert found(second, "zebra")[0] == "i-99" and "i-05" not in found(second, "batch", 20)
    sent = [body for head, _, body in (request.partition(b"\n\n") for request in served.received) if b"PUT" in head]
    points = [point for body in sent for point in json.loads(body).get("points", [])]
    assert len(points) == 1
    second.close()


def _unknown_keys(route: str, answer: dict[str, Any], rng: random.Random) -> None:
    for point in _points(route, answer):
        point["payload"] = {
            "key": rng.choice(["", "AAAA", "aws:111111111111:us-east-1:aws_ec2_instance:i-01", "A" * 999, 7])
        }


def _swapped_keys(route: str, answer: dict[str, Any], rng: random.Random) -> None:
    """Sealed keys of other points: true keys, but not of these."""
    points = _points(route, answer)
    payloads = [point["payload"] for point in points]
    for point, payload in zip(points, payloads[1:] + payloads[:1], strict=True):
        point["payload"] = payload


def _strange_scores(route: str, answer: dict[str, Any], rng: random.Random) -> None:
    for point in _points(route, answer):
        point["score"] = rng.choice([float("nan"), float("inf"), -float("inf"), 1e300, -5])


def _much_more(route: str, answer: dict[str, Any], rng: random.Random) -> None:
    for point in _points(route, answer):
        point["payload"]["more"] = "x" * 2_000
    for part in answer["result"] if isinstance(answer["result"], list) else []:
        part["points"] = part["points"] * 50


def _points(route: str, answer: dict[str, Any]) -> list[dict[str, Any]]:
    if route == "query":
        return [point for part in answer["result"] for point in part["points"]]
    return answer["result"]["points"] if route == "scroll" else []


@pytest.mark.parametrize("hostile", [_unknown_keys, _swapped_keys, _strange_scores, _much_more])
def test_a_hostile_server_invents_nothing(
    store: Store, served: QdrantServer, local: EstateIndex, hostile: Callable[..., None]
) -> None:
    """Whatever it answers, only resources of the store come out that meet the filters, once each, with scores from 0 to 1."""
    index, rng = remote(store, served), random.Random(4)
    found(index, "orders")

    def alter(route: str, content: bytes) -> bytes:
        answer = json.loads(content)
        hostile(route, answer, rng)
        return json.dumps(answer).encode()

    served.alter = alter
    known = EstateStore(store).snapshot().resources
    for text in QUESTIONS:
        hits = index.search(text, {"kind": ["compute_instance"]}, 5)
        assert all(known[one.natural_key] == one and one.kind == "compute_instance" for one, _ in hits)
        assert len({one.natural_key for one, _ in hits}) == len(hits) <= 5
        assert all(0 <= score <= 1 for _, score in hits)
    assert index.state().kind == "remote"
    exact = {one.identifier for one, score in index.search("web-1", {}, 20) if score == 1.0}
    assert exact == {"i-01", "i-04", "vol-1"}
    index.close()


def _no_json(route: str, content: bytes) -> bytes:
    return b"<html>"


def _wrong_shape(route: str, content: bytes) -> bytes:
    return b'{"result": [{"points": [{"id": {}, "score": "high"}]}], "status": "ok"}'


def _endless(route: str, content: bytes) -> bytes:
    return b'{"result": "' + b"x" * 40_000_000


@pytest.mark.parametrize("alter", [_no_json, _wrong_shape, _endless])
def test_a_server_that_answers_nonsense_is_left(
    store: Store, served: QdrantServer, local: EstateIndex, alter: Callable[[str, bytes], bytes]
) -> None:
    """The index is built on this machine, answers as ever, and says where it is and why."""
    index = remote(store, served)
    found(index, "orders")
    served.alter = alter
    assert found(index, "SQL server")[0] == "db-1"
    state = index.state()
    assert state.kind in ("edge", "memory") and "Qdrant server did not answer" in state.note
    index.close()


def test_a_server_that_is_not_there_is_left(store: Store, served: QdrantServer, local: EstateIndex) -> None:
    """Refused keys and closed ports are the same: the index is kept here."""
    served.status = 403
    closed = Server("http://127.0.0.1:1", "", b"s" * 32)
    for index in (remote(store, served), EstateIndex(EstateStore(store), MODEL, name="test", server=closed)):
        assert found(index, "SQL server")[0] == "db-1"
        assert index.state().kind in ("edge", "memory")
        index.close()


def test_an_open_wire_is_refused(store: Store) -> None:
    """Without TLS only this machine may be spoken to; a redirect is not followed; what is no address is refused."""
    for url in ("http://qdrant.example.com:6333", "ftp://qdrant.example.com", "qdrant", ""):
        with pytest.raises(ConfigurationError):
            RemoteIndex(Server(url, API_KEY, b"s" * 32), "test", 384)


def test_the_collection_can_be_erased(store: Store, served: QdrantServer, local: EstateIndex) -> None:
    """Nothing of it is on the server afterwards; its name told nothing."""
    index = remote(store, served)
    found(index, "orders")
    on_server = index._index.current()
    assert isinstance(on_server, RemoteIndex)
    [collection] = served.engine.get_collections().collections
    assert collection.name.startswith("escher_") and "test" not in collection.name
    on_server.erase()
    assert served.engine.get_collections().collections == []
    index.close()
