"""The record of a run as text, page and notebook, with names and outputs that would rather be something else."""

from __future__ import annotations

import json
import re
from typing import Any

import nbformat
from nbconvert.filters.markdown_mistune import markdown2html_mistune as markdown2html

from escher.approval.seen import seen
from escher.contract.audit import AuditEntry, AuditEvent, Verification
from escher.contract.runs import RunResult, StepResult
from escher.execution.output import Masker
from escher.widgets.evidence.html import page
from escher.widgets.evidence.notebook import notebook, plain
from escher.widgets.evidence.record import Evidence, Section, sections
from tests.approval.conftest import instance

AT = "2026-11-25T12:00:00+00:00"
HOSTILE = "<script>alert(1)</script> ![x](http://evil.example/p.png) [a](javascript:b) `c` | d\n# e \u202egnp\n```\n%escher run"
KEY = "AKIAIOSFODNN7EXAMPLE"


def evidence(plan: Any, output: str, name: str = "web") -> Evidence:
    """A run whose first step printed this, on a target of this name."""
    steps = (StepResult(step_id=plan.steps[0].step_id, title="x", status="completed", output=output, attempts=1),)
    result = RunResult(
        run_id="run-1", plan_id=plan.plan_id, status="completed", summary=f"Stopped {name}.", steps=steps, targets=(),
        started_at=AT, completed_at=AT, duration_ms=1,
    )  # fmt: skip
    event = AuditEvent(type="completed", at=AT, actor="ana", subject="run-1")
    return Evidence(
        plan=plan, result=result, targets=(seen(instance(1, name=name)),), approval=None, before={}, after={},
        entries=(AuditEntry(entry=1, event=event, previous="0" * 64, hash="f" * 64),), made_at=AT,
        verification=Verification(status="ok", entries=1, message="The trail is whole."),
    )  # fmt: skip


def parts(found: Evidence) -> tuple[Section, ...]:
    """Its sections, masked as a session masks them."""
    return tuple(sections(found, Masker(())))


def test_names_and_outputs_stay_text_on_the_page(stage: Any) -> None:
    """No tag of theirs becomes one, and letters that deceive are written as what they are."""
    shown = page(HOSTILE, parts(evidence(stage.plan(), HOSTILE, HOSTILE)))
    assert "<script" not in shown and "<img" not in shown and "\u202e" not in shown
    assert "&lt;script&gt;alert(1)" in shown and "⟨U+202E⟩" in shown
    ours = "html head meta title style body main h1 h2 section p dl dt dd div table thead tbody tr th td figure figcaption pre"
    assert set(re.findall(r"<([a-zA-Z0-9]+)", shown)) <= set(ours.split())


def test_names_and_outputs_stay_text_in_the_notebook(stage: Any) -> None:
    """No link, picture, heading, HTML or cell of theirs; the fence around an output is longer than any in it."""
    document = nbformat.reads(notebook("run-1", HOSTILE, parts(evidence(stage.plan(), HOSTILE, HOSTILE))), as_version=4)
    nbformat.validate(document)
    assert [cell.source for cell in document.cells if cell.cell_type == "code"] == [
        "%load_ext escher",
        "%escher runs show run-1",
    ]
    words = "".join(markdown2html(cell.source) for cell in document.cells if cell.cell_type == "markdown")
    tags = set(re.findall(r"<([a-z0-9]+)", words))
    assert tags <= {"h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "div", "pre", "span", "code", "a"}
    assert not re.search(r'href="(?!#)|<h1[^>]*>\s*e', words)


def test_secrets_are_masked_in_every_form(stage: Any) -> None:
    """What a step printed is masked once more when it is handed on."""
    shown = parts(evidence(stage.plan(), f"key {KEY}"))
    for form in (plain(shown), page("x", shown), notebook("run-1", "x", shown)):
        assert KEY not in form and ("<secret>" in form or "&lt;secret&gt;" in form)


def test_the_notebook_is_json_that_bears_the_run(stage: Any) -> None:
    """It says that it is a record, and of which run."""
    document = json.loads(notebook("run-1", "x", parts(evidence(stage.plan(), ""))))
    assert document["metadata"]["escher"] == {"run_id": "run-1", "read_only": True}
    assert all(cell["metadata"] == {"editable": False, "deletable": False} for cell in document["cells"])
    assert len({cell["id"] for cell in document["cells"]}) == len(document["cells"])
