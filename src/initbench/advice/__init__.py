"""Answers to questions that people ask before or after a study: how many seeds, which gain, which start, is my file right."""
