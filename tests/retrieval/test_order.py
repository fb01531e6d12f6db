"""Orders: exactly what was said, or a question back."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from escher.contract.estate import Resource
from escher.contract.ports import Match
from escher.contract.understanding import Clarification, TagFilter
from escher.retrieval.match import match_order
from escher.retrieval.nearest import nearest_names
from escher.retrieval.request import Request

Ask = Callable[..., Request]
VM = "compute_instance"


def order(request: Request) -> Match:
    return match_order(request, nearest_names)


def ids(match: Match) -> list[str]:
    assert match.clarification is None, match.clarification
    return [resource.identifier for resource in match.targets]


def question(request: Request) -> Clarification:
    match = order(request)
    assert match.clarification is not None and match.targets == (), ids(match)
    assert len(match.clarification.choices) <= 8
    return match.clarification


def test_a_kind_alone_means_all_of_it(ask: Ask) -> None:
    """`stop all instances` means every instance that is not gone, in the order account, region, name, identifier."""
    assert ids(order(ask(VM))) == ["i-05", "i-01", "i-02", "i-03", "i-04"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"environments": ("dev",)}, ["i-01", "i-02"]),
        ({"environments": ("production",)}, ["i-03", "i-04"]),
        ({"environments": ("blue",)}, ["i-05"]),
        ({"applications": ("SHOP",)}, ["i-01", "i-02"]),
        ({"owners": ("Ana",)}, ["i-01", "i-02"]),
        ({"accounts": ("pay",)}, ["i-04"]),
        ({"accounts": ("222222222222",)}, ["i-04"]),
        ({"regions": ("eu-west-1",)}, ["i-05", "i-04"]),
        ({"regions": ("us-east-1b",)}, ["i-02"]),
        ({"states": ("stopped",)}, ["i-02"]),
        ({"states": ("stopped", "running"), "environments": ("dev",)}, ["i-01", "i-02"]),
        ({"sizes": ("T3.large",)}, ["i-01"]),
        ({"sizes": ("m5.*",)}, ["i-03"]),
        ({"public": True}, ["i-03"]),
        ({"tags": ({"key": "ENV", "values": ("Dev",)},)}, ["i-01", "i-02"]),
        ({"tags": ({"key": "stage"},)}, ["i-05"]),
        ({"untagged": ("owner",)}, ["i-05", "i-03", "i-04"]),
        ({"untagged": ("environment",), "states": ("running",), "names": ("web-*",)}, None),
        ({"comparisons": ({"field": "age_days", "operator": "gt", "value": 90},)}, ["i-01"]),
        ({"comparisons": ({"field": "age_days", "operator": "eq", "value": 100},)}, ["i-01"]),
        ({"exclude": ({"environments": ("prod",)}, {"states": ("stopped",)})}, ["i-05", "i-01"]),
        ({"exclude": ({"environments": ("prod",), "accounts": ("pay",)},)}, ["i-05", "i-01", "i-02", "i-03"]),
        ({"exclude": ({"names": ("web-*",)},)}, ["i-05"]),
    ],
)
def test_filters_are_exact(ask: Ask, filters: dict[str, Any], expected: list[str] | None) -> None:
    """Every field selects as the contract says; None where nothing fits and a question comes back."""
    match = order(ask(VM, **filters))
    assert (match.clarification is not None) if expected is None else ids(match) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"attached": False}, ["vol-2"]),
        ({"attached": True}, ["vol-1"]),
        ({"encrypted": True}, None),
        ({"encrypted": False}, None),
        ({"comparisons": ({"field": "size_gib", "operator": "ge", "value": 100},)}, ["vol-1"]),
        ({"comparisons": ({"field": "monthly_cost_usd", "operator": "lt", "value": 10**9},)}, None),
    ],
)
def test_what_a_resource_does_not_tell_never_matches(ask: Ask, filters: dict[str, Any], expected: Any) -> None:
    """A missing attribute matches neither way: an untold volume is neither encrypted nor unencrypted."""
    match = order(ask("disk", **filters))
    assert (match.clarification is not None) if expected is None else ids(match) == expected


@pytest.mark.parametrize("state", ["deleted", "deleting"])
def test_gone_things_are_never_targets(ask: Ask, state: str) -> None:
    """Not even when their state is asked for."""
    assert order(ask(VM, states=(state,))).targets == ()
    assert "deleted" in question(ask(VM, names=("ghost",))).question


def test_an_alias_means_all_that_bear_its_name(ask: Ask, aliases: Any, estate: Sequence[Resource]) -> None:
    """The other filters choose among the bearers of a name."""
    bearers = [resource.resource_id for resource in estate if resource.name == "web-1"]
    resolver = aliases({"r1": bearers}, {"r1": "web-1", "t9": "Billing", "a3": "pay"})
    assert ids(order(ask(VM, names=("r1",), resolver=resolver))) == ["i-01", "i-04"]
    assert ids(order(ask(VM, names=("r1",), applications=("t9",), resolver=resolver))) == ["i-04"]
    assert ids(order(ask("disk", ids=("r1",), resolver=resolver))) == ["vol-1"]
    assert ids(order(ask(VM, names=("r1",), accounts=("a3",), resolver=resolver))) == ["i-04"]


def test_names_and_ids_together_mean_both(ask: Ask) -> None:
    """`web-2 and i-03` are two resources, not the one that is both."""
    assert ids(order(ask(VM, names=("WEB-2",), ids=("I-03",)))) == ["i-02", "i-03"]


def test_only_the_star_is_a_pattern(ask: Ask, resource: Callable[..., Resource]) -> None:
    """`web-?` and `[ab]` are names like any other."""
    odd = [resource("web-?"), resource("[ab]"), resource("a"), resource("web-1")]
    assert ids(order(ask(VM, names=("web-?", "[AB]"), resources=odd))) == ["id-[ab]", "id-web-?"]
    assert ids(order(ask(VM, names=("w*1",), resources=odd))) == ["id-web-1"]


def test_one_with_several_bearers_asks_which(ask: Ask) -> None:
    """Each choice tells name, id, kind, account, region and state."""
    asked = question(ask(VM, names=("web-1",), selector={"quantity": "one"}))
    assert asked.question == "Which one do you mean? 2 compute instances called “web-1” fit."
    assert asked.choices == (
        "web-1 (i-01), compute instance, account shop, us-east-1, running",
        "web-1 (i-04), compute instance, account pay, eu-west-1, running",
    )
    assert ids(order(ask(VM, names=("web-1",), regions=("eu-west-1",), selector={"quantity": "one"}))) == ["i-04"]


def test_one_of_a_kind_without_a_name_asks_which(ask: Ask) -> None:
    """`stop the dev instance` is clear only while there is one."""
    assert "2 compute instances fit" in question(ask(VM, environments=("dev",), selector={"quantity": "one"})).question
    assert ids(order(ask(VM, environments=("blue",), selector={"quantity": "one"}))) == ["i-05"]


def test_several_are_meant_by_all(ask: Ask) -> None:
    """With `all`, a name may be borne by many."""
    assert ids(order(ask(VM, names=("web-1",)))) == ["i-01", "i-04"]


def test_a_name_of_something_else_is_said(ask: Ask) -> None:
    """The name exists, but not on what was asked for."""
    asked = question(ask(VM, names=("scratch",)))
    assert asked.question == ("scratch (vol-2) exists, but is a disk in us-east-1; there is no such compute instance.")
    assert asked.choices == ("scratch (vol-2), disk, account shop, us-east-1, available",)


def test_every_name_must_be_borne(ask: Ask) -> None:
    """One good name does not carry a bad one along."""
    asked = question(ask(VM, names=("web-2", "wbe-3")))
    assert asked.question == "I know no compute instance called “wbe-3”."
    assert asked.choices[0].startswith("web-3 (i-03)")


def test_an_unknown_pattern_is_asked_about(ask: Ask) -> None:
    """A pattern that nothing bears is an unknown name."""
    assert "nope-*" in question(ask(VM, names=("nope-*",))).question


def test_an_exception_that_nothing_bears_is_asked_about(ask: Ask) -> None:
    """A slip in `all except web-9` must not stop what was to be spared."""
    assert "web-9" in question(ask(VM, exclude=({"names": ("web-9",)},))).question
    assert question(ask(VM, exclude=({"applications": ("biling",)},))).choices == ("billing",)
    assert question(ask(VM, exclude=({"tags": ({"key": "ovner"},)},))).choices == ("Owner",)
    assert ids(order(ask(VM, exclude=({"environments": ("qa",)},)))) == ids(order(ask(VM)))


def test_an_exception_without_a_condition_spares_everything(ask: Ask) -> None:
    """What was to be spared is not known, so nothing is a target."""
    assert "There is no compute instance" in question(ask(VM, exclude=({},))).question


def test_unknown_accounts_and_values_are_asked_about(ask: Ask) -> None:
    """Also beside a known one: both were meant."""
    assert question(ask(VM, accounts=("shop", "shpo"))).question == "I know no account “shpo”."
    assert question(ask(VM, applications=("shop", "chop"))).choices[0] == "shop"


def test_a_resource_group_is_a_place_and_no_tag(ask: Ask, resource: Callable[..., Resource]) -> None:
    """Azure keeps it with the resource; an unknown one is asked about."""
    inside, outside = resource("vm-1", attributes={"resource_group": "RG-Web"}), resource("vm-2")
    group = TagFilter(key="resource_group", values=("rg-web",))
    assert ids(order(ask(VM, tags=(group,), resources=[inside, outside]))) == ["id-vm-1"]
    unknown = group.model_copy(update={"values": ("rg-wep",)})
    assert (
        question(ask(VM, tags=(unknown,), resources=[inside, outside])).question == "I know no resource group “rg-wep”."
    )


@pytest.mark.parametrize("selector", [{}, {"words": "web"}, {"providers": ("aws",)}, {"limit": 3}])
def test_neither_kind_nor_name_asks_what(ask: Ask, selector: dict[str, Any]) -> None:
    """An order must say what kind of thing, or which."""
    assert "2 disks" in question(ask(selector=selector, states=("available", "in_use"))).choices


def test_leftover_words_that_say_one_thing_are_offered(ask: Ask) -> None:
    """A word that is a tag value is asked about, not taken for granted."""
    asked = question(ask(VM, selector={"words": "billing"}))
    assert asked.question == "Do you mean the 2 compute instances whose tag app is “billing”?"
    assert asked.choices == ("the 2 compute instances whose tag app is “billing”",)


def test_leftover_words_with_several_meanings_are_all_offered(ask: Ask) -> None:
    """Name parts and tag values that the words contain are the choices, the most frequent first."""
    asked = question(ask(VM, selector={"words": "the shop web"}))
    assert asked.choices == (
        "the 4 compute instances whose name contains “web”",
        "the 2 compute instances whose tag app is “shop”",
    )


def test_leftover_words_that_say_nothing_still_stop_the_order(ask: Ask) -> None:
    """Words that nobody understood are never ignored."""
    asked = question(ask(VM, environments=("dev",), selector={"words": "gently"}))
    assert asked.question == "I do not know what “gently” means here."
    assert asked.choices == ("the 2 dev compute instances",)


def test_no_match_says_what_there_is_instead(ask: Ask) -> None:
    """The nearest are those that miss one condition."""
    asked = question(ask(VM, environments=("dev",), states=("pending",), regions=("us-east-1",)))
    assert asked.question == "There is no pending dev compute instance in us-east-1. 1 is running and 1 is stopped."
    assert asked.choices == ("2 dev compute instances in us-east-1",)


def test_no_match_at_all_is_said_plainly(ask: Ask) -> None:
    """Nothing near: no choices, and what was looked for in words."""
    asked = question(ask("database_instance", attached=False, sizes=("x1",), selector={"providers": ("aws",)}))
    assert asked == Clarification(question="There is no AWS unattached database instance of size x1.")


def test_fewer_than_there_are_asks_which(ask: Ask) -> None:
    """`stop two instances` does not say which two; `stop five` of five does."""
    assert question(ask(VM, selector={"limit": 2})).question == (
        "5 compute instances fit, and you asked for 2. Which ones?"
    )
    assert len(ids(order(ask(VM, selector={"limit": 5})))) == 5


def test_invisible_characters_of_names_are_spelt_out(ask: Ask, resource: Callable[..., Resource]) -> None:
    """A name that would turn the line around is shown with its characters written out."""
    asked = question(ask(VM, selector={"quantity": "one"}, resources=[resource("web\u202egnp"), resource("b")]))
    assert asked.choices[1].startswith("web\\u202egnp (id-web\\u202egnp)")
