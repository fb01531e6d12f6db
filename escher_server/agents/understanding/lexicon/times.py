"""When: schedules, how long, and the past. Patterns over the words that follow, numbers in digits."""

from __future__ import annotations

import re

from escher_server.agents.understanding.lexicon.phrases import words

_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tue|wed|thu|fri|sat|sun|weekdays?|weekends?|(?:working|business|work) ?days?)"
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)"
_ZONE = r"(?: (?:utc|gmt|cet|cest|est|edt|pst|pdt|ist|local time))?"
_HOUR = (
    r"(?:\d{1,2}:\d{2}(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\.?|\d{1,2} o'?clock|\d{1,2}(?= in the))"
    r"(?: (?:in the (?:morning|evening|afternoon)|at night))?"
)
_CLOCK = (
    rf"(?:{_HOUR}|noon|midnight|night|end of (?:the )?day|"
    rf"\d{{1,2}}(?= |$)(?! (?:gb|gib|tb|%|percent|usd|dollars?|{_UNIT}))){_ZONE}"
)
_PART = r"(?:day|night|morning|evening|afternoon|week|weekday|weekend|hour|month|quarter|year|working day|business day|work day|workday)s?"
_TIME_OF_DAY = r"(?: (?:nights?|mornings?|evenings?|afternoons?))?"
_NAMED_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_MONTH = rf"(?:{_NAMED_MONTH}|q[1-4])"
_UNTIL = r"(?:and|until|to|till|through)"

_TIMES = (
    rf"(?:starting |beginning )?(?:at|from|by|after|before) {_CLOCK}(?: {_UNTIL} (?:at )?{_CLOCK})?",
    rf"between {_CLOCK} and {_CLOCK}",
    rf"{_HOUR}{_ZONE}(?= (?:every|each|on|tonight|tomorrow|daily|from|to|until)\b)",
    rf"(?:(?:starting|beginning|from|on|next|this|every|each) )+(?:the )?{_DAY}(?: (?:and|or|{_UNTIL}) {_DAY})?"
    rf"{_TIME_OF_DAY}(?: (?:at )?{_HOUR}{_ZONE})?",
    rf"{_DAY}{_TIME_OF_DAY} (?:at )?{_HOUR}{_ZONE}",
    rf"{_DAY} {_UNTIL} {_DAY}",
    rf"(?:every|each) (?:\d+ {_UNIT}|single {_PART}|other {_PART}|{_PART})",
    r"(?:on|during|at|over) (?:the )?(?:weekdays|weekends|nights|mornings|evenings)",
    r"(?:on|during|at) (?:the )?weekend",
    r"(?:next|this) (?:week|weekend|month|evening|afternoon|morning)",
    rf"(?:on )?(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_NAMED_MONTH}|{_NAMED_MONTH} \d{{1,2}}(?:st|nd|rd|th)?)",
    r"(?:on )?the (?:first|last|1st|15th) (?:day )?of (?:the|each|every) month",
    rf"tonight|tomorrow{_TIME_OF_DAY}|nightly|daily|weekly|monthly|hourly|overnight|later today|later on|later",
    rf"in (?:(?:about )?\d+|an?|half an) {_UNIT}(?! of)",
    r"(?:outside|after|during) (?:of )?(?:business|office|working|work|opening) hours",
    r"after hours|off[- ]hours|out of hours|end of day|eod|at the end of the (?:day|week|month)",
    r"once an? (?:day|week|month)|on a (?:schedule|daily basis|nightly basis|weekly basis)|twice a (?:day|week)",
)
# A time at which something should happen, once or again and again.
SCHEDULE = re.compile(rf"(?:{'|'.join(_TIMES)})(?= |$)")
# How long it should last: said for information, changes nothing about what to do now.
DURATION = re.compile(
    rf"(?:(?:for|over|during) (?:the )?(?:rest of the )?(?:next |coming )?(?:weekend|night|holidays?|day|week|"
    rf"evening|season)"
    rf"|(?:for|over) (?:the next |another )?(?:\d+|an?|a few|a couple of) {_UNIT}|for (?:now|a while|a bit|good|"
    rf"today|a moment|ever)"
    rf"|until (?:further notice|tomorrow|then|next \w+|{_DAY}(?: morning)?|i say so|{_CLOCK}|the end of the \w+)|"
    rf"till {_DAY}"
    rf"|(?:before|by) (?:next |this )?(?:{_DAY}|tomorrow|tonight|week|weekend|month)"
    r"|for the (?:moment|time being|duration)|forever)(?= |$)"
)
# Of these, the ones that name no time.
OPEN_ENDED = re.compile(
    r"for (?:now|a while|a bit|good|a moment|ever|the \w+ ?being|the moment|the duration)|forever|until (?:further|then|i say)"
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
    "starting beginning monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays "
    "fridays saturdays sundays mon tue wed thu fri sat sun weekdays weekends at from by after before on every each next this during tonight tomorrow nightly daily weekly "
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
