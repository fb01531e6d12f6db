"""IAM's simulation in front of moto: what Escher's role may do, as boto3 asks."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escher.demo.blueprint.company import ACCOUNTS, role_arn
from escher.demo.blueprint.people import FORBIDDEN, GUARDED
from escher.demo.clouds.aws.policy import Policy, decide
from tests.demo.aws.conftest import AwsDemo

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("demo-aws")]
ACTIONS = ["ec2:StopInstances", *FORBIDDEN, "s3:GetObject", "s3:PutObject", "s3:DeleteBucket"]


def _decisions(aws: AwsDemo, account: str, actions: list[str], resources: list[str]) -> dict[tuple[str, str], str]:
    pages = (
        aws.client("iam", account)
        .get_paginator("simulate_principal_policy")
        .paginate(PolicySourceArn=role_arn(account), ActionNames=actions, ResourceArns=resources)
    )
    return {
        (one["EvalActionName"], one["EvalResourceName"]): one["EvalDecision"]
        for page in pages
        for one in page["EvaluationResults"]
    }


@pytest.mark.parametrize("account", [name for name in ACCOUNTS if name != GUARDED])
def test_the_role_is_administrator(aws: AwsDemo, account: str) -> None:
    """In two accounts everything is allowed."""
    assert set(_decisions(aws, account, ACTIONS, ["*"]).values()) == {"allowed"}


def test_the_role_of_one_account_may_not_do_everything(aws: AwsDemo) -> None:
    """Terminating and deleting are denied by a statement, writing to S3 by silence."""
    found = {action: decision for (action, _), decision in _decisions(aws, GUARDED, ACTIONS, ["*"]).items()}
    assert {action for action, decision in found.items() if decision == "explicitDeny"} == set(FORBIDDEN)
    assert {action for action, decision in found.items() if decision == "implicitDeny"} == {
        "s3:PutObject",
        "s3:DeleteBucket",
    }
    assert found["ec2:StopInstances"] == found["s3:GetObject"] == "allowed"


def test_every_action_meets_every_resource_in_pages(aws: AwsDemo) -> None:
    """A batch is actions times resources; a page leads to the next by its marker."""
    resources = [f"arn:aws:ec2:us-east-1:{ACCOUNTS[GUARDED]}:instance/i-{number:017x}" for number in range(40)]
    found = _decisions(aws, GUARDED, ACTIONS, resources)
    assert set(found) == set(product(ACTIONS, resources))
    iam = aws.client("iam", GUARDED)
    first = iam.simulate_principal_policy(
        PolicySourceArn=role_arn(GUARDED), ActionNames=ACTIONS, ResourceArns=resources, MaxItems=7
    )
    assert (len(first["EvaluationResults"]), first["IsTruncated"]) == (7, True)


def test_a_session_or_a_stranger_is_refused(aws: AwsDemo) -> None:
    """Only a role, user or group that exists can be simulated."""
    iam = aws.client("iam")
    session = aws.client("sts").get_caller_identity()["Arn"]
    assert ":assumed-role/EscherDemoAccess/" in session
    with pytest.raises(iam.exceptions.InvalidInputException):
        iam.simulate_principal_policy(PolicySourceArn=session, ActionNames=["ec2:StopInstances"])
    stranger = role_arn("web-shop").replace("EscherDemoAccess", "Nobody")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.simulate_principal_policy(PolicySourceArn=stranger, ActionNames=["ec2:StopInstances"])


def test_a_user_has_what_the_groups_have(aws: AwsDemo) -> None:
    """Policies of a user's group, inline ones too, count as the user's own."""
    iam = aws.client("iam", "sandbox")
    iam.create_group(GroupName="stoppers")
    iam.put_group_policy(
        GroupName="stoppers",
        PolicyName="stop",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [_allow("ec2:Stop*")]}),
    )
    arn = iam.create_user(UserName="stopper")["User"]["Arn"]
    iam.add_user_to_group(GroupName="stoppers", UserName="stopper")
    answer = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["ec2:StopInstances", "ec2:RunInstances"])
    assert [one["EvalDecision"] for one in answer["EvaluationResults"]] == ["allowed", "implicitDeny"]
    assert answer["EvaluationResults"][0]["MatchedStatements"][0]["SourcePolicyId"] == "stop"


def test_given_policies_are_simulated(aws: AwsDemo) -> None:
    """SimulateCustomPolicy decides by the documents that it is handed."""
    document = json.dumps({"Version": "2012-10-17", "Statement": [_allow("s3:Get*"), _deny("s3:GetSecret")]})
    answer = aws.client("iam").simulate_custom_policy(
        PolicyInputList=[document], ActionNames=["s3:GetObject", "s3:GetSecret", "s3:PutObject"]
    )
    decisions = [one["EvalDecision"] for one in answer["EvaluationResults"]]
    assert decisions == ["allowed", "explicitDeny", "implicitDeny"]


def _allow(action: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def _deny(action: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource}


@pytest.mark.parametrize(
    ("statement", "decision"),
    [
        (_allow("EC2:stopinstances"), "allowed"),
        (_allow("ec2:Stop?nstances"), "allowed"),
        (_allow("ec2:Stop.nstances"), "implicitDeny"),
        (_allow("*", "arn:aws:ec2:*:*:instance/i-1"), "allowed"),
        (_allow("*", "arn:aws:ec2:*:*:INSTANCE/i-1"), "implicitDeny"),
        ({"Effect": "Allow", "NotAction": ["s3:*"], "Resource": "*"}, "allowed"),
        ({"Effect": "Allow", "NotAction": "ec2:*", "Resource": "*"}, "implicitDeny"),
        ({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:ec2:*"}, "implicitDeny"),
        (_allow("*") | {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}, "implicitDeny"),
    ],
)
def test_statements_apply_as_in_aws(statement: dict[str, Any], decision: str) -> None:
    """Actions go by any case, resources by their own; wildcards and the `Not…` forms hold; conditions are not met."""
    policy = Policy("given", {"Statement": statement})
    found = decide([policy], "ec2:StopInstances", "arn:aws:ec2:eu-west-1:111111111111:instance/i-1")
    assert found.decision == decision


@given(st.lists(st.sampled_from([_allow("ec2:*"), _deny("ec2:*"), _allow("s3:*"), _deny("s3:*"), _allow("*")])))
def test_a_denial_wins_in_any_order(statements: list[dict[str, Any]]) -> None:
    """Whatever allows, one statement that denies decides; nothing that allows denies as well."""
    found = decide([Policy("given", {"Statement": statements})], "ec2:StopInstances", "*").decision
    if _deny("ec2:*") in statements:
        assert found == "explicitDeny"
    else:
        assert found == ("allowed" if _allow("ec2:*") in statements or _allow("*") in statements else "implicitDeny")
