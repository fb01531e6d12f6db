"""A run's record as one file: no script, no network, light and dark, and fit for paper. Everything is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from importlib import resources

from escher.widgets.evidence.record import Code, Section
from escher.widgets.visible import visible

# Nothing may be fetched, run or sent, whatever a name or an output says.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(title: str, sections: Iterable[Section]) -> str:
    """The whole page."""
    style = resources.files("escher.widgets.evidence").joinpath("page.css").read_text("utf-8")
    body = "\n".join(part for section in sections for part in _section(section))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{_text(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{_text(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _section(section: Section) -> Iterator[str]:
    yield f"<section>\n<h2>{_text(section.title)}</h2>"
    yield from (f"<p>{_text(sentence)}</p>" for sentence in section.sentences)
    if section.facts:
        facts = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in section.facts)
        yield f"<dl>{facts}</dl>"
    if section.rows:
        heads = "".join(f'<th scope="col">{_text(head)}</th>' for head in section.heads)
        rows = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in section.rows)
        yield f'<div class="wide" tabindex="0"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    yield from map(_code, section.codes)
    yield "</section>"


def _code(code: Code) -> str:
    return f'<figure><figcaption>{_text(code.title)}</figcaption><pre tabindex="0">{_text(code.text)}</pre></figure>'


def _text(text: str) -> str:
    return escape(visible(text))
