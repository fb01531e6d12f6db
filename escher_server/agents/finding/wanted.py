"""What a request asks for, as far as it decides between playbooks: acts, kinds, types, clouds, and its own words.

The understanding comes first. Where it says nothing, the words of the request are looked up one by one, whatever their
grammar: a wrong hint costs little here, since nothing is planned by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar, cast, get_args

from escher.contract.fitting import Opening, Wanted
from escher.contract.playbook import Metadata
from escher.contract.understanding import Understanding
from escher.contract.vocabulary import CHANGE_ACTIONS, Action, Provider
from escher_server.agents.understanding.lexicon.conditions import ENVIRONMENTS, FLAGS
from escher_server.agents.understanding.lexicon.measures import SIZE
from escher_server.agents.understanding.lexicon.nouns import NOUN_TABLE, NOUNS, PROVIDERS, UNKNOWN
from escher_server.agents.understanding.lexicon.openings import MIND, OPENING, POLITE
from escher_server.agents.understanding.lexicon.phrases import Phrases, rows
from escher_server.agents.understanding.lexicon.regions import REGIONS
from escher_server.agents.understanding.lexicon.verbs import CHANGES
from escher_server.agents.understanding.tokens import tokenise

Value = TypeVar("Value")

_ALIAS = re.compile(r"\b[a-z]\d{4,}\b")
# Words that tell an act whatever the verb: `make them smaller`, `nobody should be able to reach …`.
_TELLING = """
resize: bigger | smaller | larger | more memory | less memory | more power | machine type | instance type | vm size
resize: instance class | service tier | pricing tier | more cpu | gib | gb | tib | tb | large
scale: replicas | desired capacity | desired count | capacity | node count | more instances | fewer instances
block_public_access: private | anonymous | anonymously | publicly | public access | open to the world | whole internet
block_public_access: to the world | from the internet | to the internet | strangers | to everyone | by anyone | outside
block_public_access: off the internet | from outside | outsiders | the public
encrypt: encrypted | encryption
rotate: rotation | rotated
update: retention | expire | lifecycle | require | enforce | disallow | refuse | only allow | insist on | minimum
update: rule | rules | port | ports | ssh | rdp | from anywhere
enable: protection | versioning | recovery | logging | soft delete | automatic | automatically | protect
enable: by mistake | by accident | accidental | accidentally | mistakenly | unintended | impossible to delete
backup: backups | images | image | copies
disable: keys | key | credentials | logins
"""
TELLING: Phrases[Action] = Phrases((phrase, cast(Action, act)) for act, phrases in rows(_TELLING) for phrase in phrases)
# Settings that one kind of thing alone has; they tell it where nothing else does.
_SETTINGS = """
firewall: ssh | rdp | remote desktop | port | ports | 3389
secret_store: purge protection
object_storage: shared key | shared keys | account key | account keys | versioning | uniform access
compute_instance: imdsv2
database_instance: multi-az
container_service: tasks
"""
SETTINGS: Phrases[str] = Phrases((phrase, kind) for kind, phrases in rows(_SETTINGS) for phrase in phrases)
_VERBS: Phrases[tuple[Action, ...]] = Phrases(
    (phrase, verb.actions) for phrase, verb in CHANGES if not verb.tail and phrase
)
_OURS = (NOUNS, TELLING, SETTINGS, _VERBS, REGIONS, ENVIRONMENTS, PROVIDERS)
_PLACES = (REGIONS, ENVIRONMENTS, PROVIDERS)
_FIRST_WORDS = frozenset(phrase.split()[0] for phrase, _ in CHANGES if phrase) | {
    "publish",
    "decrypt",
    "send",
    "export",
}
_GENERIC = frozenset(
    [
        "make",
        "set",
        "change",
        "update",
        "give",
        "put",
        "keep",
        "let",
        "have",
        "turn",
        "switch",
        "bring",
        "take",
        "get",
        "adjust",
        "configure",
        "modify",
        "add",
        "only",
        "always",
        "ensure",
        "hold",
        "run",
        "raise",
        "lower",
        "increase",
        "decrease",
        "reduce",
    ]
)
# What has digits, dashes or dots and is no word of ours is somebody's name for a thing, and tells nothing of what is meant.
_NAMED = re.compile(r"(?=.*[a-z])(?=.*[-_0-9])[a-z0-9][\w.-]*")
_HYPHENED = re.compile(r"(?:auto|multi|single|per|re|non|pre|read|soft|two|zero|long|cross|self|write|least)-[a-z-]+")
_SAID, _TOLD = 0.7, 0.6
# What starts, stops or restarts a thing does so whatever else is said; other verbs take their meaning from the rest.
COMPLETE = frozenset({"start", "stop", "reboot"})
# What lets something in, or takes a guard away; unless it is denied: `only allow …`, `nobody may open …`.
_LETTING_IN = frozenset(["open", "allow", "permit", "expose", "publish", "unblock", "whitelist"])
_LEAVING_BARE = frozenset(["allow", "permit", "decrypt", "unprotect"])
_MADE_OPEN = re.compile(r"(?:make|set) .*\bpublic(?:ly)?\b(?! (?:ips?|address(?:es)?)\b)|let .*\b(?:in|through)\b")
_GUARDS = r"(?:encryption|protection|tls|ssl|https|versioning|logging)"
_UNGUARDED = re.compile(
    rf"(?:turn|switch) off .*\b{_GUARDS}\b|(?:turn|switch) .*\b{_GUARDS}\b.* off\b|(?:disable|remove|drop|stop) .*\b{_GUARDS}\b"
    rf"|take .*\b{_GUARDS}\b.* (?:off|away)\b"
)
_DENIED = frozenset(["only", "nobody", "no", "not", "never", "none", "without", "anyone", "private", "accidental"])
# Verbs that make a thing that was not there; an image of a machine is its backup.
_MAKING = frozenset(["create", "launch", "provision", "buy", "order", "install", "deploy"])
_NODES = frozenset(["node", "nodes"])
_IMAGES = frozenset(["image", "images", "ami", "amis"])
# `stop … from giving out`: the verb is not what is to be done.
_PREVENTED = re.compile(r"\bfrom [a-z]+ing\b")
_COURTESIES = frozenset({"please", "kindly", "thanks"})
_AWS_SIZE = re.compile(r"(?:(?:db|cache|search|ml)\.)?[a-z]{1,3}\d{1,2}[a-z0-9-]*\.[a-z0-9-]+")


def wanted(understanding: Understanding, prompt: str, estate: Sequence[str] = ()) -> Wanted:
    """What `prompt` asks for. `estate` are the clouds in which there is anything at all."""
    text = _ALIAS.sub(" ", prompt)
    words = [part for word in _bare([token.norm for token in tokenise(text)]) for part in _told_by(word)]
    text = " ".join(part for word in text.split() for part in _told_by(word))
    mentioned = _without_nodes(frozenset(_kinds(words)), words) | frozenset(_matches(SETTINGS, words))
    named = frozenset(_matches(PROVIDERS, words))
    types = tuple(name for name in understanding.resource_types if name != UNKNOWN)
    here = tuple(name for name in types if not named or name.partition("_")[0] in named)
    # A word that only another cloud has for a thing means something else in the one that was named.
    kinds = frozenset(understanding.kinds) if here or not types else frozenset[str]()
    return Wanted(
        text=text.strip(),
        telling=" ".join(word for word in _telling(words)),
        verb=_verb(words),
        acts=_acts(understanding, words),
        kinds=_without_nodes(kinds, words) or mentioned,
        mentioned=mentioned,
        types=frozenset(here),
        providers=named or frozenset(understanding.providers) or frozenset(_providers(here, words)),
        estate=frozenset(estate),
        attached=understanding.filters.attached if understanding.filters.attached is not None else _attached(words),
        opens=frozenset() if _DENIED & {token.norm for token in tokenise(text)} else frozenset(_opens(words)),
    )


def _told_by(word: str) -> tuple[str, ...]:
    """The word itself; of what can only be somebody's name for a thing at most its beginning: `aks` of `aks-staging`."""
    plain = word.strip(",;:.!?()\"'").lower()
    ours = _HYPHENED.fullmatch(plain) or SIZE.fullmatch(plain) or any(words.match([plain], 0) for words in _OURS)
    if ours or not _NAMED.fullmatch(plain):
        return (word,)
    first = re.split("[-_.]", plain, maxsplit=1)[0]
    return (first,) if NOUNS.match([first], 0) else ()


