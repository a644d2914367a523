"""Replies valid by construction: a JSON schema as a program of bytes, and a cursor that walks through it."""
