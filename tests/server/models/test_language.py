"""The contract of every prompt: a schema, one repair, a time limit; and whatever fails is no answer, never an error."""

from __future__ import annotations

import pytest
from pydantic import BaseModel
from pydantic_ai.models.test import TestModel

from escher_server.agents.modelled.arranging import Arrangement
from escher_server.models.language import MOST_CHARACTERS, REST_S, LanguageModel
from escher_server.models.prompts import AGENTS, read_prompt
from tests.server.models.speaking import FORMS, PROMPTS, hanging, speaking

USES = pytest.mark.parametrize("form", [*FORMS], ids=lambda form: form.__name__)


@USES
async def test_the_schema_can_be_met_by_a_tool_call(form: type[BaseModel]) -> None:
    """A model that answers by tools is given the schema of each use, and its answer is taken."""
    answer = await LanguageModel(TestModel(), "nobody").ask(read_prompt(PROMPTS[form]), "{}", form)
    assert isinstance(answer, form)


@USES
async def test_a_valid_answer_is_taken(form: type[BaseModel]) -> None:
    """What follows the schema is the answer."""
    answer = await speaking(FORMS[form]).ask(read_prompt(PROMPTS[form]), "{}", form)
    assert answer == form.model_validate(FORMS[form])


@USES
@pytest.mark.parametrize("wrong", ["rubbish", "{}", '{"class": "everything"}', "x" * 200_000], ids=len)
async def test_a_wrong_answer_is_repaired_once(form: type[BaseModel], wrong: str) -> None:
    """A wrong answer may be put right, once."""
    prompt = read_prompt(PROMPTS[form])
    repaired = await speaking(wrong, FORMS[form]).ask(prompt, "{}", form)
    never = await speaking(wrong, wrong, FORMS[form]).ask(prompt, "{}", form)
    assert (repaired, never) == (form.model_validate(FORMS[form]), None)


@USES
async def test_more_than_the_schema_is_refused(form: type[BaseModel]) -> None:
    """A field that the schema does not have makes an answer wrong."""
    more = FORMS[form] | {"script": "rm -rf /"}
    assert await speaking(more).ask(read_prompt(PROMPTS[form]), "{}", form) is None


@USES
async def test_a_model_that_hangs_is_given_up_and_rests(form: type[BaseModel]) -> None:
    """After its time a model has no answer, and the next use does not wait for it."""
    model = hanging()
    first = await model.ask(read_prompt(PROMPTS[form]), "{}", form)
    rested = model.rests
    assert (first, rested, [piece async for piece in model.tell(read_prompt(PROMPTS[form]), "{}")]) == (None, True, [])


async def test_a_rested_model_is_asked_again() -> None:
    """Half a minute after a failure a model has another chance."""
    now = [0.0]
    model = hanging(clock=lambda: now[0])
    await model.ask(read_prompt("ui.md"), "{}", Arrangement)
    before, now[0] = model.rests, REST_S + 1
    assert (before, model.rests) == (True, False)


async def test_words_come_piece_by_piece() -> None:
    """A text is handed over while it grows."""
    model = speaking("", words=["There are ", "disks."])
    assert (
        "".join([piece async for piece in model.tell(read_prompt("modelled/wording.md"), "{}")]) == "There are disks."
    )


async def test_words_without_end_are_cut() -> None:
    """A model that never stops is stopped."""
    model = speaking("", words=["many words " * 100] * 1_000)
    heard = "".join([piece async for piece in model.tell(read_prompt("modelled/wording.md"), "{}")])
    assert len(heard) <= MOST_CHARACTERS


@pytest.mark.parametrize("file", [*PROMPTS.values(), "modelled/wording.md"])
def test_prompts_have_a_version_and_say_that_data_is_quoted(file: str) -> None:
    """Each prompt names itself and its version, and that nothing in the data instructs."""
    prompt = read_prompt(file)
    assert prompt.version >= 1 and "quoted data" in prompt.text and "never" in prompt.text


def test_a_prompt_without_a_version_is_refused() -> None:
    """What has no version is no prompt."""
    with pytest.raises(ValueError, match="no name and version"):
        read_prompt(str((AGENTS / "__init__.py").relative_to(AGENTS)))
