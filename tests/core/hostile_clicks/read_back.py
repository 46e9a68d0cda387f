"""Read command lines with a module's own click: what each command is given, raw.

``read_back.py FOLDER MODULE``, with a JSON list of argvs on stdin; answers with a list
of lists of ``ctx.params``, the outermost command first. Nothing of the commands runs.
"""

import importlib
import json
import sys

CHAINED = {"allow_extra_args": True, "allow_interspersed_args": False}


def soften(command, context):
    """Let every text through: no converter, callback, prompt, or need."""
    for parameter in command.get_params(context):
        parameter.required = False
        parameter.callback = None
        parameter.prompt = None
        parameter.is_eager = False
        if callable(parameter.default):
            parameter.default = None
        parameter.process_value = lambda ctx, value: value


def read(command, argv, extra):
    """The parameters of each command of the chain."""
    found, parent, name = [], None, "main"
    while True:
        soften(command, command.context_class(command, **command.context_settings))
        context = command.make_context(name, argv, parent=parent, **extra)
        params = {key: str_free(value) for key, value in context.params.items()}
        found.append(params)
        rest = [*getattr(context, "_protected_args", []), *context.args]
        if not hasattr(command, "get_command"):
            assert not rest, rest
            return found
        if not rest:
            return found
        extra = CHAINED if getattr(command, "chain", False) else {}
        parent = context
        name, command, argv = command.resolve_command(context, rest)


def str_free(value):
    """Only what a command line can have given; a default of another kind is None."""
    if isinstance(value, (list, tuple)):
        return [str_free(item) for item in value]
    return value if isinstance(value, (str, int, bool)) else None


def main():
    sys.path.insert(0, sys.argv[1])
    module = importlib.import_module(sys.argv[2])
    command = getattr(module, "main", None)
    if hasattr(module, "app"):
        command = importlib.import_module("typer.main").get_command(module.app)
    lines = json.load(sys.stdin)
    print(json.dumps([read(command, list(line), {}) for line in lines]))


if __name__ == "__main__":
    main()
