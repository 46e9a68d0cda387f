"""Randomised launches with known truth, faults injected into them, and their judge.

Nothing here asks the code under test how a run ended, but for what its faces show:
that is compared with the truth.
"""
