"""Inputs spoilt at random, and what the product does with them."""
