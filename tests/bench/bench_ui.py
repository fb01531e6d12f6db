"""From an answer to its components: the server chooses the layout, the client fills it (design.md section 6).

A template and a layout put together by rules, each over HTTP of the embedded server, with 5 000 resources to show.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Iterator
from time import perf_counter

from escher.client.brain import HttpBrain, embedded_brain
from escher.contract.agents import EnhanceAnswer, EnhanceRequest
from escher.contract.estate import Completeness, Resource
from escher.contract.understanding import Understanding
from escher.widgets.compose import ReplyParts, compose
from escher_server.app import create_app
from tests.bench.bench_ask import instance

SHOWN = 5_000
ROUNDS = 100
LISTED = Understanding.model_validate(
    {"class": "query", "action": "list", "kinds": ("compute_instance",), "confidence": 0.95}
)
COMPARED = LISTED.model_copy(update={"action": "compare"})
SEEN = Completeness(complete=True, oldest_scan="2026-01-01T00:00:00Z", scopes=3, complete_scopes=3)


def benchmarks() -> Iterator[tuple[str, float, str, float | None]]:
    """The slow end of both ways, in ms, with their budgets as baselines."""
    resources = tuple(instance(number) for number in range(SHOWN))
    for name, understood, template, budget in (
        ("template", LISTED, "resource_list_view", 200),
        ("put together", COMPARED, "dynamic", 1_500),
    ):
        times = asyncio.run(_rounds(understood, template, resources))
        yield f"ui: {name}, {SHOWN} resources, p95", statistics.quantiles(times, n=20)[18] * 1000, "ms", budget


async def _rounds(understood: Understanding, template: str, resources: tuple[Resource, ...]) -> list[float]:
    brain = embedded_brain(create_app())
    times = [await _once(brain, understood, template, resources) for _ in range(ROUNDS + 1)]
    await brain.aclose()
    return times[1:]


async def _once(brain: HttpBrain, understood: Understanding, template: str, resources: tuple[Resource, ...]) -> float:
    """The seconds from a local answer to all its components as JSON."""
    began = perf_counter()
    body = EnhanceRequest(answer="information", understanding=understood).model_dump_json().encode()
    layout = EnhanceAnswer.model_validate_json(await brain.send("/v1/ui/enhance", body)).layout
    parts = ReplyParts(
        text="I found them.", understanding=understood, completeness=SEEN, targets=resources, layout=layout
    )
    shown = [component.model_dump(mode="json") for component in compose(parts)]
    took = perf_counter() - began
    assert layout.template == template and shown
    return took