def bluntly(asked: Wanted) -> tuple[Wanted, ...]:
    """The order in its verb and its kind alone, where those say it all: whatever reason or story was told with it."""
    acts = asked.understood & COMPLETE
    if len(acts) != 1 or not asked.kinds:
        return ()
    text = " ".join((*acts, *sorted(asked.kinds))).replace("_", " ")
    return (replace(asked, text=text, telling=text, verb=min(acts)),)


def _bare(words: Sequence[str]) -> list[str]:
    """The words without greetings and courtesies: no playbook is for those."""
    text = " ".join(word for word in words if word not in _COURTESIES)
    while found := OPENING.match(text) or POLITE.match(text) or MIND.match(text):
        text = text[found.end() :].lstrip()
    return text.split()


def _telling(words: Sequence[str]) -> Iterator[str]:
    """The words without those that say where: regions, environments and clouds are in no playbook's purpose."""
    at = 0
    while at < len(words):
        places = [found[0] for phrases in _PLACES if (found := phrases.match(words, at))]
        if not places and not SIZE.fullmatch(words[at]):
            yield words[at]
        at += max(places, default=1)


def _without_nodes(kinds: frozenset[str], words: Sequence[str]) -> frozenset[str]:
    """The nodes of a cluster or a cache are no machines of one's own."""
    return kinds - {"compute_instance"} if _NODES & set(words) and len(kinds) > 1 else kinds


