"""One question becomes a stream: its order, its framing, and when there is a plan."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
import pytest
from starlette.testclient import TestClient

from escher.contract.context import Mention
from escher.contract.events import EVENT, Accepted, Clarify, Done, Enhance, Event, Failed, Proposed, Stream, Understood
from tests.server.conftest import context

Hear = Callable[..., Awaitable[list[Event]]]


def only(events: list[Event], kind: type[Event]) -> list[Event]:  # pyright: ignore
    return [event for event in events if isinstance(event, kind)]


def text_of(events: list[Event]) -> str:
    return "".join(event.content for event in events if isinstance(event, Stream))


async def test_an_order_is_answered_in_the_order_of_the_contract(hear: Hear) -> None:
    """Accepted, understanding, text, plan, layout, done."""
    events = await hear("stop every dev instance in us-east-1")
    assert [event.type for event in events] == [
        "accepted",
        "understanding",
        "stream",
        "stream",
        "plan",
        "enhance",
        "done",
    ]
    assert [event.seq for event in events if isinstance(event, Stream)] == [1, 2]


async def test_an_order_is_said_back_in_words_and_filled_in(hear: Hear) -> None:
    """The text says what was understood; the template has the playbook, the selector and no target."""
    events = await hear("stop every dev instance in us-east-1")
    assert text_of(events).startswith(
        "I understood: **stop** every **dev** compute instance in **us-east-1**. **Stop EC2 instances** fits best"
    )
    [proposed] = only(events, Proposed)
    assert isinstance(proposed, Proposed) and proposed.template is not None
    assert proposed.playbooks[0].playbook_id == "escher-aws-ec2-stop"
    assert proposed.template.selector.filters.environments == ("dev",)
    assert proposed.template.selector.filters.regions == ("us-east-1",)
    assert proposed.template.selector.resource_types == ("aws_ec2_instance",)


async def test_aliases_stay_as_they_are(hear: Hear) -> None:
    """The server repeats an alias and never learns what it stands for."""
    events = await hear("stop r4821", Mention(alias="r4821", role="resource_name", kinds=("compute_instance",)))
    assert "**stop** the compute instance **r4821**" in text_of(events)


@pytest.mark.parametrize(
    "question",
    [
        "how do I stop an instance?",
        "which instances could I stop?",
        "what would happen if I deleted the unattached volumes?",
        "don't stop anything, just list the dev instances",
        "list all buckets",
        "how many databases are there in us-east-1?",
    ],
)
async def test_a_question_never_gets_a_plan(hear: Hear, question: str) -> None:
    """Neither a proposal nor a template, whatever its words are."""
    events = await hear(question)
    assert [event.type for event in events if event.type in ("plan", "clarification", "error")] == []
    assert isinstance(events[-1], Done)


async def test_an_order_without_a_playbook_says_what_there_is_instead(hear: Hear) -> None:
    """Nothing fits: no template, and the purposes that do for that kind."""
    events = await hear("create three EC2 instances")
    assert only(events, Proposed) == [Proposed()]
    assert "No playbook of the library does that." in text_of(events)
    assert "Stop EC2 instances" in text_of(events)


async def test_an_order_over_two_kinds_asks_which_first(hear: Hear) -> None:
    """No one playbook stops both, so each choice is an order of its own."""
    events = await hear("stop all dev instances and databases")
    [clarify] = only(events, Clarify)
    assert isinstance(clarify, Clarify)
    assert clarify.clarification.choices == ("stop every dev compute instance", "stop every dev database instance")
    assert only(events, Proposed) == []


async def test_an_order_over_a_kind_too_many_asks_for_the_rest(hear: Hear) -> None:
    """A playbook for one of two kinds is offered for that one alone."""
    [clarify] = only(await hear("stop all dev instances and lambda functions"), Clarify)
    assert isinstance(clarify, Clarify)
    assert clarify.clarification.question.endswith("Only to compute instances?")
    assert clarify.clarification.choices == ("stop every dev compute instance",)


@pytest.mark.parametrize(
    "prompt",
    ["", "   ", "?" * 4_000, "\u202egnp.exe \U0001f600", "zxqv " * 700, "stop\n\n; rm -rf /", "stop ³ disks at ⑤"],
)
async def test_noise_is_answered_without_a_plan(hear: Hear, prompt: str) -> None:
    """Whatever is typed, the stream ends well and plans nothing."""
    events = await hear(prompt)
    assert isinstance(events[-1], Done)
    assert [event for event in events if isinstance(event, Proposed) and event.template] == []


@pytest.mark.parametrize(
    ("prompt", "components"),
    [
        ("stop every dev instance", ["text", "metric", "resource_table"]),
        ("list all buckets", ["text", "metric", "resource_table"]),
        ("how many volumes are there?", ["text", "metric", "table", "resource_table"]),
        ("how do I stop an instance?", ["text", "metric"]),
        ("delete all EC2 instances", ["text", "metric"]),
    ],
)
async def test_each_sort_of_answer_has_its_layout(hear: Hear, prompt: str, components: list[str]) -> None:
    """Types and bindings only; what needs no rows has none."""
    [enhance] = only(await hear(prompt), Enhance)
    assert isinstance(enhance, Enhance)
    assert [slot.type for slot in enhance.layout.components] == components


async def test_a_value_that_nobody_gave_is_named(hear: Hear) -> None:
    """Resizing needs a type; the client asks for it."""
    [proposed] = only(await hear("resize the dev instances"), Proposed)
    assert isinstance(proposed, Proposed) and proposed.template is not None
    assert proposed.template.missing == ("instance_type",)


async def test_a_blocked_action_gets_no_template(hear: Hear) -> None:
    """The client's policy hint stands against it; the client decides again anyway."""
    events = await hear("stop every dev instance", blocked_actions=("stop",))
    [proposed] = only(events, Proposed)
    assert isinstance(proposed, Proposed) and proposed.template is None
    assert "Your policy does not allow **stop**." in text_of(events)


