"""Values fill arguments; they never become code."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from escher.contract.estate import Resource
from escher.contract.playbook import JsonArgument
from escher.errors import PlanRefused
from escher.procedures.bind import Bindings, bind, has_all


def _instance(identifier: str, **attributes: object) -> Resource:
    return Resource(
        provider="aws",
        account_id="111122223333",
        region="us-east-1",
        resource_type="aws_ec2_instance",
        kind="compute_instance",
        resource_id=f"arn:aws:ec2:us-east-1:111122223333:instance/{identifier}",
        identifier=identifier,
        name=identifier,
        state="running",
        attributes=dict(attributes),
    )


def _given(*targets: Resource, single: bool = False, **parameters: str) -> Bindings:
    return Bindings(targets=targets, parameters=parameters, plan={"date": "20261124"}, single=single)


def test_a_target_placeholder_becomes_one_argument_a_target() -> None:
    """`${target.identifier}` gives as many arguments as there are targets."""
    given = _given(_instance("i-1"), _instance("i-2"))
    assert bind(["${target.identifier}"], given) == ("i-1", "i-2")


def test_free_values_stay_inside_one_json_argument() -> None:
    """Quotes and newlines in a value are data of the JSON, not its syntax."""
    hostile = '"; rm -rf / #\n$(id)'
    argument = JsonArgument(
        json={"Resources": ["${target.identifier}"], "Tags": [{"Key": "${playbook.tag_key}", "Value": "x"}]}
    )
    (text,) = bind([argument], _given(_instance("i-1"), _instance("i-2"), tag_key=hostile))
    assert json.loads(text) == {"Resources": ["i-1", "i-2"], "Tags": [{"Key": hostile, "Value": "x"}]}


def test_a_single_target_fills_a_value_and_a_group_fills_a_list() -> None:
    """The same placeholder is a value where the step runs once a target, else a list."""
    argument = JsonArgument(json={"InstanceId": "${target.identifier}"})
    assert json.loads(bind([argument], _given(_instance("i-1"), single=True))[0]) == {"InstanceId": "i-1"}
    assert json.loads(bind([argument], _given(_instance("i-1"), _instance("i-2")))[0]) == {"InstanceId": ["i-1", "i-2"]}


def test_all_tags_go_into_json_only() -> None:
    """They are an object there; among the words of a command they stand for nothing."""
    tagged = replace(_instance("i-1"), tags={"owner": 'ana; "x"'})
    (text,) = bind([JsonArgument(json={"labels": "${target.tags}"})], _given(tagged, single=True))
    assert json.loads(text) == {"labels": {"owner": 'ana; "x"'}}
    with pytest.raises(PlanRefused, match="needs a value"):
        bind(["${target.tags}"], _given(tagged))


def test_numbers_and_booleans_keep_their_type_in_json() -> None:
    """A size is a number in JSON, not a text."""
    argument = JsonArgument(json={"Size": "${target.attributes.size_gib}", "Name": "backup-${plan.date}"})
    (text,) = bind([argument], _given(_instance("i-1", size_gib=8), single=True))
    assert json.loads(text) == {"Size": 8, "Name": "backup-20261124"}


@pytest.mark.parametrize(
    "placeholder", ["${target.secret}", "${playbook.nothing}", "${env.HOME}", "${target.attributes.x}"]
)
def test_a_placeholder_that_stands_for_nothing_refuses_the_plan(placeholder: str) -> None:
    """Nothing is ever filled with an empty text."""
    with pytest.raises(PlanRefused):
        bind([placeholder], _given(_instance("i-1")))


def test_a_need_that_nothing_meets_is_told() -> None:
    """A step can see beforehand whether its placeholders stand for values, for every target."""
    tagged, plain = replace(_instance("i-1"), tags={"owner": "ana"}), _instance("i-2")
    need = ["${target.tags[playbook.tag_key]}"]
    assert has_all(need, _given(tagged, tag_key="owner"))
    assert not has_all(need, _given(tagged, plain, tag_key="owner"))
    assert bind(need, _given(tagged, tag_key="owner")) == ("ana",)


@pytest.mark.parametrize("value", ["before\0after", "x" * 140_000, "half a \ud83d sign"])
def test_what_no_process_can_be_given_refuses_the_plan(value: str) -> None:
    """A NUL would end an argument, one that is too long would never start, and half a character is no text."""
    with pytest.raises(PlanRefused):
        bind(["${playbook.tag_value}"], _given(_instance("i-1"), tag_value=value))
