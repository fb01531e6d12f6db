"""Running all of a notebook changes nothing in any cloud, whoever runs it and how often (design.md, promise 2)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbclient import NotebookClient

from tests.product.conftest import Demo

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("product")]

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").rglob("*.ipynb"))


def _by_nbclient(notebook: Path, folder: Path, kernel_name: str) -> Any:
    document = nbformat.read(notebook, as_version=4)
    return NotebookClient(document, timeout=120, kernel_name=kernel_name).execute(cwd=str(folder))


def _by_papermill(notebook: Path, folder: Path, kernel_name: str) -> Any:
    return papermill.execute_notebook(
        notebook, folder / notebook.name, kernel_name=kernel_name, cwd=folder, progress_bar=False
    )


def _restarted(notebook: Path, folder: Path, kernel_name: str) -> Any:
    """All of it, and in a new kernel all of what was saved once more."""
    first = _by_nbclient(notebook, folder, kernel_name)
    return NotebookClient(first, timeout=120, kernel_name=kernel_name).execute(cwd=str(folder))


@pytest.mark.parametrize("run", [_restarted, _by_papermill])
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_all_cells_run_and_change_nothing(
    demo: Demo,
    notebook: Path,
    run: Callable[[Path, Path, str], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kernel_name: str,
) -> None:
    """No cell fails, and none of the three clouds gets a call that is not a reading one."""
    for name, value in demo.environment.items():
        monkeypatch.setenv(name, value)
    before = demo.changes()
    document = run(notebook, tmp_path, kernel_name)
    outputs = [output for cell in document["cells"] for output in cell.get("outputs", ())]
    assert outputs
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert demo.changes() == before
