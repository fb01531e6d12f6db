"""Retrieval: the purposes of the library in other words, and what must not be found.

`tests/fixtures/library_requests.json` has the words, written from the purposes alone. A playbook that is not in it is
asked for in the words of its own purpose, so every playbook of the library is judged.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from escher.contract.context import Count, EstateSummary, Mention
from escher.contract.playbook import RankedPlaybook
from escher.vectors.embedder import load_embedder
from escher_server.agents.master import understand
from escher_server.agents.playbook import PlaybookAgent
from escher_server.library.loader import Library
from escher_server.orchestrator import Orchestrator
from tests.server.conftest import context

REQUESTS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "fixtures/library_requests.json").read_text("utf-8"))
# Written from the purposes alone by somebody who knew nothing else. No weight was fitted to them, but two rules (opposites;
# encryption has to be said) were made after they had been looked at.
APART: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "fixtures/library_requests_apart.json").read_text("utf-8")
)
EVERYWHERE = ("aws", "azure", "gcp")
TODAY = date(2027, 1, 15)


@pytest.fixture(scope="module")
def agent(library: Library) -> PlaybookAgent:
    """The playbook agent over the packaged library."""
    return PlaybookAgent(library, load_embedder())


def found(agent: PlaybookAgent, text: str, clouds: tuple[str, ...] = EVERYWHERE) -> list[str]:
    """The playbooks for a request of somebody who has things in these clouds, best first."""
    summary = EstateSummary(providers=tuple(Count(value=cloud, count=5) for cloud in clouds))
    understanding, _ = understand(context(text, summary=summary))
    return [one.playbook_id for one in agent.search(understanding, text, TODAY, estate=clouds)]


@cache
def _asked(library_ids: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    requests: dict[str, list[str]] = REQUESTS["requests"]
    return tuple((id_, text) for id_, purpose in library_ids for text in requests.get(id_, [purpose]))


def test_the_purposes_are_found_in_other_words(agent: PlaybookAgent, library: Library) -> None:
    """Of all paraphrases, the right playbook is first for at least 90 %, and among three for at least 98 %."""
    metadata = [entry.playbook.metadata for entry in library.entries.values()]
    asked = _asked(tuple((one.playbook_id, one.purpose) for one in metadata))
    answers = {text: found(agent, text) for _, text in asked}
    first = {text: answers[text] for id_, text in asked if answers[text][:1] != [id_]}
    among = {text: answers[text] for id_, text in asked if id_ not in answers[text]}
    assert len(asked) >= len(library.entries)
    assert len(first) <= len(asked) * 0.10, first
    assert len(among) <= len(asked) * 0.02, among


def test_what_nothing_fits_is_refused(agent: PlaybookAgent) -> None:
    """An act, a kind or a detail that the library does not have gives no playbook, in at least 90 % of such requests."""
    answered = {text: answer for text in REQUESTS["nothing"] if (answer := found(agent, text))}
    assert len(REQUESTS["nothing"]) >= 60
    assert len(answered) <= len(REQUESTS["nothing"]) * 0.10, answered


def test_the_clouds_in_use_decide_where_none_was_named(agent: PlaybookAgent) -> None:
    """Who has things in AWS alone means those; whoever names another cloud means that one."""
    assert found(agent, "turn the test VMs off", ("aws",))[0] == "escher-aws-ec2-stop"
    assert not [id_ for id_ in found(agent, "stop the GCP instances", ("aws",)) if "-aws-" in id_]


@pytest.mark.parametrize(
    "text",
    [
        "open port 443 in the security group", "allow SSH from everywhere in AWS", "make the S3 bucket public",
        "let RDP in on the GCP network", "decrypt the S3 bucket", "turn off encryption for the SNS topics",
    ],
)  # fmt: skip
def test_what_opens_is_never_taken_for_what_closes(agent: PlaybookAgent, text: str) -> None:
    """The opposite of what a playbook does is as near to it in words as can be."""
    assert [id_ for id_ in found(agent, text) if any(word in id_ for word in ("close", "block", "encrypt"))] == []


async def search(http: httpx.AsyncClient, text: str, *mentions: Mention) -> list[RankedPlaybook]:
    response = await http.post("/v1/playbooks/search", json=context(text, *mentions).model_dump(mode="json"))
    assert response.status_code == 200
    return [RankedPlaybook.model_validate(one) for one in response.json()]


async def test_a_rank_says_why(http: httpx.AsyncClient) -> None:
    """Confidence from 0 to 1, and two or three sentences: what it does, how it stands, what is to be weighed."""
    rank = (await search(http, "release the unused elastic IPs"))[0]
    assert 0.6 < rank.confidence <= 1
    assert (rank.source, rank.status) == ("library", "active")
    assert rank.reason == (
        "Releases Elastic IP addresses that are associated with nothing; a released address is lost. "
        "No runs of it are recorded yet. It cannot be undone."
    )


async def test_a_named_kind_decides_where_words_do_not(http: httpx.AsyncClient) -> None:
    """`stop r1234` means a database when that is what bears the name."""
    mention = Mention(alias="r1234", role="resource_name", kinds=("database_instance",))
    ranks = await search(http, "stop r1234", mention)
    assert "escher-aws-rds-stop" in [rank.playbook_id for rank in ranks]
    assert not [rank for rank in ranks if "ec2" in rank.playbook_id]


def test_requests_that_were_written_apart(agent: PlaybookAgent) -> None:
    """The right playbook is first for at least 90 %, and among three for 93 %. Both are 98 % for those of our own."""
    asked = [(id_, found(agent, text)) for id_, texts in APART["requests"].items() for text in texts]
    assert len([id_ for id_, ids in asked if ids[:1] == [id_]]) >= 0.90 * len(asked)
    assert len([id_ for id_, ids in asked if id_ in ids]) >= 0.93 * len(asked)


def test_what_nothing_fits_is_refused_asked_about_or_made(agent: PlaybookAgent) -> None:
    """Of requests that were written apart, at least 85 % come to no plan of the library's; the aim is 90 %."""
    orchestrator = Orchestrator(agent)
    summary = EstateSummary(providers=tuple(Count(value=cloud, count=5) for cloud in EVERYWHERE))
    planned: list[str] = []
    for text in APART["nothing"]:
        asked = context(text, summary=summary)
        decision = orchestrator.decide(asked, *understand(asked))
        template = decision.proposed.template if decision.proposed else None
        if template is not None and template.playbook.metadata.author != "ai_generated":
            planned.append(text)
    assert len(planned) <= 0.15 * len(APART["nothing"]), planned
