"""Tests, intervals, ranks and power: pure functions over arrays, which know nothing of runs or tables."""
