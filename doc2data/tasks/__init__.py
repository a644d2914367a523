"""Typed requests to a model, their prompts, and the rules that stand in where there is no model."""

from __future__ import annotations
