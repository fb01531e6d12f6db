"""Show what a name really consists of: hidden and direction-changing characters and lookalike letters as `⟨U+202E⟩`.

The page does the same from the same table (`characters.json`, `jupyter_ext/src/visible.ts`). Pure but for that file.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from importlib import resources

_WORD = re.compile(r"[^\W\d_]+")


def visible(text: str) -> str:
    """The text with every character that could deceive the eye written as its code point; line ends and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    hidden, _ = _table()
    return hidden.sub(lambda found: _escaped(found[0]), _WORD.sub(lambda found: _word(found[0]), text))


def _word(word: str) -> str:
    if word.isascii():
        return word
    _, lookalikes = _table()
    deceptive = {letter for script, likes in lookalikes.items() for letter in _deceptive(word, script, likes)}
    return "".join(_escaped(one) if one in deceptive or _is_variant(one) else one for one in word)


def _deceptive(word: str, script: str, lookalikes: str) -> set[str]:
    """Letters of a script in a word that also has Latin ones, or that consists of nothing but lookalikes."""
    letters = {one for one in word if unicodedata.name(one, "").startswith(script.upper())}
    latin = any(unicodedata.name(one, "").startswith("LATIN") for one in word)
    return letters if latin or letters <= set(lookalikes) else set()


def _is_variant(letter: str) -> bool:
    """Whether a letter is another form of an ASCII one: full width, mathematical and the like."""
    return not letter.isascii() and unicodedata.normalize("NFKC", letter).isascii()


def _escaped(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


@functools.cache
def _table() -> tuple[re.Pattern[str], dict[str, str]]:
    table = json.loads(resources.files("escher.widgets").joinpath("characters.json").read_text("utf-8"))
    return re.compile(f"[{table['hidden']}]"), table["lookalikes"]
