"""The operations agent: what is made when nothing fits, over several clouds, for later; and what is never made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from escher.contract.context import Count, EstateSummary, Mention
from escher.contract.playbook import Playbook
from escher.scripts.playbook_scripts import script_findings
from escher.scripts.reader import Reader
from escher.vectors.embedder import load_embedder
from escher_server.agents.making.choosing import choices
from escher_server.agents.making.decision import Decision
from escher_server.agents.master import understand
from escher_server.agents.playbook import PlaybookAgent
from escher_server.library.loader import Library
from escher_server.orchestrator import Orchestrator
from tests.server.conftest import context

REQUESTS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "fixtures/library_requests.json").read_text("utf-8"))
DISKS = ("aws_ebs_volume", "azure_compute_disk")
MACHINES = ("aws_ec2_instance", "azure_compute_virtual_machine")
# What no playbook of the library does, and the one command that does it; `undo`: the command that takes it back.
MADE = (
    ("pause the Redshift cluster dwh", "aws redshift pause-cluster", "aws redshift resume-cluster"),
    ("delete the DynamoDB table sessions", "aws dynamodb delete-table", ""),
    ("disable the KMS key old-key", "aws kms disable-key", "aws kms enable-key"),
    ("stop the SageMaker notebook instance nb", "aws sagemaker stop-notebook-instance", "aws sagemaker start-notebook-instance"),
    ("delete the log groups tagged env=old", "aws logs delete-log-group", ""),
    ("detach the EBS volume data-1", "aws ec2 detach-volume", ""),
    ("restart the Azure web app shop", "az webapp restart", ""),
    ("stop the Azure MySQL flexible server orders", "az mysql flexible-server stop", "az mysql flexible-server start"),
    ("delete the pub/sub topic orders in GCP", "gcloud pubsub topics delete", ""),
    ("resize the GKE cluster dev to 3 nodes", "gcloud container clusters resize", ""),
)  # fmt: skip


@pytest.fixture(scope="module")
def orchestrator(library: Library) -> Orchestrator:
    """All agents over the packaged library."""
    return Orchestrator(PlaybookAgent(library, load_embedder(0)))


def decided(
    orchestrator: Orchestrator, text: str, *mentions: Mention, clouds: tuple[str, ...] = (), types: tuple[str, ...] = ()
) -> Decision:
    """What becomes of a request of somebody who has things of these types, in these clouds."""
    summary = EstateSummary(
        providers=tuple(Count(value=cloud, count=5) for cloud in clouds),
        resource_types=tuple(Count(value=name, count=5) for name in types),
    )
    asked = context(text, *mentions, summary=summary)
    return orchestrator.decide(asked, *understand(asked))


def planned(decision: Decision) -> Playbook | None:
    """The playbook that is planned, if any is."""
    template = decision.proposed.template if decision.proposed else None
    return template.playbook if template else None


def is_generated(playbook: Playbook) -> bool:
    """Whether it says of itself that it was made, is a draft, and is always approved."""
    metadata = playbook.metadata
    marked = (metadata.author, metadata.status, metadata.tags.requires_approval)
    return marked == ("ai_generated", "draft", True) and "nobody reviewed it" in playbook.explain_plan.what_it_does


@pytest.mark.parametrize(("text", "command", "undo"), MADE, ids=[text for text, _, _ in MADE])
def test_what_no_playbook_does_is_made_of_the_command_that_does_it(
    orchestrator: Orchestrator, text: str, command: str, undo: str
) -> None:
    """Marked, readable, no more than it says; undone by the opposite command, or honest about that there is none."""
    playbook = planned(decided(orchestrator, text))
    assert playbook is not None and is_generated(playbook)
    assert command in playbook.metadata.description
    assert script_findings(playbook, Reader()) == ()
    (step,) = playbook.orchestration.steps
    wanted = f"made-{undo.replace(' ', '-').replace('az-', 'azure-', 1).replace('gcloud-', 'gcp-', 1)}"
    assert (step.rollback.script_ref.script_id if step.rollback else "") == (wanted if undo else "")
    assert bool(step.irreversible_because) is not bool(undo)


def test_what_nothing_fits_is_refused_asked_or_marked(orchestrator: Orchestrator) -> None:
    """Of requests that the library has nothing for, at least 90 % get no plan that is not marked as generated."""
    every: list[str] = REQUESTS["nothing"]
    wrong = [
        text
        for text in every
        if (playbook := planned(decided(orchestrator, text, clouds=("aws", "azure", "gcp")))) is not None
        and not is_generated(playbook)
    ]
    assert len(wrong) <= len(every) * 0.10, wrong


@pytest.mark.parametrize(
    "text",
    [
        "how do I pause the Redshift cluster dwh?",
        "what would happen if I deleted the DynamoDB table sessions?",
        "should we detach the EBS volume data-1?",
    ],
)
def test_a_question_never_gets_a_plan(orchestrator: Orchestrator, text: str) -> None:
    """Neither of the library's nor one that was made."""
    assert planned(decided(orchestrator, text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "create a new VPC",
        "deploy a container to Cloud Run",
        "hibernate the dev SageMaker notebook instances",
        "brew a pot of coffee",
    ],
)
def test_what_would_be_a_guess_is_not_made(orchestrator: Orchestrator, text: str) -> None:
    """New things, what no command has a word for, and what no cloud does."""
    assert planned(decided(orchestrator, text)) is None


