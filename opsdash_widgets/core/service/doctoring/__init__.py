"""The checks of ``opsdash doctor``: one file for each part of a home folder."""
