"""Words that are everybody's: English grammar and the language of the clouds. They stay in clear in a prompt.

A resource that bears such a word as its whole name is masked only in quotes or after `named`; the same list is why a
tag value such as `network` or `daily` is no secret. Verbs, nouns, states and units that the server's grammar needs.
"""

from __future__ import annotations

from escher.context.patterns import PUBLIC
from escher.contract.environments import APPLICATION_KEYS, ENVIRONMENT_KEYS, OWNER_KEYS, environment_words

_GRAMMAR = """
a about above across actually after again all alone along already also always am an and another any anyone anything apart are around as aside
asap at away back be because been before being below besides between both but by can cannot could currently did do does doing done down during each
either else ever every everyone everything except excluding few first for from further get gets getting give given go goes going gone good had has
have having he hello help her here hey hi him his how i if in including inside instead into is it its just keep kindly last later least less let lets
like long longer look made make makes many may maybe me mean means might more most much must my need needs neither never new newest next no nobody non none nor not
nothing now of off ok okay old older oldest on once one ones only onto or other others our out outside over own per perhaps please possible
put quickly rather really same second see several shall she should since so some somebody someone something soon still such sure than thank thanks
that the their them then there these they thing things this those though through till to today together told tomorrow tonight too top total toward
twice two three four five six seven eight nine ten under unless until up upon us use used uses using very via want wants was way we week well were
what whatever when where whether which while who whole whom whose why will with within without wonder would yes yesterday yet you your exactly
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december
minute minutes hour hours day days night nights weeks weekend weekends month months quarter year years daily weekly monthly hourly nightly morning
evening afternoon noon midnight true false yes null null unknown default internal external enabled disabled
"""
_ACTIONS = """
add allocate allow analyse analyze annotate apply approve ask associate attach audit authorize automatically back backup backups begin block boot
bounce bring build cancel change check clean clear clone close compare configure confirm connect convert copy count create created cut cycle
deactivate deallocate debug decommission decrease define delete deleted deny deploy deprovision describe destroy detach diagnose disable disassociate
disconnect display downgrade downsize drop edit email enable encrypt encrypted encryption ensure enumerate erase estimate exclude expand explain expose exposed
extend fail failed fails failing figure filter find fire fix force forecast free generate grant grow halt handle harden hibernate identify ignore
improve increase inspect investigate kill label launch leave limit list lock lower manage mark migrate modify monitor mount move name named nuke open
optimise optimize pause power prepare prevent propose protect provision purge query reboot rebooted rebuild recommend recover recycle reduce refresh release
released remove removed rename replace report reports require reset resize resized restart restarted restore restrict resume retire retrieve return review
revert revoke right rightsize roll rollback rotate run running runs save scale scan schedule scheduled search secure send set share show shrink shut shutdown
snap spin start started starts stop stopped stopping stops store strip summarise summarize suggest suspend switch tag tagged take tear
tell terminate terminated throw toggle track trash troubleshoot turn turned undo unmount unpublish untag untagged update updated upgrade upload upsize verify view
wake wipe work working works write
"""
_CLOUD = """
access account accounts acl address addresses admin age ai alarm alarms alb alert alerts algorithm amazon ami api apis app application applications apps arn asg
assets asset attached auto autoscaling availability available aws azure bastion bigquery bill billing blob block bot box boxes bucket buckets budget budgets
cache capacity category cert certificate certificates cheap cheapest class cli cloud cloudformation cloudfront cloudwatch cluster clusters cold command compliance
compute config configuration console container containers cosmos cost costs cpu credentials critical cron dashboard data database databases date db dbs
dead delay deployment deployments detail details device dir directory disk disks dns docker document documents domain domains down dynamo dynamodb ebs ec2 ecr ecs
efs eip eips eks elastic elb empty endpoint endpoints engine entra environment environments env envs error errors estate event events everyone expensive expired express
file files firewall firewalls fleet flow folder function functions gateway gateways gb gce gcp gcs gib gke google gpu group groups hdd healthy high host hosts
hot http https iam id idle ids image images inactive incident infrastructure ingress instance instances internet inventory iops ip ips ipv4 ipv6 issue issues
item items job jobs key keys kms kubernetes label labels lambda lambdas large largest lb legacy level lifecycle linux load local location log logging logs
low machine machines managed manager mariadb max maximum medium memory message metadata metric metrics mfa microsoft min minimum mysql naming nat network networking
networks node nodes none normal nosql nsg object objects offline online operation operations oracle orphaned os owned owner owners page
password patch patches path payment performance permission permissions pipeline pipelines plan plans platform playbook playbooks pod pods policies policy pool pools port ports
postgres postgresql premium pricing primary private problem problems process production profile project projects protocol provider providers
public queue queues quota ram rds read readonly record records redis redshift redundant region regions registry replica replicas replication repo repository
request requests resource resources role roles root route routes rule rules runbook s3 saving savings scale schema script scripts secondary secret secrets security
server serverless servers service services session sg shared size sizes sku small sns snapshot snapshots software spend spending spot sql sqs
ssd ssh ssl stack stacks staging standard state status storage stored stream string subnet subnets subscription subscriptions support synapse system systems table
tables tags target targets task tasks tb team teams template templates tenant terraform test tests tib tier time timeline timeout times tls token topic topics
traffic type types unattached unencrypted unhealthy unused usage user users utilization value values vault vaults version versioning versions virtual vm vms vmss vnet
volume volumes vpc vpcs vpn waste web website windows worker workers workload workloads workspace workspaces zone zones
"""
_NEVER = frozenset(("web", "payment", "support", "bot", "ai", "admin", "share", "billing"))
# The first words of what a name follows: after them even a word of these lists is a name.
INTRODUCES_NAME = frozenset(("named", "called"))
WORDS: frozenset[str] = (
    frozenset(f"{_GRAMMAR} {_ACTIONS} {_CLOUD}".split()) - _NEVER | frozenset(environment_words())
)
PUBLIC_KEYS: frozenset[str] = frozenset((*ENVIRONMENT_KEYS, *APPLICATION_KEYS, *OWNER_KEYS)) | frozenset(
    "name cost-center costcenter cost_center cost-centre costcentre department managed-by managedby created-by createdby "
    "schedule backup criticality compliance confidentiality customer version lifecycle ttl".split()
)


def is_public(text: str) -> bool:
    """Whether a text says nothing of its owner: known words, separated by spaces, or a public code."""
    return PUBLIC.fullmatch(text) is not None or all(word in WORDS or word.isdigit() and len(word) < 6 for word in text.lower().split())
