"""The pages: each one file that wires controls to the service."""
