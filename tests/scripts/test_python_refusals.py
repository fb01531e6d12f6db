"""Python scripts that are not read for certain, or may not do what they do: the verdict is `unknown`."""

from __future__ import annotations

import pytest

from escher.scripts.reader import Reader

START = "import json\nimport os\nimport sys\nimport time\nimport boto3\nec2 = boto3.client('ec2')\n"


@pytest.mark.parametrize(
    "script",
    [
        # ways to run something else
        "import subprocess", "import os.path", "from os import system", "import boto3 as b", "from boto3 import *", "os.system('x')", "os.popen('x')", "exec('x')", "eval('x')",
        "compile('x', '', 'exec')", "__import__('os')", "open('x')", "input()", "breakpoint()", "globals()", "vars()", "getattr(ec2, 'stop_instances')(InstanceIds=['i-1'])", "type(ec2)",
        "ec2.__class__", "ec2._make_api_call('x')", "''.__class__", "sys.modules", "sys._getframe()", "sys.stdin", "os.environ['PATH']", "os.environ", "print(os.environ)", "os.getcwd()", "json.load(x)", "json.JSONDecoder",
        "'{0.__class__}'.format(ec2)", "'%s' % ec2", "f'{ec2}'", "f'{ec2.__class__}'", "print.__self__", "time.time()",
        # what is not in the subset
        "def f(): pass", "class C: pass", "lambda: 1", "with x: pass", "try:\n    pass\nexcept Exception: pass", "while True: pass", "assert True", "del ec2", "global x", "x = y = lambda: 1", "(x := 1)",
        "async def f(): pass", "match 1:\n    case _: pass", "for x in []:\n    break", "for x in [1]:\n    continue", "x, *y = 1, 2", "x += 1", "ec2.x = 1", "x = {}\nx['a'] = 1", "x = [1]\nx.append(2)", "{1, 2}",
        "{x: 1 for x in [1]}", "2 ** 99", "'a' * 10**9", "1 / 0", "[*sys.argv]", "print(*sys.argv)", "raise ValueError()", "raise", "raise SystemExit from None", "len = 1", "sys = 1", "boto3 = 1", "__name__ = 1",
        "[ec2 for print in [1]]", "'a' is 'a'", "x", "undefined()", "[1][5]", "{}['a']", "int('x')", "'a' + 1", "[x for x in sys.argv if x.foo()]", "for x in [1]:\n    pass\nelse:\n    pass",
        # boto3 by another way
        "boto3.resource('ec2')", "boto3.Session()", "boto3.session", "boto3.setup_default_session()", "boto3.client('ec2', endpoint_url='http://evil')", "boto3.client('ec2', aws_access_key_id='x')",
        "boto3.client('ec2', region_name='eu-west-1')", "boto3.client('ec2', 'us-east-1')", "boto3.client('ec2', region_name=ec2.describe_regions()['Regions'][0])", "boto3.client(sys.argv[1])", "boto3.client('e' + 'c2')", "boto3.client('ec2', **{})\nboto3.client()", "boto3.client('ec2', verify=False)",
        "ec2.meta.client", "ec2.exceptions", "ec2.get_paginator(sys.argv[1])", "ec2.get_waiter('instance_' + 'stopped')", "boto3.client('s3').upload_file('/etc/passwd', 'b', 'k')",
        "boto3.client('s3').generate_presigned_url('get_object')", "ec2.close()", "f = ec2.stop_instances", "f = ec2.stop_instances\nf(InstanceIds=['i-1'])\nf", "print(ec2.stop_instances)\nec2.stop_instances",
        # targets that are not known
        "ec2.stop_instances(**ec2.describe_vpcs())", "ec2.stop_instances(InstanceIds=ec2.describe_instances()['Reservations'])", "ec2.stop_instances(InstanceIds=[x['i'] for x in ec2.describe_vpcs()['Vpcs']])",
        "ec2.stop_instances(InstanceIds=sys.argv)", "ec2.stop_instances(InstanceIds=[sys.argv[9]])", "ec2.stop_instances(**json.loads(sys.argv[1]))", "time.sleep(10**9)", "time.sleep(ec2.describe_vpcs())",
        # text that hides something
        "# \u202e", "x = '\u200b'", "x = 1\x0c", "print(1)\r", "'", "if", "(" * 300 + ")" * 300,
    ],
)  # fmt: skip
def test_what_is_not_understood_is_unknown(script: str) -> None:
    """Nothing outside the closed subset of Python passes."""
    reading = Reader().read(START + script, "python", ("not json",), {"AWS_REGION": "us-east-1"})
    assert reading.effect == "unknown"
    assert reading.problems != ()


def test_an_encoding_of_its_own_is_refused() -> None:
    """The same bytes would be another script."""
    assert Reader().read("# -*- coding: utf-7 -*-\nprint(1)", "python").effect == "unknown"


@pytest.mark.parametrize(
    "call",
    [
        "ec2.stop_instance(InstanceIds=['i-1'])", "ec2.stop_instances(InstanceId='i-1')", "ec2.stop_instances()", "ec2.stop_instances(['i-1'])", "ec2.stop_instances(InstanceIds='i-1')",
        "ec2.get_waiter('instance_tired').wait()", "ec2.get_paginator('stop_instances')", "ec2.get_paginator('describe_regions')", "boto3.client('ec3')", "ec2.create_volume(AvailabilityZone='a', VolumeType='gp9')",
    ],
)  # fmt: skip
def test_what_the_provider_does_not_have_is_invalid(call: str) -> None:
    """Misspelt operations, invented parameters, missing or wrong values are told apart."""
    reading = Reader().read(START + call, "python", (), {"AWS_REGION": "us-east-1"})
    assert (reading.effect, reading.invalid) == ("unknown", True)


def test_a_problem_names_its_line() -> None:
    """Also within a nested expression."""
    reading = Reader().read(START + "print(\n    1,\n    open('x'),\n)", "python")
    assert [line for line, _ in reading.problems] == [9]
