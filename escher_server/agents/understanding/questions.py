"""What a question asks for: its class and its action, by how it is put. Nothing here can lead to a change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from escher.contract.vocabulary import Action, RequestClass
from escher_server.agents.understanding.draft import Selection

Answer = tuple[RequestClass, Action]


def _rule(class_: RequestClass, action: Action, *patterns: str) -> tuple[Answer, re.Pattern[str]]:
    return (class_, action), re.compile("|".join(patterns))


_TROUBLE = (
    r"(?:fail\w*|down|slow\w*|unreachable|error\w*|not (?:work\w*|respond\w*|start\w*|boot\w*|reach\w*|connect\w*)|"
    r"crash\w*|unable|can ?not|"
    r"could not|unavailable|time\w* ?out|broken|denied|stuck|unhealthy|hang\w*|lost|refus\w*|degraded|throttl\w*|"
    r"restart(?:ing|s|ed)?)"
)
_COSTS = r"(?:costs?|spend\w*|bills?|expenses?|budget|money)"
_LEADS = (
    r"^(?:tell me |show me |explain |describe |remind me |i (?:want|need|would like) to (?:know|understand|learn) |"
    r"let me know |can you |could you |"
    r"i wonder |wondering )*"
)
_DIAGNOSE = _rule(
    "troubleshooting",
    "diagnose",
    r"\b(?:troubleshoot|diagnos\w*|debug|investigate|root cause|what is wrong|what went wrong|what happened to|"
    r"(?:figure|find) out why)\b",
    rf"\bwhy\b.*\b{_TROUBLE}\b",
    r"\bwhy (?:did|has|have|was|were|is|are|does|do|am)\b.*\b(?:stop(?:ped|s)?|die[ds]?|go(?:ne)? (?:down|away)|went|"
    r"terminated|disappear\w*|rising|high|spik\w*|getting|[45]\d\d)\b",
    r"\b(?:returns?|returning|throws?|throwing|gives?|giving|get|getting|got) (?:me |us )?(?:an? )?(?:error|[45]\d\d|time-?outs?)",
    r"\b(?:is|are|seems?|keeps?) (?:down|failing|unreachable|broken|hanging|crashing|stuck|not (?:responding|"
    r"working)|unresponsive|(?:very )?slow|restarting)\b",
    r"\bfailed\b.*\bwhy\b|\b(?:can ?not|unable to) (?:connect|reach|log|ssh|access)\b",
)
# The first rule that fits decides.
_RULES: tuple[tuple[Answer, re.Pattern[str]], ...] = (
    _rule(
        "playbook_generation",
        "create",
        r"^(?:create|write|generate|draft|build|make|design|prepare|produce|give me|i (?:want|need)|we need|develop|"
        r"compose|set up)\b.*"
        r"\b(?:playbooks?|runbooks?|(?:disaster recovery|dr|recovery) plan|(?:terraform|bash|python|shell|"
        r"automation) (?:script|module)|procedure|workflow)\b",
    ),
    _rule("report", "report", r"\b(?:reports?|reporting)\b|^(?:forecast|summari[sz]e)\b"),
    _DIAGNOSE,
    _rule("query", "explain", r"\bwhat (?:does|do|is)\b.*\b(?:mean|meant)\b|\bwhat\b.*\b(?:would|will|does|do) do\b"),
    _rule(
        "query",
        "compare",
        r"\b(?:compare|comparison|differences? between|versus|vs|compared (?:to|with)|contrast|differ)\b",
    ),
    _rule("query", "list", r"^(?:what|which)\b.*\b(?:do (?:i|we)|does \w+) (?:\w+ )?(?:have|own|run|use|pay for)\b"),
    _rule(
        "recommendation",
        "recommend",
        r"\b(?:recommend\w*|suggest\w*|advice|advise|best practices?|right-?siz\w*|optimi[sz]\w*|should (?:i|we|you|"
        r"be)|downsiz\w*|wast(?:e|ing|ed))\b",
        r"\b(?:is it|would it be) (?:safe|ok|okay|wise|better|worth|a good idea|advisable|fine)\b|\b(?:worth|safe to|"
        r"safely|good idea|improve)\b",
        r"\b(?:what could (?:i|we) (?:save|improve)|where can (?:i|we) save|save money|sav(?:ings|ing opportunit\w*)|"
        r"what would you do|overspen\w*)\b",
        rf"\b(?:cut|reduce|lower|trim|bring down|save on|saving|shrink)\b.*\b{_COSTS}\b|\bcould be (?:saved|"
        rf"improved)\b",
    ),
    _rule("query", "count", r"\b(?:how many|count|number of|total number|how much (?:vms|instances))\b"),
    _rule(
        "query",
        "explain",
        rf"{_LEADS}(?:how (?:do|does|can|could|would|should|to|is|are|did|come|exactly|safe)|why|what if|what "
        rf"(?:would|will|could|might) happen|what happens)\b",
        rf"{_LEADS}(?:explain|walk me through|what (?:does|do|would)|steps?|ways?|the (?:way|command|steps|"
        rf"procedure)|help|teach|clarify|instructions?|command)\b",
        rf"{_LEADS}what is (?:the (?:(?:best )?way|command|impact|effect|risk|consequence|procedure|process|syntax)|"
        rf"an?) ",
        rf"{_LEADS}(?:what are the (?:steps|risks|consequences|implications)|suppose|imagine|assuming|if|"
        rf"hypothetically|talk me through|elaborate)\b",
        r"\bhow to\b|\bwhat (?:would|will) happen\b|\bmeans?\b|\btell me about\b|\bused for\b",
    ),
)
_SAVING = re.compile(
    r"(?:spend|pay) less$|(?:please |just |help me |let us |help )*(?:to )?(?:save|cut|reduce|lower|trim|bring down|optimi[sz]e|shrink|slash|minimi[sz]e)"
    r"(?: (?:on|down|some|our|my|the|cloud|overall|total|all|aws|azure|gcp))* "
    r"(?:costs?|money|spend(?:ing)?|bills?|expenses?|expenditures?|cash|budget)(?: please| now| asap)*$"
)
_NAME = re.compile(r"\w[-_.]\w|[a-z]\d|\d[a-z]")
_COMPOUND = re.compile(
    r"(?:right|right-?siz\w*|re|co|auto|up|down|over|under|non|self|multi|cross|end|day|month|year|cost|best|time)-"
)
_ONE = re.compile(
    r"^(?:show|describe|get|view|display|check|retrieve|give|tell|what is|what are the (?:details|properties|"
    r"settings|specs)|where is|when|who|is|are|"
    r"was|were|has|does|did|do|can|could|will|would|infer|sample|analy[sz]e)\b"
)
_LIST_VERBS = re.compile(r"(?:list|enumerate|which|find)\b")

# The class and action of a request that something be written.
DOCUMENTS: dict[str, Answer] = {
    "playbook": ("playbook_generation", "create"),
    "report": ("report", "report"),
    "list": ("query", "list"),
}


def plain(words: Iterable[str]) -> str:
    """The words of a clause as one text, with a mark for each name: what a thing is called says nothing about it."""
    return " ".join("§name" if _NAME.search(word) and not _COMPOUND.match(word) else word for word in words)


def is_saving(words: Sequence[str]) -> bool:
    """`reduce cost`, `save money`: wanted, and not how or where."""
    return _SAVING.match(" ".join(words)) is not None


def is_trouble(text: str) -> bool:
    """Whether a statement says that something does not work."""
    return _DIAGNOSE[1].search(text) is not None


def answer(text: str, selection: Selection) -> Answer:
    """The class and action of a question. `text` is its words, lower case, contractions spelt out."""
    for found, pattern in _RULES:
        if pattern.search(text):
            return found
    one = selection.has_names and not selection.many and not _LIST_VERBS.match(text)
    if one or (_ONE.match(text) and not selection.many):
        return "query", "show"
    return "query", "list"
