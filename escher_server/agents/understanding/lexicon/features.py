"""What a thing has rather than is: settings that are switched, and topics that one asks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from escher_server.agents.understanding.lexicon.phrases import Phrases, rows

Setting = Literal["public_access", "encryption", "tag", "size", "rule", "setting"]


@dataclass(frozen=True, slots=True)
class Feature:
    """A setting of a thing."""

    setting: Setting
    word: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What one can be told, or be given as a document: never a thing in the estate."""

    subject: Literal["report", "playbook", "list", "detail"]
    word: str


_SETTINGS = """
public_access: public access | public read access | public exposure | internet access | anonymous access | public acls
public_access: public permissions | access from the internet | access to the public | public write access | world access
public_access: public visibility | public reads | access for everyone | access from outside | public access block
encryption: encryption | encryption at rest | default encryption | server-side encryption | server side encryption | sse
encryption: kms encryption | at-rest encryption | data encryption | volume encryption | bucket encryption
encryption: disk encryption
tag: tag | tags | label | labels
size: size | instance type | instance size | machine type | instance class | vm size | machine size | sizes
size: disk size | volume size | db class | db instance class
setting: sku | capacity | performance tier | service tier | tier
rule: port | ports | rule | rules | traffic | access | ingress | inbound traffic | ssh access | rdp access | ssh | rdp
setting: versioning | logging | access logging | access logs | flow logs | monitoring | detailed monitoring
setting: replication
setting: termination protection | deletion protection | delete protection | mfa delete | lifecycle policy
setting: lifecycle rule
setting: boot diagnostics | bursting | autoscaling | auto scaling | automated backups | automatic backups | multi-az
setting: mfa
setting: performance insights | point-in-time recovery | automatic os upgrades | upgrade policy | iops limit
setting: throughput
setting: network access policy | encryption type | connection timeout | application setting | application settings
setting: alias
setting: retention period | backup retention | log retention | description | password | credentials | timeout | ttl
setting: maintenance window | public ip assignment | hibernation | object lock | transfer acceleration
setting: static website hosting
setting: soft delete | purge protection | iops | max shares | disk access | auto minor version upgrades
setting: high availability
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
detail: changes | events | owner tag value | count | number | total | amount | kind | kinds | type | types | uptime
detail: age
detail: recommendations | recommendation | findings | vulnerabilities | issues | problems | permissions | policies
detail: policy
detail: host name | host names | hostname | hostnames | instance id | instance ids | server name | names and
detail: region | regions | zone | zones | location | locations | availability zone | availability zones | clouds | cloud
detail: provider | providers | data | value | values | group | groups | top | kinds of | difference | reason | reasons
"""

SETTINGS: Phrases[Feature] = Phrases(
    (phrase, Feature(setting, phrase))  # pyright: ignore[reportArgumentType] the table's heads are the settings
    for setting, phrases in rows(_SETTINGS)
    for phrase in phrases
)
TOPICS: Phrases[Topic] = Phrases(
    (phrase, Topic(subject, phrase))  # pyright: ignore[reportArgumentType] the table's heads are the subjects
    for subject, phrases in rows(_TOPICS)
    for phrase in phrases
)
