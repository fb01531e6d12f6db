"""Let `%escher which buckets are public?` be a question: IPython would take the mark at its end for its own help syntax."""

from __future__ import annotations

from tokenize import DEDENT, INDENT, TokenInfo

from IPython.core.inputtransformer2 import EscapedCommand, assemble_continued_line, find_end_of_continued_line

MAGIC = "escher"


class EscherLine(EscapedCommand):
    """A `%escher …` line becomes a call of the magic, before anything else looks at its end."""

    priority = 1

    @classmethod
    def find(cls, tokens_by_line: list[list[TokenInfo]]) -> EscherLine | None:
        """The first line that begins with `%escher`, outside of any string."""
        for line in tokens_by_line:
            words = [token for token in line if token.type not in (INDENT, DEDENT)][:2]
            if [token.string for token in words] == ["%", MAGIC]:
                return cls(words[0].start)
        return None

    def transform(self, lines: list[str]) -> list[str]:
        """The cell's lines with this one replaced."""
        first, column = self.start_line, self.start_col
        last = find_end_of_continued_line(lines, first)
        text = assemble_continued_line(lines, (first, column), last)[len(f"%{MAGIC}") :].strip()
        call = f"{lines[first][:column]}get_ipython().run_line_magic({MAGIC!r}, {text!r})\n"
        return [*lines[:first], call, *lines[last + 1 :]]
