"""IAM's simulation of policies: what a user, group or role of moto's IAM may do, by its own policies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

from moto.backends import get_backend

from escher.demo.clouds.aws.answer import Refused
from escher.demo.clouds.aws.call import Call
from escher.demo.clouds.aws.policy import Policy, decide

_PAGE = 100


def simulate_principal_policy(call: Call) -> dict[str, Any]:
    """The answer to SimulatePrincipalPolicy. Raises Refused."""
    asked = call.parameters
    policies = [*_policies_of(call, asked["PolicySourceArn"]), *_given(asked)]
    return _page(asked, policies)


def simulate_custom_policy(call: Call) -> dict[str, Any]:
    """The answer to SimulateCustomPolicy. Raises Refused."""
    return _page(call.parameters, list(_given(call.parameters)))


def _page(asked: dict[str, Any], policies: list[Policy]) -> dict[str, Any]:
    """One page of every action on every resource."""
    cases = list(product(asked["ActionNames"], asked.get("ResourceArns") or ["*"]))
    start, size = int(asked.get("Marker") or 0), int(asked.get("MaxItems") or _PAGE)
    end = start + size
    page: dict[str, Any] = {
        "EvaluationResults": [_result(policies, action, resource) for action, resource in cases[start:end]],
        "IsTruncated": end < len(cases),
    }
    return page | ({"Marker": str(end)} if end < len(cases) else {})


def _result(policies: list[Policy], action: str, resource: str) -> dict[str, Any]:
    verdict = decide(policies, action, resource)
    statements = [{"SourcePolicyId": one.source, "SourcePolicyType": one.kind} for one in verdict.sources]
    of_resource = {
        "EvalResourceName": resource,
        "EvalResourceDecision": verdict.decision,
        "MatchedStatements": statements,
        "MissingContextValues": [],
    }
    return {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": verdict.decision,
        "MatchedStatements": statements,
        "MissingContextValues": [],
        "ResourceSpecificResults": [of_resource],
    }


def _given(asked: dict[str, Any]) -> Iterator[Policy]:
    for number, document in enumerate(asked.get("PolicyInputList") or [], 1):
        yield Policy(f"PolicyInputList.{number}", _read(document))


def _read(document: Any) -> dict[str, Any]:
    """A policy's document, which moto keeps as text or as it was given."""
    if isinstance(document, dict):
        return document
    try:
        return json.loads(document)
    except json.JSONDecodeError as cause:
        raise Refused("InvalidInput", f"The policy is no JSON: {cause.msg}.") from cause


def _policies_of(call: Call, arn: str) -> Iterator[Policy]:
    """All policies that a principal has: attached ones, inline ones, and those of a user's groups."""
    iam = get_backend("iam")[call.account_id]["aws"]
    kind, _, name = arn.partition(f"arn:aws:iam::{call.account_id}:")[2].partition("/")
    owners = {"role": iam.roles.values(), "user": iam.users.values(), "group": iam.groups.values()}
    if kind not in owners:
        raise Refused("InvalidInput", f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
    found = next((one for one in owners[kind] if one.arn == arn), None)
    if found is None:
        raise Refused("NoSuchEntity", f"{arn} does not exist.", 404)
    yield from _own(found)
    for group in iam.groups.values() if kind == "user" else ():
        if any(user.name == name.rpartition("/")[2] for user in group.users):
            yield from _own(group)


def _own(owner: Any) -> Iterator[Policy]:
    for policy in owner.managed_policies.values():
        version = next(one for one in policy.versions if one.is_default)
        yield Policy(policy.name, _read(version.document))
    inline = owner.policies
    for name, document in inline.items() if isinstance(inline, dict) else ():
        yield Policy(name, _read(document))
