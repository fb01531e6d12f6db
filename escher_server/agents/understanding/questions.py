"""What a question asks for: its class and its action, by how it is put. Nothing here can lead to a change."""

from __future__ import annotations

import re

from escher.contract.vocabulary import Action, RequestClass
from escher_server.agents.understanding.draft import Selection

Answer = tuple[RequestClass, Action]

_RULES: tuple[tuple[Answer, re.Pattern[str]], ...] = tuple(
    (answer, re.compile(pattern))
    for answer, pattern in (
        (
            ("playbook_generation", "create"),
            r"^(?:please )?(?:create|write|generate|draft|build|make|design|prepare|produce|give me|i (?:want|need)|we need|develop|compose|set up)\b"
            r".*\b(?:playbooks?|runbooks?|(?:disaster recovery|dr|recovery) plan|(?:terraform|bash|python|shell|automation) (?:script|module)|procedure|workflow)\b",
        ),
        (("report", "report"), r"\b(?:report|reports|reporting)\b(?!ed)|^(?:forecast|summari[sz]e)\b"),
        (
            ("troubleshooting", "diagnose"),
            r"\b(?:troubleshoot|diagnos\w*|debug|investigate|root cause|what is wrong|what went wrong|what happened to|figure out why|find out why)\b"
            r"|\bwhy\b.*\b(?:fail\w*|down|slow\w*|unreachable|error\w*|not (?:work\w*|respond\w*|start\w*|boot\w*|reach\w*|connect\w*)|crash\w*|unable|"
            r"can ?not|could not|unavailable|time\w* ?out|broken|denied|stuck|unhealthy|hang\w*|lost|refus\w*|degraded|throttl\w*|restart(?:ing|s|ed)?)\b"
            r"|\b(?:is|are|seems?|keeps?) (?:down|failing|unreachable|broken|hanging|crashing|stuck|not responding|not working|unresponsive|very slow|slow|restarting)\b"
            r"|\bfailed\b.*\bwhy\b|\b(?:can ?not|unable to) (?:connect|reach|log|ssh|access)\b",
        ),
        (("query", "explain"), r"\bwhat (?:does|do|is)\b.*\b(?:mean|meant)\b|\bwhat\b.*\b(?:would|will|does|do) do\b"),
        (("query", "compare"), r"\b(?:compare|comparison|difference between|differences between|versus|vs|compared (?:to|with)|contrast|differ)\b"),
        (("query", "list"), r"^(?:what|which)\b.*\b(?:do (?:i|we)|does \w+) (?:\w+ )?(?:have|own|run|use|pay for)\b"),
        (
            ("recommendation", "recommend"),
            r"\b(?:recommend\w*|suggest\w*|advice|advise|best practices?|right-?siz\w*|optimi[sz]\w*|should (?:i|we|you|be)|downsiz\w*|wast(?:e|ing|ed)|overspen\w*|is it (?:safe|ok|okay|wise|worth|a good idea|advisable|fine)|"
            r"would it be (?:safe|ok|okay|wise|better|worth|fine|a good idea)|worth|what could (?:i|we) (?:save|improve)|where can (?:i|we) save|save money|saving opportunit\w*|"
            r"(?:cut|reduce|lower|trim|bring down|save on|saving|shrink)\b.*\b(?:costs?|spend\w*|bills?|expenses?|budget|money)|could be (?:saved|improved)|improve|what would you do|safe to|safely|good idea|savings)\b",
        ),
        (("query", "count"), r"\b(?:how many|count|number of|total number|how much (?:vms|instances))\b"),
        (
            ("query", "explain"),
            r"^(?:please |tell me |show me |explain |describe |i (?:want|need|would like) to (?:know|understand|learn) |let me know |can you |could you |i wonder |wondering )*"
            r"(?:how (?:do|does|can|could|would|should|to|is|are|did|come|exactly|safe)|why|what if|what (?:would|will|could|might) happen|what happens|explain|walk me through|what does|what do|what would|"
            r"steps?|ways?|the (?:way|command|steps|procedure)|help|teach|clarify|what is the (?:way|command|best way|impact|effect|risk|consequence|procedure|process|syntax)|what are the (?:steps|risks|consequences|implications)|"
            r"instructions?|command|suppose|imagine|assuming|if|hypothetically|talk me through|elaborate|what are .* used for|what is .* used for|what is an? |what are the .* for)\b"
            r"|\bhow to\b|\bwhat (?:would|will) happen\b|\bmeans?\b|\btell me about\b|\bused for\b",
        ),
    )
)
_SINGLE = re.compile(
    r"^(?:please )?(?:show|describe|get|view|display|check|retrieve|give|tell|what is|what are the (?:details|properties|settings|specs)|where is|when|who|is|are|was|were|has|does|did|do|can|could|will|would|retrieve|infer|sample|analy[sz]e)\b"
)
_LISTS = re.compile(
    r"^(?:please )?(?:list|enumerate|find|search|which|what|show (?:me )?(?:all|every|my|our|the)|get (?:all|every|me all)|give me (?:all|every|a list)|identify|filter|locate|name|are there|do (?:i|we) have|any|where are|who)\b"
)

# The class and action of a request that something be written.
DOCUMENTS: dict[str, Answer] = {
    "playbook": ("playbook_generation", "create"),
    "report": ("report", "report"),
    "list": ("query", "list"),
}


def is_trouble(text: str) -> bool:
    """Whether a statement says that something does not work."""
    return any(pattern.search(text) for found, pattern in _RULES if found[1] == "diagnose")


def answer(text: str, selection: Selection) -> Answer:
    """The class and action of a question. `text` is its words, lower case, politeness taken off."""
    for found, pattern in _RULES:
        if pattern.search(text):
            return found
    single = selection.has_names and not selection.many
    if single and not re.match(r"(?:list|enumerate|which|find)\b", text):
        return "query", "show"
    if _LISTS.match(text) and (selection.many or text.startswith(("list", "find", "which", "enumerate", "who"))):
        return "query", "list"
    if _SINGLE.match(text) and not selection.many:
        return "query", "show"
    return "query", "list"
