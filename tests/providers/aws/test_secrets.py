"""Values that may be secret come with what is listed, and are not kept."""

from __future__ import annotations

import pytest

from escher.providers.registry import resource_types
from tests.fixtures.answers import FOLDER, answers_for, resources_of

MARK = "not-kept"
MARKED = sorted(path.stem for path in FOLDER.glob("aws_*.json") if MARK in path.read_text("utf-8"))


def test_there_are_marked_values() -> None:
    """The recorded answers hold values in the places where AWS tells secrets."""
    assert {"aws_codebuild_project", "aws_ecs_task_definition", "aws_glue_job"} <= set(MARKED)


@pytest.mark.parametrize("name", MARKED)
def test_a_marked_value_is_dropped(name: str) -> None:
    """What a recorded answer calls `not-kept` is in no resource."""
    resources = resources_of(resource_types()[name], answers_for(name))
    assert resources
    assert MARK not in repr(resources)
