"""Bash scripts that are not read for certain, or may not do what they do: the verdict is `unknown`, with the line."""

from __future__ import annotations

import pytest

from escher.scripts.reader import Reader

STOP = "aws ec2 stop-instances --instance-ids"


@pytest.mark.parametrize(
    "script",
    [
        # other programs and other ways to run something
        "rm -rf /tmp/x", "curl example.com", "eval 'aws ec2 describe-vpcs'", "source x.sh", ". x.sh", "exec aws ec2 describe-vpcs",
        "command aws ec2 describe-vpcs", "env aws ec2 describe-vpcs", "builtin echo x", "time aws ec2 describe-vpcs", "/bin/aws ec2 describe-vpcs",
        "aws ec2 describe-vpcs | sh", "aws ec2 describe-vpcs | base64 -d", "aws ec2 describe-vpcs |& grep x", "echo x | tee y", "xargs aws",
        "aws ec2 describe-vpcs &", "coproc aws ec2 describe-vpcs", "bash -c 'aws ec2 describe-vpcs'", "'aws' ec2 describe-vpcs", "test -f x", "read x",
        # what changes what words mean
        "f() { aws ec2 describe-vpcs; }; f", "alias aws=rm", "trap 'rm x' EXIT", "export PATH=/tmp", "PATH=/tmp", "LD_PRELOAD=x", "BASH_ENV=x",
        "AWS_PROFILE=x", "AWS_PROFILE=x aws ec2 describe-vpcs", "https_proxy=http://evil", "IFS=x", "unset x", "local x=1", "readonly x=1", "x+=1",
        "x[0]=1", "x=(a b)", "set -x", "set pipefail", "set -- a b", "set -e pipefail", "shopt -s extglob", "for i in 1; do shift; done", "while true; do :; done",
        "case x in x) :;; esac", "select x in a; do :; done", "for ((i=0;i<3;i++)); do :; done", "(aws ec2 describe-vpcs)",
        # files
        "aws ec2 describe-vpcs > out", "aws ec2 describe-vpcs >> out", "aws ec2 describe-vpcs 2> /tmp/x", "aws ec2 describe-vpcs < in", "aws ec2 describe-vpcs <<< x",
        "aws ec2 describe-vpcs <<EOF\nx\nEOF", "cat < /etc/passwd", "aws ec2 describe-vpcs > /dev/null/../x", "aws ec2 describe-vpcs | grep x /etc/passwd", "head -n 1 /etc/passwd",
        "aws ec2 describe-vpcs --vpc-ids <(echo x)", "aws s3 cp x s3://b/x", "aws s3 sync s3://b .", "aws s3api get-object --bucket b --key k out",
        "aws s3api put-object --bucket b --key k --body x", "aws iot create-keys-and-certificate --private-key-outfile k.pem",
        # expansions
        "echo $x", 'echo "$x"', "echo ${HOME}", 'echo "${!x}"', 'echo "${x:-y}"', 'echo "${x//a/b}"', 'echo "${#x}"', "echo $((1+1))", 'echo "$((x))"', "echo `id`",
        "echo $(id)", 'echo "$(id)"', "echo $'a'", 'echo $"a"', "echo ~", "echo *", "echo a?", "echo {a,$x}", "echo {a,{b,c}}", "echo {a,}", "echo {1..3}", "echo !x", 'echo "$$"', 'echo "$?"', 'echo "$0"',
        'echo "$@x"', "for i in $x; do :; done", "for i in *; do :; done", "for i in $(aws ec2 describe-vpcs); do :; done", "x=$(echo a; echo b)", "x=$(<file)",
        # tests
        "[[ -f x ]]", "[ -e x ]", '[[ -v "x" ]]', '[[ "a" =~ b ]]', "((1))", "let x=1", 'x=$(aws ec2 describe-vpcs); [[ "$x" -lt 3 ]]', '[[ "$1" -eq 0 ]]', '[[ "a" < "b" ]]', "[[ a == b* ]]",
        'x=$(aws ec2 describe-vpcs); [ "$x" -gt 3 ]', '[ "a" = "a" -o -f x ]',
        # builtins with a twist
        "printf -v x a", "printf '%n' x", "exit x", "sleep 1d", "shift 2", "echo x >&3", "aws ec2 describe-vpcs | jq 'env'", "aws ec2 describe-vpcs | jq '$ENV.HOME'",
        "aws ec2 describe-vpcs | jq 'input'", "aws ec2 describe-vpcs | jq -f x", "aws ec2 describe-vpcs | jq --rawfile a /etc/passwd .", "aws ec2 describe-vpcs | sort -o x",
        "aws ec2 describe-vpcs | grep -f x y", "aws ec2 describe-vpcs | tail -f",
        # text that only looks like bash, and text that hides something
        "aws ec2 describe-vpcs )", 'echo "', "if true; then", "aws ec2 describe-vpcs\r\n", "echo \u202eabc", "echo a\u200bb", "echo a\x00b", "echo \u00a0x",
        "#!/bin/sh\naws ec2 describe-vpcs", "echo a\\\nb",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_unknown(script: str) -> None:
    """Nothing outside the closed subset of bash passes."""
    reading = Reader().read(script, "bash", ("1",), {"AWS_REGION": "us-east-1"})
    assert reading.effect == "unknown"
    assert reading.problems != ()


@pytest.mark.parametrize(
    "flags",
    [
        "i-1 --endpoint-url http://evil", "i-1 --endpoint-url=http://evil", "i-1 --profile other", "i-1 --no-verify-ssl", "i-1 --no-sign-request", "i-1 --debug",
        "i-1 --ca-bundle x", "i-1 --cli-connect-timeout 0", "i-1 --cli-read-timeout 0", "i-1 --region eu-west-1", "file://ids", "fileb://ids", "http://evil/ids", "https://evil/ids",
        "'[\"i-1\"]' --query file://x", "i-1 --cli-input-json file://x", "' file://ids'", "FILE://ids", "i-1 --generate-cli-skeleton input", "i-1 --cli-input-yaml x", "i-1 --instance-ids i-2",
    ],
)  # fmt: skip
def test_flags_that_reach_elsewhere_are_refused(flags: str) -> None:
    """Other credentials, other addresses, files, and a parameter given twice."""
    reading = Reader().read(f"{STOP} {flags}", "bash", (), {"AWS_REGION": "us-east-1"})
    assert (reading.effect, reading.invalid) == ("unknown", False)


@pytest.mark.parametrize(
    "command",
    [
        "aws ec2 stop-instance --instance-ids i-1", "aws ec3 stop-instances --instance-ids i-1", "aws ec2 stop-instances --instance-idss i-1", "aws ec2 stop-instances",
        "aws ec2 stop-instances --instance-ids", "aws ec2 stop-instances --instance-ids i-1 --turbo", "aws ec2 stop-instances i-1", "aws ec2", "aws", "aws ec2 help",
        "aws ec2 wait", "aws ec2 wait instance-tired", "aws ec2 create-volume --availability-zone a --size big", "aws ec2 create-volume --availability-zone a --volume-type gp9",
        "aws ec2 stop-instances --instance-ids i-1 --dry-run=true", "aws ec2 describe-vpcs --output pdf", "aws ec2 create-tags --resources i-1 --tags key", "aws ec2 create-tags --resources i-1 --tags '[{]'",
        "aws ec2 create-tags --cli-input-json '[]'", "aws ec2 create-tags --cli-input-json '{\"Resources\":[],\"Resources\":[]}'", "aws rds modify-option-group --option-group-name x",
        "aws iam list-users --path-prefix", "aws --colour on ec2 describe-vpcs",
    ],
)  # fmt: skip
def test_what_the_provider_does_not_have_is_invalid(command: str) -> None:
    """Misspelt operations, invented flags, missing or wrong values are told apart from what cannot be read."""
    reading = Reader().read(command, "bash", (), {"AWS_REGION": "us-east-1"})
    assert (reading.effect, reading.invalid) == ("unknown", True)


@pytest.mark.parametrize(
    "value",
    [
        "--endpoint-url=http://evil", "-x", "file:///etc/passwd", "fileb://x", "http://evil", "https://evil", "a b", "$(id)", "`id`", "a;b", "a|b", "a'b", 'a"b', "a\nb", "a[$(id)]", "*", "~", "",
        "{a,b}", "Key=a,Value=b", "@x", "\u202ea", "a\\b", "a&b", "<x", "é", "s3://b/k", "[i-1]", '{"a":1}', "vol-1",
    ],
)  # fmt: skip
def test_given_values_stay_values(value: str) -> None:
    """A value that does not look like an instance's id is no argument of a command."""
    reading = Reader().read(f'{STOP} "$1"', "bash", (value,), {"AWS_REGION": "us-east-1"})
    assert reading.effect == "unknown"


def test_a_given_value_brings_no_keys_of_its_own() -> None:
    """Where the CLI looks for keys, a value may not have any."""
    script = 'aws ec2 modify-instance-attribute --instance-id i-1 --instance-type "$1"'
    assert Reader().read(script, "bash", ("t3.large",)).problems == ()
    assert Reader().read(script, "bash", ("Value=t3.large",)).effect == "unknown"
    assert Reader().read(script, "bash", ("Value@=file:x",)).effect == "unknown"


def test_a_change_acts_on_nothing_that_is_not_known() -> None:
    """The targets of a change cannot come from what an earlier command answered."""
    script = 'id=$(aws ec2 describe-volumes --query "Volumes[0].VolumeId" --output text)\naws ec2 delete-volume --volume-id "$id"'
    reading = Reader().read(script, "bash")
    assert reading.problems == ((2, "ec2 delete-volume: what it acts on is known only when the script runs"),)


def test_text_that_someone_else_wrote_is_no_argument() -> None:
    """A name read from the cloud could be an option or the address of a file."""
    script = 'name=$(aws ec2 describe-vpcs --query "Vpcs[0].Tags[0].Value" --output text)\naws ec2 describe-vpcs --vpc-ids "$name"'
    assert Reader().read(script, "bash").effect == "unknown"


def test_a_problem_names_its_line() -> None:
    """So that a person finds it."""
    reading = Reader().read("#!/usr/bin/env bash\naws ec2 describe-vpcs\n\ncurl evil", "bash")
    assert [line for line, _ in reading.problems] == [4]
