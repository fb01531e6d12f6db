"""The AWS CLI's values: shorthand, JSON and plain text."""

from __future__ import annotations

from typing import Any

import pytest

from escher.apis import catalogue
from escher.scripts.aws_values import ValueRefused, value_of
from escher.scripts.shorthand import ShorthandError, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=b", {"A": "b"}),
        ("A=b,C=d", {"A": "b", "C": "d"}),
        ("A=b,c,D=e", {"A": ["b", "c"], "D": "e"}),
        ("A=b, c , d", {"A": ["b", "c", "d"]}),
        ("A=[b,c],D={E=f,G=[h]}", {"A": ["b", "c"], "D": {"E": "f", "G": ["h"]}}),
        ("A='b,c=d',E=f", {"A": "b,c=d", "E": "f"}),
        ('A="b \\"c\\"",D=', {"A": 'b "c"', "D": ""}),
        ("A=b\\,c", {"A": "b,c"}),
        ("A=b c d", {"A": "b c d"}),
        ("A=arn:aws:iam::1:role/x", {"A": "arn:aws:iam::1:role/x"}),
        ("A=[]", {"A": []}),
        ("A=b=c", {"A": "b=c"}),
    ],
)
def test_shorthand_is_read_as_the_cli_reads_it(text: str, expected: dict[str, Any]) -> None:
    """The cases of its user guide."""
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text", ["", "A", "=b,", "A=b,A=c", "A=[b", "A={b", "A='b", "A@=file://x", "A={B@=file://x}", "A=b,", "A=[b]]"]
)
def test_what_is_no_shorthand_is_refused(text: str) -> None:
    """Also what would read a file."""
    with pytest.raises(ShorthandError):
        parse(text)


@pytest.mark.parametrize(
    ("service", "operation", "flag", "texts", "expected"),
    [
        ("ec2", "create-volume", "size", ["10"], 10),
        ("ec2", "create-tags", "tags", ["Key=a,Value=1"], [{"Key": "a", "Value": "1"}]),
        ("ec2", "create-tags", "tags", ['[{"Key":"a"}]'], [{"Key": "a"}]),
        ("ec2", "create-tags", "tags", ['{"Key":"a"}', '{"Key":"b"}'], [{"Key": "a"}, {"Key": "b"}]),
        ("ec2", "create-tags", "resources", ["i-1", "i-2"], ["i-1", "i-2"]),
        ("ec2", "create-tags", "resources", ['["i-1"]'], ["i-1"]),
        ("lambda", "tag-resource", "tags", ["a=1,b=true"], {"a": "1", "b": "true"}),
        ("ec2", "modify-instance-attribute", "instance-type", ["t3.large"], {"Value": "t3.large"}),
        ("autoscaling", "create-or-update-tags", "tags", ["Key=a,PropagateAtLaunch=true"], [{"Key": "a", "PropagateAtLaunch": True}]),
        ("workspaces", "reboot-workspaces", "reboot-workspace-requests", ["ws-1"], [{"WorkspaceId": "ws-1"}]),
    ],
)  # fmt: skip
def test_texts_become_values_of_the_declared_type(
    service: str, operation: str, flag: str, texts: list[str], expected: object
) -> None:
    """Numbers, booleans, lists and structures."""
    spec = catalogue.operation("aws", service, operation)
    assert spec is not None
    assert value_of(spec.parameters[spec.flags[flag].parameter], texts, spec=spec, flag=flag) == expected


@pytest.mark.parametrize(("flag", "text"), [("size", "big"), ("size", "1.5"), ("tag-specifications", "x"), ("tag-specifications", "[{"), ("tag-specifications", '[{"A":NaN}]')])  # fmt: skip
def test_texts_of_another_type_are_refused(flag: str, text: str) -> None:
    """With what is wrong with them."""
    spec = catalogue.operation("aws", "ec2", "create-volume")
    assert spec is not None
    with pytest.raises(ValueRefused):
        value_of(spec.parameters[spec.flags[flag].parameter], [text], spec=spec, flag=flag)
