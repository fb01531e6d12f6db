"""Characters that deceive the eye are written out; honest ones of any language stay."""

from __future__ import annotations

import pytest

from escher.widgets.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("web\u202egnp.exe", "web⟨U+202E⟩gnp.exe"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("a\x1b[2Jb\r", "a⟨U+001B⟩[2Jb⟨U+000D⟩"),
        ("p\u0430ypal", "p⟨U+0430⟩ypal"),
        ("\u0441\u043e\u0441\u043e-1", "⟨U+0441⟩⟨U+043E⟩⟨U+0441⟩⟨U+043E⟩-1"),
        ("\uff46ull", "⟨U+FF46⟩ull"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
    ],
)
def test_deceptive_characters_are_written_out(text, shown) -> None:
    """Direction changes, invisible and control characters, lookalikes and other forms of ASCII letters."""
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text", ["web-dev-1", "Größe ünïcode", "база данных", "データ", "ελληνικά", "a\tb\nc", "naïve"]
)
def test_honest_text_stays(text) -> None:
    """Names in other scripts, line ends and tabs are shown as they are."""
    assert visible(text) == text
