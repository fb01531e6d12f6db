"""What a script's words stand for: text of the script itself, text it was given, or text known only when it runs.

Rule 4 of design.md section 7 lives here: a given value may stand among a command's words only when it looks like an
id, a region, a number or a name; every other value must travel inside JSON.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Origin = Literal["script", "given", "answer", "unknown"]

_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=@-]*\Z")
_NUMBER = re.compile(r"(-\d+|-\d*\.\d+)\Z")
# Values that the AWS CLI would take for the address of the real value.
_ADDRESS = re.compile(r"\s*(file|fileb|http|https)://", re.IGNORECASE)
_NESTED_ADDRESS = re.compile(r"@\s*=\s*(file|fileb)://")
# What an id of EC2 looks like, by the end of the parameter's name.
_ID_PREFIXES = {
    "InstanceId": ("i-", "mi-"),
    "VolumeId": ("vol-",),
    "SnapshotId": ("snap-",),
    "ImageId": ("ami-",),
    "VpcId": ("vpc-",),
    "SubnetId": ("subnet-",),
    "AllocationId": ("eipalloc-",),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text. `answer` is a field that the provider itself makes (an id, a state), read by an earlier command."""

    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command after expansion."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The word's text; what is known only later is missing from it."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def known(self) -> bool:
        """Whether the whole text is known."""
        return all(piece.origin in ("script", "given") for piece in self.pieces)

    @property
    def answered(self) -> bool:
        """Whether all of it stands in the script or is a field that the provider itself made."""
        return all(piece.origin in ("script", "answer") for piece in self.pieces)

    @property
    def literal(self) -> bool:
        """Whether the script's author wrote all of it."""
        return all(piece.origin == "script" for piece in self.pieces)

    @property
    def given(self) -> tuple[str, ...]:
        """The parts that came in from outside."""
        return tuple(piece.text for piece in self.pieces if piece.origin == "given")

    def split(self, separator: str) -> tuple[Word, Word] | None:
        """The word before and after the first separator in the author's own first text, or None."""
        if not self.pieces or self.pieces[0].origin != "script":
            return None
        head, found, tail = self.pieces[0].text.partition(separator)
        return (script_word(head), joined([script_word(tail), Word(self.pieces[1:])])) if found else None


# Text that is known only when the script runs: of any form, or a field that the provider itself made.
UNKNOWN_WORD = Word((Piece("", "unknown"),))
ANSWER_WORD = Word((Piece("", "answer"),))


def first_hidden_character(script: str) -> int | None:
    """The line of the first control or direction-changing character, or None."""
    found = _HIDDEN.search(script)
    return None if found is None else script.count("\n", 0, found.start()) + 1


def script_word(text: str) -> Word:
    """A word that stands in the script as it is."""
    return Word((Piece(text, "script"),))


def given_word(text: str) -> Word:
    """A word that is an argument or a variable of the environment."""
    return Word((Piece(text, "given"),))


def joined(words: Sequence[Word]) -> Word:
    """Words written without a gap between them."""
    return Word(tuple(piece for word in words for piece in word.pieces if piece.text or piece.origin != "script"))


def is_flag(word: Word) -> bool:
    """Whether a CLI would take the word for an option; a number below zero, a dash alone and a text with blanks are not."""
    text = word.pieces[0].text if word.pieces and word.pieces[0].origin == "script" else ""
    return (
        text.startswith("-") and word.text != "-" and not _NUMBER.match(word.text) and " " not in text.partition("=")[0]
    )


def flag_of(word: Word) -> tuple[str, Word | None]:
    """An option's name without its two dashes, and the value after `=`. A name that is not all literal is no name."""
    parts = word.split("=")
    name, inline = parts or (word, None)
    text = name.text if name.literal else ""
    return (text[2:] if text.startswith("--") else text), inline


def as_argument(word: Word, parameter: str = "", *, structured: bool = False) -> str:
    """Why this word may not be an argument of a provider's CLI; empty when it may.

    `structured` says that the CLI looks for keys in the text, so a given part may not bring its own.
    """
    if any(piece.origin == "unknown" for piece in word.pieces):
        return "a value known only when the script runs may not be an argument here"
    for text in word.given:
        if not _PLAIN.match(text) or "://" in text or (structured and re.search("[=@]", text)):
            return f"the value {_shown(text)} is not an id, region, number or name; pass it inside --cli-input-json"
    if _ADDRESS.match(word.text) or (structured and _NESTED_ADDRESS.search(word.text)):
        return f"{_shown(word.text)} would be read from a file or an address"
    return _unlike_id(word, parameter)


def _unlike_id(word: Word, parameter: str) -> str:
    prefixes = _ID_PREFIXES.get(parameter.removesuffix("s"), ())
    if prefixes and word.given and not word.text.startswith(prefixes):
        return f"{_shown(word.text)} is no {parameter.removesuffix('s')}"
    return ""


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}…")
