"""Follow a module from what it runs to the parser it builds, in its source only.

A module must not be run to find its arguments unless running it leads to a parser. So
from the statements that run, every name that they mention is followed, through the
module's own functions and classes and through what it imports, until a parser turns
up or nothing is left. Mentions are followed, not only calls: too much is better than
a parser missed. Annotations are not: they build nothing.
"""

from __future__ import annotations

import ast
import os
import re
import warnings
from typing import Iterable, Iterator, NamedTuple, Sequence, Tuple

from . import reading
from .locate import Finders, content, locate

_MARKERS = {
    "argparse.ArgumentParser": reading.ARGPARSE,
    "unittest.main": reading.ARGPARSE,
    "unittest.TestProgram": reading.ARGPARSE,
    "typer.Typer": reading.TYPER,
    "typer.run": reading.TYPER,
    "click.command": reading.CLICK,
    "click.group": reading.CLICK,
    "click.Command": reading.CLICK,
    "click.Group": reading.CLICK,
    "click.MultiCommand": reading.CLICK,
    "fire.Fire": reading.FIRE,
}
_PARSE_CALLS = {
    "parse_args",
    "parse_known_args",
    "parse_intermixed_args",
    "parse_known_intermixed_args",
}
_DYNAMIC = {"import_module", "__import__", "run_module", "exec", "entry_points"}
_NOT_RUN = {"annotation", "returns"}
_FILES = 150
_MENTIONS = 200_000
_LOOK_AHEAD = 200
_NAMES = 3
_PROMISE = re.compile(rb"\bArgumentParser\b|\bclick\.|\btyper\.|\bfire\.Fire\b")
"""What a file that makes a parser speaks of."""
_BYTES = 500_000
_STDLIB = os.path.dirname(os.path.abspath(os.__file__)) + os.sep

Mention = Tuple[str, ...]


class Reached(NamedTuple):
    """What running a module leads to.

    Attributes:
        kind: the kind of the parser that was reached, or None.
        unsure: something was called that the source alone does not tell.
    """

    kind: str | None
    unsure: bool


