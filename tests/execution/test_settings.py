"""The settings of execution: from the environment, and refused where they do not go together."""

from __future__ import annotations

from pathlib import Path

import pytest

from escher.errors import ConfigurationError
from escher.settings import load_settings


def test_a_default_above_the_maximum_is_refused(tmp_path: Path) -> None:
    """The message names both figures."""
    with pytest.raises(ConfigurationError, match=r"700000 ms.*600000 ms"):
        load_settings({"ESCHER_HOME": str(tmp_path), "ESCHER_EXEC_DEFAULT_TIMEOUT_MS": "700000"})


def test_settings_of_execution_come_from_the_environment(tmp_path: Path) -> None:
    """Numbers and yes or no are read as such."""
    found = load_settings(
        {
            "ESCHER_HOME": str(tmp_path),
            "ESCHER_EXEC_MAX_TIMEOUT_MS": "1800000",
            "ESCHER_EXEC_STREAM_OUTPUT": "false",
            "ESCHER_EXEC_MAX_CONCURRENT": "4",
        }
    )
    assert (found.exec_max_timeout_ms, found.exec_stream_output, found.exec_max_concurrent) == (1_800_000, False, 4)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ESCHER_EXEC_MAX_CONCURRENT", "many"),
        ("ESCHER_EXEC_STREAM_OUTPUT", "perhaps"),
        ("ESCHER_EXEC_LOG_DIR", "logs"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, name: str, value: str) -> None:
    """A word for a number, for yes or no, and a folder for output in clear."""
    with pytest.raises(ConfigurationError):
        load_settings({"ESCHER_HOME": str(tmp_path), name: value})
