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
UNKNOWN = "unknown"  # the type of what Escher has no kind for: nothing in an estate is of it


@dataclass(frozen=True, slots=True)
class Noun:
    """A class of things. `engine` is a word that narrows it further, such as `postgres`.

    `perhaps` is the kind that a question may take an ambiguous word for (`images`); an order never does.
    """

    kind: Kind | None = None
    perhaps: Kind | None = None
    types: tuple[str, ...] = ()
    provider: Provider | None = None
    plural: bool = False
    # Said of one and of many alike: `rds`, `s3`.
    mass: bool = False
    engine: str = ""


# kind, provider's types (or nothing): words. `(s)` makes the plural too. Behind `?` stands what a word can mean among
# others, behind `-` what no kind is for.
_TABLE = """
compute_instance: instance(s) | vm(s) | virtual machine(s) | machine(s) | server(s) | box(es) | node(s) | host(s)
compute_instance: virtual server(s) | workstation(s) | compute instance(s) | cloud server(s) | virtual box(es) | compute
compute_instance: app server(s) | web server(s) | vm instance(s) | bastion(s) | bastion host(s) | computer(s) | virtuals
compute_instance: compute node(s) | worker(s) | worker node(s) | compute resources | virtual instance(s) | jump box(es)
compute_instance aws_ec2_instance: ec2 instance(s) | ec2 | ec2s | ec2 machine(s) | ec2 server(s) | ec2 vm(s)
compute_instance aws_ec2_instance: ec2 box(es)
compute_instance aws_ec2_instance: aws instance(s) | aws vm(s) | amazon instance(s) | ec2 node(s) | ec2 host(s)
compute_instance azure_compute_virtual_machine: azure vm(s) | azure virtual machine(s) | azure instance(s)
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
identity aws_iam_user: iam user(s)
identity aws_iam_group: iam group(s)
identity aws_iam_access_key: access key(s) | iam access key(s) | iam key(s)
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
image: machine image(s) | vm image(s) | disk image(s) | golden image(s) | custom image(s) | os image(s) | server image(s)
image aws_ec2_ami: ami(s) | amazon machine image(s) | ec2 image(s)
image azure_compute_image: azure image(s) | azure vm image(s)
image gcp_compute_image: gcp image(s) | compute engine image(s) | gce image(s)
image aws_lambda_layer: lambda layer(s)
template aws_ec2_launch_template: launch template(s)
template aws_ec2_launch_configuration: launch configuration(s) | launch config(s)
template gcp_compute_instance_template: instance template(s)
template aws_ecs_task_definition: task definition(s) | ecs task definition(s)
template aws_rds_db_parameter_group: db parameter group(s) | rds parameter group(s)
template aws_rds_db_subnet_group: db subnet group(s) | rds subnet group(s)
scaling_group: scaling group(s) | autoscaler group(s)
scaling_group aws_ec2_autoscaling_group: auto scaling group(s) | autoscaling group(s) | auto-scaling group(s) | asg(s)
scaling_group azure_compute_virtual_machine_scale_set: vmss | vm scale set(s) | virtual machine scale set(s)
scaling_group azure_compute_virtual_machine_scale_set: scale set(s) | azure scale set(s)
scaling_group azure_compute_availability_set: availability set(s)
scaling_group gcp_compute_instance_group gcp_compute_instance_group_manager: instance group(s) | gcp instance group(s)
scaling_group gcp_compute_instance_group_manager: managed instance group(s) | mig(s)
scaling_group aws_eks_node_group: node group(s) | nodegroup(s) | eks node group(s) | eks nodegroup(s)
scaling_group gcp_kubernetes_node_pool: node pool(s) | nodepool(s) | gke node pool(s)
network_interface: network interface(s) | network card(s) | nic(s)
network_interface aws_ec2_network_interface: eni(s) | elastic network interface(s)
network_interface azure_network_interface: azure nic(s) | azure network interface(s)
route_table: route table(s) | routing table(s)
gateway: network gateway(s)
gateway aws_vpc_nat_gateway azure_nat_gateway: nat gateway(s) | nat gw(s)
gateway aws_vpc_internet_gateway: internet gateway(s) | igw(s)
gateway aws_ec2_transit_gateway: transit gateway(s) | tgw(s)
gateway aws_vpc_customer_gateway: customer gateway(s)
gateway aws_vpc_vpn_gateway: virtual private gateway(s)
gateway gcp_compute_router: cloud router(s)
peering: network peering(s) | peering(s) | peering connection(s)
peering aws_vpc_peering_connection: vpc peering(s) | vpc peering connection(s)
endpoint: private link(s)
endpoint aws_vpc_endpoint: vpc endpoint(s)
endpoint azure_private_endpoint: private endpoint(s)
vpn: vpn(s) | vpn connection(s) | vpn tunnel(s) | vpn gateway(s)
vpn azure_virtual_network_gateway: virtual network gateway(s) | vnet gateway(s)
dns_zone: dns zone(s) | managed zone(s)
dns_zone aws_route53_zone: hosted zone(s) | route53 zone(s) | route 53 zone(s) | route53 hosted zone(s) | route53
dns_zone azure_dns_zone azure_private_dns_zone: azure dns zone(s)
dns_zone azure_private_dns_zone: private dns zone(s)
dns_zone gcp_dns_managed_zone: cloud dns zone(s) | cloud dns
certificate: certificate(s) | cert(s) | ssl certificate(s) | tls certificate(s) | ssl cert(s) | tls cert(s)
certificate aws_acm_certificate: acm certificate(s) | acm cert(s) | acm
cdn: cdn(s) | content delivery network(s)
cdn aws_cloudfront_distribution: cloudfront distribution(s) | cloudfront | distribution(s)
cdn azure_cdn_frontdoor_profile: front door(s) | front door profile(s) | azure front door(s)
api: api gateway(s) | rest api(s) | http api(s) | graphql api(s)
api azure_api_management: api management | apim
cache: caches | cache cluster(s) | redis | redis cache(s) | redis cluster(s) | redis instance(s) | memcached
cache: memcached cluster(s) | valkey
cache aws_elasticache_cluster aws_elasticache_replication_group: elasticache | elasticache cluster(s) | aws redis
cache azure_redis_cache: azure cache(s) | azure redis | azure redis cache(s)
cache gcp_redis_instance: memorystore | memorystore instance(s)
file_system: file system(s) | filesystem(s) | nfs | nfs share(s)
file_system aws_efs_file_system: efs | efs file system(s) | elastic file system(s)
file_system aws_fsx_file_system: fsx | fsx file system(s)
file_system gcp_filestore_instance: filestore | filestore instance(s)
queue: queue(s) | message queue(s)
queue aws_sqs_queue: sqs queue(s) | sqs
queue aws_mq_broker: message broker(s) | amazon mq | mq broker(s)
queue aws_batch_job_queue: job queue(s) | batch queue(s)
queue azure_servicebus_namespace: service bus | servicebus | service bus namespace(s) | service bus queue(s)
queue gcp_cloud_tasks_queue: cloud tasks queue(s) | cloud tasks | task queue(s)
queue gcp_pubsub_subscription: pubsub subscription(s) | pub/sub subscription(s)
topic: topic(s) | notification topic(s)
topic aws_sns_topic: sns topic(s) | sns
topic aws_sns_topic_subscription: sns subscription(s)
topic aws_eventbridge_bus: event bus(es) | eventbridge bus(es)
topic azure_eventgrid_topic: event grid topic(s) | event grid
topic gcp_pubsub_topic: pubsub topic(s) | pub/sub topic(s) | pubsub | pub/sub
stream: data stream(s) | event stream(s)
stream aws_kinesis_stream: kinesis stream(s) | kinesis data stream(s) | kinesis
stream aws_kinesis_firehose_delivery_stream: firehose | firehose stream(s) | delivery stream(s)
stream aws_msk_cluster: msk cluster(s) | msk | kafka cluster(s)
stream azure_eventhub_namespace: event hub(s) | event hub namespace(s) | eventhub(s)
container_cluster: container cluster(s)
container_cluster aws_eks_cluster azure_kubernetes_cluster gcp_kubernetes_cluster: kubernetes cluster(s) | kubernetes | k8s
container_cluster aws_eks_cluster azure_kubernetes_cluster gcp_kubernetes_cluster: k8s cluster(s) | kube cluster(s)
container_cluster aws_eks_cluster: eks cluster(s) | eks | elastic kubernetes service
container_cluster aws_ecs_cluster: ecs cluster(s) | ecs
container_cluster azure_kubernetes_cluster: aks cluster(s) | aks | azure kubernetes service | aks kubernetes cluster(s)
container_cluster azure_kubernetes_cluster: azure kubernetes service cluster(s) | azure kubernetes cluster(s)
container_cluster gcp_kubernetes_cluster: gke cluster(s) | gke | google kubernetes engine | google kubernetes cluster(s)
container_service: container service(s)
container_service aws_ecs_service: ecs service(s) | fargate service(s)
container_service azure_container_app: container app(s) | azure container app(s)
container_service azure_container_group: container group(s) | container instance(s) | azure container instance(s)
container_service gcp_cloud_run_service: cloud run | cloud run service(s)
container_registry: container registry(ies) | image registry(ies) | docker registry(ies)
container_registry aws_ecr_repository: ecr repository(ies) | ecr repo(s) | ecr
container_registry azure_container_registry: acr | azure container registry(ies)
container_registry gcp_artifact_registry_repository: artifact registry | artifact registry repository(ies)
workflow: workflows
workflow aws_sfn_state_machine: state machine(s) | step function(s) | step functions state machine(s)
workflow aws_codepipeline_pipeline: codepipeline | codepipeline pipeline(s)
workflow aws_codebuild_project: codebuild | codebuild project(s) | build project(s)
workflow azure_logic_app_workflow: logic app(s)
event_rule aws_eventbridge_rule: eventbridge rule(s) | event rule(s)
event_rule gcp_cloud_scheduler_job: scheduler job(s) | cloud scheduler job(s) | cloud scheduler
log_group aws_cloudwatch_log_group: log group(s) | cloudwatch log group(s)
log_group aws_cloudtrail_trail: cloudtrail trail(s) | trail(s) | cloudtrail
log_group azure_log_analytics_workspace: log analytics workspace(s) | log analytics
log_group azure_application_insight: application insights | app insights
log_group gcp_logging_sink: log sink(s) | logging sink(s)
alarm: alarm(s) | alert rule(s) | alerting rule(s)
alarm aws_cloudwatch_alarm: cloudwatch alarm(s)
alarm azure_monitor_metric_alert: metric alert(s) | azure alert(s)
alarm gcp_monitoring_alert_policy: alert policy(ies) | alerting policy(ies)
key: encryption key(s) | customer managed key(s) | cmk(s) | crypto key(s) | customer-managed key(s)
key aws_kms_key: kms key(s)
key gcp_kms_key: cloud kms key(s)
key_pair: key pair(s) | keypair(s) | ssh key(s) | ec2 key pair(s)
policy aws_iam_policy: iam policy(ies)
policy aws_config_rule: config rule(s) | aws config rule(s)
policy aws_backup_plan: backup plan(s)
policy gcp_compute_health_check: gcp health check(s)
stack aws_cloudformation_stack: cloudformation stack(s) | cloudformation | cfn stack(s)
backup_vault: backup vault(s)
backup_vault azure_recovery_services_vault: recovery services vault(s) | recovery vault(s)
data_warehouse: data warehouse(s)
data_warehouse aws_redshift_cluster: redshift cluster(s) | redshift
data_warehouse gcp_bigquery_dataset: bigquery dataset(s) | bigquery
search_domain aws_opensearch_domain: opensearch domain(s) | opensearch | elasticsearch domain(s) | opensearch cluster(s)
search_domain: search domain(s)
analytics aws_emr_cluster: emr cluster(s) | emr
analytics aws_glue_job: glue job(s)
analytics aws_glue_catalog_database: glue database(s) | glue catalog database(s)
analytics aws_athena_workgroup: athena workgroup(s) | athena
analytics azure_data_factory: data factory(ies)
analytics gcp_dataproc_cluster: dataproc cluster(s) | dataproc
machine_learning aws_sagemaker_endpoint: sagemaker endpoint(s)
machine_learning aws_sagemaker_notebook_instance: sagemaker notebook(s) | sagemaker notebook instance(s)
machine_learning azure_machine_learning_workspace: machine learning workspace(s) | ml workspace(s)
machine_learning azure_cognitive_account: cognitive service(s) | cognitive account(s)
app azure_app_service_web_app: app service(s) | azure web app(s)
app: web app(s) | webapp(s)
app aws_elastic_beanstalk_application: beanstalk application(s) | elastic beanstalk application(s) | beanstalk app(s)
app aws_elastic_beanstalk_environment: beanstalk environment(s) | elastic beanstalk environment(s)
app_plan azure_app_service_plan: app service plan(s) | app plan(s)
reservation aws_ec2_reserved_instance: reserved instance(s) | ec2 reserved instance(s)
reservation aws_ec2_capacity_reservation: capacity reservation(s)
reservation aws_ec2_spot_request: spot request(s) | spot instance request(s)
target_group: target group(s)
? image: image(s)
? template: template(s)
? gateway: gateway(s)
? endpoint: endpoint(s)
? cache: cache
? stream: stream(s)
? container_cluster: cluster(s)
? container_registry: registry(ies) | repository(ies) | repo(s)
? workflow: pipeline(s)
? alarm: alert(s)
? key: key(s)
? stack: stack(s)
? reservation: reservation(s)
- unknown: file(s) | document(s) | container(s) | pod(s) | deployment(s) | namespace(s) | container image(s)
- unknown: docker image(s) | domain(s) | dashboard(s) | user(s) | workspace(s) | job(s) | web test(s) | load test(s)
- unknown: health model(s) | elastic pool(s) | dns record(s) | file share(s) | savings plan(s) | spot instance(s)
- unknown: budget(s) | website(s) | ecs task(s)
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
        noun = _noun(*head.split())
        for word in words:
            yield from ((form, _in_number(noun, number)) for form, number in _forms(word))


def _noun(kind: str, *types: str) -> Noun:
    """What the head of a row means."""
    if kind == "-":
        return Noun(types=types)
    if kind == "?":
        return Noun(perhaps=cast(Kind, types[0]), types=(UNKNOWN,))
    providers = {type_.partition("_")[0] for type_ in types}
    provider = cast(Provider, providers.pop()) if len(providers) == 1 else None
    return Noun(cast(Kind, kind), types=types, provider=provider)


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
