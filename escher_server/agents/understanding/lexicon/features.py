"""What a thing has rather than is: settings that are switched, and topics that one asks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from escher.contract.vocabulary import Kind
from escher_server.agents.understanding.lexicon.phrases import Phrases, rows

Setting = Literal["public_access", "prevention", "encryption", "tag", "size", "count", "rule", "setting"]


@dataclass(frozen=True, slots=True)
class Feature:
    """A setting of a thing."""

    setting: Setting
    word: str
    # The kind of thing that alone has it.
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """What one can be told, or be given as a document: never a thing in the estate."""

    subject: Literal["report", "playbook", "list", "detail"]
    word: str


# setting, and the kind of thing that alone has it (or nothing): phrases.
_SETTINGS = """
public_access: public access | public read access | public exposure | internet access | anonymous access | public acls
public_access: public permissions | access from the internet | access to the public | public write access | world access
public_access: public visibility | public reads | access for everyone | access from outside
public_access: public network access | anonymous read access | anonymous reads
public_access object_storage: public blob access | blob public access | anonymous blob access | public bucket access
public_access object_storage: s3 public access | public object access
prevention: public access prevention | public access block | block public access | block public access setting
encryption: encryption | encryption at rest | default encryption | server-side encryption | server side encryption | sse
encryption: kms encryption | at-rest encryption | data encryption | storage encryption | encryption by default
encryption disk: volume encryption | disk encryption | ebs encryption
encryption object_storage: bucket encryption
tag: tag | tags | label | labels
size: size | instance size | machine size | sizes
size compute_instance: instance type | machine type | vm size | vm type | instance family
size disk: disk size | volume size
size database_instance: db class | db instance class | instance class
count: desired capacity | desired count | node count | instance count | number of instances | number of nodes
count: replica count | number of replicas | number of tasks | task count | desired size | vm count | number of vms
count: number of tasks | instances count | worker count | number of workers | minimum size | maximum size
setting: sku | capacity | performance tier | service tier | tier | pricing tier | storage class | storage tier | access tier
setting: max instances | min instances | minimum instances | maximum instances | maximum number of instances
setting: minimum number of instances | min replicas | max replicas | max pods | concurrency | reserved concurrency
setting: provisioned concurrency | throughput | provisioned throughput | read capacity | write capacity | rcu | wcu
setting: request units | dtus | vcores | vcpus | memory limit | memory size | cpu limit | storage | allocated storage
rule: rule | rules | traffic | access | ingress | inbound traffic | outbound traffic | egress | ingress traffic
rule firewall: port | ports | ssh access | rdp access | ssh | rdp | inbound port | inbound ports | inbound access
rule firewall: inbound rule | inbound rules | ingress rule | ingress rules | outbound rule | outbound rules
rule firewall: egress rule | egress rules | network rule | network rules | security rule | security rules
rule firewall: security group rule | security group rules | nsg rule | nsg rules | outbound port | outbound access
setting object_storage: versioning | bucket versioning | object versioning | lifecycle rule | lifecycle policy
setting object_storage: lifecycle rules | lifecycle configuration | lifecycle management | object lock | mfa delete
setting object_storage: transfer acceleration | static website hosting | blob versioning | object expiration
setting object_storage: uniform bucket-level access | uniform bucket level access | bucket policy | bucket logging
setting object_storage: intelligent tiering | cors | cors rule | cors rules | blob soft delete | secure transfer
setting object_storage: redundancy | replication rule | cross-region replication | retention lock | hierarchical namespace
setting log_group: log retention | log retention period | retention of logs | logs retention
setting: logging | access logging | access logs | monitoring | detailed monitoring | audit logging | audit logs
setting: diagnostic settings | diagnostic logs | diagnostic logging | log export | replication | container insights
setting network: flow logs | vpc flow logs | dns resolution | dns hostnames | private google access
setting: termination protection | deletion protection | delete protection | resource lock | delete lock | lock
setting compute_instance: boot diagnostics | instance metadata service v2 | imdsv2 | imdsv1 | instance metadata options
setting compute_instance: auto-shutdown | auto shutdown | shielded vm | os login | serial port access | user data
setting compute_instance: source/destination check | ebs optimization | accelerated networking | hibernation
setting compute_instance: secure boot | vtpm | confidential computing
setting: bursting | autoscaling | auto scaling | autoscaler | auto-scaling | scaling policy | cluster autoscaler
setting: upgrade policy | automatic os upgrades | automatic upgrades | auto-upgrade | auto upgrade | auto-repair
setting: auto-provisioning | network policy | workload identity | rbac | private endpoint access | api server access
setting: mfa | multi-factor authentication | two-factor authentication | 2fa | password policy | conditional access
setting database_instance: performance insights | point-in-time recovery | point in time recovery | multi-az | multi az
setting database_instance: backup retention | automated backups | automatic backups | backup retention period
setting database_instance: high availability | auto minor version upgrades | maintenance window | backup window
setting database_instance: transparent data encryption | tde | query insights | slow query log | storage autoscaling
setting database_instance: connection timeout | max connections | read-only mode | parameter group | auditing
setting database_instance: enhanced monitoring | iam authentication | iam database authentication | ssl enforcement
setting disk: iops | iops limit | max shares | disk access | network access policy | volume type | disk type
setting: encryption type | application setting | application settings | app settings | app setting | alias
setting: environment variable | environment variables | env var | env vars | connection string | connection strings
setting: retention period | retention | retention policy | description | password | credentials | timeout | ttl
setting: expiry date | expiration date | visibility timeout | message retention | dead-letter queue | dead letter queue
setting: public ip assignment | soft delete | purge protection | rotation | automatic rotation | auto-rotation
setting: key rotation | automatic key rotation | secret rotation | health check | health checks | health probe
setting: https only | https-only | https redirect | minimum tls version | tls version | tls 1.2 | tls | ssl | always on
setting: runtime | runtime version | kubernetes version | engine version | version | handler | trigger | schedule
setting: node auto-repair | node auto-upgrade | node autoscaling | node auto-provisioning | https | http | tls 1.3
setting: shared key access | shared access keys | local accounts | admin user | managed identity | system identity
setting: on-demand billing | on-demand capacity | provisioned capacity | billing mode | public endpoint | geo-redundancy
setting: geo-replication | read access | auto-pause | auto pause | auto-delete | vulnerability scanning | image scanning
setting: scan on push | tag immutability | cross-region replica | warm instances | min instance count | max instance count
setting: parameter | parameters | server parameter | server parameters | database flag | database flags | flag
setting: maintenance mode | preview features | notifications | notification | threshold | evaluation period
setting: custom domain | target group health check | idle timeout | cross-zone load balancing | sticky sessions
setting: budget alert | budget | spending limit | cost anomaly detection | anomaly detection | alerting | autoheal
setting: dns record | dns records | a record | cname record | mx record | txt record | record set
setting: permission | permissions | admin access | read access | write access | full access | owner access
setting: policy | policies | trust policy | inline policy | access policy | access policies | resource policy
"""
_TOPICS = """
report: report | reports | cost report | security report | dashboard | chart | graph | presentation | forecast
playbook: playbook | playbooks | runbook | runbooks | disaster recovery plan | dr plan | procedure | automation | script
playbook: disaster-recovery playbook | disaster-recovery runbook | disaster-recovery plan | disaster recovery playbook
playbook: dr playbook | disaster recovery runbook | dr runbook | disaster recovery script
playbook: terraform module | terraform | bicep file | arm template | workflow | recovery plan | bash script
playbook: python script
list: list | lists | overview | summary | inventory | breakdown | table of | names of | number of | count of | timeline
detail: status | state | details | detail | information | info | configuration | config | properties | property
detail: settings
detail: metadata | usage | utilization | utilisation | cpu | memory | cost | costs | spend | spending | bill | bills
detail: price
detail: pricing | expenses | budget | savings | health | health status | power state | availability
detail: availability status
detail: runtime status | provisioning state | instance view | specs | specification | history | logs | metrics
detail: activity
detail: change | changed | changes | who | bill | events | owner tag value | count | number | total | amount | kind | kinds | type | types | uptime
detail: age
detail: recommendations | recommendation | findings | vulnerabilities | issues | problems | permissions | policies
detail: policy
detail: host name | host names | hostname | hostnames | instance id | instance ids | server name | names and
detail: region | regions | zone | zones | location | locations | availability zone | availability zones | clouds | cloud
detail: provider | providers | data | value | values | group | groups | top | kinds of | difference | reason | reasons
"""


def _feature(head: str, phrase: str) -> Feature:
    setting, _, kind = head.partition(" ")
    return Feature(cast(Setting, setting), phrase, cast(Kind, kind) if kind else None)


SETTINGS: Phrases[Feature] = Phrases(
    (phrase, _feature(head, phrase)) for head, phrases in rows(_SETTINGS) for phrase in phrases
)
TOPICS: Phrases[Topic] = Phrases(
    (phrase, Topic(subject, phrase))  # pyright: ignore[reportArgumentType] the table's heads are the subjects
    for subject, phrases in rows(_TOPICS)
    for phrase in phrases
)
