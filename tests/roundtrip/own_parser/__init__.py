"""What is asked of a module's own parser, in its own interpreter (3.8 and newer)."""
