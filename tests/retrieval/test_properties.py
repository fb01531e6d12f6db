"""Filters over random estates, against a second and slower reading of the contract."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from escher.contract.environments import canonical_environment
from escher.contract.estate import Resource
from escher.contract.understanding import Comparison, Conditions, Filters, TagFilter
from escher.retrieval.match import match_order
from escher.retrieval.nearest import nearest_names
from escher.retrieval.request import Request

NOW = 1_800_000_000
DAY = 86_400
NAMES = ["web-1", "web-2", "Web-1", "db", "queue*", "a[b]"]
VALUES = ["dev", "Production", "prod", "blue", "shop", "ana"]
KEYS = ["env", "Environment", "app", "Service", "owner", "Team", "cost"]
FIELDS = {
    "accounts": st.sampled_from(["111", "222", "Shop", "pay"]),
    "regions": st.sampled_from(["us-east-1", "eu-west-1", "US-EAST-1a"]),
    "environments": st.sampled_from(["dev", "prod", "production", "blue"]),
    "applications": st.sampled_from(["shop", "DEV", "blue"]),
    "owners": st.sampled_from(["ana", "Shop"]),
    "untagged": st.sampled_from(["owner", "env", "cost", "TEAM"]),
    "states": st.sampled_from(["running", "stopped", "deleted"]),
    "names": st.sampled_from([*NAMES, "web-*", "*", "id-3"]),
    "sizes": st.sampled_from(["t3.large", "t3.*"]),
}


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=2).map(tuple)


flag = st.sampled_from([None, None, True, False])
tag_filter = st.builds(TagFilter, key=st.sampled_from(KEYS), values=some(st.sampled_from(VALUES)))
comparison = st.builds(
    Comparison,
    field=st.sampled_from(["age_days", "size_gib"]),
    operator=st.sampled_from(["lt", "le", "eq", "ge", "gt"]),
    value=st.sampled_from([8, 30]),
)
parts: dict[str, Any] = {name: st.one_of(st.just(()), some(values)) for name, values in FIELDS.items()}
parts |= {"attached": flag, "public": flag, "tags": st.one_of(st.just(()), some(tag_filter))}
parts |= {"comparisons": st.one_of(st.just(()), some(comparison))}
conditions = st.fixed_dictionaries({}, optional=parts).map(lambda given: Conditions(**given))


@st.composite
def resources(draw: st.DrawFn) -> list[dict[str, Any]]:
    def one(number: int) -> dict[str, Any]:
        attributes: dict[str, Any] = {"attached": flag, "public": flag, "size_gib": st.sampled_from([None, 8, 30.0])}
        attributes |= {"created_at": st.sampled_from([None, NOW - 8 * DAY, NOW - 40 * DAY])}
        attributes |= {"instance_type": st.sampled_from([None, "t3.large", "m5.large"])}
        told = {name: value for name, value in draw(st.fixed_dictionaries(attributes)).items() if value is not None}
        account = draw(st.sampled_from([("111", "shop"), ("222", "pay")]))
        return {
            "name": draw(st.sampled_from(NAMES)),
            "identifier": f"id-{number}",
            "account_id": account[0],
            "account_name": account[1],
            "region": draw(st.sampled_from(["us-east-1", "eu-west-1"])),
            "zone": draw(st.sampled_from(["", "us-east-1a"])),
            "state": draw(st.sampled_from(["running", "stopped", "deleted", "deleting"])),
            "tags": draw(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=3)),
            "attributes": told,
        }

    return [one(number) for number in range(draw(st.integers(0, 12)))]


def naive(r: Resource, c: Conditions) -> bool:
    """The contract, read word by word."""

    def env(word: str) -> str:
        return canonical_environment(word) or word.lower()

    def glob(pattern: str, text: str) -> bool:
        pattern, text = pattern.lower(), text.lower()
        if not pattern:
            return not text
        if pattern[0] == "*":
            return any(glob(pattern[1:], text[start:]) for start in range(len(text) + 1))
        return text[:1] == pattern[0] and glob(pattern[1:], text[1:])

    def tagged(keys: tuple[str, ...], words: tuple[str, ...]) -> bool:
        wanted = {word.lower() for word in words}
        return any(key.lower() in keys and value.lower() in wanted for key, value in r.tags.items())

    def family(key: str) -> tuple[str, ...]:
        families = [("env", "environment", "stage", "tier"), ("app", "application", "service", "project")]
        return next((f for f in [*families, ("owner", "team", "contact")] if key.lower() in f), (key.lower(),))

    def compared(one: Comparison) -> bool:
        value = r.attributes.get("created_at" if one.field == "age_days" else one.field)
        if value is None:
            return False
        if one.field == "age_days":
            value = (NOW - value) / DAY
        signs = {"lt": value < one.value, "le": value <= one.value, "gt": value > one.value, "ge": value >= one.value}
        return (signs | {"eq": value == one.value})[one.operator]

    lowered = {key.lower(): value for key, value in r.tags.items()}
    own_env = next((lowered[key] for key in ("env", "environment", "stage", "tier") if key in lowered), None)
    return (
        (not c.accounts or any(word.lower() in (r.account_id, r.account_name) for word in c.accounts))
        and (not c.regions or any(word.lower() in (r.region, r.zone) for word in c.regions))
        and (not c.environments or (own_env is not None and env(own_env) in [env(word) for word in c.environments]))
        and (not c.applications or tagged(("app", "application", "service", "project"), c.applications))
        and (not c.owners or tagged(("owner", "team", "contact"), c.owners))
        and all((t.key.lower() in lowered and not t.values) or tagged((t.key.lower(),), t.values) for t in c.tags)
        and not any(key in family(word) for word in c.untagged for key in lowered)
        and (not c.states or r.state in c.states)
        and (not c.names or any(glob(word, own) for word in c.names for own in (r.name, r.identifier, r.resource_id)))
        and (not c.sizes or any(glob(size, r.attributes.get("instance_type", "\0")) for size in c.sizes))
        and all(getattr(c, f) is None or r.attributes.get(f) == getattr(c, f) for f in ("attached", "public"))
        and all(compared(one) for one in c.comparisons)
    )


@settings(max_examples=300, deadline=None)
@given(given_resources=resources(), wanted=conditions, exclude=st.lists(conditions, max_size=2))
def test_match_agrees_with_a_naive_reading(
    given_resources: list[dict[str, Any]],
    wanted: Conditions,
    exclude: list[Conditions],
    resource: Callable[..., Resource],
    ask: Callable[..., Request],
) -> None:
    """Targets are exactly the living resources that meet the conditions; a question back only where one is due."""
    estate = [resource(**values) for values in given_resources]
    filters = Filters(**dict(wanted), exclude=tuple(exclude))
    match = match_order(ask("compute_instance", resources=estate, **dict(filters)), nearest_names)
    living = [r for r in estate if r.state not in ("deleted", "deleting")]
    expected = [r for r in living if naive(r, wanted) and not any(naive(r, other) for other in exclude)]
    if match.clarification is None:
        assert {r.identifier for r in match.targets} == {r.identifier for r in expected} != set()
    else:
        assert match.targets == ()
        assert (
            not expected or "I know no" in match.clarification.question or "exists, but" in match.clarification.question
        )


@settings(max_examples=100, deadline=None)
@given(given_resources=resources(), wanted=conditions, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_the_estate_does_not_matter(
    given_resources: list[dict[str, Any]],
    wanted: Conditions,
    shuffled: Any,
    resource: Callable[..., Resource],
    ask: Callable[..., Request],
) -> None:
    """The same estate in another order gives the same targets in the same order."""
    estate = [resource(**values) for values in given_resources]
    mixed = shuffled.sample(estate, len(estate))
    one, other = (
        match_order(ask("compute_instance", resources=these, **dict(wanted)), nearest_names)
        for these in (estate, mixed)
    )
    assert one.targets == other.targets
