"""Options that every command of az and gcloud has, and those that reach files, addresses or other credentials. Data."""

from __future__ import annotations

from collections.abc import Mapping

from escher.contract.vocabulary import Provider

# Options without dashes that change nothing but what is printed, or that nobody is asked.
HARMLESS: Mapping[Provider, frozenset[str]] = {
    "azure": frozenset({"output", "query", "only-show-errors", "verbose"}),
    "gcp": frozenset({"quiet", "format", "flatten", "verbosity", "user-output-enabled"}),
}
# The option that names the subscription or project: it may only name the one that this runs in.
ACCOUNT: Mapping[Provider, str] = {"azure": "subscription", "gcp": "project"}
# Options of single commands that bring credentials or addresses of their own.
REFUSED: Mapping[Provider, frozenset[str]] = {
    "azure": frozenset(
        {"account-key", "sas-token", "connection-string", "blob-endpoint", "file-endpoint", "queue-endpoint"}
        | {
            "generate-ssh-keys",
            "table-endpoint",
            "service-endpoint",
            "endpoint-url",
            "pat",
            "token",
            "source-account-key",
            "source-sas",
        }
    ),
    "gcp": frozenset({"token", "access-token", "key-file", "credential-file", "endpoint-override", "uri-file"}),
}
# How a command says that it prints one field and nothing around it.
PLAIN_OUTPUT = "tsv"
