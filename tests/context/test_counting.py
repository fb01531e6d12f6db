"""What the server is told when it asks to have something counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from pydantic import ValidationError

from escher.context.build import ContextBuilder
from escher.context.counting import Counting
from escher.context.telling import Telling
from escher.contract.context import RequestContext
from escher.contract.data_requests import BUDGET, DataRequest
from escher.contract.estate import Resource


def machines(number: int, region: str = "us-east-1", environment: str = "prod", **attributes: Any) -> list[Resource]:
    """So many instances, alike."""
    return [
        Resource(
            "aws", "493028571604", region, "aws_ec2_instance", "compute_instance", f"{region}/{environment}/{one}",
            f"i-{one}", f"web-{one}", "running", tags={"env": environment}, attributes=attributes,
        )
        for one in range(number)
    ]  # fmt: skip


def counted(resources: Iterable[Resource], **request: Any) -> dict[tuple[str, ...], int]:
    """What is told for a request, by the values of its groups."""
    result = Counting(resources).answer(DataRequest(**request))
    return {row.values: row.at_least for row in result.rows}


def test_a_group_is_told_rounded_down() -> None:
    """By region and environment, in buckets."""
    estate = [*machines(14), *machines(7, environment="dev"), *machines(60, region="westeurope")]
    assert counted(estate, by=("region", "environment")) == {
        ("us-east-1", "prod"): 10,
        ("us-east-1", "dev"): 5,
        ("westeurope", "prod"): 50,
    }


def test_a_group_of_fewer_than_five_loses_what_makes_it_small() -> None:
    """Three and two in different environments are five in other ones; four alone are in nothing."""
    estate = [*machines(9), *machines(3, environment="dev"), *machines(2, environment="qa")]
    assert counted(estate, by=("environment",)) == {("prod",): 5, ("other",): 5}
    assert counted([*machines(9), *machines(4, region="eu-west-3")], by=("region",)) == {("us-east-1",): 5}


def test_the_whole_never_tells_what_its_parts_leave_out() -> None:
    """Nine and one are told as nine, in total too: a difference would be the one."""
    assert counted([*machines(9), *machines(1, region="eu-west-3")]) == {(): 5}
    assert counted([*machines(19), *machines(1, region="eu-west-3")]) == {(): 10}


@pytest.mark.parametrize(("public", "private", "told"), [(6, 5, 5), (6, 0, 5), (6, 4, None), (4, 6, None)])
def test_a_measure_is_told_where_few_neither_show_it_nor_lack_it(public: int, private: int, told: int | None) -> None:
    """Five or more public ones, and none or five or more private ones in the same class."""
    estate = [*machines(public, public=True), *machines(private, public=False)]
    assert counted(estate, measure="public").get(()) == told


def test_places_and_environments_of_ones_own_are_not_told() -> None:
    """A region or an environment that somebody made up is among the others."""
    estate = [*machines(8, region="cellar"), *machines(8, environment="basement")]
    assert counted(estate, by=("region", "environment")) == {("other", "prod"): 5, ("us-east-1", "other"): 5}


@pytest.mark.parametrize(
    "request_",
    [
        {"measure": "names"},
        {"by": ["name"]},
        {"by": ["tags.owner"]},
        {"by": ["account_id"]},
        {"by": ["region", "kind", "state"]},
        {"kinds": ["*"]},
        {"providers": ["aws' OR 1=1"]},
        {"where": "name like 'a%'"},
        {"limit": 1},
    ],
)
def test_only_closed_words_can_be_asked_for(request_: dict[str, Any]) -> None:
    """Another measure, dimension or filter is no request."""
    with pytest.raises(ValidationError):
        DataRequest.model_validate(request_)


def test_a_conversation_has_a_budget() -> None:
    """Twelve requests are counted, whatever they are; the next are not."""
    telling, counting = Telling(), Counting(machines(9))
    requests = [DataRequest()] * (BUDGET - 1) + [DataRequest(by=("region",))] * 3
    assert len(telling.count(requests, lambda: counting)) == BUDGET
    assert telling.count([DataRequest()], lambda: counting) == ()


def test_nothing_goes_along_before_it_was_shown() -> None:
    """What was counted is in no context until the user has seen it."""
    telling, builder = Telling(), ContextBuilder(machines(9))
    results = telling.count([DataRequest()], builder.counting)
    unseen, _ = builder.build("compare dev and prod", told=telling.to_send())
    telling.shown(results)
    seen = RequestContext.model_validate_json(builder.preview("compare dev and prod", told=telling.to_send()))
    assert (unseen.data_result, seen.data_result) == ((), results)
