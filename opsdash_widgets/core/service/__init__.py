"""What every face asks: launch, watch, stop, find; one gate, one audit log."""

from __future__ import annotations

from .preview import Preview
from .service import Service
from .validating import Verdict
from .wiring import open_doctor, open_service

__all__ = ["Preview", "Service", "Verdict", "open_doctor", "open_service"]
