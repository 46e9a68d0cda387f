"""Following what runs write: pages of a growing log, its search, its export."""

from __future__ import annotations

from .follower import Follower, Subscription, follow_lines
from .line import LogLine
from .logfile import LogFile

__all__ = ["Follower", "LogFile", "LogLine", "Subscription", "follow_lines"]
