"""Words that are everybody's: English grammar and the language of the clouds. They stay in clear in a prompt.

A resource that bears such a word as its whole name is masked only in quotes or after `named`; the same list is why a
tag value such as `network` or `daily` is no secret. Verbs, nouns, states and units that the server's grammar needs.
"""

from __future__ import annotations

from escher.context.patterns import PUBLIC
from escher.contract.environments import APPLICATION_KEYS, ENVIRONMENT_KEYS, OWNER_KEYS, environment_words

_GRAMMAR = """
a about above across actually after again all alone along already also always am an and another any anyone anything
apart are around as aside
asap at away back be because been before being below besides between both but by can cannot could currently did do
does doing done down during each
either else ever every everyone everything except excluding few first for from further get gets getting give given go
goes going gone good had has
have having he hello help her here hey hi him his how i if in including inside instead into is it its just keep kindly
last later least less let lets
like long longer look made make makes many may maybe me mean means might more most much must my need needs neither
never new newest next no nobody non none nor not
nothing now of off ok okay old older oldest on once one ones only onto or other others our out outside over own per
perhaps please possible
put quickly rather really same second see several shall she should since so some somebody someone something soon still
such sure than thank thanks
that the their them then there these they thing things this those though through till to today together told tomorrow
tonight too top total toward
twice two three four five six seven eight nine ten under unless until up upon us use used uses using very via want
wants was way we week well were
what whatever when where whether which while who whole whom whose why will with within without wonder would yes
yesterday yet you your exactly
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
october november december
minute minutes hour hours day days night nights weeks weekend weekends month months quarter year years daily weekly
monthly hourly nightly morning
evening afternoon noon midnight true false yes null null unknown default internal external enabled disabled
"""
_ACTIONS = """
add allocate allow analyse analyze annotate apply approve ask associate attach audit authorize automatically back
backup backups begin block boot
bounce bring build cancel change check clean clear clone close compare configure confirm connect convert copy count
create created cut cycle
deactivate deallocate debug decommission decrease define delete deleted deny deploy deprovision describe destroy
detach diagnose disable disassociate
disconnect display downgrade downsize drop edit email enable encrypt encrypted encryption ensure enumerate erase
estimate exclude expand explain expose exposed
extend fail failed fails failing figure filter find fire fix force free generate grant grow halt handle harden
hibernate identify ignore
improve increase inspect investigate kill label launch leave limit list lock lower manage mark migrate modify monitor
mount move name named nuke open
optimise optimize pause power prepare prevent propose protect provision purge query reboot rebooted rebuild recommend
recover recycle reduce refresh release
released remove removed rename replace report require reset resize resized restart restarted restore restrict resume
retire retrieve return review
revert revoke right rightsize roll rollback rotate run running runs save scale scan schedule scheduled search secure
send set share show shrink shut shutdown
snap spin start started starts stop stopped stopping stops store strip summarise summarize suggest suspend switch tag
tagged take tear
tell terminate terminated throw toggle track trash troubleshoot turn turned undo unmount unpublish untag untagged
update updated upgrade upload upsize verify view
wake wipe work working works write
"""
_CLOUD = """
access account accounts acl address addresses age alarm alarms alb ami amis app application applications apps asg
attached autoscaling availability available
aws azure bill box boxes bucket buckets budget budgets capacity cheap cheapest class cloud cluster clusters compliance
compute config configuration container containers
cosmos cost costs cpu credentials dashboard database databases db dbs deployment deployments detail details disk disks
dollars drive drives dynamo dynamodb ebs ec2 ecs eip eips
eks elastic elb empty endpoint endpoints environment environments env envs error errors estate expensive exposed
exposure firewall firewalls function functions gateway gateways gb gce gcp
gcs gib gke google group groups healthy host hosts iam id idle ids image images info information infrastructure
instance instances internet inventory iops ip
ips ipv4 ipv6 issue issues item items job jobs key keys kind kinds kms kubernetes label labels lambda lambdas large
largest lb linux load location log logging logs machine machines
managed mariadb max maximum memory metadata min minimum month mysql nat network networks node nodes nsg offline online
orphaned os owned owner
owners password permission permissions playbook playbooks pod pods policies policy pool pools port ports postgres
postgresql private problem problems project projects provider
public queue queues quota ram rds redis redshift region regions registry replica resource resources role roles rule
rules runbook runbooks s3 savings script secret
secrets server serverless servers service services sg size sizes sku small smallest biggest big bigger larger smaller
snapshot snapshots spend spending sql sqs ssh stack stacks
state states status storage subnet subnets subscription subscriptions system table tables tag tags tb team teams tib
time timeline topic topics
traffic type types unattached unencrypted unhealthy unused usage user users utilization value values vault vaults
version versioning vm vms vmss vnet volume volumes
vpc vpcs waste windows workers workspace workspaces zone zones plan report rightsizing underused unassociated wasteful
stale obsolete ago
acm acr aks albs apim asgs autoscaler autoscalers beanstalk bigquery bigtable blob blobs certificate certificates certs
cloudformation cloudfront cloudsql cloudtrail cloudwatch cmk cmks codebuild codepipeline cosmosdb databricks dataflow
dataproc dataset datasets dns ecr efs elasticache elasticsearch elbs emr eni enis eventbridge eventhub eventhubs
fargate filestore firehose firestore fsx functionapp functionapps gcr guardduty gwlb hyperdisk hyperdisks identities
igw igws interfaces k8s keypair keypairs keyvault keyvaults kinesis lightsail loadbalancer loadbalancers memorystore
msk nacl nacls nic nics nlb nlbs nodegroup nodegroups nodepool nodepools nosql nsgs opensearch peering peerings pubsub
registries repositories reservation reservations route53 routers sagemaker servicebus snaps sns ssm streams
subnetwork subnetworks tgw tgws udr valkey vmsses vnets vpn vpns waf webapp webapps workflows deallocate deallocated
"""
# Words that alone may be a team's or an application's name, and in this company are everybody's.
_PHRASES = """
security group|security groups|security report|security posture|security issues|security findings|web server
web servers|web app|web apps|data disk|data disks|storage account
storage accounts|blob container|blob containers|blob storage|object storage|storage bucket|storage buckets
load balancer|load balancers|key vault|key vaults|function app|function apps
public access|billing report|data center|cloud storage|secret manager|secrets manager|service account|service accounts
managed identity|managed identities|virtual machine|virtual machines
virtual network|virtual networks|scale set|scale sets|flow logs|access logs|log group|log groups|event log|route table
route tables|internet gateway|nat gateway|machine image
compute engine|service principal|service principals|disaster recovery|business hours|office hours|working hours
back online|search for|power state|message queue|web test|web tests
payment method|support ticket|scan history|in production|on fire|load test|elastic pool|elastic pools|health check
app service|app services|service bus|event hub|event hubs|log analytics|front door|cosmos db|cloud run|cloud sql
cloud functions|cloud function|data factory|data factories|logic app|logic apps|resource group|resource groups
managed disk|managed disks|persistent disk|persistent disks|node pool|node pools|instance group|instance groups
api management|container registry|artifact registry|firewall rule|firewall rules|snapshot schedule|snapshot schedules
state machine|state machines|step function|step functions|target group|target groups|transit gateway|dns zone|dns zones
hosted zone|hosted zones|key pair|key pairs|data stream|data streams|network interface|network interfaces
backup vault|backup vaults|api gateway|api gateways|launch template|launch templates|alert rule|alert rules
instance store|boot disk|file share|file shares
"""
_MISLEADING = frozenset(
    ("search", "scan", "share", "store", "clean", "clear", "email", "report", "label", "figure", "internal", "external")
)
# The first words of what a name follows: after them even a word of these lists is a name.
INTRODUCES_NAME = frozenset(("named", "called"))
WORDS: frozenset[str] = frozenset(f"{_GRAMMAR} {_ACTIONS} {_CLOUD}".split()) - _MISLEADING | frozenset(
    environment_words()
)
PHRASES: frozenset[str] = frozenset(
    phrase.strip() for phrase in _PHRASES.replace("\n", "|").split("|") if phrase.strip()
)
PUBLIC_KEYS: frozenset[str] = frozenset((*ENVIRONMENT_KEYS, *APPLICATION_KEYS, *OWNER_KEYS)) | frozenset(
    [
        "name",
        "cost-center",
        "costcenter",
        "cost_center",
        "cost-centre",
        "costcentre",
        "department",
        "managed-by",
        "managedby",
        "created-by",
        "createdby",
        "schedule",
        "backup",
        "criticality",
        "compliance",
        "confidentiality",
        "customer",
        "version",
        "lifecycle",
        "ttl",
    ]
)


def is_everyday(text: str) -> bool:
    """Whether a longer word is made of known words or is a public code: `read-only`, `us-east-1`."""
    return is_public(text) or all(word in WORDS or word.isdigit() for word in text.lower().split("-"))


def is_public(text: str) -> bool:
    """Whether a text says nothing of its owner: known words, separated by spaces, or a public code."""
    return PUBLIC.fullmatch(text) is not None or all(
        word in WORDS or (word.isdigit() and len(word) < 6) for word in text.lower().split()
    )
