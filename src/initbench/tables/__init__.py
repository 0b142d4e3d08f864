"""What was measured, as users get it."""
