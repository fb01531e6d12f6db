"""The estate as a frame: typed columns, and no rows in a saved notebook."""

from __future__ import annotations

import pandas as pd
import pytest
from IPython.core.formatters import DisplayFormatter

from escher.contract.estate import Scope
from escher.inventory.frame import COLUMNS, EstateFrame, EstateFrames, frame
from escher.store.estate import EstateStore, ScopeResult
from tests.inventory.resources import NOW, SMALL, resource


def test_one_row_a_resource() -> None:
    """The fields that all have come first, then those that some have, then the age."""
    estate = frame(SMALL, NOW)
    assert tuple(estate.columns[: len(COLUMNS)]) == COLUMNS
    assert list(estate["identifier"]) == ["i-1", "i-2", "vol-1"]
    assert estate.columns[-1] == "age_days"


def test_columns_have_the_types_of_their_declarations() -> None:
    """Whole numbers stay whole, unknown is not false, and times are times."""
    estate = frame(SMALL, NOW)
    assert estate["size_gib"].tolist() == [pd.NA, pd.NA, 100]
    assert estate["public"].tolist() == [True, pd.NA, pd.NA]
    assert estate["created_at"].tolist()[::2] == [
        pd.Timestamp(NOW - 864_000, unit="s"),
        pd.Timestamp(NOW - 86_400, unit="s"),
    ]
    assert estate["age_days"].tolist()[::2] == [10.0, 1.0]
    assert estate["age_days"].isna().tolist() == [False, True, False]
    assert estate["last_synced"].tolist() == [pd.Timestamp(NOW, unit="s")] * 3


def test_it_is_a_pandas_frame() -> None:
    """Filters, groups and tags work as anybody would write them."""
    estate = frame(SMALL, NOW)
    assert estate[estate["public"].fillna(False)]["identifier"].tolist() == ["i-1"]
    assert estate.groupby("region").size().to_dict() == {"eu-west-1": 1, "us-east-1": 2}
    assert estate[estate["tags"].map(lambda tags: tags.get("env") == "dev")]["name"].tolist() == ["canary-name"]


@pytest.mark.parametrize(
    "shown",
    [
        frame(SMALL, NOW),
        frame(SMALL, NOW).head(2),
        frame(SMALL, NOW)[["name", "tags"]],
        frame(SMALL, NOW)["name"],
        frame(SMALL, NOW).set_index("name").iloc[0],
        frame(SMALL, NOW).sort_values("name").assign(x=1),
        frame(SMALL, NOW).groupby("name").first(),
        frame(SMALL, NOW).pivot(columns="name", values="region"),
    ],
    ids=["frame", "head", "columns", "column", "row", "sorted", "grouped", "pivot"],
)
def test_what_a_notebook_saves_of_a_frame_holds_no_rows(shown: EstateFrame) -> None:
    """In every form that a front end is given, and in what print says."""
    formats, _ = DisplayFormatter().format(shown)
    assert formats
    assert "canary" not in f"{formats}{shown}{shown!r}"


def test_rows_are_shown_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """`.show()` prints them, of frames and of columns."""
    frame(SMALL, NOW).show(1)
    frame(SMALL, NOW)["tags"].show()
    printed = capsys.readouterr().out
    assert "canary-name" in printed
    assert "canary-team" in printed
    assert "i-2" not in printed


def test_the_shape_and_the_columns_are_told() -> None:
    """A frame says what is in it without saying it."""
    assert repr(frame(SMALL, NOW)).startswith("3 rows × 23 columns: provider, account_id")
    assert repr(frame([], NOW)).startswith("0 rows × 16 columns")


def test_an_unchanged_estate_gives_the_same_frame_and_a_changed_one_another(estate: EstateStore) -> None:
    """Each is a copy: what one caller does to it, no other sees."""
    scope = Scope("aws", "111111111111", "us-east-1", "aws_ec2_instance", "complete")
    frames = EstateFrames(estate)
    estate.apply([ScopeResult(scope, [SMALL[0]])])
    first = frames.current(NOW)
    first["name"] = "changed"
    assert frames.current(NOW)["name"].tolist() == ["canary-name"]
    estate.apply([ScopeResult(scope, [SMALL[0], resource("i-9")])])
    assert len(frames.current(NOW)) == 2


def test_changing_a_tag_in_a_frame_changes_no_resource() -> None:
    """The dictionaries of a frame are its own."""
    frame(SMALL, NOW)["tags"].iloc[0]["env"] = "prod"
    assert SMALL[0].tags["env"] == "dev"
