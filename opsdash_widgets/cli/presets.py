"""``opsdash presets MODULE``: list, show, save, check and exchange its presets."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.errors import OpsdashError
    from ..core.model import FormValues, Preset
    from ..core.service import Service

FORMS = {
    "list": "",
    "show": "NAME",
    "save": "NAME",
    "validate": "NAME",
    "dry-run": "NAME",
    "rename": "NAME NEW",
    "delete": "NAME",
    "restore": "NAME",
    "export": "[NAME]",
    "import": "FILE",
}
"""Every verb, and the words that follow it."""
REFUSED = 2
"""What ``validate`` exits with when the module would not take the preset."""


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "list, show, save, check and exchange the presets of a module"
    verbs = "; ".join(f"{verb} {form}".strip() for verb, form in FORMS.items())
    parser = subparsers.add_parser(
        "presets",
        help=words,
        description=words.capitalize(),
        epilog=f"Verbs: {verbs}. `opsdash run MODULE --preset NAME` runs one.",
    )
    parser.add_argument("module", metavar="MODULE", help="as after python -m")
    parser.add_argument(
        "words", nargs="*", metavar="VERB", help="what to do (default: list them)"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    _add_save_options(parser)
    parser.add_argument(
        "--out", metavar="FILE", default="-", help="export: where to (default: stdout)"
    )
    parser.add_argument(
        "--replace", action="store_true", help="save, import: replace what is there"
    )
    return parser


def _add_save_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("for save (without these: every default)")
    group.add_argument(
        "--values", metavar="FILE", help="JSON as for `opsdash argv`; - reads stdin"
    )
    group.add_argument("--from-run", metavar="RUN", help="what a run was given")
    group.add_argument(
        "--description", metavar="TEXT", default="", help="what it is for"
    )
    group.add_argument(
        "--env", metavar="NAME", default="", help="the environment to run it in"
    )


def run(args: argparse.Namespace) -> int:
    """Do what the verb says."""
    from .session import opened_service

    verb = _take_verb(args)
    with opened_service(args) as service:
        return _VERBS[verb](service, args)


def _take_verb(args: argparse.Namespace) -> str:
    """The verb; what is left of the words is what it is done to.

    Raises:
        ValuesError: there is no such verb, or it is written in another way.
    """
    given: list[str] = args.words or ["list"]
    verb, *args.words = given
    if verb not in FORMS:
        known = ", ".join(FORMS)
        raise _misused(f"There is no `{verb}` for presets; there is {known}.")
    form = FORMS[verb].split()
    least = sum(not word.startswith("[") for word in form)
    if not least <= len(args.words) <= len(form):
        usage = f"opsdash presets {args.module} {verb} {FORMS[verb]}".strip()
        raise _misused(f"It is written `{usage}`.")
    return verb


def _misused(message: str) -> OpsdashError:
    from ..core.errors import ValuesError

    error = ValuesError(message, {})
    error.next_step = "See `opsdash presets --help`."
    return error


def _list(service: Service, args: argparse.Namespace) -> int:
    import msgspec

    from .terminal import emit_json, write_table
    from .times import exact

    rows = service.presets.list(args.module)
    if args.json:
        emit_json([msgspec.to_builtins(row) for row in rows])
        return 0
    if not rows:
        print(f"No presets for {args.module} yet.")
        return 0
    cells = [
        [
            row.name,
            row.place,
            row.requested_by,
            exact(row.modified) if row.modified else "",
            row.problem or row.description,
        ]
        for row in rows
    ]
    write_table(("NAME", "PLACE", "SAVED BY", "SAVED", "WHAT FOR"), cells)
    return 0


def _show(service: Service, args: argparse.Namespace) -> int:
    import msgspec

    from ..core.redaction import safe_text
    from .terminal import emit_json, heading, tell

    saved = service.presets.load(args.module, args.words[0])
    if args.json:
        emit_json({**msgspec.to_builtins(saved.preset), "place": saved.place})
        return 0
    preset = saved.preset
    title = safe_text(f"{preset.name} · {preset.module}")
    print(f"{heading(title)}  {safe_text(preset.description)}".rstrip())
    for name, value in _facts(preset):
        print(f"  {safe_text(name)}  {safe_text(value)}")
    drift = service.presets.compare(preset)
    if drift.sentence:
        tell(drift.sentence)
    return 0


def _facts(preset: Preset) -> list[tuple[str, str]]:
    import json
    import shlex

    from ..core.model import values_by_path

    values = values_by_path(preset.given).items()
    facts = [(path, json.dumps(value, ensure_ascii=False)) for path, value in values]
    facts += [(name, value) for name, value in preset.tokens.items()]
    facts += [(f"${name}", value) for name, value in preset.variables.items()]
    if preset.extra_args:
        facts.append(("further arguments", shlex.join(preset.extra_args)))
    if preset.environment:
        facts.append(("environment", preset.environment))
    if preset.secrets:
        facts.append(("left out, secret", ", ".join(preset.secrets)))
    return facts


def _save(service: Service, args: argparse.Namespace) -> int:
    import msgspec

    from ..core.errors import PresetNotFound
    from ..core.model import Preset
    from .terminal import tell

    (name,) = args.words
    expected = ""
    if args.replace:
        try:
            expected = service.presets.load(args.module, name, "own").fingerprint
        except PresetNotFound:
            expected = ""
    if args.values or args.from_run:
        preset = Preset(name=name, module=args.module, values=_values(service, args))
    else:
        preset = service.presets.generate(args.module, name, environment=args.env)
    preset = msgspec.structs.replace(
        preset, description=args.description, environment=args.env
    )
    saved = service.presets.save(preset, expected)
    if saved.preset.secrets:
        tell(f"Secrets are left out: {', '.join(saved.preset.secrets)}.")
    print(saved.path)
    return 0


def _values(service: Service, args: argparse.Namespace) -> FormValues:
    import msgspec

    from ..core.errors import ValuesError
    from ..core.model import FormValues
    from .argv import read_values

    if args.values:
        return read_values(args.values)
    found = service.run(args.from_run)
    if found.spec.module != args.module or found.spec.values is None:
        message = f"{found.run_id} was not run from a form of {args.module}."
        raise ValuesError(message, {})
    return msgspec.convert(found.spec.values, FormValues)


def _validate(service: Service, args: argparse.Namespace) -> int:
    import msgspec

    from .terminal import emit_json, tell

    preset = service.presets.load(args.module, args.words[0]).preset
    check = service.presets.validate(preset)
    if args.json:
        emit_json(msgspec.to_builtins(check))
    elif check.accepted:
        print(check.message)
    else:
        tell(check.message)
        for path, said in check.fields.items():
            line = f"{path}: {said}" if path else said
            if line != check.message:
                tell(f"  {line}", prefix="")
    return 0 if check.accepted else REFUSED


def _dry_run(service: Service, args: argparse.Namespace) -> int:
    import msgspec

    from .terminal import emit_json

    preset = service.presets.load(args.module, args.words[0]).preset
    preview = service.presets.dry_run(preset)
    if args.json:
        emit_json(msgspec.to_builtins(preview))
        return 0
    print(preview.shell_line)
    print(f"  in  {preview.cwd}")
    for name, value in preview.variables.items():
        print(f"  with  {name}={value}")
    return 0


def _rename(service: Service, args: argparse.Namespace) -> int:
    print(service.presets.rename(args.module, *args.words).path)
    return 0


def _delete(service: Service, args: argparse.Namespace) -> int:
    import shlex

    from .terminal import tell

    (name,) = args.words
    service.presets.delete(args.module, name)
    words = shlex.join(["opsdash", "presets", args.module, "restore", name])
    tell(f"{name} is deleted; `{words}` brings it back.")
    return 0


def _restore(service: Service, args: argparse.Namespace) -> int:
    print(service.presets.restore(args.module, args.words[0]).path)
    return 0


def _export(service: Service, args: argparse.Namespace) -> int:
    from ..core.errors import PresetError

    data = service.presets.export(args.module, *args.words)
    if args.out == "-":
        sys.stdout.write(data.decode())
        return 0
    try:
        Path(args.out).write_bytes(data)
    except OSError as error:
        raise PresetError(
            f"{args.out} cannot be written ({error.strerror or error}).",
            "Choose a folder of yours.",
        ) from error
    return 0


def _import(service: Service, args: argparse.Namespace) -> int:
    from .argv import read_content

    (name,) = args.words
    data = read_content(name)
    title = "Standard input" if name == "-" else name
    for saved in service.presets.import_(
        data, args.module, title=title, overwrite=args.replace
    ):
        print(saved.preset.name)
    return 0


_VERBS: dict[str, Callable[[Service, argparse.Namespace], int]] = {
    "list": _list,
    "show": _show,
    "save": _save,
    "validate": _validate,
    "dry-run": _dry_run,
    "rename": _rename,
    "delete": _delete,
    "restore": _restore,
    "export": _export,
    "import": _import,
}
