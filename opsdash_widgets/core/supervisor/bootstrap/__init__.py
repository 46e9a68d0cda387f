"""What runs inside a Python job before its module (Python 3.8 and newer)."""
