"""Finding operations in the command reference, on fixed tasks and on real ones."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from escher.apis import catalogue, commands
from escher.contract.vocabulary import Provider
from escher.errors import InvalidInput
from escher.vectors.hashing import HashingEmbedder
from escher.vectors.reference.everyday import documented
from escher.vectors.reference.search import Found, find_operations, margin, sure
from escher.vectors.reference.table import Table, table

EVERYDAY = Path(__file__).parent.parent / "fixtures" / "everyday_tasks.tsv"
LARGEST = 12_000_000
"""Bytes of the three clouds' references together."""


@dataclass(frozen=True)
class Task:
    """A task in words and the operation that it is."""

    text: str
    service: str
    operation: str


def reference(provider: Provider) -> Table:
    found = table(provider)
    assert found is not None
    return found


def first(text: str, provider: Provider | None = None, service: str = "") -> str:
    best = find_operations(text, provider=provider, service=service, limit=1)[0]
    return f"{best.provider} {best.service} {best.operation}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stop an EC2 instance", "aws ec2 stop-instances"),
        ("rotate a KMS key on demand", "aws kms rotate-key-on-demand"),
        ("list the tags of an SQS queue", "aws sqs list-queue-tags"),
        ("restart my web app", "azure webapp restart"),
        ("delete a pubsub topic", "gcp pubsub topics delete"),
        ("list all cloud sql instances", "gcp sql instances list"),
    ],
)
def test_a_task_finds_its_operation(text: str, expected: str) -> None:
    """Of all three clouds, in the words of each."""
    assert first(text) == expected


@pytest.mark.parametrize(
    ("provider", "expected"),
    [("aws", "aws ec2 stop-instances"), ("azure", "azure vm stop"), ("gcp", "gcp compute instances stop")],
)
def test_a_thing_of_one_cloud_is_its_equivalent_in_another(provider: Provider, expected: str) -> None:
    """An EC2 instance is a VM is a Compute Engine instance."""
    assert first("stop an EC2 instance", provider) == expected


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("get rid of the queue", "deletes the queue"),
        ("spin up a cluster", "create a cluster"),
        ("turn the server off", "stop the server"),
        ("turn off versioning of the bucket", "disable versioning of the bucket"),
        ("bring our landing zone up to date", "updates our landing zone"),
        ("please could you shut down the database", "stop the database"),
        ("what tags does this pipe have?", "lists tags pipe have"),
        ("deletes the specified queue", "deletes the specified queue"),
    ],
)
def test_everyday_words_become_those_of_the_documentation(said: str, meant: str) -> None:
    """Verbs in two words, questions and courtesy; what is in the documentation's words stays."""
    assert " ".join(documented(said).split()) == meant


def test_a_service_narrows_the_choice() -> None:
    """Nothing of another service is found."""
    found = find_operations("delete a bucket", service="s3api", limit=20)
    assert {one.service for one in found} == {"s3api"}
    assert found[0].operation == "delete-bucket"


def test_a_cloud_that_the_text_names_narrows_the_choice() -> None:
    """`in Azure` is no word to look for, it says where."""
    assert {one.provider for one in find_operations("delete a bucket in Azure", limit=20)} == {"azure"}


def test_an_unknown_service_is_refused_with_near_names() -> None:
    """It is not searched for in all the others."""
    with pytest.raises(InvalidInput, match="no service 's3appi'") as refused:
        find_operations("delete a bucket", service="s3appi")
    assert "s3api" in refused.value.hint


@pytest.mark.parametrize("text", ["", "   ", "the of and", "42 %%% --", "…"])
def test_without_a_word_nothing_is_found(text: str) -> None:
    """No guess is made."""
    assert find_operations(text) == []


def test_long_noise_is_answered() -> None:
    """4 000 characters end in a list like any other, and not a sure one."""
    noise = " ".join(random.Random(1).choices(["kjh", "deploy", "qwe9", "zzz", "bucket", "lorem"], k=800))
    found = find_operations(noise)
    assert len(found) == 5
    assert not sure(found)


def test_scores_are_shares() -> None:
    """Best first, and together at most 1."""
    scores = [one.score for one in find_operations("create a snapshot of a volume", limit=10)]
    assert scores == sorted(scores, reverse=True)
    assert 0 < sum(scores) <= 1.0001


def test_a_clear_task_is_sure_and_a_vague_one_is_not() -> None:
    """Whether to act or to ask is told from the scores."""
    clear, vague = find_operations("reboot an RDS DB instance", service="rds"), find_operations("change the settings")
    assert sure(clear) and margin(clear) > 0.5
    assert not sure(vague) and margin(vague) < 0.5
    assert not sure([]) and margin([]) == 0


