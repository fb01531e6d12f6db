"""Python scripts that are read: the operations they call, with the values that their arguments give them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from escher.contract.ports import Reading
from escher.scripts.reader import Reader

US = {"AWS_REGION": "us-east-1"}
START = "import json\nimport os\nimport sys\nimport time\n\nimport boto3\n\nec2 = boto3.client('ec2')\n"


def read(script: str, *arguments: str, environment: dict[str, str] | None = US) -> Reading:
    """The reading of a Python script in us-east-1, after the usual imports."""
    return Reader().read(START + script, "python", arguments, environment)


def calls(reading: Reading) -> list[tuple[str, dict[str, Any]]]:
    """The operations with their parameters; there may be no problem."""
    assert reading.problems == ()
    return [(f"{one.service} {one.operation}", one.parameters) for one in reading.operations]


STOPPED = ("ec2 stop-instances", {"InstanceIds": ["i-1", "i-2"]})


@pytest.mark.parametrize(
    "script",
    [
        "ec2.stop_instances(InstanceIds=sys.argv[1:])",
        "ids = sys.argv[1:]\nec2.stop_instances(InstanceIds=ids)",
        "ids: list[str] = [word for word in sys.argv[1:] if word.startswith('i-')]\nec2.stop_instances(InstanceIds=ids)",
        "ec2.stop_instances(InstanceIds=[sys.argv[1], sys.argv[2]])",
        "ec2.stop_instances(**{'InstanceIds': sys.argv[1:]})",
        "ec2.stop_instances(InstanceIds=sorted(sys.argv[1:]))",
        "ec2.stop_instances(InstanceIds=','.join(sys.argv[1:]).split(','))",
        "boto3.client('ec2', region_name=os.environ['AWS_REGION']).stop_instances(InstanceIds=sys.argv[1:])",
        "if __name__ == '__main__':\n    ec2.stop_instances(InstanceIds=sys.argv[1:] or ['i-9'])",
        "ec2.stop_instances(InstanceIds=[f'i-{number}' for number in range(1, 3)])",
    ],
)
def test_arguments_become_parameters(script: str) -> None:
    """In each of the ways that scripts are written."""
    assert calls(read(script, "i-1", "i-2")) == [STOPPED]


def test_a_json_argument_becomes_the_parameters() -> None:
    """All of them at once, of any form."""
    document = {"Resources": ["i-1"], "Tags": [{"Key": "owner", "Value": "'; import os; os.system('x') #"}]}
    reading = read("ec2.create_tags(**json.loads(sys.argv[1]))", json.dumps(document))
    assert calls(reading) == [("ec2 create-tags", document)]
    assert reading.effect == "write"


def test_a_loop_over_arguments_is_unrolled() -> None:
    """One call for each."""
    reading = read("for volume in sys.argv[1:]:\n    ec2.delete_volume(VolumeId=volume)", "vol-1", "vol-2")
    assert calls(reading) == [
        ("ec2 delete-volume", {"VolumeId": "vol-1"}),
        ("ec2 delete-volume", {"VolumeId": "vol-2"}),
    ]
    assert reading.effect == "destroy"


def test_a_check_reads_answers() -> None:
    """Fields of an answer may be looked up, compared and printed."""
    script = """
for reservation in ec2.describe_instances(InstanceIds=sys.argv[1:])["Reservations"]:
    for instance in reservation["Instances"]:
        if instance["State"]["Name"] != "running" and instance.get("Tags", []) != []:
            print(instance["InstanceId"], f"is {instance['State']['Name']}", file=sys.stderr)
            sys.exit(1)
"""
    reading = read(script, "i-1")
    assert calls(reading) == [("ec2 describe-instances", {"InstanceIds": ["i-1"]})]
    assert reading.effect == "read"


def test_waiters_and_paginators_are_their_operations() -> None:
    """Their own settings are no parameters."""
    script = """
ec2.get_waiter("instance_stopped").wait(InstanceIds=sys.argv[1:], WaiterConfig={"Delay": 5})
for page in ec2.get_paginator("describe_volumes").paginate(PaginationConfig={"PageSize": 100}):
    print(json.dumps(page["Volumes"], default=str))
time.sleep(2)
raise SystemExit(0)
"""
    assert calls(read(script, "i-1")) == [
        ("ec2 wait instance-stopped", {"InstanceIds": ["i-1"]}),
        ("ec2 describe-volumes", {}),
    ]


def test_both_branches_count() -> None:
    """The worst of them is the verdict, whichever would be taken."""
    script = "if sys.argv[1] == 'x':\n    ec2.describe_vpcs()\nelse:\n    ec2.terminate_instances(InstanceIds=['i-1'])"
    reading = read(script, "x")
    assert [name for name, _ in calls(reading)] == ["ec2 describe-vpcs", "ec2 terminate-instances"]
    assert reading.effect == "destroy"


def test_a_loop_without_turns_counts_all_the_same() -> None:
    """A script is not harmless because this time it was given nothing."""
    reading = read("for volume in sys.argv[1:]:\n    ec2.delete_volume(VolumeId=volume)")
    assert reading.effect == "unknown"
    assert [one.effect for one in reading.operations] == ["destroy"]


def test_what_differs_after_a_branch_is_unknown() -> None:
    """A target that depends on an answer is no known target."""
    script = (
        "target = 'i-1'\nif ec2.describe_vpcs()['Vpcs']:\n    target = 'i-2'\nec2.stop_instances(InstanceIds=[target])"
    )
    reading = read(script)
    assert reading.problems == ((12, "ec2 stop-instances: what it acts on is known only when the script runs"),)


def test_a_count_of_answers_is_unknown() -> None:
    """However often a loop over an answer turns."""
    script = "n = 0\nfor vpc in ec2.describe_vpcs()['Vpcs']:\n    n = n + 1\nec2.delete_vpc(VpcId='vpc-' + str(n))"
    assert read(script).effect == "unknown"
