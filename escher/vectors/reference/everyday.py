"""Everyday words as the clouds' documentation has them: `get rid of` → `delete`, `which … do I have` → `list …`. Pure."""

from __future__ import annotations

import re

# The documentation's word, and what people say for it; longer phrases are tried first. Verbs that operations have in their
# own names (`pause`, `clone`, `rename`) are left out: `table` knows what else they may mean.
_SAID = {
    "deletes": (
        "get rid of|getting rid of|throw away|throw out|clear out|clean up|do away with|wipe out|wipe|scrap|trash|bin|"
        "ditch|nuke|destroy|erase|tear down|take down|blow away|dump|drop|chuck out|chuck|kill off|remove for good"
    ),
    "terminates": "kill|put down",
    "create": (
        "spin up|stand up|set up a new|set up|make a new|make me|make|build|bring up a new|fire up a new|put together|"
        "spawn|roll out a new|open up a new|write a new|add a new|start up a new"
    ),
    "start": "bring up|bring back up|fire up|boot up|boot|power on|power up|kick off|fire off|wake up|get going|turn back on",
    "stop": "shut down|shut off|power off|power down|halt|bring down|spin down",
    "cancel": "call off|break off|back out of",
    "reboots": "bounce|power cycle|turn off and on again",
    "retrieves": (
        "show me|let me see|let me have a look at|have a look at|take a look at|look at|look up|look into|tell me all about|"
        "tell me about|give me details of|give me details about|give me|pull up|open up|check out|check on|find out|"
        "display|displays|show|shows|see|view|views|fetch|fetches|grab"
    ),
    "lists all": "list every|list each",
    "lists": "list out|enumerate|give me a list of|show me all|show all|show me every|show every|show me the list of|display all",
    "updates": (
        "change|changes|tweak|edit|adjust|bring up to date|switch over|fix up|amend|make changes to|make a change to|"
        "mark|point|flip|turn|switch"
    ),
    "creates a snapshot": "take a snapshot|snapshot|take a picture",
    "creates a backup": "take a backup|back up",
    "enable": "turn on|turns on|switch on|flip on",
    "disable": "turn off|turns off|switch off|flip off|opt out of",
    "attach": "hook up|hook|plug in|bolt on|mount",
    "detach": "unhook|unplug",
    "removes": "take off|take out|take away|strip off|strip|peel off|pull out|pull off|rip out|cut out",
    "disassociate": "untie|cut off|break the link between",
    "associate": "tie|link up|hang|pair up|pair",
    "adds a tag to": "tag|put a tag on|stick a tag on|slap a tag on|hang a tag on|add a label to|put a label on",
    "removes a tag from": "untag|take a tag off|take the tag off|peel a tag off|strip a tag off|strip the tag from|drop a tag from|drop the tag from",
    "copy": "duplicate|make a copy of",
    "restore": "roll back|bring back|revive",
    "reset": "put back|set back|start over",
    "register": "sign up|onboard",
    "deregister": "offboard",
    "accept": "say yes to|agree to",
    "reject": "say no to|turn down",
    "authorize": "let in",
    "revoke": "lock out",
    "resizes": "make bigger|make smaller|scale up|scale down|grow|shrink|enlarge|expand|blow up",
    "import": "bring in|pull in",
    "export": "ship out|ship over|ship|write out|get out",
    "send": "push|fire",
    "publish": "put out|roll out",
    "upload": "put up",
    "add": "stick|put in",
    "invite": "ask in",
    "search": "look for|hunt for|find",
    "purchase": "buy",
    "list": "what kinds of",
}
_LONGEST_FIRST = sorted(
    ((said, word) for word, phrases in _SAID.items() for said in phrases.split("|")), key=lambda item: -len(item[0])
)
_WORD_FOR = dict(_LONGEST_FIRST)
_HOW = re.compile(r"^(?:shows?|demonstrates?|explains?|describes?)(?: you)? how to ", re.IGNORECASE)
_USING = re.compile(r"^uses? (?P<with>.{3,60}?) to (?P<task>[a-z]+ .*)$", re.IGNORECASE | re.DOTALL)
_OPENING = re.compile(
    r"^(?:(?:hey|hi|hello|ok|okay|please|now|so|and|then|also|just|could you|can you|would you|will you|can i|could we|can we|how do i|"
    r"how can i|how to|i want to|i would like to|i'd like to|i need to|i have to|we need to|we want to|we have to|let's|lets|"
    r"help me|i want you to|go ahead and|time to|it is time to|try to)[\s,]+)+",
    re.IGNORECASE,
)
# Questions, by how they begin: what they ask for, in the documentation's words.
_QUESTIONS = (
    (re.compile(r"^(?:what|which)(?:'s| is| does)\b", re.IGNORECASE), "returns"),
    (re.compile(r"^(?:what|which|where|who)\b", re.IGNORECASE), "returns"),
    (re.compile(r"^how many\b", re.IGNORECASE), "lists"),
    (
        re.compile(r"^(?:how is|how are|how did|how does|how|is|are|has|have|does|do|did|was|were)\b", re.IGNORECASE),
        "retrieves",
    ),
    (re.compile(r"^(?:i|we) (?:need|want)\b", re.IGNORECASE), "retrieves"),
)
_MANY = re.compile(r"^(?:what|which) (?:[\w-]+ ){0,3}?[\w-]+[^s\Wu]s\b(?! (?:is|does)\b)", re.IGNORECASE)
_ASKING = re.compile(
    r"\b(?:do|does|did) (?:i|we|you|it|this|that|the)\b|\b(?:i|we) have\b|\bare there\b|\bthere (?:is|are)\b",
    re.IGNORECASE,
)
# A verb in two parts with the thing between, `turn the server off`; the particles are tried longest first.
_SPLIT = re.compile(
    r"^(turn|switch|flip|take|bring|shut|power|put|set|hook|roll|throw|tear|spin|call|break|give|make|ship|strip|peel|pull|chuck|"
    r"wake|fire|boot|start|pair|link|sign|clear|wipe|clean|lock|write|open) (.+?) "
    r"(up to date|back up|back on|bigger|smaller|together|over|on|off|up|down|back|out|away|in)\b(.*)$",
    re.IGNORECASE | re.DOTALL,
)
# Whole turns of phrase: what is done comes last in them.
_TURNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), said)
    for pattern, said in (
        (r"^give (?P<thing>.+?) an? (?P<verb>restart|reboot|reset|kick|rename|stop|update|upgrade|refresh)$", r"\g<verb>s \g<thing>"),
        (r"^(?:have|get) (?P<thing>.+?) (?P<verb>\w{3,}ed)$", r"\g<verb> \g<thing>"),
        (r"^make (?P<thing>.+?) (?:be )?(?:the |our |my )?default(?: one)?$", r"sets the default \g<thing>"),
        (r"^(?:give|grant) (?P<thing>.+?) (?:another|a different|a new|other) (?P<what>.+)$", r"updates the \g<what> of \g<thing>"),
        (r"^make (?P<thing>.+?) (?P<how>longer|shorter|bigger|smaller|larger|faster|slower|higher|lower|public|private|available)$",
         r"updates \g<thing> to be \g<how>"),
        (r"^(?:let|allow) (?!me\b|us\b)(?P<who>.+?) (?:to )?(?:read|use|see|access|get into|into) (?P<what>.+)$", r"grants \g<who> permission to \g<what>"),
        (r"^how many (?P<what>.+?) (?:may|can) (?:i|we) .+$", r"returns the limits of \g<what>"),
        (r"^(?:is|are) (?P<thing>.+?) (?:gone|done|ready|finished|over|complete|there) ?(?:yet)?\??$", r"returns the status of \g<thing>"),
        (r"^how (?:is|are|did) (?P<thing>.+?) (?:doing|going|go|getting on|coming along)\b(?P<rest>.*)$", r"returns the status of \g<thing>\g<rest>"),
        (r"^how (?:is|are) (?P<thing>.+?) (?:set up|configured|set)\b(?P<rest>.*)$", r"returns the configuration of \g<thing>\g<rest>"),
    )
)  # fmt: skip
_FROM = frozenset({"off", "out", "away"})
_POWER = {"enable": "start", "disable": "stop"}
_RUNS = re.compile(
    r"\b(instance|vm|virtual machine|machine|server|box|database|db|cluster|node|web ?app|function app|pipeline|canary)"
    r"(s|es)?\W*(\b(named|called|in|of|for|that|which)\b.*|``?.*)?$",
    re.IGNORECASE,
)
_PHRASE = re.compile(rf"^(?:{'|'.join(re.escape(said) for said, _ in _LONGEST_FIRST)})\b", re.IGNORECASE)