async def test_production_and_what_cannot_be_undone_are_said(hear: Hear) -> None:
    """Risk is raised in production; each irreversible step gives its reason."""
    text = text_of(await hear("delete all unattached volumes in production"))
    assert "risk critical" in text
    assert "This is production." in text
    assert "A deleted volume is gone with its id." in text


async def test_the_first_event_does_not_wait_for_the_answer(hear: Hear, http: httpx.AsyncClient) -> None:
    """`accepted` can be read while the rest is still being made."""
    body = context("stop every dev instance").model_dump_json()
    async with http.stream("POST", "/v1/chat", content=body, headers={"content-type": "application/json"}) as response:
        first = await anext(response.aiter_bytes())
    assert first == b'event: accepted\ndata: {"type":"accepted","message_id":"m-1","protocol":"1","seen_by":""}\n\n'


async def test_the_length_of_an_answer_is_hidden(http: httpx.AsyncClient) -> None:
    """The JSON of every stream is a multiple of 8 KiB."""
    sizes: set[int] = set()
    for prompt in ("stop every dev instance", "list all buckets", "how many volumes are there?"):
        response = await http.post("/v1/chat", json=context(prompt).model_dump(mode="json"))
        lines = [line for line in response.text.split("\n") if line.startswith("data: ")]
        sizes.add(sum(len(line.removeprefix("data: ").encode()) for line in lines) % (8 * 1024))
    assert response.headers["content-type"].startswith("text/event-stream")
    assert sizes == {0}


async def test_a_credential_is_refused_and_not_repeated(http: httpx.AsyncClient) -> None:
    """A context with a key in it ends with an error event that does not hold it."""
    response = await http.post("/v1/chat", json=context("use AKIAIOSFODNN7EXAMPLE").model_dump(mode="json"))
    [line] = [line for line in response.text.split("\n") if line.startswith("data: ")]
    event = EVENT.validate_json(line.removeprefix("data: "))
    assert isinstance(event, Failed) and event.code == "forbidden_content"
    assert "AKIA" not in response.text


def test_a_websocket_carries_the_same_messages(app: object) -> None:
    """Two questions on one connection, each with its own events; rubbish in between is refused."""
    with TestClient(app).websocket_connect("/v1/ws") as socket:  # pyright: ignore
        for prompt in ("stop every dev instance", "list all buckets"):
            socket.send_text(context(prompt).model_dump_json())
            events: list[Event] = []
            while not events or not isinstance(events[-1], Done):
                events.append(EVENT.validate_json(socket.receive_text()))
            assert isinstance(events[0], Accepted) and isinstance(events[1], Understood)
            assert isinstance(events[-2], Enhance)
            socket.send_text("rubbish")
            refused = EVENT.validate_json(socket.receive_text())
            assert isinstance(refused, Failed) and refused.code == "invalid_request"


async def test_the_intent_route_gives_the_understanding_alone(http: httpx.AsyncClient) -> None:
    """What was understood, and no plan."""
    body = (await http.post("/v1/intent", json=context("stop every dev instance").model_dump(mode="json"))).json()
    assert set(body) == {"understanding", "clarification"}
    assert (body["understanding"]["class"], body["understanding"]["action"]) == ("operation", "stop")
