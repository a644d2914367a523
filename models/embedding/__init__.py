"""Embedding models: sentence-transformers folders here, GGUF files through llama.cpp."""
