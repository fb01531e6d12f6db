"""Who works here: users, groups, policies, and the permissions of the role through which Escher comes in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from escher.demo.blueprint.company import ACCOUNTS, ROLE
from escher.demo.blueprint.making import Making, Site, listed

_PEOPLE = {
    "web-shop": ("maria", "tomas", "aisha", "deploy-bot", "old-contractor"),
    "analytics": ("ines", "pavel", "yuki", "report-bot"),
    "sandbox": ("maria", "tomas", "aisha", "summer-intern"),
}
_GROUPS = ("developers", "operators", "readers")
_POLICIES: dict[str, Any] = {
    "StopNonProduction": ["ec2:StopInstances", "ec2:StartInstances"],
    "ReadReceipts": ["s3:GetObject", "s3:ListBucket"],
    "RotateSecrets": ["secretsmanager:RotateSecret", "secretsmanager:PutSecretValue"],
}
_PROFILES = ("InstanceRuntime", "ReadOnlyAudit")
_WRITING_TO_S3 = ["s3:Put*", "s3:Delete*", "s3:Create*", "s3:Restore*", "s3:Replicate*", "s3:Abort*"]
GUARDED = "analytics"
"""The account whose role may not do everything."""
FORBIDDEN = ("ec2:TerminateInstances", "rds:DeleteDBInstance", "rds:DeleteDBCluster")
"""What the role of the guarded account is denied; it is not allowed to write to S3 either."""


def people() -> Iterator[Making]:
    """Everything of IAM; it is in no region."""
    for account in ACCOUNTS:
        site = Site(account, "us-east-1")
        yield from _permissions(site)
        yield from _policies(site)
        for group in _GROUPS:
            yield site.make("iam", "create_group", GroupName=group)
        for number, person in enumerate(_PEOPLE[account]):
            yield site.make("iam", "create_user", UserName=person, Tags=listed({"owner": person, "Name": person}))
            yield site.make("iam", "add_user_to_group", UserName=person, GroupName=_GROUPS[number % len(_GROUPS)])
            if person.endswith(("bot", "contractor")):
                yield site.make("iam", "create_access_key", UserName=person)
        for role in _PROFILES:
            yield site.make("iam", "create_instance_profile", InstanceProfileName=role)
            yield site.make("iam", "add_role_to_instance_profile", InstanceProfileName=role, RoleName=role)


def _permissions(site: Site) -> Iterator[Making]:
    """What Escher's role may: everything, but for guarded accounts."""
    everything: list[dict[str, Any]] = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    guarded: list[dict[str, Any]] = [
        {"Effect": "Allow", "NotAction": _WRITING_TO_S3, "Resource": "*"},
        {"Effect": "Deny", "Action": list(FORBIDDEN), "Resource": "*"},
    ]
    name = "HaldenOperator" if site.account == GUARDED else "HaldenAdministrator"
    statements = guarded if site.account == GUARDED else everything
    yield site.make("iam", "create_policy", PolicyName=name, PolicyDocument=_document(statements))
    arn = f"arn:aws:iam::{ACCOUNTS[site.account]}:policy/{name}"
    yield site.make("iam", "attach_role_policy", RoleName=ROLE, PolicyArn=arn)


def _policies(site: Site) -> Iterator[Making]:
    for name, actions in _POLICIES.items():
        document = _document([{"Effect": "Allow", "Action": actions, "Resource": "*"}])
        yield site.make("iam", "create_policy", PolicyName=name, PolicyDocument=document)


def _document(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
