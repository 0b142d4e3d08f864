"""Layers and their passes, stacked over members."""
