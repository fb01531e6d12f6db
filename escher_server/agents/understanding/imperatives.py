"""Orders and requests to be told: a verb at the head of a clause, or the result that is wanted."""

from __future__ import annotations

from collections.abc import Sequence

from escher.contract.vocabulary import Action
from escher_server.agents.understanding.clauses import is_nominal
from escher_server.agents.understanding.lexicon import openings
from escher_server.agents.understanding.lexicon.features import TOPICS
from escher_server.agents.understanding.lexicon.nouns import NOUNS
from escher_server.agents.understanding.lexicon.verbs import LIGHT_VERBS, NOMINALS, READS, VAGUE_VERBS
from escher_server.agents.understanding.utterance import LIKELY, UNSURE, Act, Spoken, Utterance
from escher_server.agents.understanding.verb_forms import BASE, GERUND, Found, done

_ARTICLES = frozenset(("a", "an", "the"))
# With these it is the thing made that counts, unless it is made of another: `create a snapshot of …`.
_MAKING = frozenset(("create", "make", "take", "grab", "add"))
# What a backup, a snapshot or a restart can be the first word of.
_HELD = frozenset(
    ("plan", "plans", "policy", "policies", "schedule", "schedules", "vault", "vaults", "job", "jobs", "window")
)
_OFTEN = frozenset(("daily", "nightly", "weekly", "monthly", "hourly", "overnight"))
_SETTING_UP = (("set", "up"), ("put", "in"), ("roll", "out"))
_LINKS = frozenset(("is", "are", "be", "gets", "get", "becomes", "being", "stays", "all"))
_NEAR, _FAR = 4, 12


def by_verb(said: Utterance) -> Spoken | None:
    """An imperative: of a change, of telling, or of something unclear."""
    words, start = said.words, said.start
    found = light_verb(words, start) or _verb(words, start, said.end)
    read = READS.match(words, start)
    longer_read = read is not None and found is not None and start + read[0] > found.head_end
    if found and not longer_read and not is_nominal(words, start, found.head_end):
        return _order(said, found)
    if read and not is_nominal(words, start, start + read[0]):
        return said.spoken(Act.READ, read[1].actions, begin=start + read[0])
    vague = VAGUE_VERBS.match(words, start)
    return said.spoken(Act.VAGUE, begin=start + vague[0]) if vague else None


def _verb(words: Sequence[str], start: int, end: int) -> Found | None:
    """The verb at the head; in `create a backup plan` it is only `create`."""
    found = BASE.match(words, start, end)
    holder = words[found.head_end] if found and found.head_end < end else ""
    longer = found is not None and found.head_end - start > 1
    return BASE.match(words, start, start + 1) or found if longer and holder in _HELD else found


def _order(said: Utterance, found: Found) -> Spoken:
    following = said.words[found.head_end] if found.head_end < said.end else ""
    ceases = said.words[said.start] in openings.CEASING and _is_doing(said, found.head_end)
    if ceases or openings.FAILS.match(" ".join(said.words[found.head_end :])):
        return said.ordered(found, act=Act.VAGUE)
    if following in ("if", "whether", "that", "why", "how"):
        return said.ordered(found, act=Act.QUESTION)
    return said.ordered(found)


def _is_doing(said: Utterance, at: int) -> bool:
    token = said.clause.tokens[at] if at < said.end else None
    return (
        token is not None
        and token.kind == "word"
        and token.norm.endswith("ing")
        and token.norm not in openings.NO_DOING
    )


def minded(said: Utterance) -> Spoken:
    """`would you mind rebooting web-1?`"""
    at = said.start + (1 if said.words[said.start] == "try" else 3)
    found = GERUND.match(said.words, at, said.end) if at < said.end else None
    if found is None:
        return said.spoken(Act.QUESTION)
    ordered = said.ordered(found, begin=at, sure=LIKELY)
    return Spoken(ordered.clause, ordered.act, ordered.actions, ordered.rest, ordered.sure, polite=True)


def by_result(said: Utterance) -> Spoken | None:
    """`I want X stopped`, `make sure X is encrypted`: an order by its result."""
    lead = openings.MEANT.match(said.text)
    if not lead or openings.NOT_MEANT.search(said.text):
        return None
    begin = said.start + len(lead[0].split())
    strict = said.words[said.start] in ("get", "have")
    for at in range(begin + 1, said.end):
        found = done(said.words, at, said.end)
        if found and _ends_there(said, max(found.words) + 1, strict=strict):
            return _wanted(said, found.actions, _around(said, begin, at, found))
    return None


def _around(said: Utterance, begin: int, at: int, found: Found) -> tuple[int, ...]:
    """The object's tokens: before the result, without its `is`, and behind it."""
    before = at - 1 if said.words[at - 1] in _LINKS else at
    return (*range(begin, before), *(token for token in range(at, said.end) if token not in found.words))


def _ends_there(said: Utterance, at: int, *, strict: bool) -> bool:
    return at >= said.end or (not strict and said.words[at] in openings.AFTER_RESULT)


def by_need(said: Utterance) -> Spoken | None:
    """`I need a new bucket`, `I would like a report`: something is to be made."""
    found = openings.NEED.match(said.text)
    if not found:
        return None
    begin = said.start + len(found[0].split())
    things = any(
        NOUNS.match(said.words, at) or TOPICS.match(said.words, at) for at in range(begin, min(begin + 6, said.end))
    )
    return _wanted(said, ("create",), tuple(range(begin, said.end))) if things else None


def _wanted(said: Utterance, actions: tuple[Action, ...], rest: tuple[int, ...]) -> Spoken:
    """An order by what is wanted; `can we get x stopped?` may only be a question."""
    act = Act.DOUBTFUL if said.words[said.start] in ("can", "could") else Act.ORDER
    return Spoken(said.clause, act, actions, rest, LIKELY if act is Act.ORDER else UNSURE, said.polite)


def light_verb(words: Sequence[str], at: int) -> Found | None:
    """`do a reboot of`, `give X a restart`, `create a db snapshot of`: the noun says what is done."""
    verb = words[at]
    if verb not in LIGHT_VERBS and verb not in _MAKING and verb not in ("configure", "set", "arrange"):
        return None
    if verb == "set" and words[at + 1 : at + 2] != ["up"]:
        return None
    for noun in range(at + 1, min(at + (_FAR if verb == "give" else _NEAR + 1), len(words))):
        if found := NOMINALS.match(words, noun):
            return _light(words, at, noun, noun + found[0], found[1])
    return None


def _kept(words: Sequence[str], begin: int, end: int) -> tuple[int, ...]:
    """The words of a verb, without those that say when: `take a daily snapshot of`."""
    return tuple(at for at in range(begin, end) if words[at] not in _OFTEN)


def _light(words: Sequence[str], at: int, noun: int, after: int, action: Action) -> Found | None:
    if after < len(words) and words[after] in _HELD:
        return None
    linked = after < len(words) and words[after] in ("of", "on", "for", "from")
    if words[at] in _MAKING and not linked:
        return None
    if words[at] == "give":
        begin = noun - 1 if words[noun - 1] in _ARTICLES else noun
        return Found((action,), (at, *_kept(words, begin, after)), after)
    if noun > at + 1 and not _ARTICLES.intersection(words[at + 1 : noun]):
        return None
    end = after + 1 if linked else after
    return Found((action,), _kept(words, at, end), end)