def test_what_a_command_needs_and_nobody_said_is_named(orchestrator: Orchestrator) -> None:
    """No plan, but the nearest command, and why it is not filled."""
    found = decided(orchestrator, "reboot the ElastiCache cluster sessions")
    assert planned(found) is None
    assert "aws elasticache reboot-cache-cluster" in found.text and "CacheNodeIdsToReboot" in found.text


def test_what_is_lost_is_asked_about_unless_its_type_is_certain(orchestrator: Orchestrator) -> None:
    """Machines of two clouds: which? Each choice is a request that says it, and is planned."""
    asked = decided(orchestrator, "delete the dev VMs", clouds=("aws", "azure"), types=MACHINES)
    assert planned(asked) is None and asked.clarification is not None
    for choice in asked.clarification.choices:
        said = planned(decided(orchestrator, choice, clouds=("aws", "azure"), types=MACHINES))
        assert said is not None and is_generated(said) and len(said.metadata.resource_types) == 1


def test_the_opposite_of_what_was_ordered_is_never_made() -> None:
    """`monitoring` is in the request, and yet `monitor-instances` is not what turns it off."""
    asked = context("turn off detailed monitoring for all test EC2 instances")
    found = choices(("aws_ec2_instance",), understand(asked)[0], asked.prompt, load_embedder(0))
    made = [call.operation for choice in found for call, _ in choice.calls]
    assert made == ["unmonitor-instances"]


class TestSeveralClouds:
    """One plan over the clouds that are meant."""

    @pytest.mark.parametrize("text", ["stop the dev instances in AWS and Azure", "stop the dev instances"])
    def test_each_step_stays_in_its_cloud(self, orchestrator: Orchestrator, text: str) -> None:
        """Checks of all clouds come first, what verifies comes last, and each step is for its own types."""
        playbook = planned(decided(orchestrator, text, clouds=("aws", "azure"), types=MACHINES))
        assert playbook is not None and not is_generated(playbook)
        steps = playbook.orchestration.steps
        assert [step.phase for step in steps] == ["check"] * 2 + ["change"] * 2 + ["verify"] * 2
        assert [step.only_types for step in steps] == [(name,) for name in MACHINES] * 3
        assert {name for part in playbook.orchestration.targets.among for name in part.resource_types} == {*MACHINES}
        assert script_findings(playbook, Reader()) == ()

    @pytest.mark.parametrize(
        ("text", "playbook_id"),
        [
            ("stop every dev instance in us-east-1", "escher-aws-ec2-stop"),
            ("stop every dev instance in west europe", "escher-azure-vm-stop"),
            ("resize the dev instances to t3.large", "escher-aws-ec2-resize"),
        ],
    )
    def test_a_region_or_a_size_of_one_cloud_means_that_one(
        self, orchestrator: Orchestrator, text: str, playbook_id: str
    ) -> None:
        """Its own playbook, and no other cloud's."""
        playbook = planned(decided(orchestrator, text, clouds=("aws", "azure"), types=MACHINES))
        assert playbook is not None and playbook.metadata.playbook_id == playbook_id

    def test_what_no_playbook_is_for_is_named_as_left_out(self, orchestrator: Orchestrator) -> None:
        """Volumes can be grown in one of these clouds alone: those of the other are matched, and said to be left out."""
        found = decided(orchestrator, "grow every dev disk to 200 GiB", clouds=("aws", "azure"), types=DISKS)
        template = found.proposed.template if found.proposed else None
        assert template is not None and template.playbook.metadata.cloud_provider == ("aws",)
        assert template.selector.resource_types == ()
        assert "in Azure, where no playbook does this" in template.playbook.orchestration.targets.skipped_because

    def test_where_the_clouds_need_different_values_it_asks_which_first(self, orchestrator: Orchestrator) -> None:
        """A size of one cloud is none in another."""
        found = decided(
            orchestrator,
            "resize the dev instances in AWS and Azure to t3.large",
            clouds=("aws", "azure"),
            types=MACHINES,
        )
        assert planned(found) is None and found.clarification is not None
        assert [choice[-5:] for choice in found.clarification.choices] == ["n AWS", "Azure"]


class TestLater:
    """An order for later is never planned for now."""

    @pytest.mark.parametrize(
        "text",
        [
            "stop the dev instances every weekday at 20:00",
            "schedule a stop of all dev VMs at 8pm",
            "stop the dev instances tonight",
        ],
    )
    def test_it_says_what_would_run_and_when(self, orchestrator: Orchestrator, text: str) -> None:
        """No plan; which playbook, that automation keeps times, and how to say that now is meant."""
        found = decided(orchestrator, text, clouds=("aws",))
        assert planned(found) is None and found.clarification is None
        assert "**Stop EC2 instances** is what would run" in found.text and "automation" in found.text
        assert "stop every dev compute instance" in found.text

    def test_for_two_hours_is_asked_about(self, orchestrator: Orchestrator) -> None:
        """Nothing would start it again."""
        found = decided(orchestrator, "stop the dev instances for 2 hours", clouds=("aws",))
        assert found.clarification is not None and found.clarification.choices == ("stop every dev compute instance",)
