"""The tag keys and environment names that everybody uses, in one place for both sides of the wire.

The values below are the allow-list: an environment that is not among them never leaves the machine.
"""

from __future__ import annotations

from collections.abc import Mapping

ENVIRONMENT_KEYS = ("env", "environment", "stage", "tier")
APPLICATION_KEYS = ("app", "application", "service", "project")
OWNER_KEYS = ("owner", "team", "contact")

_SYNONYMS: dict[str, tuple[str, ...]] = {
    "dev": ("dev", "develop", "development", "devel"),
    "test": ("test", "testing", "tst"),
    "qa": ("qa", "quality"),
    "staging": ("staging", "stage", "stg"),
    "uat": ("uat", "acceptance"),
    "preprod": ("preprod", "pre-prod", "preproduction"),
    "prod": ("prod", "production", "prd", "live"),
    "sandbox": ("sandbox", "sbx", "playground"),
    "demo": ("demo",),
    "dr": ("dr", "disaster-recovery"),
}
_CANONICAL = {word: name for name, words in _SYNONYMS.items() for word in words}


def environment_of(tags: Mapping[str, str]) -> str | None:
    """The canonical environment that a resource's tags name, or None when they name none of the allow-list."""
    return canonical_environment(tag_value(tags, ENVIRONMENT_KEYS) or "")


def environments_of(tags: Mapping[str, str]) -> frozenset[str]:
    """Every canonical environment that any of the tags names: what protects counts them all, not the first alone."""
    named = (canonical_environment(value) for key, value in tags.items() if key.lower() in ENVIRONMENT_KEYS)
    return frozenset(name for name in named if name)


def canonical_environment(word: str) -> str | None:
    """`production` → `prod`; None for a word that is no environment."""
    return _CANONICAL.get(word.strip().lower())


def environment_words() -> Mapping[str, str]:
    """Every spelling of the allow-list with its canonical name."""
    return dict(_CANONICAL)


def tag_value(tags: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    """The value of the first of `keys` that is present, whatever its case."""
    lowered = {key.lower(): value for key, value in tags.items()}
    return next((lowered[key] for key in keys if key in lowered), None)
