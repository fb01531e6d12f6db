"""Questions: whatever fits, best first; and what a playbook can act on."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from escher.contract.estate import Resource
from escher.contract.playbook import Targets as Wanted
from escher.contract.ports import Match
from escher.contract.understanding import Conditions
from escher.retrieval.match import find_for_question, match_order, narrowed
from escher.retrieval.nearest import nearest_names
from escher.retrieval.request import Request

Ask = Callable[..., Request]
VM = "compute_instance"


def by_meaning(words: str, resources: Sequence[Resource]) -> list[Resource]:
    """A ranking for the tests: the one whose id is called first."""
    return [resource for resource in resources if resource.identifier == words.removeprefix("like ")]


def find(request: Request) -> Match:
    return find_for_question(request, nearest_names, by_meaning)


def ids(match: Match) -> list[str]:
    assert match.clarification is None, match.clarification
    return [resource.identifier for resource in match.targets]


def test_a_question_may_find_nothing(ask: Ask) -> None:
    """Nothing that fits is an answer, not a question back."""
    assert ids(find(ask(VM, environments=("qa",)))) == ids(find(ask(VM, names=("scratch",)))) == []


def test_only_a_name_that_nothing_bears_is_asked_about(ask: Ask) -> None:
    """Several bearers are all shown; none at all is asked about, with the nearest names."""
    assert ids(find(ask(names=("web-1",), selector={"quantity": "one"}))) == ["i-01", "vol-1", "i-04"]
    match = find(ask(VM, names=("wbe-2",)))
    assert match.clarification is not None and match.clarification.choices[0].startswith("web-2")


def test_gone_things_are_shown_when_their_state_is_asked_for(ask: Ask) -> None:
    """Left out otherwise."""
    assert "i-06" not in ids(find(ask(VM)))
    assert ids(find(ask(VM, states=("deleted",)))) == ["i-06"]


def test_a_limit_takes_the_first_by_name(ask: Ask) -> None:
    """The first n by name and id, shown in the order of all answers."""
    assert ids(find(ask(VM, selector={"limit": 3}))) == ["i-05", "i-01", "i-04"]


def test_words_that_a_resource_says_narrow(ask: Ask) -> None:
    """A tag value or a part of the name is exact evidence."""
    assert ids(find(ask(VM, selector={"words": "Billing"}))) == ["i-03", "i-04"]
    assert ids(find(ask(VM, selector={"words": "web billing"}))) == ["i-03", "i-04"]


def test_other_words_rank_and_hide_nothing(ask: Ask) -> None:
    """The nearest by meaning come first, the rest of what fits follows."""
    assert ids(find(ask(VM, selector={"words": "like i-03"}))) == ["i-03", "i-05", "i-01", "i-02", "i-04"]
    assert ids(find(ask(VM, selector={"words": "like nothing"}))) == ["i-05", "i-01", "i-02", "i-03", "i-04"]


def test_words_alone_show_only_what_is_near(ask: Ask) -> None:
    """With nothing else said, the whole estate is no answer."""
    assert ids(find(ask(selector={"words": "like vol-2"}))) == ["vol-2"]


def test_a_playbook_takes_what_it_can_act_on(ask: Ask) -> None:
    """The others are skipped; the order of both is kept."""
    match = narrowed(match_order(ask(VM), nearest_names), wanted(states=("running",)), 0)
    assert ids(match) == ["i-05", "i-01", "i-03", "i-04"]
    assert [resource.identifier for resource in match.skipped] == ["i-02"]


def test_a_playbook_takes_what_has_an_attribute(resource: Callable[..., Resource]) -> None:
    """By exact value, also within a list; what does not tell the attribute, or tells 1 for true, is skipped."""
    own: list[dict[str, Any]] = [{"multi_az": False}, {"multi_az": True}, {"multi_az": 0}, {}, {"open": ["22", "80"]}]
    machines = [resource(f"web-{place}", attributes=attributes) for place, attributes in enumerate(own)]
    for having, taken in (({"multi_az": (False,)}, [0]), ({"open": ("80",)}, [4]), ({"open": ("8080",)}, [])):
        match = narrowed(Match(targets=tuple(machines)), wanted().model_copy(update={"having": having}), 0)
        assert match.targets == tuple(machines[place] for place in taken)


def test_nothing_left_for_a_playbook_is_said(ask: Ask) -> None:
    """With the playbook's own reason."""
    match = narrowed(match_order(ask(VM, names=("web-2",)), nearest_names), wanted(states=("running",)), 0)
    assert match.clarification is not None
    assert match.clarification.question == "There is nothing to do for this one: it is already stopped."
    assert match.targets == () and [resource.identifier for resource in match.skipped] == ["i-02"]


