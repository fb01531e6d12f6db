"""Messages to the page: paced, numbered, complete."""

from __future__ import annotations

import threading
import time
from typing import Any

from escher.contract.ui import OutputLine
from escher.widgets.outbox import BATCH_CHARACTERS, Outbox

SHOWN = {"id": "a", "type": "text", "props": {}, "data": {"content": "x"}}


class Sent:
    """Notes what is sent and when."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.times: list[float] = []

    def __call__(self, message: dict[str, Any]) -> None:
        self.times.append(time.monotonic())
        self.messages.append(message)

    def seqs(self) -> list[int]:
        """The numbers of the lines that were sent."""
        return [line["seq"] for message in self.messages for line in message.get("lines", [])]

    def wait_for_line(self, seq: int) -> None:
        """Wait until a line was sent."""
        deadline = time.monotonic() + 10
        while seq not in self.seqs() and time.monotonic() < deadline:
            time.sleep(0.02)


def line(seq: int, text: str = "x") -> OutputLine:
    """A line of output."""
    return OutputLine(seq=seq, at="2025-01-01T00:00:00Z", step_id="1.1", stream="stdout", text=text)


def test_a_thousand_lines_a_second_leave_in_few_messages_without_loss() -> None:
    """Two threads print 1 000 lines each in a second; every line is sent once, in order, in at most 20 messages a second."""
    sent = Sent()
    outbox = Outbox(sent)

    def work(component: str) -> None:
        begun = time.monotonic()
        for seq in range(1, 1_001):
            outbox.append(component, [line(seq)])
            time.sleep(max(0.0, begun + seq / 1_000 - time.monotonic()))

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(0.3)
    for name in ("a", "b"):
        seqs = [one["seq"] for m in sent.messages if m["component_id"] == name for one in m["lines"]]
        assert seqs == list(range(1, 1_001))
    assert len(sent.messages) <= 20 * (sent.times[-1] - sent.times[0]) + 1


def test_messages_are_numbered_without_gaps() -> None:
    """The page can tell from `seq` that it has missed one."""
    sent = Sent()
    outbox = Outbox(sent, interval_s=0.01)
    for seq in range(1, 6):
        outbox.append("run", [line(seq)])
        time.sleep(0.03)
    assert [message["seq"] for message in sent.messages] == list(range(1, len(sent.messages) + 1))


def test_of_several_changes_to_a_component_the_last_is_sent() -> None:
    """A component that changes faster than messages leave is sent as it is then."""
    sent = Sent()
    outbox = Outbox(sent)
    for number in range(50):
        outbox.put(SHOWN | {"data": {"content": str(number)}})
    time.sleep(0.2)
    assert [message["components"][-1]["data"]["content"] for message in sent.messages][-1] == "49"
    assert len(sent.messages) <= 3


def test_showing_the_whole_view_replaces_what_was_waiting() -> None:
    """What is in the view already is not sent a second time."""
    sent = Sent()
    outbox = Outbox(sent, interval_s=0.2)
    outbox.put(SHOWN)
    time.sleep(0.05)
    outbox.put(SHOWN | {"id": "b"})
    outbox.append("run", [line(1)])
    outbox.show("r", [SHOWN])
    time.sleep(0.4)
    assert [message["type"] for message in sent.messages] == ["view.put", "view.show"]


def test_long_lines_are_split_over_messages() -> None:
    """No message grows far beyond 64 KB, and nothing is lost."""
    sent = Sent()
    outbox = Outbox(sent, interval_s=0.01)
    outbox.append("run", [line(seq, "y" * 30_000) for seq in range(1, 11)])
    sent.wait_for_line(10)
    assert sent.seqs() == list(range(1, 11))
    assert max(sum(len(one["text"]) for one in m["lines"]) for m in sent.messages) < 2 * BATCH_CHARACTERS
