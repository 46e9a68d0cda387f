"""Example modules to run first; each needs the standard library only."""
