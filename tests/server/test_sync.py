"""The library follows its source: only what is new is fetched, nothing released changes, and a broken one is left out."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from escher.contract.publication import SyncReport
from escher.vectors.hashing import HashingEmbedder
from escher_server.agents.playbook import PlaybookAgent
from escher_server.errors import InvalidRequest, SyncFailed, UnknownPlaybook
from escher_server.library.loader import load
from escher_server.library.sources import WebSource, source_at
from escher_server.library.sync import LibrarySync
from escher_server.settings import PACKAGED_LIBRARY

NOW = 1_800_000_000
SNAPSHOT, RELEASE = "escher-aws-ebs-snapshot", "escher-aws-eip-release-unused"
ADDRESS = "https://objects.test/library/index.json"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A source with two playbooks, each with all of its scripts."""
    for name in (SNAPSHOT, RELEASE):
        shutil.copytree(PACKAGED_LIBRARY / name, tmp_path / "source" / name)
    return tmp_path / "source"


@pytest.fixture
def packaged(tmp_path: Path) -> Path:
    """A packaged library with nothing in it."""
    (tmp_path / "packaged").mkdir()
    return tmp_path / "packaged"


@pytest.fixture
def agent(tmp_path: Path, source: Path, packaged: Path) -> PlaybookAgent:
    """A server that is brought up to the folder."""
    sync = LibrarySync(tmp_path / "home", packaged, source_at(str(source)))
    return PlaybookAgent(load(packaged), HashingEmbedder(), tmp_path / "home", sync)


def served(agent: PlaybookAgent) -> set[tuple[str, str]]:
    return set(agent.library.entries)


def another_version(source: Path, version: str) -> None:
    """One more version of a playbook, with the scripts of the first."""
    folder = source / SNAPSHOT / f"v{version}"
    shutil.copytree(source / SNAPSHOT / "v1.0.0", folder, ignore=shutil.ignore_patterns("scripts"))
    metadata = json.loads((folder / "metadata.json").read_text())
    (folder / "metadata.json").write_text(json.dumps(metadata | {"version": version}))


def test_only_what_is_new_is_fetched_and_served_at_once(agent: PlaybookAgent, source: Path) -> None:
    """Never before it is asked for; the same again is nothing; then one version more, beside the old one."""
    assert served(agent) == set()
    first = agent.sync(NOW)
    assert (set(first.added), first.unchanged, first.refused) == ({f"{SNAPSHOT}:1.0.0", f"{RELEASE}:1.0.0"}, 0, ())
    assert agent.sync(NOW) == SyncReport(marker=first.marker, unchanged=2)
    another_version(source, "1.1.0")
    second = agent.sync(NOW)
    assert (second.added, second.unchanged) == ((f"{SNAPSHOT}:1.1.0",), 2)
    assert served(agent) == {(SNAPSHOT, "1.0.0"), (SNAPSHOT, "1.1.0"), (RELEASE, "1.0.0")}


def test_a_broken_version_is_left_out_and_the_rest_serves(agent: PlaybookAgent, source: Path) -> None:
    """With file and line; mended at its source, it comes with the next sync."""
    file = source / SNAPSHOT / "v1.0.0" / "metadata.json"
    whole = file.read_text()
    file.write_text(whole.replace(",\n", "\n", 1))
    told = agent.sync(NOW).refused
    assert len(told) == 1 and f"{SNAPSHOT}/v1.0.0/metadata.json, line 3: Expecting" in told[0]
    assert served(agent) == {(RELEASE, "1.0.0")}
    file.write_text(whole)
    assert f"{SNAPSHOT}:1.0.0" in agent.sync(NOW).added


def test_a_script_that_does_more_than_it_says_is_left_out(agent: PlaybookAgent, source: Path) -> None:
    """The library's scripts are read like everybody's."""
    code = source / RELEASE / "v1.0.0/scripts/aws-eip-release/v1.0.0/code/bash/main.sh"
    code.write_text(code.read_text() + "aws ec2 release-address --no-such-flag\n")
    [told] = agent.sync(NOW).refused
    assert told.startswith(f"{RELEASE}: aws-eip-release@1.0.0 (bash), line ") and "--no-such-flag" in told


