"""llama.cpp in a process of its own: `LlamaEngine` here, the worker and its scheduler there."""
