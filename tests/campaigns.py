"""The record of the full campaigns: what `make prove` has proved so far, in prove.json, so that it can be resumed.

A campaign that passed is not repeated until the code changes; the record names the commit that it was made on.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

FULL = os.environ.get("ESCHER_CAMPAIGN") == "full"


class Proof:
    """Pytest's hooks around prove.json; the processes of xdist read it, and only the first one writes."""

    def __init__(self, root: Path) -> None:
        self._path = root / "prove.json"
        self._commit = _commit(root)
        record = json.loads(self._path.read_text("utf-8")) if self._path.exists() else {}
        self._campaigns: dict[str, Any] = record["campaigns"] if record.get("commit") == self._commit else {}
        self._writes = "PYTEST_XDIST_WORKER" not in os.environ

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out what is proved already."""
        proved = [item for item in items if self._outcome(item.nodeid) == "passed"]
        items[:] = [item for item in items if item not in proved]
        config.hook.pytest_deselected(items=proved)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write down how a campaign ended, at once."""
        if not self._writes or (report.when != "call" and not report.failed):
            return
        properties = dict(report.user_properties)
        self._campaigns[_name(report.nodeid)] = {
            "outcome": report.outcome, "cases": properties.pop("cases", None), "seconds": round(report.duration, 2), **properties,
        }  # fmt: skip
        document = {"commit": self._commit, "campaigns": dict(sorted(self._campaigns.items()))}
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
        draft.replace(self._path)

    def _outcome(self, nodeid: str) -> str | None:
        return self._campaigns.get(_name(nodeid), {}).get("outcome")


def _name(nodeid: str) -> str:
    """The test's id without the group that xdist adds to it."""
    return nodeid.partition("@")[0]


def _commit(root: Path) -> str:
    """The commit, with `+` and a digest of what differs from it."""

    def git(*words: str) -> bytes:
        return subprocess.run(["git", *words], cwd=root, capture_output=True, check=True).stdout

    head, changes = git("rev-parse", "HEAD").decode().strip(), git("diff", "HEAD")
    return f"{head}+{hashlib.sha256(changes).hexdigest()[:12]}" if changes else head
