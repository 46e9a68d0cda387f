"""What a module's own parser says of a launch, before it is started."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from .. import discovery
from ..command import CommandLine
from ..errors import ValuesError
from ..model import Environment, ModuleSpec

_FOR_EACH_S = 0.1
"""What each further command line may take over the time for one."""
ACCEPTED, REFUSED, UNKNOWN, OFF = "accepted", "refused", "unknown", "off"
SWITCHED_OFF = "Parsers are not asked before a launch: `validate_before_launch` is off."


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the parser says of one launch.

    Attributes:
        word: ``accepted``, ``refused``, ``unknown`` (it was asked, and it could not be
            found out) or ``off`` (it was not asked).
        message: the parser's own words, or why nothing is known; empty where accepted.
        fields: paths of the form's fields that it names.
        told: what is unknown is worth a word (not where there is no parser to ask).
    """

    word: str
    message: str = ""
    fields: tuple[str, ...] = ()
    told: bool = True

    def check(self, module: str) -> None:
        """Let a launch pass that its parser does not refuse.

        Raises:
            ValuesError: it does, in its own words.
        """
        if self.word == REFUSED:
            message = (
                f"The parser of {module} refuses this: {self.message.rstrip('.')}."
            )
            raise ValuesError(
                message, dict.fromkeys(self.fields or ("",), self.message)
            )


def asked(
    spec: ModuleSpec,
    environment: Environment,
    lines: Sequence[CommandLine],
    timeout_s: float,
) -> list[Verdict]:
    """Ask the parser about several command lines; the module is imported once.

    Raises:
        EnvironmentNotUsable: the interpreter or the folder is not there.
    """
    said = discovery.validate(
        spec.module,
        [line.argv for line in lines],
        interpreter=environment.interpreter,
        cwd=environment.cwd,
        variables=environment.variables,
        timeout_s=timeout_s + _FOR_EACH_S * (len(lines) - 1),
        spec=spec,
        secrets=[secret for line in lines for secret in line.secret_values],
    )
    if not said.available:
        return [Verdict(word=OFF, message=said.reason)] * len(lines)
    return [_verdict(one) for one in said.verdicts]


def _verdict(said: discovery.ParserVerdict) -> Verdict:
    if said.accepted is None:
        told = said.message != discovery.NO_PARSER
        return Verdict(
            word=UNKNOWN, message=said.message, fields=said.fields, told=told
        )
    if said.accepted:
        return Verdict(word=ACCEPTED)
    message = said.message or "It is refused without a word."
    return Verdict(word=REFUSED, message=message, fields=said.fields)
