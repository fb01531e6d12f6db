"""Every kind has its words: the lists agree with the vocabulary and the declarations, and people's words lead to kinds."""

import pytest

from escher.contract.vocabulary import KINDS
from escher.providers.registry import resource_types
from escher.retrieval.phrases import kind_word
from escher_server.agents.understanding import asking
from escher_server.agents.understanding.lexicon.nouns import NOUN_TABLE, UNKNOWN, Noun
from escher_server.composer import wording
from tests.server.understanding.conftest import asked_back, order, read

# Said of a thing's place (`in the resource group web`), or by nobody.
WITHOUT_A_NOUN = {"resource_group", "other"}
# An access key is nothing that a scan lists; it is read off its user.
UNDECLARED = {"aws_iam_access_key", UNKNOWN}


def nouns() -> list[Noun]:
    return [noun for _, noun in NOUN_TABLE]


def test_every_kind_has_a_noun() -> None:
    """Each of the vocabulary, also in the sentences of the server and of the questions it asks back."""
    meant = {noun.kind or noun.perhaps for noun in nouns()}
    assert set(KINDS) - meant == WITHOUT_A_NOUN
    assert list(wording.NOUNS) == list(asking._NOUNS) == [*KINDS]


def test_a_noun_of_a_type_has_its_kind() -> None:
    """A type that a word names is declared, with the kind that the word has."""
    declared = resource_types()
    typed = [(noun, name) for noun in nouns() for name in noun.types if name not in UNDECLARED]
    assert {(name, noun.kind) for noun, name in typed} == {(name, declared[name].kind) for _, name in typed}


@pytest.mark.parametrize(
    ("text", "kind", "types"),
    [
        ("list my queues", "queue", ()),
        ("how many SQS queues are there?", "queue", ("aws_sqs_queue",)),
        ("which topics do we have?", "topic", ()),
        ("how many certificates do I have?", "certificate", ()),
        ("list the TLS certs", "certificate", ()),
        ("show my DNS zones", "dns_zone", ()),
        ("list the hosted zones", "dns_zone", ("aws_route53_zone",)),
        ("show all log groups", "log_group", ("aws_cloudwatch_log_group",)),
        ("which alarms are there?", "alarm", ()),
        ("list KMS keys", "key", ("aws_kms_key", "gcp_kms_key")),
        ("list key pairs", "key_pair", ()),
        ("list AMIs", "image", ("aws_ec2_ami",)),
        ("list the redis caches", "cache", ()),
        ("list elasticache clusters", "cache", ("aws_elasticache_cluster", "aws_elasticache_replication_group")),
        ("show AKS clusters", "container_cluster", ("azure_kubernetes_cluster",)),
        ("list GKE clusters", "container_cluster", ("gcp_kubernetes_cluster",)),
        ("how many EKS clusters are there", "container_cluster", ("aws_eks_cluster",)),
        (
            "list the kubernetes clusters",
            "container_cluster",
            ("aws_eks_cluster", "azure_kubernetes_cluster", "gcp_kubernetes_cluster"),
        ),
        ("show container registries", "container_registry", ()),
        ("list workflows", "workflow", ()),
        ("list state machines", "workflow", ("aws_sfn_state_machine",)),
        ("show CloudFormation stacks", "stack", ("aws_cloudformation_stack",)),
        ("list the autoscaling groups", "scaling_group", ("aws_ec2_autoscaling_group",)),
        ("list scale sets", "scaling_group", ("azure_compute_virtual_machine_scale_set",)),
        ("list route tables", "route_table", ()),
        ("show the nat gateways", "gateway", ("aws_vpc_nat_gateway", "azure_nat_gateway")),
        ("list network interfaces", "network_interface", ()),
        ("list vpc endpoints", "endpoint", ("aws_vpc_endpoint",)),
        ("list ECS services", "container_service", ("aws_ecs_service",)),
        ("show IAM policies", "policy", ("aws_iam_policy",)),
        ("list the API gateways", "api", ()),
        ("show my CDNs", "cdn", ()),
        ("list backup vaults", "backup_vault", ()),
        ("how many redshift clusters are there", "data_warehouse", ("aws_redshift_cluster",)),
        ("list event hubs", "stream", ("azure_eventhub_namespace",)),
        ("list file systems", "file_system", ()),
        ("list target groups", "target_group", ()),
        ("show web apps", "app", ()),
        ("show app service plans", "app_plan", ("azure_app_service_plan",)),
    ],
)
def test_people_words_lead_to_the_kind(text: str, kind: str, types: tuple[str, ...]) -> None:
    """A question with the word for a kind asks for that kind, and for the provider's type where it names one."""
    understood, asked = read(text)
    assert (understood.class_, understood.kinds, understood.resource_types) == ("query", (kind,), types)
    assert asked is None


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("images", "image"), ("keys", "key"), ("streams", "stream"), ("stacks", "stack"), ("clusters", "container_cluster"),
        ("repositories", "container_registry"), ("endpoints", "endpoint"), ("alerts", "alarm"), ("templates", "template"),
    ],
)  # fmt: skip
def test_an_ambiguous_word_is_read_and_never_acted_on(word: str, kind: str) -> None:
    """A question takes it for the likeliest kind; an order for none, so nothing in an estate is meant by it."""
    understood, _ = read(f"list my {word}")
    assert (understood.kinds, understood.resource_types) == ((kind,), ())
    acted = order(f"delete all {word} in us-east-1")
    assert (acted.kinds, acted.resource_types) == ((), (UNKNOWN,))


def test_other_meanings_of_the_new_words_stay() -> None:
    """An access key is an identity, bucket policies are the bucket's, a workflow to be written is no thing."""
    assert read("list access keys")[0].kinds == ("identity",)
    assert read("list bucket policies")[0].kinds == ("object_storage",)
    assert read("create a workflow that stops instances")[0].class_ == "playbook_generation"
    assert asked_back("clear the cache").question


@pytest.mark.parametrize(
    ("kind", "many"),
    [
        ("key", "keys"), ("gateway", "gateways"), ("policy", "policies"), ("ip_address", "IP addresses"), ("vpn", "VPNs"),
        ("dns_zone", "DNS zones"), ("container_registry", "container registries"), ("object_storage", "object storage"),
    ],
)  # fmt: skip
def test_kinds_in_the_plural(kind: str, many: str) -> None:
    """As a person writes them."""
    assert kind_word(kind, 2) == many