def test_a_released_version_never_changes(agent: PlaybookAgent, source: Path) -> None:
    """Other content under a version that is here is refused by name, and what is here stays."""
    agent.sync(NOW)
    file = source / RELEASE / "v1.0.0/metadata.json"
    file.write_text(file.read_text().replace("Release unused", "Release all"))
    assert agent.sync(NOW).refused == (f"{RELEASE}:1.0.0 was released with other content",)
    found = agent.find(RELEASE, "1.0.0")
    assert found is not None and found.metadata.name == "Release unused Elastic IP addresses"


def test_one_version_is_registered_by_itself(agent: PlaybookAgent) -> None:
    """With its quality; one that the source does not have is not there."""
    answer = agent.register(RELEASE, "1.0.0")
    assert (answer.status, answer.tier, served(agent)) == ("active", "featured", {(RELEASE, "1.0.0")})
    with pytest.raises(UnknownPlaybook):
        agent.register(RELEASE, "9.0.0")


def test_another_worker_serves_what_was_fetched(agent: PlaybookAgent, tmp_path: Path, packaged: Path) -> None:
    """And so does this one after it was started anew."""
    other = PlaybookAgent(
        load(packaged), HashingEmbedder(), tmp_path / "home", LibrarySync(tmp_path / "home", packaged, None)
    )
    agent.sync(NOW)
    assert served(other) == served(agent) != set()
    with pytest.raises(InvalidRequest, match="ESCHER_SERVER_LIBRARY"):
        other.sync(NOW)


Answer = Callable[[httpx.Request], httpx.Response]


def web(answer: Answer) -> WebSource:
    """A source in an object store that answers like this."""
    return WebSource(httpx.Client(transport=httpx.MockTransport(answer)), ADDRESS)


def listing(source: Path, **change: str) -> bytes:
    files = [path for path in sorted(source.rglob("*")) if path.is_file()]
    return json.dumps(
        {
            "files": [
                {"path": path.relative_to(source).as_posix(), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
                | change
                for path in files
            ]
        }
    ).encode()


def store(source: Path, asked: list[str]) -> Answer:
    """An object store that serves a folder, and notes what it was asked for."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path.endswith("index.json"):
            same = request.headers.get("if-none-match") == '"1"'
            return (
                httpx.Response(304) if same else httpx.Response(200, content=listing(source), headers={"etag": '"1"'})
            )
        return httpx.Response(200, content=(source / request.url.path.removeprefix("/library/")).read_bytes())

    return answer


def test_an_object_store_is_asked_for_what_changed(tmp_path: Path, source: Path, packaged: Path) -> None:
    """By the index's ETag; when it is the same, nothing else is asked for."""
    asked: list[str] = []
    sync = LibrarySync(tmp_path / "home", packaged, web(store(source, asked)))
    assert len(sync.run(NOW).added) == 2
    asked.clear()
    assert (sync.run(NOW).unchanged, asked) == (2, ["/library/index.json"])


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "/etc/passwd", "a/v1.0.0/../../x", "a/v1.0.0/.x", "a/v1.0.0", "a/v1/x", "A/v1.0.0/x"]
)
def test_an_index_cannot_lead_out_of_the_library(tmp_path: Path, source: Path, packaged: Path, path: str) -> None:
    """A path that is none of a playbook's ends the sync, and nothing of it is written."""
    answer = web(lambda request: httpx.Response(200, content=listing(source, path=path)))
    with pytest.raises(SyncFailed):
        LibrarySync(tmp_path / "home", packaged, answer).run(NOW)
    assert not [file for file in (tmp_path / "home").rglob("*") if file.is_file() and file.name != "sync.lock"]


def test_a_file_that_is_not_the_listed_one_is_not_taken(tmp_path: Path, source: Path, packaged: Path) -> None:
    """Every file is hashed; one that differs ends the sync, and the library stays as it was."""
    honest = store(source, [])

    def answer(request: httpx.Request) -> httpx.Response:
        given = honest(request)
        return httpx.Response(200, content=given.content + b" ") if "metadata" in request.url.path else given

    sync = LibrarySync(tmp_path / "home", packaged, web(answer))
    with pytest.raises(SyncFailed, match="not the one that its index lists"):
        sync.run(NOW)
    assert sync.fresh() is None