def _acts(understanding: Understanding, words: Sequence[str]) -> dict[str, float]:
    understood = understanding.action
    leading = frozenset(_leading(words))
    plain = "delete" in (understood, *leading) or (understood == "create" and words[:1] and words[0] in _MAKING)
    acts: dict[str, float] = {} if plain else dict.fromkeys(_matches(TELLING, words), _TOLD)
    if any(SIZE.fullmatch(word) for word in words):
        acts["resize"] = 1.0 if understood == "update" else _SAID
    if _PREVENTED.search(" ".join(words)):
        return acts | {"block_public_access": _SAID, "disable": _TOLD}
    if understood == "schedule":
        acts |= {act: 1.0 for act in (*leading, *understanding.words.split()) if act in COMPLETE or act == "delete"}
    if understood == "snapshot" and _IMAGES & set(words):
        acts["backup"] = 1.0
    if understood in CHANGE_ACTIONS:
        # `make`, `add` and `store` make something new, or change what is there.
        sure = 1.0 if understood != "create" or plain else _SAID
        return dict.fromkeys(leading, _SAID) | acts | {understood: sure}
    return acts | {act: _SAID for said in _matches(_VERBS, words) for act in said}


def _leading(words: Sequence[str]) -> Iterator[str]:
    """What the verb may mean that a request begins with, besides what was understood; `change` and `make` mean all."""
    found = _VERBS.match(words, 0) if words else None
    yield from (act for act in (found[1] if found else ()) if act not in ("update", "create"))


def _opens(words: Sequence[str]) -> Iterator[Opening]:
    """Whether something is to be opened or made public, or left unguarded."""
    text, first = " ".join(words), "".join(words[:1])
    if first in _LETTING_IN or _MADE_OPEN.match(text):
        yield "access"
    if first in _LEAVING_BARE or _UNGUARDED.match(text):
        yield "guard"


def _verb(words: Sequence[str]) -> str:
    """The verb that a request begins with, unless it is one that can mean anything."""
    first = words[0] if words else ""
    return first if first in _FIRST_WORDS and first not in _GENERIC else ""


def _kinds(words: Sequence[str]) -> Iterator[str]:
    for noun in _matches(NOUNS, words):
        if noun.kind or noun.perhaps:
            yield str(noun.kind or noun.perhaps)


def _providers(types: Sequence[str], words: Sequence[str]) -> Iterator[str]:
    """Clouds that are named, or that alone have such a thing, region or size."""
    known = get_args(Provider)
    yield from (cloud for name in types if (cloud := name.partition("_")[0]) in known)
    yield from _matches(PROVIDERS, words)
    yield from (noun.provider for noun in _matches(NOUNS, words) if noun.provider)
    for place in _matches(REGIONS, words):
        clouds = {provider for provider, _ in place.regions}
        yield from clouds if len(clouds) == 1 else ()
    yield from (_cloud_of_size(word) for word in words if SIZE.fullmatch(word))


def _cloud_of_size(word: str) -> str:
    if _AWS_SIZE.fullmatch(word):
        return "aws"
    return "azure" if "_" in word else "gcp"


def _attached(words: Sequence[str]) -> bool | None:
    flags = [flag for flag in _matches(FLAGS, words) if flag.field == "attached"]
    return flags[0].value if flags else None


def _matches(phrases: Phrases[Value], words: Sequence[str]) -> Iterator[Value]:
    """What every phrase of the words stands for, from the left; longer phrases first."""
    at = 0
    while at < len(words):
        found = phrases.match(words, at)
        if found is not None:
            yield found[1]
        at += found[0] if found else 1


def names(metadata: Metadata) -> Iterator[str]:
    """All that people call the things it acts on, so that a `box` tells nothing between playbooks for machines."""
    for phrase, noun in NOUN_TABLE:
        if noun.kind in metadata.kinds and (not noun.types or set(noun.types) & set(metadata.resource_types)):
            yield phrase
