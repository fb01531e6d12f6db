"""Verbs that ask for a change, and verbs that ask to be told something.

`shut … down` is a verb whose second half may follow its object. A verb with several actions is ambiguous: Escher asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from escher.contract.vocabulary import Action
from escher_server.agents.understanding.lexicon.phrases import Phrases, phrase_set, rows, words

GAP = "…"

_CHANGES = """
start: start | start up | start … up | turn on | turn … on | switch on | switch … on | switch … back on | turn … back on
start: power on | power … on | power up | power … up | boot | boot up | boot … up | bring up | bring … up | wake up
start: bring … back | bring back | bring … online | bring … back up | fire up | fire … up | wake | wake … up | resume
start: take … online | get … running | get … up and running | put … back online | unpause | power … back on
start: re-enable … server | make … run | set … running | put … back up | un-pause | unsuspend | spin … back up
start: turn back on | switch back on | power back on | spin up … again | get … going | get … back up | kick off
stop: stop | halt | take down | take … down | shut down | shut … down | shutdown | shut off | shut … off | turn off
stop: turn … off | switch off
stop: switch … off | power off | power … off | power down | power … down | poweroff | spin down | spin … down | pause
stop: make … stop | stand … down | bring … to a halt | bring … to a stop | cease | freeze | stop running
stop: shut … off completely | send … to sleep | scale … to zero instances | suspend | hibernate | deallocate | bring down | bring … down | wind down | wind … down | take … offline | park
stop: take offline | put … to sleep | put to sleep | turn down | idle down | cease running | quit | cut power to
reboot: reboot | restart | bounce | power cycle | power-cycle | cycle | turn … off and on again | turn … off and on
reboot: reboot | hard reboot | soft reboot | power-cycle | restart … again | do a restart of | force restart
reboot: turn off and on again | reboot … again | re-start | re-boot | relaunch | warm boot | hard reset
resize: resize | right-size | rightsize | upsize | downsize | re-size | beef up | beef … up | shrink | enlarge | expand
resize: grow | extend | upscale | downscale | scale vertically | change … instance type | bump up | bump … up | bump
resize: make … bigger | make … smaller | make … larger | make … more powerful | make … less powerful
scale: scale | scale up | scale down | scale out | scale in | scale … up | scale … down | scale … out | scale … in
scale: autoscale
create: create | provision | deploy | set up | set … up | build | make | add | allocate
create: prepare | compile | assemble | put together | store | register | import | purchase | buy | draft | write
create: compose | design | produce | new | roll out | generate | instantiate | order | copy | clone | duplicate
create: reserve | replicate | mirror | install | subscribe | enrol | enroll | onboard | bring up a | bring up an | fire up a
create: launch a | launch an | start a new | spin up a | spin up an | stand up a | alert me | notify me | warn me | page me
create: email me | ping me | send me an alert | send an alert | make me | get me a | get me an | build me | add me
delete: delete | remove | destroy | drop | wipe | wipe out | wipe … out | get rid of | tear down | tear … down | erase
delete: terminate | decommission | retire | nuke | purge | scrap | trash | discard | dispose of | eliminate | ditch
delete: throw away | throw … away | throw out | throw … out | blow away | blow … away | clean up | clean … up | prune
delete: deregister | unregister | deprovision | unprovision | del | rm | clear out | clear … out | zap | axe
delete: obliterate | force delete
delete: empty | flush | delete … entirely | wipe … off | cancel … reservation | clear down | clear … down | sweep up
delete: sweep | sweep away | chuck | chuck out | chuck … out | bin off | remove … completely | permanently delete | do away with | clear | take out | strip away | clean out | clean … out | bin | dump | toss
update: update | modify | change | set | edit | configure | adjust | alter | reconfigure | patch | upgrade | rename
update: downgrade | move | migrate | convert | switch | open | open up | close | allow | authorize | authorise | permit
update: put | apply | deny | whitelist | revoke | raise | lower | increase | decrease | reduce | upload
update: swap | replace | tweak | assign | block | restrict | limit | forbid | prevent | grant | disallow | unblock
update: require | enforce | let | lift | cap | throttle | redirect | reroute | point | relocate | transfer | promote
update: demote | fail over | failover | fail … over | drain | cordon | archive | transition | rebalance
update: share | make sure | make certain | ensure | see to it that | double | halve | triple | extend … retention | pin | expire | age out | rename … to
update: give … access | give … permission | give … permissions | give … more memory | give … more cpu | give … rights
update: give … of memory | give … of ram | give … more space | give … more storage | give … more disk | give … more ram
update: turn … into | put … behind | put … into | whitelist | blacklist | allowlist | route | forward | expose | customise
update: customize | reassign | reconnect | repoint | retarget | extend … by | opt … into | keep … for | retain … for | retain
update: reset … password | reset … passwords | reset … credentials
tag: tag | label | mark | annotate | add tags to | add tag | add a tag | retag | re-tag
untag: take the label … off | take the tag … off | take label … off | take tag … off | take the … tag off
untag: take the … label off | strip the tag … off | strip the … tag off | strip the label … off
untag: untag | remove tags from | strip tags from | unlabel | remove tag | drop tag
snapshot: snapshot | take snapshots of | take a snapshot of | take a snapshot | take snapshots | snap | take … snapshot
snapshot: take an image of | create an image of | create an image from | make an image of | capture an image of
snapshot: create images of | make images of | take images of | create machine images of | create machine images from
snapshot: make machine images of | create amis of | create amis from | make amis of | take amis of | bake amis of
snapshot: bake images of | bake an image of | bake an ami of | create a machine image of | make a machine image of
snapshot: create an ami from | create an ami of | make an ami of | take an ami of | bake an ami from
snapshot: make a snapshot of | create a snapshot of | create snapshots of | create snapshot of | take snapshot of
snapshot: create a snapshot from | create snapshots for | create a snapshot for | grab a snapshot of | make snapshots of
backup: backup | back up | back … up | take a backup of | take backups of | make a backup of | create a backup of
backup: create backups of | make backups of | take a backup | create a backup for | create a backup | take backup of
backup: run a backup of | run a backup for | kick off a backup of | take a copy of | make a backup | take backups for
restore: restore | recover | roll back | roll … back | rollback | revert | undelete | bring … back from
release: release | free | free up | free … up | give back | give … back | let go of | hand back | deallocate … address
attach: attach | mount | connect | hook up | plug in | associate | link
detach: detach | unmount | disconnect | unplug | disassociate | dissociate | unlink | unhook
enable: enable | activate | turn … on | switch … on | unmute | unsilence | re-activate | reactivate | re-enable | reenable
disable: disable | deactivate | mute | silence | snooze | turn … off in | unsubscribe | opt … out
encrypt: encrypt | turn on encryption for | turn on encryption on | enable encryption for | enable encryption on
block_public_access: lock down | lock … down | make … private | make private | unpublish | block public access
block_public_access: set … to private | set … private | turn … private | close … to the public | take … off the internet
block_public_access: make … non-public | make … not public | make … no longer public | hide … from the public
block_public_access: lock … up
rotate: rotate | roll … keys | renew | cycle … keys | regenerate
schedule: schedule | auto-stop | autostop | auto-start | auto stop | automatically stop | automatically start
schedule: auto start | auto-shutdown | autoshutdown | auto shutdown | auto-shut down | automate … shutdown | auto-stop
schedule: automatically shut down | automatically shut … down | automatically power off | auto-terminate
"""
# Verbs that may mean either of two actions.
_AMBIGUOUS = """
stop, delete: kill | kill off | shut … down for good | cut off | put down | end | finish off
reboot, restore: reset | refresh
reboot, delete: recycle
delete, untag: strip
encrypt, block_public_access: secure | protect | harden
start, create: bring … to life | launch | spin up | spin … up | stand up | stand … up
"""
_READS = """
list: list | enumerate | find | search | search for | look for | get all | list out | list all | name | identify
list: filter | locate
show: show | display | describe | get | view | see | retrieve | fetch | check | look up | give me | tell me
show: bring up details
show: look at | print | inspect | verify | confirm | check on | read | return | give | output | pull up | let me see
show: query | browse | reveal | expand on | bring me | hand me
show: tell | point out | dig up | validate | let me know | examine | infer | sample | have a look at | take a look at
count: count | tally | add up | sum up
compare: compare | contrast
explain: explain | remind me | refresh my memory | guide me | educate me | explain to me | clarify | walk me through
explain: teach me | elaborate | talk me through | outline | illustrate | summarize
explain: summarise | define
recommend: recommend | suggest | advise | propose | optimize | optimise | rightsize my costs | cut costs | reduce costs
recommend: save money | cut spending | reduce spend | lower costs | lower my bill | cut my bill | help me save
recommend: advise me
diagnose: look into why | find out what | figure out what | work out why | dig into | diagnose | troubleshoot | debug | investigate | figure out why | find out why | root cause | analyse | analyze
report: report | report on | summarize spend | forecast | audit | review
"""
# What somebody wants done without saying what.
VAGUE_VERBS: Phrases[bool] = phrase_set(
    "do | fix | handle | manage | improve | deal with | take care of | sort out | sort | tidy | tidy up | help"
    " | work on | maintain | undo | repair | do something about | look after | go | continue | proceed | try"
    " | run | execute | perform | resolve | solve | address | process | repeat | redo | again | hurry | send"
    " | submit | test | use | ensure | make sure | keep | leave | touch | cancel | abort | approve | confirm"
    " | mess with | speed up | clean | organise | organize | tune | finish | complete | begin | prepare | ready"
    " | monitor | watch | automate | simplify | balance | look into | see to | see about | check out"
    " | whip into shape | modernize | modernise | streamline | consolidate | rationalise | rationalize | beautify"
    " | straighten out | iron out | smooth out | brush up | polish | enhance | revamp | rework | refactor | boost"
    " | play with | experiment with | have a go at | make better | make faster"
)
LIGHT_VERBS = words("do perform run initiate trigger execute issue make take give begin force schedule")
_NOMINALS = """
reboot: reboot | restart | power cycle | bounce
stop: stop | shutdown | shut down | halt
start: start | boot | start up | startup
snapshot: snapshot | snapshots
backup: backup | backups
delete: deletion | removal | cleanup | clean-up
resize: resize | resizing
restore: restore | rollback | restoration
"""
NOMINALS: Phrases[Action] = Phrases(
    (phrase, cast(Action, action)) for action, phrases in rows(_NOMINALS) for phrase in phrases
)
# After one of these the verb before is a noun: `stop history`, `delete protection`.
NOMINALISERS = words(
    "status history reason reasons time times date dates permission permissions marker markers protection operation "
    "operations report reports coverage cost costs notes window windows procedure command commands request requests "
    "attempt "
    "attempts failure failures error errors frequency requirements impact effect risk risks runbook runbooks "
    "documentation "
    "docs guide steps tutorial retention count counts rate rates behaviour behavior order button action actions "
    "activity "
    "api apis call calls protocol semantics option options vs versus is are was were works work happens takes means "
    "does "
    "did could would should can may might will has have had"
)
# These are nouns only after verbs that are nouns themselves: `backup jobs`, but not `delete jobs`.
WEAK_NOMINALISERS = words(
    "event events policy policies schedule schedules plan plans log logs hook hooks script scripts flag flags queue "
    "state "
    "states job jobs parameter parameters"
)
NOUN_VERBS = words(
    "start stop boot reboot restart shutdown halt bounce cycle backup snapshot snap tag label mark scale release "
    "restore "
    "rollback schedule update upgrade patch copy clone set order limit change block cut grant launch"
)


@dataclass(frozen=True, slots=True)
class Verb:
    """What a verb asks for; more than one action: it is not clear which. `tail` is its half behind the object."""

    actions: tuple[Action, ...]
    tail: tuple[str, ...] = ()
    read: bool = False


def _verbs(table: str, *, read: bool = False) -> Iterator[tuple[str, Verb]]:
    for head, phrases in rows(table):
        actions = cast(tuple[Action, ...], tuple(head.replace(" ", "").split(",")))
        for phrase in phrases:
            first, gap, tail = phrase.partition(GAP)
            yield first.strip(), Verb(actions, tuple(tail.split()) if gap else (), read)


CHANGES: tuple[tuple[str, Verb], ...] = (*_verbs(_AMBIGUOUS), *_verbs(_CHANGES))
READS: Phrases[Verb] = Phrases(_verbs(_READS, read=True))

_IRREGULAR: dict[str, tuple[str, ...]] = {
    "take": ("taken", "took"),
    "bring": ("brought",),
    "shut": ("shut", "shutting"),
    "put": ("put", "putting"),
    "get": ("gotten", "got", "getting"),
    "make": ("made",),
    "give": ("given", "gave"),
    "wake": ("woken", "woke"),
    "build": ("built",),
    "spin": ("spun", "spinning"),
    "throw": ("thrown", "threw"),
    "blow": ("blown", "blew"),
    "tear": ("torn", "tore"),
    "set": ("set", "setting"),
    "cut": ("cut", "cutting"),
    "let": ("let", "letting"),
    "free": ("freed", "freeing"),
    "grow": ("grown", "grew"),
    "shrink": ("shrunk", "shrinking"),
    "do": ("done",),
}


def participles(verb: str) -> tuple[str, ...]:
    """`stop` → `stopped`, `taken` …: the forms that say a thing was done. Harmless non-words are among them."""
    irregular = tuple(form for form in _IRREGULAR.get(verb, ()) if not form.endswith("ing"))
    return irregular or (f"{verb}ed", f"{verb}d", f"{verb}{verb[-1]}ed", f"{verb[:-1]}ied")


def gerunds(verb: str) -> tuple[str, ...]:
    """`stop` → `stopping`."""
    return (f"{verb}ing", f"{verb}{verb[-1]}ing", f"{verb[:-1]}ing" if verb.endswith("e") else f"{verb}ing")
