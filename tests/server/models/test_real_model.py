"""A real, small model behind the OpenAI-compatible interface: schema, streaming, time limit and fallback hold with it.

It is far too small to be right; what it says is never looked at, only that nothing of it counts that may not.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from pydantic_ai import models

from escher.contract.context import Count, EstateSummary
from escher.contract.events import Accepted, Clarify, Done, Proposed, Understood
from escher_server.agents.modelled.ordering import Order
from escher_server.models.building import language_model
from escher_server.models.choice import ModelChoice
from escher_server.models.language import LanguageModel
from escher_server.models.prompts import read_prompt
from escher_server.models.quoting import quoted
from escher_server.orchestrator import Orchestrator
from tests.server.conftest import context

pytestmark = pytest.mark.llm
_PYTHON = Path(__file__).parents[3] / ".venv-llm" / "bin" / "python"
Made = Callable[[float], LanguageModel]


@pytest.fixture(autouse=True)
def _this_machine_only(_no_provider: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", True)


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    """Makes the model, with so many seconds for each use."""
    if not _PYTHON.exists():
        message = "There is no language model. Run: make test (it makes .venv-llm)"
        pytest.fail(message, pytrace=False) if os.environ.get("CI") == "true" else pytest.skip(message)
    script = Path(__file__).with_name("local_model.py")
    with subprocess.Popen(
        [_PYTHON, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        address = next((line.split()[1] for line in process.stdout if line.startswith("ADDRESS")), "")
        url = f"{address}/v1"
        yield lambda seconds: language_model(ModelChoice("openai-compatible", "smollm2", url, "", seconds))
        process.kill()


async def test_its_answer_follows_the_schema(made: Made) -> None:
    """The schema of a use is kept to, whatever is in it."""
    offered = quoted("candidates", {"candidates": [{"playbook_id": "stop-instances", "purpose": "Stop instances."}]})
    order = await made(300).ask(read_prompt("playbook.md"), offered, Order)
    assert isinstance(order, Order)


async def test_its_words_are_streamed(made: Made) -> None:
    """A text comes in several pieces."""
    asked = quoted("request", {"text": "how do I reduce the cost of unattached disks?"})
    async with aclosing(made(300).tell(read_prompt("modelled/wording.md"), asked)) as pieces:
        first, second = [await anext(pieces) for _ in range(2)]
    assert first and second


async def test_it_is_given_up_when_it_is_too_slow(made: Made) -> None:
    """A hundredth of a second is not enough for it: no answer, and it rests."""
    model = made(0.01)
    order = await model.ask(read_prompt("playbook.md"), quoted("request", {"text": "stop"}), Order)
    assert (order, model.rests) == (None, True)


@pytest.mark.parametrize("prompt", ["stop all dev instances in us-east-1", "hm, die Platten", "how do I cut cost?"])
async def test_whatever_it_says_the_rules_hold(
    prompt: str, made: Made, rules: Orchestrator, advised: Callable[[LanguageModel], Orchestrator]
) -> None:
    """The stream is whole, an order's plan is the rules', and what is no order gets none."""
    asked = context(prompt, summary=EstateSummary(regions=(Count(value="us-east-1", count=5),)))
    plain = [event async for event in rules.answer(asked)]
    got = [event async for event in advised(made(3)).answer(asked)]
    assert isinstance(got[0], Accepted) and got[0].seen_by == "127.0.0.1" and isinstance(got[-1], Done)
    orders = [[one.understanding for one in events if isinstance(one, Understood)] for events in (plain, got)]
    assert orders[0][0].class_ == orders[1][0].class_ or "operation" not in {one[0].class_ for one in orders}
    plans = [[one for one in events if isinstance(one, Proposed)] for events in (plain, got)]
    assert [one.template for one in plans[0]] == [one.template for one in plans[1]]
    assert sum(isinstance(one, Clarify) for one in got) <= 1
