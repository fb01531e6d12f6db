"""Closed classes of English: the words whose job is grammar."""

from __future__ import annotations

from escher_server.agents.understanding.lexicon.phrases import Phrases, phrase_set, words

DETERMINERS = words("the a an my our your their this that these those its his her some")
PRONOUNS = words("it them they those these this that one ones him")
CONJUNCTIONS = frozenset(("and", "or", ",", "&", "plus", "nor", "/"))
# A preposition after the thing itself says where it belongs; what follows is not another thing to act on.
PREPOSITIONS = words(
    "in of from for on at by with within inside under across behind through via using per against between among "
    "attached-to inside-of"
)
RELATIVES = frozenset(("that", "which", "who", "whose", "where"))
COPULAS = words(
    "run is are was were be been being am have has had having do does did get gets got getting there it's seem seems "
    "look "
    "sit sits sitting live lives living located deployed hosted exist exists existing reside resides configured found "
    "attached-to currently still already also actually really all-in residing placed left belongs looks appear appears"
)
ALL_WORDS = words("all every each any both entire whole everything anything everyone")
EVERYTHING = frozenset(("everything", "anything"))
VAGUE_AMOUNTS = words("some several few most many half couple certain various")

EXCEPT: Phrases[bool] = phrase_set(
    "except | except for | excepting | excluding | exclude | but not | other than | apart from | aside from"
    " | besides | with the exception of | leaving out | leave out | not including | without touching | save for"
    " | and not | minus | barring | sparing | spare | bar | but for | but leave | but keep | but exclude"
    " | but skip | skipping | skip | ignoring | ignore | unless | unless they are | unless it is | not counting"
    " | but do not touch | do not touch | but never | but leave out | leave alone | but excluding | unless it has"
    " | unless they have | not the | not in | not from | but not in | rather than | instead of | all but"
    " | that are not in | that is not in | outside | outside of | keeping"
)
NEGATIONS = frozenset(("not", "no", "without", "lack", "lacks", "lacking", "missing", "never", "non", "neither", "nor"))
# Politeness and haste: said, and meaning nothing for what is to be done. Taken out before anything is read.
FILLERS: Phrases[bool] = phrase_set(
    "please | pls | plz | plese | pleese | pleas | plase | kindly | thanks | thank you | thx | cheers | ty | right now | right away"
    " | straight away | immediately | asap | at once | as soon as possible | as soon as you can | if you can"
    " | if possible | if you want | if you like | if needed | if necessary | if you must | if that is ok"
    " | if that is okay | while you are at it | if you do not mind | if you would | if you please"
    " | when you get a chance | when you have a moment | when you have time | when you can"
    " | if it is not too much trouble | for me | for us | real quick | quickly | now please | a sec"
    " | for a second | urgently | urgent | this instant | without delay | by the way | btw | ok thanks"
    " | many thanks | much appreciated | on my behalf | i think | i guess | i suppose | i believe"
    " | like i said | as discussed | as agreed | as we discussed | as usual | by default | once and for all"
    " | with immediate effect | effective immediately | there is no rush | no rush | no hurry | for real"
    " | again please | in one go | at the same time | in bulk | one by one | simultaneously | in parallel"
    " | gracefully | cleanly | safely | carefully | quietly | automatically for me | completely | entirely"
    " | permanently | temporarily | properly | manually | forcefully | once more | already"
)
