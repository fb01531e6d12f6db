"""What a command of az or gcloud, or a method of their SDKs, does, told from its name. Pure.

The last word's verb decides (`nsg rule delete`, `instances add-labels`, `virtual_machines.begin_start`); where the last
word is a kind of thing (`health-checks create http`), the word before it does. An unknown verb is a `write`. What can be
undone (`stop`, `deallocate`, `detach`, labels and tags) is a `write`, what is lost is `destroy`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import translate
from functools import cache

from escher.apis import special_effects_azure, special_effects_gcp
from escher.contract.vocabulary import Effect, Provider

_TRACK = re.compile(r"(beta|alpha|preview) ")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_READ = _words(
    "list show describe get exists check validate wait lookup search find query count read preview estimate simulate "
    "diff status stats what-if test aggregated inspect verify is fetch lint summarize peek stat watch"
)
_DESTROY = _words(
    "delete remove purge revoke unregister deregister terminate destroy flush clear drop release uninstall wipe "
    "abandon kill undeploy disassociate-all discard reimage repair undelegate unenroll evict expunge"
)
_RUN = _words(
    "run exec execute invoke export import download upload ssh scp connect call predict submit deploy build login "
    "tunnel generate detect analyze analyse explain tail pull browse install apply convert translate recognize "
    "transcribe classify sign decrypt encrypt copy-files open invite publish synthesize retrieve evaluate replay "
    "instantiate diagnose collect capture troubleshoot logs stream print raw direct batch report perform-action "
    "local collect stream-logs render access exchange compute query-data long log mount proxy"
)
_CHANGE = _words("create update set add replace configure restore cancel start stop enable disable patch insert renew")
_GENTLE = re.compile(r"-(labels?|tags?|annotations?|metadata|members?)$")
_CREDENTIAL = re.compile(
    r"-(credentials?|passwords?|tokens?|kubeconfigs?|connection-strings?|sas|shared-keys?|access-keys?|admin-keys?|"
    r"auth-keys?|api-keys?|account-keys?|keys?|secrets?|application-settings|app-settings|key-string|auth-string|"
    r"user-data|publishing-profile.*|publishing-credentials.*|sas-urls?|urls?)(-[a-z0-9]+)*$"
)
_HANDING_OUT = _words(
    "list show get describe create generate regenerate renew rotate reset fetch retrieve issue download"
)


@cache
def named_effect(provider: Provider, service: str, operation: str) -> Effect:
    """The effect of a command (`compute`, `beta instances stop`) or a method (`compute`, `instances.stop`)."""
    plain = _TRACK.sub("", operation, count=1) if provider == "gcp" and " " in operation else operation
    # Of a Google API in several versions: `sqladmin.v1beta4`.
    special = _special(provider, f"{service.partition('.')[0]} {plain}".rstrip())
    if special is not None:
        return special
    return _of_method(plain) if "." in plain else _of_command(service, plain)


def _special(provider: Provider, name: str) -> Effect | None:
    """The effect of the most exact pattern that fits."""
    fitting: dict[str, Effect] = {
        pattern: effect for pattern, matcher, effect in _patterns(provider) if matcher.match(name)
    }
    return fitting[max(fitting, key=len)] if fitting else None


@cache
def _patterns(provider: Provider) -> tuple[tuple[str, re.Pattern[str], Effect], ...]:
    table = special_effects_azure.EFFECTS if provider == "azure" else special_effects_gcp.EFFECTS
    return tuple(
        (pattern, re.compile(translate(pattern)), effect) for effect, patterns in table.items() for pattern in patterns
    )


def patterns(provider: Provider) -> Mapping[str, Effect]:
    """Every pattern over `service operation`, with the effect it stands for."""
    return {pattern: effect for pattern, _, effect in _patterns(provider)}


def _of_command(service: str, operation: str) -> Effect:
    words = (operation or service).split(" ")
    last = words[-1].replace("_", "-")
    found = _by_verb(last)
    if found is None and len(words) > 1:
        before = words[-2].partition("-")[0]
        # Only what changes or runs something is taken from there: a group may be called `search` or `check`.
        found = _by_verb(before) if before in _CHANGE | _RUN | _DESTROY else None
    return found or "write"


def _of_method(operation: str) -> Effect:
    """`virtual_machines.begin_deallocate`, `projects.serviceAccounts.getIamPolicy`."""
    last = operation.rpartition(".")[2].removeprefix("begin_")
    return _by_verb(_HUMP.sub("-", last).lower().replace("_", "-")) or "write"


def _by_verb(word: str) -> Effect | None:
    """The effect of a word such as `list-keys`; None when its verb is not known."""
    verb = word.partition("-")[0]
    if verb in _HANDING_OUT and _CREDENTIAL.search(word):
        return "secret"
    if word in _READ or verb in _READ:
        return "read"
    if verb in _DESTROY:
        return "write" if _GENTLE.search(word) else "destroy"
    if word in _RUN or verb in _RUN:
        return "unknown"
    return "write" if verb in _CHANGE else None
