"""The client half over the estate of hard names."""

from __future__ import annotations

import pytest

from escher.context.build import ContextBuilder
from escher.context.known import KnownWords
from tests.fixtures import hard_names


@pytest.fixture(scope="session")
def known() -> KnownWords:
    """Everything the estate calls its things."""
    return KnownWords(hard_names.estate(), hard_names.accounts())


@pytest.fixture(scope="session")
def builder() -> ContextBuilder:
    """A builder over the estate, an hour after its scan."""
    return ContextBuilder(hard_names.estate(), hard_names.accounts(), hard_names.scopes(), now=1_700_003_600)