def documented(text: str) -> str:
    """A text whose first verb is the documentation's; the rest stays as it is."""
    text = _HOW.sub("", _OPENING.sub("", text.strip()))
    if by_means := _USING.match(text):
        text = f"{by_means['task']}, using {by_means['with']}"
    for turn, said in _TURNS:
        if turn.search(text):
            return turn.sub(said, text)
    for begins, verb in _QUESTIONS:
        if begins.search(text):
            read = "lists" if verb == "returns" and _MANY.search(text) else verb
            return f"{read} {_ASKING.sub(' ', begins.sub('', text)).strip()}".rstrip("?")
    found = _PHRASE.match(text)
    if found and (" " in found[0] or not _apart(text)):
        return f"{_word_for(found[0], text[found.end() :])}{text[found.end() :]}"
    return _joined(text)


def _apart(text: str) -> bool:
    """Whether the verb is one whose second part stands behind the thing: `turn the server off`."""
    apart = _SPLIT.match(text)
    return bool(apart) and f"{apart[1]} {apart[3]}".lower() in _WORD_FOR


def _word_for(said: str, thing: str) -> str:
    """The documentation's word; what runs is stopped, what is a setting is disabled."""
    word = _WORD_FOR[said.lower()]
    return _POWER.get(word, word) if _RUNS.search(thing) else word


def _joined(text: str) -> str:
    """`turn the server off` → `disable the server`: the two parts of a verb that stand apart."""
    apart = _SPLIT.match(text)
    if not apart:
        return text
    verb, thing, particle, rest = apart.groups()
    said = f"{verb} {particle}".lower()
    if said not in _WORD_FOR:
        return text
    source = " from" if particle.lower() in _FROM and rest.strip() and not rest.strip().startswith("from") else ""
    return f"{_word_for(said, thing)} {thing}{source}{rest}"
