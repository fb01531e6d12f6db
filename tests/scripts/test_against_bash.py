"""What was read, beside what bash does: real bash runs the accepted scripts with an `aws` that only writes its words down."""

from __future__ import annotations

import random
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from escher.scripts.reader import Reader

RECORD = 'aws() { printf "%s\\0" "$@"; printf "\\1\\0"; }\n'
CALL = "aws ec2 create-snapshot --volume-id vol-1 --description "
PIECES = [
    *"abz019._-=:/@%+,^ \t\n'\"\\$`;|&<>()#~!*?[]{}",
    *("'a b'", '"a b"', '"$1"', '"${2}"', "$1", '"$x"', "'\\''", '\\"', "\\\n", "$(", "${", "$'a'", "{a,b}", "[*]", "é", '"', "'", "  ", "x=1", "#c", "--", "-1"),
]  # fmt: skip
BASH = shutil.which("bash") or "bash"
ARGUMENTS = ("i-0abc", "i-0def")


def run(script: str, tmp_path: Path) -> list[list[str]]:
    """The words of each `aws` command that bash came to."""
    (tmp_path / "record").write_text(RECORD)
    (tmp_path / "script").write_text(script)
    empty = tmp_path / "empty"
    empty.mkdir()
    done = subprocess.run(
        [BASH, "--norc", str(tmp_path / "script"), *ARGUMENTS],
        env={"BASH_ENV": str(tmp_path / "record"), "PATH": "/nowhere"},
        cwd=empty,
        capture_output=True,
        check=False,
    )
    calls = done.stdout.decode().split("\x01\x00")[:-1]
    return [call.split("\x00")[:-1] for call in calls]


def random_word(seeded: random.Random) -> str:
    """A few pieces of bash without regard for their meaning."""
    return "".join(seeded.choice(PIECES) for _ in range(seeded.randint(1, 6)))


@pytest.mark.campaign
def test_random_words_are_expanded_as_bash_expands_them(tmp_path: Path, campaign: Callable[[int], int]) -> None:
    """Whatever of random text is accepted as one command is that command, word for word."""
    seeded = random.Random(11)
    read, scripts = Reader().read, [f"x=v\n{CALL}{random_word(seeded)}" for _ in range(campaign(50_000))]
    accepted = [(script, reading) for script in scripts if not (reading := read(script, "bash", ARGUMENTS)).problems]
    recorded = run("\n".join(script for script, _ in accepted), tmp_path)
    expected = [read(shlex.join(["aws", *words]), "bash").operations for words in recorded]
    assert [reading.operations for _, reading in accepted] == expected
    assert len(accepted) > len(scripts) // 20


@pytest.mark.parametrize(
    "script",
    [
        "aws ec2 describe-vpcs; aws ec2 describe-subnets && aws ec2 describe-images || aws ec2 describe-volumes",
        'if [[ "$1" == "i-0abc" ]]; then aws ec2 describe-vpcs; fi # then\n#aws ec2 describe-images\naws ec2 describe-volumes',
        'for id in "$@" c "d"; do aws ec2 describe-instances --instance-ids "$id" \\\n  z; done',
        "aws ec2 describe-vpcs --vpc-ids a\\ b 'c'\"d\"e \\\n f #g\naws ec2 describe-vpcs --vpc-ids a#b",
        'for a in 1 2; do for b in 3 4; do aws ec2 describe-instances --instance-ids "$a$b"; done; done',
        'x="$1"\ny="${x}-$x"\naws ec2 describe-instances --instance-ids "$y" "${@:2}"',
        "aws ec2 describe-instances --instance-ids i-{0abc,\"0d ef\",'0 g'} --cli-read-timeout 65",
        "{ aws ec2 describe-vpcs; } 2>&1; ! aws ec2 describe-images",
        'if [ "$#" -gt 0 ]; then aws ec2 describe-vpcs; else echo none >&2; fi',
    ],
)
def test_the_commands_that_bash_comes_to_were_read(script: str, tmp_path: Path) -> None:
    """Each command that runs is among those that were read, in the same order."""
    reading = Reader().read(script, "bash", ARGUMENTS)
    recorded = [Reader().read(shlex.join(["aws", *words]), "bash").operations[0] for words in run(script, tmp_path)]
    assert reading.problems == ()
    remaining = iter(reading.operations)
    assert all(operation in remaining for operation in recorded)