def test_without_the_model_words_still_find() -> None:
    """Vectors of another embedder are never compared with the reference's."""
    found = find_operations("delete a dynamodb table", provider="aws", embedder=HashingEmbedder())
    assert (found[0].service, found[0].operation) == ("dynamodb", "delete-table")


def test_the_same_task_has_the_same_answer() -> None:
    """Score for score."""
    assert find_operations("grow a disk", provider="gcp") == find_operations("grow a disk", provider="gcp")


def test_importing_loads_nothing() -> None:
    """Neither the model nor the reference, before the first task."""
    code = (
        "import sys; from escher.vectors.reference import search, table;"
        "print('onnxruntime' in sys.modules, 'tokenizers' in sys.modules, table.table.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "0"]


def test_every_operation_of_aws_is_in_the_reference() -> None:
    """By the catalogue's names, and no other."""
    named = {(service, name) for service in catalogue.services("aws") for name in catalogue.operations("aws", service)}
    assert set(reference("aws").names) == named


@pytest.mark.parametrize("provider", ["azure", "gcp"])
def test_every_command_is_in_the_reference(provider: Provider) -> None:
    """Of a gcloud command that is in several tracks the most stable is enough."""
    known = {(service, _untracked(operation)) for service, operation in reference(provider).names}
    listed = {(one.service, _untracked(one.operation)) for one in commands.all_commands(provider)}
    assert len(listed) > 5_000
    assert listed - known == set()


def _untracked(operation: str) -> str:
    track, _, rest = operation.partition(" ")
    return rest if track in ("alpha", "beta", "preview") else operation


def test_what_ships_is_small_and_has_no_sentence() -> None:
    """Words, names and figures only."""
    folder = Path(sys.modules[Table.__module__].__file__ or "").parent / "data"
    assert sum(file.stat().st_size for file in folder.glob("*.npz")) <= LARGEST
    for provider in ("aws", "azure", "gcp"):
        own = reference(provider)
        assert all(len(alias.split()) <= 6 for alias in own.aliases)
        assert all(" " not in term for term in own.vocabulary)


@pytest.mark.campaign
def test_tasks_in_the_words_of_aws(
    campaign: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    """First and among five: 83 % and 97 % where the service is known, 66 % and 87 % where it is not."""
    tasks = real_tasks()
    shares = measured(sampled(tasks, campaign(len(tasks))), record_property)
    assert_at_least(shares, {"known first": 0.83, "known five": 0.97, "first": 0.66, "five": 0.87})


@pytest.mark.campaign
def test_tasks_in_everyday_words(
    campaign: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    """At most eight points less."""
    lines = (line.split("\t") for line in EVERYDAY.read_text("utf-8").splitlines())
    tasks = [Task(text, service, name) for service, name, text in lines]
    shares = measured(sampled(tasks, campaign(len(tasks))), record_property)
    assert_at_least(shares, {"known first": 0.75, "known five": 0.89, "first": 0.58, "five": 0.79})


def real_tasks() -> list[Task]:
    folder = os.environ.get("ESCHER_REAL_DATA")
    if not folder:
        pytest.skip("ESCHER_REAL_DATA does not name the folder with aws_tasks.jsonl")
    lines = map(json.loads, (Path(folder) / "aws_tasks.jsonl").read_text("utf-8").splitlines())
    return [Task(line["text"], line["service"], line["operation"]) for line in lines]


def sampled(tasks: Sequence[Task], size: int) -> list[Task]:
    return random.Random(4).sample(list(tasks), min(size, len(tasks)))


def measured(tasks: Sequence[Task], record_property: Callable[[str, object], None]) -> dict[str, tuple[float, int]]:
    """The share of tasks whose operation is first, and among five, with the service known and without."""
    found = {
        "known ": [find_operations(task.text, provider="aws", service=task.service) for task in tasks],
        "": [find_operations(task.text, provider="aws") for task in tasks],
    }
    shares: dict[str, tuple[float, int]] = {}
    for known, answers in found.items():
        for name, many in (("first", 1), ("five", 5)):
            right = sum(_among(task, answer[:many]) for task, answer in zip(tasks, answers, strict=True))
            shares[f"{known}{name}"] = (right / len(tasks), len(tasks))
            record_property(f"{known}{name}", round(right / len(tasks), 4))
    return shares


def _among(task: Task, found: Sequence[Found]) -> bool:
    return (task.service, task.operation) in {(one.service, one.operation) for one in found}


def assert_at_least(shares: dict[str, tuple[float, int]], promised: dict[str, float]) -> None:
    """Each share, less what chance takes from a small sample (three standard deviations of it; none of a whole campaign)."""
    for name, share in promised.items():
        measured_share, cases = shares[name]
        chance = 0.0 if cases >= 200 else 3 * (share * (1 - share) / cases) ** 0.5
        assert measured_share >= share - chance, f"{name}: {measured_share:.1%}"
