"""A run's record as a notebook (nbformat 4.5) that only reads: run again, it shows the record again from the store.

Its only code loads the extension and shows the run. Everything else is Markdown in which nothing of the record can
become a link, an image or HTML: names and outputs are anybody's words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from escher.widgets.evidence.record import Section
from escher.widgets.visible import visible

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+.!|~$:/@-])")
_LOCKED = {"editable": False, "deletable": False}


def notebook(run_id: str, title: str, sections: Iterable[Section]) -> str:
    """The notebook as JSON."""
    shown = tuple(sections)
    document = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
            "escher": {"run_id": run_id, "read_only": True},
        },
        "cells": [
            _markdown("title", f"# {_escaped(title)}\n\nA record. Nothing in it changes anything; run it to read it anew."),
            _code("load", "%load_ext escher", ""),
            _code("show", f"%escher runs show {run_id}", plain(shown)),
            *(_markdown(f"part-{number}", "\n\n".join(_parts(part))) for number, part in enumerate(shown, start=1)),
        ],
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def plain(sections: Iterable[Section]) -> str:
    """The record as plain text; of what was printed or ran only that there is such."""
    return "\n".join(line for section in sections for line in _lines(section)).strip()


def _lines(section: Section) -> Iterator[str]:
    yield from ("", visible(section.title), *map(visible, section.sentences))
    yield from (f"  {name}: {visible(value)}" for name, value in section.facts)
    if section.rows:
        cells = [section.heads, *(tuple(map(visible, row)) for row in section.rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for line in cells:
            yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
    for code in section.codes:
        yield f"  {visible(code.title)}:"
        yield from (f"    {visible(line)}" for line in code.text.splitlines())


def _parts(section: Section) -> Iterator[str]:
    yield f"## {_escaped(section.title)}"
    yield from map(_escaped, section.sentences)
    if section.facts:
        yield _table(("", ""), section.facts)
    if section.rows:
        yield _table(section.heads, section.rows)
    for code in section.codes:
        yield _escaped(code.title)
        yield _fenced(code.text, code.language)


def _table(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    first = tuple(heads)
    lines = [first, tuple("---" for _ in first)]
    return "\n".join(
        [
            *(f"| {' | '.join(line)} |" for line in lines),
            *(f"| {' | '.join(map(_escaped, row))} |" for row in rows),
        ]
    )


def _fenced(text: str, language: str) -> str:
    """In a fence that is longer than any in the text."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{visible(text)}\n{fence}"


def _escaped(text: str) -> str:
    """Words that stay words: no HTML, no link (also not one that is made of a bare address), no formula, no line end."""
    flat = " ".join(visible(text).split())
    plain_text = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", plain_text)


def _markdown(id_: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id_, "metadata": dict(_LOCKED), "source": text}


def _code(id_: str, source: str, output: str) -> dict[str, Any]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": f"{output}\n"}] if output else []
    return {
        "cell_type": "code", "id": id_, "metadata": dict(_LOCKED), "source": source, "outputs": outputs,
        "execution_count": None,
    }  # fmt: skip
