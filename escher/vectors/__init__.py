"""The embedder and the search index. Knows points, texts and vectors, nothing of resources."""
