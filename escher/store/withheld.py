"""The attributes of resources that are never stored, because they often hold secrets (design.md section 7, rule 9).

They are dropped, not refused: the rest of the resource is worth having, and a scan must not end for them. That no
declared type names one is a test's business. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

# Without underscores and hyphens, in lower case: a provider's spelling and ours are the same word.
_WORDS = """
    accesskey accesskeys accountkey accountkeys adminpassword apikey appsettings authtoken bootstrapscript
    buildenvironmentvariables clientsecret connectionstring connectionstrings credentials customdata
    environment environmentvariables environmentsecrets envvars keymaterial masterpassword masteruserpassword
    password passwords privatekey primarykey sastoken secondarykey secret secretaccesskey secretenvironmentvariables
    secretkey secrets secretstring secretvalue sessiontoken sharedaccesskey startupscript token tokens userdata
    variables windowsstartupscriptps1
"""
_SECRET = frozenset(_WORDS.split())


@lru_cache(maxsize=4_096)
def is_secret(name: str) -> bool:
    """Whether an attribute of this name is never stored."""
    return name.replace("_", "").replace("-", "").lower() in _SECRET


def without_secrets(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes without those, at any depth."""
    return {name: without_secret(value) for name, value in attributes.items() if not is_secret(name)}


def without_secret(value: Any) -> Any:
    """The value of an attribute without those that it holds itself, at any depth."""
    if isinstance(value, dict):
        return without_secrets(value)
    if isinstance(value, list | tuple):
        return [without_secret(item) for item in value if not _names_a_secret(item)]
    return value


def _names_a_secret(item: Any) -> bool:
    """Whether an item of a list is a secret in the form `{"key": "user-data", "value": …}`."""
    named = isinstance(item, dict) and (item.get("key") or item.get("name"))
    return isinstance(named, str) and is_secret(named)
