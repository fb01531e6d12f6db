"""The policy as TOML: read strictly, with mistakes by their place; written so that it reads as the same policy."""

from __future__ import annotations

import pytest

from escher.approval.policy_text import EXAMPLE, read, write
from escher.approval.spellings import unknown
from escher.contract.policy import Policy
from escher.errors import InvalidInput

WHOLE = """
presence = "os"
many_targets = 3

[[rules]]
name = "no terminations"
effect = "deny"
actions = ["aws ec2 terminate-instances", "az vm delete"]
environments = ["production"]
costs_more_than = 99.5

[[limits]]
name = "a tenth"
kind = "compute_instance"
at_most_percent = 10

[[freezes]]
name = "year's end"
from = 2026-12-20T00:00:00+01:00
until = 2027-01-02T00:00:00Z

[[freezes]]
name = "nights"
days = ["fri"]
start = "18:00"
end = "08:00"
zone = "Europe/Berlin"

[[approvers]]
name = "ana"
public_key = "0000000000000000000000000000000000000000000000000000000000000000"

[[second_person_for]]
effects = ["destroy"]
"""


def test_what_is_written_reads_as_the_same_policy() -> None:
    """With the same version, for a policy with everything in it and for the built-in one."""
    for policy in (read(WHOLE), Policy()):
        again = read(write(policy))
        assert (again, again.version) == (policy, policy.version)


def test_the_names_of_clis_and_environments_are_taken_as_what_they_stand_for() -> None:
    """`az` is Azure, and production is prod."""
    (rule,) = read(WHOLE).rules
    assert (rule.actions[1], rule.environments) == ("azure vm delete", ("prod",))


def test_the_example_is_a_policy() -> None:
    """Once its comment signs are taken off, with operations that exist."""
    policy = read("\n".join(line.removeprefix("# ") for line in EXAMPLE.splitlines()[2:]))
    assert (len(policy.rules), len(policy.limits), len(policy.freezes)) == (1, 1, 1)
    assert [unknown(action) for action in policy.rules[0].actions] == [None, None, None]


RULE = '[[rules]]\nname = "a"\neffect = "deny"\n'
ALLOW = '[[rules]]\nname = "a"\neffect = "allow"\nactions = ["aws ec2 stop-*"]\n'
FREEZE = '[[freezes]]\nname = "a"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules = 3", "rules: "),
        ("presense = 'os'", "presense is no field; did you mean presence?"),
        (RULE + 'actons = ["aws ec2 *"]', "rules 1: actons is no field; did you mean actions?"),
        (RULE + 'actions = ["ec2 stop-*"]', "rules 1 actions 1: 'ec2 stop-*' does not begin with aws, azure, gcp"),
        (RULE + 'actions = ["aws"]', "write 'aws *' for all of them"),
        (RULE + 'actions = ["aws ec2 [st]op"]', "only * and ? are special"),
        (RULE + 'environments = ["produktion"]', "'produktion' is no environment; there are "),
        (RULE + 'kinds = ["vm"]', "rules 1 kinds 1: "),
        (RULE + "more_than = true", "rules 1 more_than: a number is needed"),
        (RULE + "require_confirmation = true", "belongs to a rule that asks"),
        (RULE + RULE, "two rules are called 'a'"),
        (ALLOW + 'tags = ["env=dev"]', "nothing is allowed because of tags"),
        (ALLOW + 'environments = ["dev"]', "nothing is allowed because of tags or environments"),
        (ALLOW + 'effects = ["destroy"]', "is always asked about"),
        ('[[rules]]\nname = "a"\neffect = "allow"', "says which actions"),
        ('[[limits]]\nname = "a"', "at_most or at_most_percent"),
        (FREEZE, "from and until, or days"),
        (FREEZE + 'days = ["sat"]\nzone = "Mars/Olympus"', "'Mars/Olympus' is no time zone"),
        (FREEZE + 'days = ["sat"]\nzone = "../../etc/passwd"', "is no time zone"),
        (FREEZE + "from = 2026-01-02T00:00:00\nuntil = 2026-01-03T00:00:00Z", "freezes 1 from: "),
        (FREEZE + "from = 2026-01-03T00:00:00Z\nuntil = 2026-01-02T00:00:00Z", "until a later one"),
        ('[[second_person_for]]\neffects = ["destroy"]', "second_person_for needs approvers"),
        ('[[approvers]]\nname = "a"\npublic_key = "abc"', "approvers 1 public_key: "),
        ("rules = [", "this is not TOML: "),
        ("a = " + "[" * 5_000, "this is not TOML: "),
        ("#" * 200_001, "longer than"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, said: str) -> None:
    """Nothing is guessed, and nothing left out without a word."""
    with pytest.raises(InvalidInput) as wrong:
        read(text)
    assert said in wrong.value.message


@pytest.mark.parametrize(
    ("pattern", "is_known"),
    [
        ("aws ec2 terminate-instances", True), ("aws ec2 terminate-instance", False), ("aws ec2 stop-*", True),
        ("aws nosuch stop", False), ("aws e?2 anything", True), ("azure vm delete", True), ("azure vm destroy", False),
        ("azure compute virtual_machines.begin_delete", True), ("gcp compute instances delete", True),
        ("gcp compute instances.delete", True), ("gcp compute machines delete", False), ("* * delete*", True),
        ("aws ec2 wait instance-stopped", True), ("aws s3 rb", True),
    ],
)  # fmt: skip
def test_a_pattern_that_means_nothing_is_told(pattern: str, is_known: bool) -> None:
    """A rule that protects nothing is worse than none; what is near is offered."""
    said = unknown(pattern)
    assert (said is None) is is_known
    assert said is None or "is no operation" in said
