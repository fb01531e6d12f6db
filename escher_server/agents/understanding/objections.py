"""Every reason to ask back before an order is planned. What narrows and is not understood never gets left out."""

from __future__ import annotations

from escher.contract.understanding import Clarification
from escher.contract.vocabulary import Kind
from escher_server.agents.understanding import asking
from escher_server.agents.understanding.contradictions import contradicts, impossible
from escher_server.agents.understanding.draft import Selection
from escher_server.agents.understanding.lexicon.phrases import words
from escher_server.agents.understanding.orders import Order
from escher_server.agents.understanding.refining import CAPABLE

# Done to a thing as a whole: a setting in such an order restricts it, in a way nothing can be selected by.
_WHOLE_THINGS = words("start stop reboot delete snapshot backup release restore attach detach")
# Of these a plain unknown word is no object: `apply best practices`, `reduce the noise`.
_OF_SETTINGS = words("update enable disable scale")
_COMMON_KINDS: tuple[Kind, ...] = ("compute_instance", "disk", "snapshot")


def objection(order: Order, kinds: tuple[Kind, ...]) -> Clarification | None:
    """Why this order cannot be carried out as it stands, as a question back; None when it can."""
    asked = unclear(order, kinds)
    if asked is not None or order.action != "create":
        return asked or _unclear_extent(order, kinds)
    return asking.unclear_request() if lacks_target(order) else None


def unclear(order: Order, kinds: tuple[Kind, ...]) -> Clarification | None:
    """What is unclear about an order besides which things are meant."""
    if order.ambiguous:
        return asking.which_action(order.actions, order.said)
    if len(order.actions) > 1:
        return asking.one_at_a_time(order.actions)
    if said := impossible(order.action, order.selection, order.said):
        return asking.impossible(said)
    return None if order.action == "create" else _unclear_object(order, kinds)


def lacks_target(order: Order) -> bool:
    """Whether nothing at all says which things are meant."""
    selection = order.selection
    if order.action == "create":
        return (selection.known and not selection.nouns) or not (
            selection.nouns or selection.has_names or selection.features or selection.indefinite
        )
    return not selection.narrows and not (selection.every and selection.nouns) and not selection.limit


def _unclear_object(order: Order, kinds: tuple[Kind, ...]) -> Clarification | None:
    """A word that narrows the object and was not understood: leaving it out would change more than was said."""
    selection = order.selection
    if selection.unread:
        return asking.not_understood(selection.unread)
    if (
        order.action in _OF_SETTINGS
        and not selection.nouns
        and not selection.known
        and _is_plain(selection)
        and not selection.features
    ):
        return asking.unclear_action(kinds)
    if selection.number is not None and order.action in _WHOLE_THINGS and not selection.has_names:
        return asking.not_understood([str(selection.number)])
    if selection.soft and not selection.has_names:
        return asking.judgement(selection.soft, kinds)
    if selection.ambiguous:
        return asking.which_reading(selection.ambiguous[0], kinds)
    if (selection.related_names or selection.related) and not selection.has_names:
        return asking.whose(selection.related_names or ["the things"], kinds)
    if selection.main.contradicts or _leaves_nothing(selection) or contradicts(selection):
        return asking.contradiction()
    if selection.either:
        return asking.which_name(selection.main.values.get("names", []))
    if selection.features and order.action in _WHOLE_THINGS:
        return asking.not_understood([feature.word for feature in selection.features])
    if len([tag for tag in selection.assigned if tag.values]) > 1 and order.action == "tag":
        return asking.one_tag([tag.key for tag in selection.assigned])
    return None


def _is_plain(selection: Selection) -> bool:
    names = selection.main.values.get("names", [])
    return bool(names) and all(name.isalpha() for name in names)


def _leaves_nothing(selection: Selection) -> bool:
    """An exception that takes out the very kind that is meant, or a kind that cannot be told apart."""
    kinds = {noun.kind for noun in selection.nouns}
    return any(noun.kind is None or kinds == {noun.kind} for noun in selection.excluded_nouns)


def _unclear_extent(order: Order, kinds: tuple[Kind, ...]) -> Clarification | None:
    """Nothing says which things, or how many, or the answer would be: everything."""
    selection, action = order.selection, order.action
    if selection.some:
        return asking.how_many(kinds)
    if lacks_target(order):
        broad = selection.everything or selection.every
        return asking.too_broad(action) if broad else asking.which_targets(action, kinds)
    of_account = action == "update" and bool(selection.features and selection.main.values.get("accounts"))
    if not kinds and not selection.nouns and not selection.has_names and not of_account:
        able = sorted(CAPABLE.get(action, _COMMON_KINDS))
        return asking.which_kind(action, able, " ".join(_scope(selection)))
    if action == "tag" and not selection.assigned:
        return asking.which_tag()
    return None


def _scope(selection: Selection) -> list[str]:
    return (
        [value for values in selection.main.values.values() for value in values]
        or list(selection.providers)
        or ["there"]
    )
