"""What people call the things in a cloud: the kind of thing, and the provider's type where the word names one.

Types are spelt as Steampipe spells them. A thing that Escher has no kind for still has a type, so that it is never
taken for something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, cast

from escher.contract.vocabulary import Kind, Provider
from escher_server.agents.understanding.lexicon.phrases import Phrases, rows

Number = Literal["one", "many", "mass"]


@dataclass(frozen=True, slots=True)
class Noun:
    """A class of things. `engine` is a word that narrows it further, such as `postgres`."""

    kind: Kind | None = None
    types: tuple[str, ...] = ()
    provider: Provider | None = None
    plural: bool = False
    # Said of one and of many alike: `rds`, `s3`.
    mass: bool = False
    engine: str = ""


# kind, provider's type (or nothing): words. `(s)` makes the plural too.
_TABLE = """
compute_instance: instance(s) | vm(s) | virtual machine(s) | machine(s) | server(s) | box(es) | node(s) | host(s)
compute_instance: virtual server(s) | workstation(s) | compute instance(s) | cloud server(s) | virtual box(es) | compute
compute_instance: app server(s) | web server(s) | vm instance(s) | bastion(s) | bastion host(s) | computer(s) | virtuals
compute_instance: compute node(s) | worker(s) | worker node(s) | compute resources | virtual instance(s) | jump box(es)
compute_instance aws_ec2_instance: ec2 instance(s) | ec2 | ec2s | ec2 machine(s) | ec2 server(s) | ec2 vm(s)
compute_instance aws_ec2_instance: ec2 box(es)
compute_instance aws_ec2_instance: aws instance(s) | aws vm(s) | amazon instance(s) | ec2 node(s) | ec2 host(s)
compute_instance azure_compute_virtual_machine: azure vm(s) | azure virtual machine(s) | azure instance(s)
compute_instance azure_compute_virtual_machine_scale_set: vmss | vm scale set(s) | virtual machine scale set(s)
compute_instance azure_compute_virtual_machine_scale_set: scale set(s)
compute_instance gcp_compute_instance: compute engine instance(s) | gce instance(s) | gce vm(s) | gcp instance(s)
compute_instance gcp_compute_instance: gcp vm(s)
compute_instance gcp_compute_instance: compute engine vm(s) | compute engine | gce | google vm(s) | google instance(s)
database_instance: database(s) | db(s) | database instance(s) | db instance(s) | database server(s) | db server(s)
database_instance: relational database(s) | sql database(s) | sql server(s) | database cluster(s) | db cluster(s)
database_instance: sql instance(s) | sql db(s) | managed database(s) | rdbms
database_instance aws_rds_db_instance: rds instance(s) | rds database(s) | rds | rds db(s) | rds db instance(s)
database_instance aws_rds_db_instance: aws database(s)
database_instance aws_rds_db_instance: amazon rds | rds server(s) | aurora instance(s) | aurora | rds cluster(s)
database_instance aws_rds_db_instance: aurora cluster(s)
database_instance azure_sql_database: azure sql | azure sql database(s) | azure sql server(s) | azure database(s)
database_instance azure_sql_database: azure sql db(s)
database_instance gcp_sql_database_instance: cloud sql | cloud sql instance(s) | cloud sql database(s) | cloudsql
database_instance gcp_sql_database_instance: gcp database(s)
object_storage: storage blob(s) | blob(s) | bucket(s) | object storage | storage bucket(s) | blob container(s)
object_storage: object store(s) | storage container(s)
object_storage aws_s3_bucket: s3 bucket(s) | s3 | aws bucket(s) | s3 storage | amazon s3
object_storage azure_storage_account: storage account(s) | azure storage account(s) | blob storage | azure blob(s)
object_storage azure_storage_account: azure storage
object_storage gcp_storage_bucket: gcs bucket(s) | gcs | cloud storage bucket(s) | gcp bucket(s)
object_storage gcp_storage_bucket: google storage bucket(s)
function: function(s) | serverless function(s) | cloud functions(s) | functions app(s)
function aws_lambda_function: lambda function(s) | lambda(s) | aws lambda(s) | aws lambda function(s)
function azure_app_service_function_app: azure function(s) | function app(s) | azure function app(s)
function gcp_cloudfunctions_function: cloud function(s) | gcp function(s) | google function(s)
function gcp_cloudfunctions_function: google cloud function(s)
network: network(s) | virtual network(s) | vpc network(s)
network aws_vpc: vpc(s) | virtual private cloud(s)
network azure_virtual_network: vnet(s) | azure network(s) | azure virtual network(s)
network gcp_compute_network: gcp network(s) | gcp vpc(s)
subnet: subnet(s) | subnetwork(s)
firewall: firewall(s) | firewall rule(s) | ingress rule(s) | inbound rule(s) | egress rule(s) | network rule(s)
firewall aws_vpc_security_group: security group(s) | sg(s) | aws security group(s) | ec2 security group(s)
firewall aws_vpc_network_acl: network acl(s) | nacl(s)
firewall azure_network_security_group: nsg(s) | network security group(s) | azure firewall(s)
firewall gcp_compute_firewall: gcp firewall rule(s) | vpc firewall rule(s) | gcp firewall(s)
disk: disk(s) | volume(s) | block storage | drive(s) | block volume(s) | data disk(s) | os disk(s) | storage volume(s)
disk: hard drive(s) | hard disk(s) | block device(s) | boot disk(s) | root volume(s) | storage disk(s)
disk aws_ebs_volume: ebs volume(s) | ebs disk(s) | ebs | ebs drive(s) | aws volume(s) | aws disk(s) | ec2 volume(s)
disk azure_compute_disk: managed disk(s) | azure disk(s) | azure managed disk(s) | ultra disk(s)
disk gcp_compute_disk: persistent disk(s) | gcp disk(s) | gce disk(s) | google disk(s)
snapshot: snapshot(s) | disk snapshot(s) | volume snapshot(s) | snap(s) | backup snapshot(s) | disk backup(s)
snapshot: backup(s)
snapshot aws_ebs_snapshot: ebs snapshot(s) | aws snapshot(s) | ec2 snapshot(s)
snapshot aws_rds_db_snapshot: rds snapshot(s) | db snapshot(s) | database snapshot(s)
snapshot azure_compute_snapshot: azure snapshot(s)
snapshot gcp_compute_snapshot: gcp snapshot(s) | gce snapshot(s)
ip_address: ip address(es) | ip(s) | static ip(s) | static address(es) | public ip(s) | public ip address(es)
ip_address: address(es)
ip_address: reserved ip(s) | reserved ip address(es) | reserved address(es) | static ip address(es) | external ip(s)
ip_address: external ip address(es) | external address(es) | public address(es) | public ipv4 address(es)
ip_address aws_vpc_eip: elastic ip(s) | eip(s) | elastic ip address(es) | elastic address(es) | aws ip address(es)
ip_address azure_public_ip: azure public ip(s) | azure public ip address(es) | azure ip(s)
ip_address gcp_compute_address: gcp ip address(es) | gcp static ip(s) | gcp address(es) | google ip(s)
identity: identity(ies) | service account(s) | managed identity(ies) | service principal(s) | principal(s)
identity aws_iam_role: iam role(s) | role(s) | aws role(s) | iam
identity aws_iam_user: iam user(s) | iam group(s)
identity aws_iam_access_key: access key(s) | iam access key(s) | iam key(s)
identity aws_iam_policy: iam policy(ies)
secret_store: secret store(s) | vault(s)
secret_store aws_secretsmanager_secret: secrets manager | secret(s) | secrets manager secret(s)
secret_store azure_key_vault: key vault(s) | azure key vault(s) | keyvault(s)
secret_store gcp_secret_manager_secret: secret manager | secret manager secret(s)
load_balancer: load balancer(s) | lb(s) | application gateway(s)
load_balancer aws_ec2_application_load_balancer: alb(s) | application load balancer(s) | elb(s)
load_balancer aws_ec2_application_load_balancer: elastic load balancer(s)
load_balancer aws_ec2_network_load_balancer: nlb(s) | network load balancer(s)
nosql_table: table(s) | nosql table(s) | nosql database(s) | key-value table(s) | nosql
nosql_table aws_dynamodb_table: dynamodb table(s) | dynamodb | dynamo table(s) | dynamo | dynamo db table(s)
nosql_table aws_dynamodb_table: ddb table(s) | dynamo db
nosql_table azure_cosmosdb_account: cosmos | cosmosdb | cosmos db | cosmosdb account(s) | cosmos db account(s)
nosql_table azure_cosmosdb_account: cosmos account(s)
nosql_table gcp_bigtable_instance: bigtable | bigtable instance(s) | firestore
- unknown: file(s) | document(s) | cluster(s) | queue(s) | topic(s) | pipeline(s) | container(s) | pod(s)
- unknown: deployment(s) | namespace(s) | cache(s)
- unknown: registry(ies) | image(s) | container image(s) | repository(ies) | repo(s) | certificate(s) | domain(s)
- unknown: dashboard(s)
- unknown: stack(s) | template(s) | key(s) | user(s) | alarm(s) | alert(s) | endpoint(s) | stream(s)
- unknown: node pool(s) | nodepool(s) | workspace(s) | job(s) | web test(s) | load test(s) | health model(s)
- unknown: elastic pool(s)
- unknown: nat gateway(s) | gateway(s) | internet gateway(s) | route table(s) | dns zone(s) | dns record(s)
- unknown: file share(s)
- unknown: reservation(s) | reserved instance(s) | savings plan(s) | spot instance(s) | log group(s) | budget(s)
- unknown: website(s)
- aws_eks_cluster: eks cluster(s) | eks
- aws_ecs_cluster: ecs cluster(s) | ecs service(s) | ecs task(s) | ecs
- aws_ecr_repository: ecr repository(ies) | ecr repo(s) | ecr
- aws_elasticache_cluster: elasticache | redis cluster(s) | elasticache cluster(s)
- aws_redshift_cluster: redshift cluster(s) | redshift
- aws_sqs_queue: sqs queue(s) | sqs
- aws_sns_topic: sns topic(s) | sns
- aws_kms_key: kms key(s)
- aws_ec2_autoscaling_group: auto scaling group(s) | autoscaling group(s) | asg(s)
- aws_ec2_ami: ami(s) | machine image(s)
- aws_cloudfront_distribution: cloudfront distribution(s) | cloudfront | distribution(s)
- aws_cloudformation_stack: cloudformation stack(s) | cloudformation
- aws_route53_zone: hosted zone(s) | route53 zone(s) | route53
- aws_cloudwatch_alarm: cloudwatch alarm(s)
- azure_kubernetes_cluster: aks cluster(s) | aks | azure kubernetes service cluster(s)
- azure_app_service_web_app: web app(s) | app service(s) | webapp(s)
- azure_container_registry: container registry(ies) | acr
- azure_servicebus_namespace: service bus | servicebus
- gcp_kubernetes_cluster: gke cluster(s) | gke | kubernetes cluster(s)
- gcp_pubsub_topic: pubsub topic(s) | pub/sub topic(s)
- gcp_bigquery_dataset: bigquery dataset(s) | bigquery
"""
# A database's engine, or a machine's system, said instead of or before its noun.
_ENGINES = """
postgres: postgres | postgresql | pg
mysql: mysql
mariadb: mariadb
oracle: oracle
sqlserver: mssql
"""
_PLATFORMS = frozenset(("windows", "linux", "ubuntu", "rhel", "debian"))
_ENGINE_NOUNS = "instance(s) | server(s) | database(s) | db(s) | db instance(s) | database server(s) | cluster(s)"
_MACHINES = "instance(s) | server(s) | vm(s) | machine(s) | box(es) | host(s) | virtual machine(s)"

# Nouns for anything at all.
GENERIC: Phrases[bool] = Phrases(
    (word, plural)
    for words, plural in (
        (
            "resources|things|stuff|assets|items|ones|workloads|infrastructure|estate|infra|everything else|services|"
            "systems",
            True,
        ),
        ("cloud resources|cloud estate|footprint|inventory|environments|envs", True),
        ("resource|thing|one|item|service|system|workload|asset|environment|env", False),
    )
    for word in words.split("|")
)


def _forms(word: str) -> Iterator[tuple[str, Number]]:
    """`box(es)` → `box` and `boxes`."""
    stem, mark, ending = word.partition("(")
    ending = ending.rstrip(")")
    if not mark:
        yield word, "mass"
        return
    yield stem, "one"
    yield (f"{stem[:-1]}ies" if ending == "ies" else f"{stem}{ending}"), "many"


def _in_number(noun: Noun, number: Number) -> Noun:
    return replace(noun, plural=number == "many", mass=number == "mass")


def _nouns() -> Iterator[tuple[str, Noun]]:
    for head, words in rows(_TABLE):
        kind, _, type_ = head.partition(" ")
        provider = cast(Provider, type_.partition("_")[0]) if "_" in type_ else None
        noun = Noun(None if kind == "-" else cast(Kind, kind), (type_,) if type_ else (), provider)
        for word in words:
            yield from ((form, _in_number(noun, number)) for form, number in _forms(word))


def _narrowed() -> Iterator[tuple[str, Noun]]:
    """`postgres`, `postgres databases`, `windows servers`."""
    for engine, names in rows(_ENGINES):
        noun = Noun("database_instance", engine=engine)
        for name in names:
            yield name, replace(noun, mass=True)
            yield from ((f"{name} {form}", _in_number(noun, number)) for form, number in _words(_ENGINE_NOUNS))
    for platform in _PLATFORMS:
        noun = Noun("compute_instance", engine=platform)
        yield from ((f"{platform} {form}", _in_number(noun, number)) for form, number in _words(_MACHINES))


def _words(words: str) -> Iterator[tuple[str, Number]]:
    for word in words.split(" | "):
        yield from _forms(word)


NOUNS: Phrases[Noun] = Phrases((*_nouns(), *_narrowed()))
PROVIDERS: Phrases[Provider] = Phrases(
    (word, cast(Provider, provider))
    for provider, words in (
        ("aws", "aws|amazon|amazon web services"),
        ("azure", "azure|microsoft azure|az"),
        ("gcp", "gcp|google cloud|google cloud platform|google|gcloud"),
    )
    for word in words.split("|")
)
