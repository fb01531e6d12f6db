"""When: schedules, how long, and the past. Patterns over the words that follow, numbers in digits."""

from __future__ import annotations

import re

from escher_server.agents.understanding.lexicon.phrases import words

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)"
_CLOCK = (
    r"(?:\d{1,2}:\d{2}(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\.?|\d{1,2} o'?clock|noon|midnight|night|end of (?:the )?day|"
    r"\d{1,2}(?= |$)(?! (?:gb|gib|tb|%|percent|usd|dollars?)))"
)
_PART = r"(?:day|night|morning|evening|afternoon|week|weekday|weekend|hour|month|quarter|year)s?"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|q[1-4])"

# A time at which something should happen, once or again and again.
SCHEDULE = re.compile(
    rf"(?:(?:starting |beginning )?(?:at|from|by|after|before) {_CLOCK}(?: (?:utc|gmt|cet|est|pst|local time))?"
    rf"(?: (?:and|until|to|till) (?:at )?{_CLOCK})?"
    rf"|(?:on )?(?:every|each) (?:\d+ {_UNIT}|single {_PART}|other {_PART}|{_PART}|{_DAY}(?: (?:night|morning|"
    rf"evening))?)"
    rf"|(?:on|next|this|every|each) {_DAY}(?: (?:and|or|through|to) {_DAY})?(?: (?:night|morning|evening|afternoon))?"
    rf"|(?:on|during|at) (?:the )?(?:weekdays|weekends?|nights|mornings)"
    rf"|(?:next|this) (?:week|weekend|month|evening|afternoon|morning)"
    r"|tonight|tomorrow(?: (?:night|morning|evening|afternoon))?|nightly|daily|weekly|monthly|hourly|overnight|later "
    r"today|later on|later"
    rf"|in (?:(?:about )?\d+|an?|half an) {_UNIT}(?! of)|(?:outside|after|during) (?:of )?(?:business|office|working|"
    rf"work|opening) hours"
    r"|after hours|off[- ]hours|out of hours|end of day|eod|at the end of the (?:day|week|month)"
    rf"|between {_CLOCK} and {_CLOCK}|once an? (?:day|week|month)|on a (?:schedule|daily basis|nightly basis|weekly "
    rf"basis)"
    r"|twice a (?:day|week))(?= |$)"
)
# How long it should last: said for information, changes nothing about what to do now.
DURATION = re.compile(
    rf"(?:(?:for|over|during) (?:the )?(?:rest of the )?(?:next |coming )?(?:weekend|night|holidays?|day|week|"
    rf"evening|season)"
    rf"|(?:for|over) (?:the next |another )?(?:\d+|an?|a few|a couple of) {_UNIT}|for (?:now|a while|a bit|good|"
    rf"today|a moment|ever)"
    rf"|until (?:further notice|tomorrow|then|next \w+|{_DAY}(?: morning)?|i say so|{_CLOCK}|the end of the \w+)|"
    rf"till {_DAY}"
    r"|for the (?:moment|time being|duration)|forever)(?= |$)"
)
# When something happened or was spent: only a question has it.
PAST = re.compile(
    rf"(?:(?:in|over|during|for|within|from|of|since) (?:the )?(?:last|past|previous) (?:\d+ )?{_UNIT}"
    rf"|(?:in|over|during) the (?:last|past) few {_UNIT}|last (?:\d+ )?(?:{_UNIT}|night|weekend|quarter|{_DAY}|"
    rf"{_MONTH})|yesterday"
    rf"|(?:so far )?(?:this|current) (?:month|year|quarter|week)(?: so far)?|today|\d+ {_UNIT} ago|recently|lately"
    rf"|(?:in|for|since|during|of|from) {_MONTH}(?: \d{{4}})?|month to date|year to date|mtd|ytd|since (?:{_DAY}|"
    rf"yesterday)"
    rf"|(?:the )?(?:last|past) few {_UNIT})(?= |$)"
)
STARTERS = words(
    "starting beginning at from by after before on every each next this during tonight tomorrow nightly daily weekly "
    "monthly "
    "hourly overnight later in outside off off-hours out end eod between once twice for over until till forever "
    "within of "
    "since last yesterday so current today recently lately month year mtd ytd the past"
) | frozenset(map(str, range(10)))
PURPOSE = re.compile(
    r"(?:because|since|as (?:we|i|they|it|this|that)|so that|so (?:we|i|they|it)|in order to|in case|due to|given that|"
    r"to (?:save|cut|reduce|lower|avoid|free|make|keep|stop|prevent|get|fix|ensure|allow|help|test|apply|meet|comply|"
    r"match|give|"
    r"let|handle|clean|conserve|minimi[sz]e|be|see|check|do|have|run|show|enable|use|clear|pick|take|finish|prepare|"
    r"protect|improve)\b|"
    r"for (?:maintenance|testing|safety|compliance|security|cost (?:reasons|savings?)|good measure|an? (?:demo|test|"
    r"upgrade|migration)|"
    r"(?:the )?(?:upgrade|migration|maintenance|release|deployment|demo|audit|patching|experiment|cleanup)|patching|"
    r"debugging|performance|"
    r"(?:cost|security|budget|safety|compliance) (?:reasons|purposes)|auditing|billing)|"
    r"(?:before|during) (?:the|our|my|any|next) \w+|"
    r"(?:we|i|they|it|nobody|no one) (?:are|is|do|does|am|have|has|need|will|want|wants|no|really|only|just|can|"
    r"should|would|had|was)\b)"
)
PURPOSE_STARTERS = words("because since as so in due given to for before after during we i they it nobody no")
