"""Take the index off a Qdrant server of the user's own; the next search builds it there anew from what is left."""

from __future__ import annotations

from escher.errors import ConfigurationError, IndexLost
from escher.settings import Settings
from escher.store.vault import Store

_NOT_REACHED = "The Qdrant server did not answer: it still holds the veiled points of what was purged."


def erase(settings: Settings, store: Store) -> tuple[str, ...]:
    """Erase the collection that this store has on the server of these settings; what could not be promised, in sentences."""
    if not settings.qdrant_url:
        return ()
    from escher.vectors.embedder import load_embedder
    from escher.vectors.remote import RemoteIndex, Server

    server = Server(settings.qdrant_url, settings.qdrant_api_key, store.derive("remote index"))
    try:
        index = RemoteIndex(server, "estate", load_embedder().dimension)
        index.erase()
        index.close()
    except (ConfigurationError, IndexLost):
        return (_NOT_REACHED,)
    return ()
