"""The server's own look at what it was sent: a context with a credential in it is refused, not answered.

The client redacts before it sends; this is the second pair of eyes (agents.md section 1).
"""

from __future__ import annotations

import re

from escher.contract.context import RequestContext
from escher_server.errors import ContentForbidden

_CREDENTIALS = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}"
    r"|\bAIza[A-Za-z0-9_-]{35}"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\."
    r"|\b[a-z]{2,12}://[^\s/:@]+:[^\s/@]+@"
)


def refuse_credentials(context: RequestContext) -> None:
    """Raise ContentForbidden when a free text of the context holds something shaped like a credential."""
    texts = (context.prompt, *(turn.content for turn in context.history))
    if any(_CREDENTIALS.search(text) for text in texts):
        raise ContentForbidden(
            "the question holds something that looks like a credential, so it was not read.",
            hint="Take it out and ask again.",
        )
