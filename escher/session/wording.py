"""What a reply says in words, written on this machine because only here the counts are known. Pure."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence

from escher.contract.context import shortened
from escher.contract.environments import canonical_environment
from escher.contract.estate import Completeness, Resource
from escher.contract.playbook import Playbook
from escher.contract.understanding import Clarification, Filters, Parameters, Understanding

NOUNS: dict[str, tuple[str, str]] = {
    "aws_ec2_instance": ("EC2 instance", "EC2 instances"),
    "aws_ebs_volume": ("EBS volume", "EBS volumes"),
    "aws_ebs_snapshot": ("EBS snapshot", "EBS snapshots"),
    "aws_vpc_security_group": ("security group", "security groups"),
    "aws_vpc_eip": ("Elastic IP address", "Elastic IP addresses"),
    "aws_s3_bucket": ("S3 bucket", "S3 buckets"),
    "aws_rds_db_instance": ("RDS instance", "RDS instances"),
    "aws_lambda_function": ("Lambda function", "Lambda functions"),
    "aws_iam_role": ("IAM role", "IAM roles"),
    "aws_dynamodb_table": ("DynamoDB table", "DynamoDB tables"),
}
_SIGNS = {"lt": "under", "le": "at most", "eq": "exactly", "ge": "at least", "gt": "over"}
_UNITS = {"age_days": "days old", "size_gib": "GiB", "memory_mib": "MiB of memory", "monthly_cost_usd": "USD a month"}
_CLOUDS = {"aws": "AWS", "azure": "Azure", "gcp": "GCP"}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_VERBS = {
    "block_public_access": "block public access of",
    "snapshot": "take a snapshot of",
    "backup": "back up",
    "encrypt": "turn on encryption for",
    "release": "release",
}


def order_text(
    understood: Understanding, targets: Sequence[Resource], skipped: Sequence[Resource], because: str
) -> str:
    """One to three sentences about an order that has a plan."""
    verb = _VERBS.get(understood.action, understood.action)
    first = (
        f"I will **{verb} {_counted_in_state(targets)}**{_qualities(understood.filters)}{_where(understood.filters)}"
    )
    first += f"{_towards(understood.parameters)}{_accounts(targets)}."
    more = (
        f" {_number(len(skipped)).capitalize()} more {_match(len(skipped))}, but {_are(len(skipped))} {because or 'left out'}."
        if skipped
        else ""
    )
    return f"{first}{more} Nothing has been changed."


def answer_text(understood: Understanding, found: Sequence[Resource], completeness: Completeness) -> str:
    """What a question's matches are, in a sentence."""
    said = counted(found) if found else "nothing"
    text = f"I found **{said}**{_qualities(understood.filters)}{_where(understood.filters)}{_accounts(found)}."
    return f"{text}{_caveat(completeness)}"


def draft_text(told: str, draft: Playbook, question: str) -> str:
    """What a draft is, and how to keep it: nothing is kept by itself."""
    keep = shlex.join(["escher", "playbook", "draft", draft.metadata.playbook_id, question])
    return f"{told} It is kept nowhere yet. Keep it: `{keep}`"


def clarification_text(clarification: Clarification) -> str:
    """The question back, with the promise that nothing happened."""
    return f"{clarification.question} Nothing has been changed."


def seen_text(seen_by: str) -> str:
    """Who else was given the question, said once a session."""
    return f" The server asks a language model of **{seen_by}**, which sees what `escher context` shows."


def counted(resources: Sequence[Resource]) -> str:
    """`4 EC2 instances and 1 RDS instance`, most frequent first."""
    counts = Counter(resource.resource_type for resource in resources).most_common()
    parts = [f"{number} {noun(type_, number)}" for type_, number in counts]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else "nothing"


def noun(resource_type: str, number: int) -> str:
    """The everyday name of a type, in the right number."""
    one, many = NOUNS.get(resource_type) or _plain(resource_type)
    return one if number == 1 else many


def digest_text(understood: Understanding, count: int, entities: Sequence[str] = ()) -> str:
    """The turn in a sentence of at most 500 bytes for the history: what was done with what; names as aliases."""
    what = ", ".join(kind.replace("_", " ") for kind in understood.kinds) or "resources"
    places = f" in {', '.join(understood.filters.regions[:3])}" if understood.filters.regions else ""
    named = [word for word in understood.filters.environments[:3] if canonical_environment(word)]
    environments = f" {', '.join(named)}" if named else ""
    named_ones = f" {', '.join(entities[:5])}" if entities else ""
    said = f"{understood.class_}: {understood.action}{environments} {what}{named_ones}{places}; {count} matched."
    return shortened(said)


def _counted_in_state(targets: Sequence[Resource]) -> str:
    """`4 running EC2 instances`: the state is said when it is one, and the type too."""
    states, types = {target.state for target in targets}, {target.resource_type for target in targets}
    if len(types) != 1 or len(states) != 1 or not states <= {"running", "stopped"}:
        return counted(targets)
    return f"{len(targets)} {states.pop()} {noun(types.pop(), len(targets))}"


def _where(filters: Filters) -> str:
    parts: list[str] = []
    if filters.environments:
        parts.append(f" tagged **env={'/'.join(filters.environments)}**")
    if filters.applications:
        parts.append(f" of **{', '.join(filters.applications)}**")
    if filters.owners:
        parts.append(f" owned by **{', '.join(filters.owners)}**")
    if filters.regions:
        parts.append(f" in **{', '.join(filters.regions)}**")
    return "".join(parts)


def _qualities(filters: Filters) -> str:
    """What else was asked for: `, not attached and not encrypted`."""
    asked = {
        "attached": filters.attached, "public": filters.public, "encrypted": filters.encrypted,
    }  # fmt: skip
    said = [name if wanted else f"not {name}" for name, wanted in asked.items() if wanted is not None]
    said += [state.replace("_", " ") for state in filters.states]
    said += [f"without {'/'.join(filters.untagged)}"] if filters.untagged else []
    said += [f"{_SIGNS[one.operator]} {one.value:g} {_UNITS[one.field]}" for one in filters.comparisons]
    said += [*filters.sizes]
    return f" that are **{' and '.join(said)}**" if said else ""


def _towards(parameters: Parameters) -> str:
    """What an order changes things to."""
    if parameters.instance_type and parameters.instance_type.value:
        return f" to **{parameters.instance_type.value}**"
    if parameters.tag_key and parameters.tag_key.value:
        value = parameters.tag_value.value if parameters.tag_value else ""
        return f" with **{parameters.tag_key.value}={value}**"
    return ""


def _accounts(resources: Sequence[Resource]) -> str:
    number = len({resource.account_id for resource in resources})
    return f", in {_number(number)} accounts" if number > 1 else ""


def _caveat(completeness: Completeness) -> str:
    missing = completeness.scopes - completeness.complete_scopes
    if completeness.complete or not missing:
        return ""
    return f" **Not everything was seen**: {missing} of {completeness.scopes} scopes are incomplete."


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _match(number: int) -> str:
    return "matches" if number == 1 else "match"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _plain(resource_type: str) -> tuple[str, str]:
    """`gcp_sql_database_instance` → `GCP sql database instance` and its plural; a type that is none stays as it is."""
    cloud, _, rest = resource_type.partition("_")
    if cloud not in _CLOUDS:
        return resource_type, resource_type
    one = f"{_CLOUDS[cloud]} {rest.replace('_', ' ')}"
    return one, f"{one}es" if one.endswith(("s", "x", "ch")) else f"{one.removesuffix('y')}ies" if one.endswith(
        "y"
    ) else f"{one}s"
