"""The controls: data in, traits out; each works alone in a cell."""
