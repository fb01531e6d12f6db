"""The view in the kernel: what it holds, what it sends, and what a saved notebook gets of it."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from escher.contract.ui import OutputLine, Text, TextData
from escher.widgets.view import KEPT_LINES, View


def text(name: str, content: str) -> Text:
    """A component."""
    return Text(id=name, data=TextData(content=content))


def test_a_component_put_again_keeps_its_place() -> None:
    """Components stand in the order in which they first came."""
    view = View("d", [text("a", "1"), text("b", "2")])
    view.put(text("c", "3"), text("a", "4"))
    assert [(one["id"], one["data"]["content"]) for one in view.documents()] == [("a", "4"), ("b", "2"), ("c", "3")]


def test_a_page_that_comes_later_gets_the_last_lines() -> None:
    """A fetched view holds the tracker with its last 2 000 lines."""
    view = View("d", [{"id": "run", "type": "progress_tracker", "props": {}, "data": {"lines": []}}])
    lines = [OutputLine(seq=n, at="", step_id="1", stream="stdout", text=str(n)) for n in range(1, 2_501)]
    view.append("run", lines)
    kept = view.documents()[0]["data"]["lines"]
    assert (len(kept), kept[0]["seq"], kept[-1]["seq"]) == (KEPT_LINES, 501, 2_500)


def test_a_view_that_nobody_shows_sends_nothing_and_loses_nothing() -> None:
    """Components put before a page is there come with its first fetch."""
    sent: list[dict[str, Any]] = []
    view = View("d")
    view.put(text("a", "1"))
    view.connect(sent.append)
    view.fetch("r1")
    assert [(m["type"], m["id"], len(m["components"])) for m in sent] == [("view.show", "r1", 1)]


def test_plain_text_has_every_part_in_order(stage) -> None:
    """A terminal gets sentence, facts, targets, steps with their commands and undo, and how to approve."""
    whole = stage.reply(stage.plan()).text()
    parts = (
        "I will stop 4",
        "understood: stop",
        "web-dev-1",
        "aws ec2 stop-instances",
        "undo: aws ec2 start",
        "To approve:",
    )
    places = [whole.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_plain_text_shows_unknown_components_and_deceptive_names(stage) -> None:
    """Nothing fails, nothing hides."""
    whole = stage.gallery().text()
    assert "hologram" in whole
    assert "web⟨U+202E⟩gnp.exe and p⟨U+0430⟩ypal" in whole


@pytest.mark.parametrize("store_state", [False, True])
def test_a_notebook_run_by_nbclient_saves_the_digest_alone(stage, tmp_path, store_state) -> None:
    """With and without widget state, the file holds no name, id, account, tag or command."""
    cell = "from stage import *\nshown = plan()\nstage = Stage(reply(shown))\nstage.run(shown)\nstage.widget"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    folder = stage.__file__.rsplit("/", 1)[0]
    client = NotebookClient(notebook, store_widget_state=store_state, resources={"metadata": {"path": folder}})
    client.execute()
    saved = json.dumps(notebook)
    assert ("widget-state+json" in saved) is store_state
    assert stage.DIGEST in saved
    canaries = ("CANARY", "111111111111", "i-0a41c8e2", "web-dev", "web-shop", "role/operator", "stop-instances")
    assert [canary for canary in canaries if canary in saved] == []