class _Source:
    """One parsed file: what it defines, imports and runs."""

    def __init__(self, data: bytes, name: str, is_package: bool, is_main: bool) -> None:
        self.name = name
        self.package = name if is_package else name.rpartition(".")[0]
        self.definitions: dict[str, list[ast.AST]] = {}
        self.imports: dict[str, list[tuple[str, str]]] = {}
        self.stars: list[str] = []
        self.runs: list[ast.AST] = []
        self.calls: list[ast.AST] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
        for statement in tree.body:
            self._take(statement, is_main)

    def _take(self, statement: ast.stmt, is_main: bool) -> None:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.definitions.setdefault(statement.name, []).append(statement)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            self.take_import(statement)
        elif is_main or not _is_guard(statement):
            self.runs.append(statement)
            if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                self.calls.append(statement)
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    self.definitions.setdefault(node.id, []).append(statement)
                elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                    self.definitions.setdefault(node.name, []).append(node)
                else:
                    self.take_import(node)  # `try: import click`

    def uses(self, module: str) -> bool:
        return any(
            origin == module for known in self.imports.values() for origin, _ in known
        )

    def take_import(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    self._learn(alias.asname, alias.name, "")
                else:
                    root = alias.name.partition(".")[0]
                    self._learn(root, root, "")
        elif isinstance(node, ast.ImportFrom):
            module = self._absolute(node)
            for alias in node.names:
                if alias.name == "*":
                    self.stars.append(module)
                else:
                    self._learn(alias.asname or alias.name, module, alias.name)

    def _learn(self, name: str, module: str, inner: str) -> None:
        """An import; there may be several of a name, one for when another fails."""
        known = self.imports.setdefault(name, [])
        if (module, inner) not in known:
            known.append((module, inner))

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.package.split(".")
        base = ".".join(parts[: len(parts) - node.level + 1])
        return (base + "." + node.module) if node.module else base


class _Question(NamedTuple):
    """A name of a module, and what is wanted of it."""

    module: str
    name: str
    rest: Mention


class _Text(NamedTuple):
    """One file, unparsed."""

    data: bytes
    is_package: bool
    promising: bool


class _Search:
    """One breadth-first search over files and names."""

    def __init__(self, paths: Sequence[str], root: str, own_only: bool) -> None:
        self.own_only = own_only
        self.paths = paths
        self.root = root
        self.sources: dict[str, _Source | None] = {}
        self.finders: Finders = {}
        self.texts: dict[str, _Text | None] = {}
        self.mentions = 0
        self.files = 0
        self.bytes = 0
        self.unsure = False
        self.waiting: list[_Question] = []
        self.asked: set[_Question] = set()

    def run(self, source: _Source) -> str | None:
        kind = self._follow(source, list(source.runs))
        while kind is None and self.waiting:
            kind = self._follow_name(self._next())
        return kind or self._run_by_import(source)

    def _run_by_import(self, source: _Source) -> str | None:
        """What the package's own modules do when the file that runs imports them."""
        for module, name in [one for known in source.imports.values() for one in known]:
            if module.partition(".")[0] != self.root:
                continue
            for imported in (module, f"{module}.{name}"):
                begun = self._source(imported)
                calls = begun.calls if begun is not None and begun is not source else []
                kind = self._follow(begun, list(calls)) if begun and calls else None
                while kind is None and self.waiting:
                    kind = self._follow_name(self._next())
                if kind is not None:
                    return kind
        return None

    def _next(self) -> _Question:
        """What to look at now: a file that speaks of a parser, else the oldest."""
        for place, asked in enumerate(self.waiting[:_LOOK_AHEAD]):
            text = self._text(asked.module)
            if text is not None and text.promising:
                return self.waiting.pop(place)
        return self.waiting.pop(0)

    def _follow_name(self, asked: _Question) -> str | None:
        module, name, rest = asked
        source = self._source(module)
        if source is None:
            return None
        if name in source.definitions:
            return self._follow(source, list(source.definitions[name]))
        if name in source.imports:
            return self._first(
                self._ask_dotted(*one, rest) for one in source.imports[name]
            )
        inner = self._ask(f"{module}.{name}", rest[0] if rest else "", rest[1:])
        return inner or self._first(
            self._ask(star, name, rest) for star in source.stars
        )

    @staticmethod
    def _first(kinds: Iterable[str | None]) -> str | None:
        """Ask all of them; the first kind that one of them is."""
        return next(filter(None, list(kinds)), None)

    def _follow(self, source: _Source, nodes: list[ast.AST]) -> str | None:
        """Follow statements of one file; ask for what they mention elsewhere."""
        done: set[int] = set()
        while nodes:
            node = nodes.pop()
            if id(node) in done:
                continue
            done.add(id(node))
            below = list(_walk(node))
            for inner in below:
                source.take_import(inner)
            self.mentions += len(below)
            if self.mentions > _MENTIONS:
                self.unsure = True
                self.waiting.clear()
                return None
            for mention, called in _mentions(below):
                kind = self._judge(source, mention, called)
                if kind is not None:
                    return kind
                nodes.extend(source.definitions.get(mention[0], ()))
        return None

    def _judge(self, source: _Source, mention: Mention, called: bool) -> str | None:
        if called and mention[-1] in _PARSE_CALLS and not source.uses("optparse"):
            return reading.ARGPARSE
        if called and mention[-1] in _DYNAMIC:
            self.unsure = True
        name, rest = mention[0], mention[1:]
        if name in source.imports:
            return self._first(
                self._ask_dotted(*one, rest) for one in source.imports[name]
            )
        if name in source.definitions:
            return None
        return self._first(self._ask(star, name, rest) for star in source.stars)

    def _ask_dotted(self, module: str, name: str, rest: Mention) -> str | None:
        if name:
            inner = self._ask(f"{module}.{name}", rest[0], rest[1:]) if rest else None
            return self._ask(module, name, rest) or inner
        return self._first(
            self._ask(".".join((module, *rest[:count])), part, rest[count + 1 :])
            for count, part in enumerate(rest)
        )

    def _ask(self, module: str, name: str, rest: Mention) -> str | None:
        """Look at a name later; the kind of parser that it is, where that is known."""
        first = name or (rest[0] if rest else "")
        if f"{module}.{first}" in _MARKERS:
            return _MARKERS[f"{module}.{first}"]
        asked = _Question(module, name or "main", rest[:_NAMES])
        if asked not in self.asked:
            self.asked.add(asked)
            self.waiting.append(asked)
        return None

    def _source(self, module: str) -> _Source | None:
        if module not in self.sources:
            self.sources[module] = self._read(module)
        return self.sources[module]

    def _read(self, module: str) -> _Source | None:
        text = self._text(module)
        if text is None:
            return None
        if self.files >= _FILES or self.bytes > _BYTES:
            self.unsure = True
            return None
        try:
            source = _Source(text.data, module, text.is_package, is_main=False)
        except (SyntaxError, ValueError, RecursionError):
            return None
        self.files += 1
        self.bytes += len(text.data)
        return source

    def _text(self, module: str) -> _Text | None:
        if module not in self.texts:
            self.texts[module] = self._opened(module)
        return self.texts[module]

    def _opened(self, module: str) -> _Text | None:
        if self.own_only and module.partition(".")[0] != self.root:
            return None
        found = locate(module, self.paths, self.finders)
        path = found.init if found.is_package else found.path
        if path.endswith(".so"):
            path = path[: path.index(".", len(os.path.dirname(path)))] + ".py"
        if not path.endswith(".py") or self._is_foreign_stdlib(module, path):
            return None
        try:
            data = content(path)
        except OSError:
            return None
        return _Text(data, found.is_package, _PROMISE.search(data) is not None)

    def _is_foreign_stdlib(self, module: str, path: str) -> bool:
        inside = path.startswith(_STDLIB) and "site-packages" not in path
        return inside and module.partition(".")[0] != self.root


def reached(
    path: str,
    name: str,
    is_package: bool,
    paths: Sequence[str],
    own_only: bool = False,
) -> Reached:
    """What running a module leads to.

    Args:
        path: the file that runs.
        name: its dotted name (a package's own name, where its ``__main__`` runs).
        is_package: the name is a package.
        paths: where what it imports is looked for.
        own_only: follow imports of the module's own top package only.
    """
    full = name + ".__main__" if is_package else name
    try:
        source = _Source(content(path), full, is_package=False, is_main=True)
    except (OSError, SyntaxError, ValueError, RecursionError):
        return Reached(None, False)
    search = _Search(paths, name.partition(".")[0], own_only)
    return Reached(search.run(source), search.unsure)


def _is_guard(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.If):
        return False
    return any(
        isinstance(node, ast.Name) and node.id == "__name__"
        for node in ast.walk(statement.test)
    )


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below, annotations left out."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        for field in current._fields:
            if field in _NOT_RUN:
                continue
            value = getattr(current, field, None)
            if isinstance(value, ast.AST):
                waiting.append(value)
            elif isinstance(value, list):
                waiting.extend(item for item in value if isinstance(item, ast.AST))


def _mentions(nodes: Iterable[ast.AST]) -> Iterator[tuple[Mention, bool]]:
    """Every dotted name among nodes, and whether it is called there."""
    for inner in nodes:
        target = inner.func if isinstance(inner, ast.Call) else inner
        if isinstance(target, (ast.Name, ast.Attribute)):
            dotted = _dotted(target)
            if dotted:
                yield dotted, isinstance(inner, ast.Call)


def _dotted(node: ast.AST) -> Mention:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    # A call or an index in the middle hides the root; the last name is still known.
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return tuple(reversed(parts))
