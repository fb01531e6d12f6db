"""What the rest of a script needs to know of a command: whether it prints only what the provider itself makes. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Fields that the provider makes, so that their text can be trusted among another command's words.
_MADE_BY_PROVIDER = re.compile(r"[A-Za-z0-9_.\[\]]*(Id|Arn|Identifier|State|Status|Count|Size|SizeGb)s?(\[\d*\])?\Z")
_BARE = frozenset({"id", "state", "status", "sizeGb", "count"})


@dataclass
class Answer:
    """The field that a command picks (`query`), and `text` as the form when it prints nothing around it."""

    query: str = ""
    output: str = ""

    @property
    def answers_plainly(self) -> bool:
        """Whether it prints nothing but a field that the provider itself makes."""
        field = self.query
        return self.output == "text" and (bool(_MADE_BY_PROVIDER.match(field)) or field.rpartition(".")[2] in _BARE)
