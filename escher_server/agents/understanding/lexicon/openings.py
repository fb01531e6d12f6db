"""How a clause begins, and what that says about it: patterns over its words, lower case, contractions spelt out."""

from __future__ import annotations

import re

from escher_server.agents.understanding.lexicon.phrases import words


def _any_of(*alternatives: str) -> re.Pattern[str]:
    """A pattern that matches whole words at the start: one of the alternatives."""
    return re.compile(rf"(?:{'|'.join(alternatives)})(?= |$)")


# Greetings and connectives before the request itself; taken off again and again.
OPENING = _any_of(
    r"hey|hi|hello|ok|okay|so|well|also|then|now|next|first|firstly|secondly|finally|lastly|alright|all right|great|"
    r"good|yes|yeah|yep|sure",
    r"escher|dear|and|but|instead|rather|actually|simply|just|only|afterwards|after that|in addition|additionally|"
    r"good (?:morning|evening|afternoon)",
    r"morning|evening|afternoon|(?:hey|hi|hello) there|team|folks|oh|um|hmm|listen|look(?= ,| here)|alternatively|however|still|"
    r"anyway|automatically|cool|perfect|done|sorry",
    r"excuse me|emergency|quick|go ahead|proceed|(?:yes )?do it|let us|(?:it is )?time to|go and|be so kind as to|do "
    r"me a favou?r and|attention|,",
)
# Polite ways to order: what follows is the order itself.
_COULD = r"(?:can|could|would|will|may|might)"
_SOMEBODY = r"(?:someone|somebody|anyone|anybody|one of you)"
POLITE = _any_of(
    rf"would (?:you|{_SOMEBODY}) be (?:able|so kind as|willing|kind enough|so good as) to",
    rf"{_COULD} you (?:be so kind as|possibly manage|manage) to",
    rf"(?:any|is there (?:any|a)) (?:chance|way) (?:that )?you {_COULD}",
    rf"do you think (?:that )?you {_COULD}|(?:i|we) (?:was|am|were|are) hoping (?:that )?you {_COULD}",
    rf"(?:(?:i|we) (?:am|was|were|are) )?(?:just )?wondering if you {_COULD}|i wonder if you {_COULD}",
    rf"{_COULD} {_SOMEBODY}(?: (?:just|kindly|quickly))*",
    r"(?:i|we) (?:would|will) (?:be (?:glad|grateful|happy|thankful)|appreciate it) if you (?:can|could|would)?",
    r"it would (?:be )?(?:really |very )?(?:great|nice|good|lovely|helpful|awesome|help)(?: me| us)? if you (?:can|could|would)",
    r"what (?:i|we) (?:want|need) (?:is )?(?:for )?you to(?: do is)?|you need to|the (?:ask|request|job) is to|requesting you to",
    r"(?:can|could|would|will) you(?: (?:now|just|also|maybe|possibly|kindly|then|perhaps|go ahead and|go "
    r"and|help and))*",
    r"do not (?:forget|hesitate|fail) to|(?:be sure|remember|make certain|try|attempt|feel free) to|make sure (?:to|"
    r"you|that you)|try and",
    r"(?:i|we) would (?:appreciate|like|love) it if you (?:could|would)?",
    r"it would be (?:great|nice|good|lovely|helpful|awesome|cool|best) if you (?:could|would)",
    r"would you be (?:able|so kind as|willing|kind enough) to|(?:i am|we are) asking you to|i (?:ask|request) you to|"
    r"you are to",
    r"(?:i|we)(?: (?:really|just|now|also|still|do|only|actually|kind of|sort of|definitely|urgently))*"
    r" (?:want|need|require|would like|would love|wish|would prefer|have|would want|would need|like)"
    r"(?: (?:you|escher|this))? to(?: (?:now|just|also|quickly|go ahead and|really))*",
    r"(?:i|we) (?:must|have to)|(?:my request|(?:the|your)? ?task|your job) is to|(?:it is )?time to|let us|go ahead "
    r"and",
)
# After these, even politeness asks: `I want to know …`, `can you even …`.
ASKING = _any_of(r" ?(?:know|understand|learn|see|figure|hear|be|have|get|view|check|ask|look(?! into))")
ABLE = _any_of(r"(?:can|could) you(?: (?:even|really|actually|ever|theoretically|technically|also))+")
# `would you mind rebooting`.
MIND = re.compile(r"(?:(?:would|do) you mind|try(?= \w+ing\b))(?= )")
NEGATED = _any_of(
    r"do not|never|not|avoid|refrain from|stop short of|by no means|under no circumstances|without|nobody|no one|"
    r"nothing|no longer",
    r"(?:i|we) (?:do not|did not|would not|will not|never|am not|are not)(?: (?:really|actually|necessarily|yet))?"
    r" (?:want|need|wish|like|mean|intend|plan|asking|going|trying)(?: (?:you|anyone|anybody|us|anything))? to",
    r"not asking you to|(?:i|we) (?:will|would) not|(?:can|could|would|will|must|should) (?:you )?not|you (?:must|"
    r"should|shall|may|can|need) (?:not|never)",
    r"(?:make sure|ensure)(?: that)? (?:not|nothing|no one|nobody|you do not|to not|we do not|it does not)",
)
SUPPOSED = _any_of(
    r"if|suppose|supposing|imagine|imagining|assuming|assume|say (?:i|we)|what if|in case|hypothetically|pretend|"
    r"theoretically|in theory",
    r"let us (?:say|assume|suppose|imagine|pretend)|were (?:i|we) to|had (?:i|we)|provided|unless|until|when|"
    r"whenever|once|after|before|while|whether",
    r"although|though|because",
)
_TO_LEARN = (
    r"(?:know|understand|learn|find|see|figure|hear|be|have a look|get|view|check|ask|review|look|compare|count|list)"
)
QUESTION = _any_of(
    r"how|what|which|who|whom|whose|where|why|when|is|are|am|was|were|does|did|has|had|can|could|should|shall|may|"
    r"might|must|will|would",
    r"have (?:i|you|we|they|any|the|all|there|my|our|anyone|some)|do (?:i|you|we|they|not we|not i)|any|anyone|"
    r"anybody|anything",
    r"(?:i|we)(?: (?:am|was|are|were|have been))?(?: just| also| really| still)* (?:wonder|wondering|curious|unsure|"
    r"not sure|confused|do not know|"
    rf"do not understand|have a question|looking for|interested in|trying to {_TO_LEARN}|"
    rf"(?:would like|want|need|love|like|hope|have|wish|wanted|needed)(?: you)? to {_TO_LEARN})",
    r"how to|curious|wondering|question|quick question|help|need help|(?:i|we) need help|the (?:command|way|steps?|"
    r"procedure|syntax) (?:to|for)",
    r"(?:steps?|ways?|instructions?|command|syntax|procedure|guide|tutorial|examples?|help) (?:to|for|on|with|of)",
)
HELP = _any_of(r"(?:(?:can|could|would|will) you )?(?:help|assist)(?: me| us)?(?: to| with| in)?")
# `I need a new bucket`: something is to be made.
NEED = re.compile(
    r"(?:i|we)(?: (?:really|just|now|also|still|do))* (?:want|need|would like|require) (?=(?:a|an|another|some|new|"
    r"two|2|3|4|5)\b)"
)
# `I want web-1 stopped`, `make sure x is encrypted`: an order by its result; and what makes it none.
MEANT = re.compile(
    r"(?:(?:i|we)(?: (?:really|just|now|also|still|do))* (?:want|need|would like|would love|like)|(?:make sure|"
    r"ensure|see to it)(?: that)?|get|have"
    r"|(?:can|could) (?:i|we) (?:get|have))(?= )"
)
NOT_MEANT = re.compile(r"\b(?:not|no|never|nothing|know|see|list|which|what|how|if|whether|report|that (?:are|is))\b")
# What may follow the result: `… stopped tonight`; behind other words it only describes: `the stopped instances`.
AFTER_RESULT = words(
    "in on at for by with before after tonight tomorrow today until over every to , and across from now"
)
_SUBJECT = r"(?:i|we|you|he|she|they|it|boss|manager|someone|somebody|everyone|team|people|there|this|that|my|our)"
_VERBS_OF_TELLING = (
    r"(?:was|were|am|are|is|been|have|has|had|will|might|may|could|should|told|asked|said|says|wants?|think|plan|going|"
    r"just|already)"
)
TELLS = re.compile(
    rf"{_SUBJECT}\b.*\b{_VERBS_OF_TELLING}\b|(?:you|i|we|he|she|they|someone|somebody)\b"
    r"|(?!.*\b(?:that|which|who)\b).* (?:is|are|was|were|has|have|had|keeps?|seems?|looks?) "
)
# `web-1 should be stopped`, `web-1 needs a restart`: an order, or an opinion.
OUGHT = re.compile(
    r"\b(?:should|must|has to|have to|needs? to|ought to|can|could|may|might|shall|is to|are to|is supposed to|are "
    r"supposed to|had better)"
    r" (?:all |now |also |probably |really |just |then )?(?:be|get) |(?<!not )\b(?:needs?|requires?|deserves?|could "
    r"use|"
    r"wants) (?:an? |some |to be )?(?=\w)"
)
# `stop instance fails with …`: the verb names a call that is told of.
FAILS = re.compile(
    r"(?:(?!(?:that|which|who|because|since|as|so|it|they|we|i|but|if|when|where|whose|and)\b)[\w§.*-]+ ){0,6}"
    r"(?:fails?|failed|failing|works|worked|does not|did not|is not|takes|took|means|seems|happens|returns|returned|"
    r"throws|hangs|hung|was|were)\b"
)
# `stop billing me`: something to cease. These are no such doings.
CEASING = frozenset(("stop", "start", "quit", "begin"))
NO_DOING = words("running pending staging testing existing remaining everything anything something nothing starting")
# What somebody else says, or what is written somewhere, is no order of the user's.
SAYS = re.compile(
    r"\b(?:told|asked|said|says|wants?|wanted|suggested|thinks?|recommends?|recommended|instructed|wrote|demanded)\b"
)
WRITTEN = re.compile(
    r"\b(?:according to|as per|per the|runbook|docs?|documentation|manual|example|step|ticket|todo|error|subject|"
    r"title|plan|"
    r"idea|proposal|question|note|reminder|goal)\b"
)
# Where the subject of a statement ends: `the QA servers | are idle`.
FINITE = words(
    "is are was were needs need can could should must has have had does do did will would hangs fails failed keeps "
    "seems "
    "looks may might"
)