def test_other_types_are_skipped(ask: Ask) -> None:
    """A playbook acts on its own resource types only."""
    match = narrowed(find(ask(names=("web-1",))), wanted(), 0)
    assert ids(match) == ["i-01", "i-04"]
    assert [resource.identifier for resource in match.skipped] == ["vol-1"]


def test_a_question_back_stays_as_it_is(ask: Ask) -> None:
    """Narrowing does not hide what was unclear before."""
    unclear = match_order(ask(VM, names=("nope",)), nearest_names)
    assert narrowed(unclear, wanted(), 0) is unclear


def wanted(**require: Any) -> Wanted:
    return Wanted(
        resource_types=("aws_ec2_instance",), require=Conditions(**require), skipped_because="it is already stopped."
    )


@pytest.mark.parametrize(
    ("kinds", "filters", "scopes", "complete", "partial"),
    [
        ((VM,), {}, [("aws_ec2_instance", "us-east-1", "complete")], True, []),
        ((VM,), {}, [], False, []),
        ((VM,), {}, [("aws_ebs_volume", "us-east-1", "complete")], False, []),
        ((VM,), {}, [("aws_ec2_instance", "us-east-1", "partial")], False, ["us-east-1"]),
        ((VM,), {}, [("aws_ec2_instance", "us-east-1", "complete"), ("aws_ec2_instance", "x", "never")], False, ["x"]),
        ((VM,), {}, [("aws_ec2_instance", "x", "complete"), ("aws_ebs_volume", "y", "partial")], True, []),
        (
            (VM,),
            {"regions": ("x",)},
            [("aws_ec2_instance", "x", "complete"), ("aws_ec2_instance", "y", "partial")],
            True,
            [],
        ),
        ((VM,), {"regions": ("x-1a",)}, [("aws_ec2_instance", "x-1", "partial")], False, ["x-1"]),
        (("object_storage",), {"regions": ("x",)}, [("aws_s3_bucket", "global", "partial")], False, ["global"]),
        ((), {}, [("aws_ec2_instance", "x", "complete"), ("aws_ebs_volume", "y", "partial")], False, ["y"]),
        ((VM,), {}, [("aws_new_type", "x", "partial")], False, ["x"]),
        ((VM,), {"accounts": ("shop",)}, [("aws_ec2_instance", "x", "complete")], True, []),
        ((VM,), {"accounts": ("111111111111",)}, [("aws_ec2_instance", "x", "partial")], False, ["x"]),
        ((VM,), {"accounts": ("pay",)}, [("aws_ec2_instance", "x", "complete")], False, []),
    ],
)
def test_an_answer_says_how_complete_it_is(
    ask: Ask, scope: Callable[..., Any], kinds: Any, filters: Any, scopes: Any, complete: bool, partial: list[str]
) -> None:
    """Only scopes that the selector depends on count, and no scope at all is not complete."""
    seen = [scope(resource_type, region, status=status) for resource_type, region, status in scopes]
    told = find(ask(*kinds, scopes=seen, **filters)).completeness
    assert (told.complete, [part.region for part in told.partial_scopes]) == (complete, partial)


def test_the_oldest_scan_and_the_reason_are_told(ask: Ask, scope: Callable[..., Any]) -> None:
    """The oldest of the scopes that count, in UTC, and what was missing."""
    seen = [
        scope(region="a", scanned_at=1_700_000_000),
        scope(region="b", status="partial", missing_permission="ec2:DescribeInstances"),
        scope(region="c", status="never", scanned_at=0),
    ]
    told = match_order(ask(VM, scopes=seen), nearest_names).completeness
    assert told.oldest_scan == "2023-11-14T22:13:20+00:00"
    assert (told.scopes, told.complete_scopes) == (3, 1)
    assert [part.reason for part in told.partial_scopes] == ["ec2:DescribeInstances is missing", "not scanned yet"]
