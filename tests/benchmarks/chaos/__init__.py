"""Runs that are killed, starved and robbed, held against one that was left alone."""
