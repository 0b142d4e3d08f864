"""Training networks and measuring them."""
