"""Foundations that know nothing of networks."""
