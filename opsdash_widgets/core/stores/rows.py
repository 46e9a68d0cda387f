"""What the registry keeps of a run beside the run itself."""

from __future__ import annotations

import msgspec

from ..model import STATUS_ORDER, Run

WORDS_LIMIT = 4_000
"""Characters of a run that a text search looks at; an argv can be megabytes."""

_ATTENTION = {word: place for place, word in enumerate(STATUS_ORDER)}

COLUMNS = (
    "run_id",
    "created",
    "module",
    "requester",
    "environment",
    "state",
    "outcome",
    "attention",
    "duration",
    "ended",
    "run_group",
)

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Run)


def columns(run: Run) -> tuple[str | float | int | None, ...]:
    """The values of ``COLUMNS``."""
    spec, verdict = run.spec, run.verdict
    return (
        spec.run_id,
        spec.created,
        spec.module,
        requester(run),
        spec.environment,
        str(verdict.state),
        None if verdict.outcome is None else str(verdict.outcome),
        _ATTENTION[run.word],
        verdict.duration,
        verdict.ended,
        spec.group,
    )


def requester(run: Run) -> str:
    """Who asked for the run: the login, or the operating system's user."""
    return run.spec.requested_by or run.spec.user


def words(run: Run) -> str:
    """The text that a search looks at."""
    spec = run.spec
    parts = (
        spec.run_id,
        spec.run_id[-6:],
        spec.module,
        requester(run),
        spec.environment,
        spec.group,
        run.verdict.reason,
        run.explanation,
        " ".join(spec.argv)[:WORDS_LIMIT],
    )
    return "\n".join(part for part in parts if part)[:WORDS_LIMIT]


def encode(run: Run) -> bytes:
    """The run as JSON."""
    return _encoder.encode(run)


def decode(record: bytes) -> Run:
    """The run that ``encode`` was given."""
    return _decoder.decode(record)
