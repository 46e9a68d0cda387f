"""The core: everything that is true of a run, with no UI and no web in it."""
