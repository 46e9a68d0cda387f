"""Read a module's source text: its title, how it takes arguments, whether it parses.

Nothing is imported. A text search decides, because a syntax tree of every file would
cost three times the parse; the parse itself is the one that ``symtable`` makes, which
builds no Python objects.
"""

from __future__ import annotations

import ast
import re
import symtable
import warnings
from typing import Iterator, Match, NamedTuple

from .locate import content

ARGPARSE = "argparse"
CLICK = "click"
TYPER = "typer"
FIRE = "fire"
PLAIN = "plain"
NOT_RUNNABLE = "not runnable"
BROKEN = "broken"

_GUARD = re.compile(
    r"^if[ \t(]+(?:__name__\s*==\s*[\"']__main__[\"']"
    r"|[\"']__main__[\"']\s*==\s*__name__)",
    re.MULTILINE,
)
_PARSER = re.compile(r"\bArgumentParser\b|\bparse_(?:known_)?(?:intermixed_)?args\s*\(")
_OTHER_PARSERS = (
    (
        TYPER,
        re.compile(r"\btyper\.(?:run|Typer)\s*\(|^from typer import", re.MULTILINE),
    ),
    (
        CLICK,
        re.compile(r"\bclick\.(?:command|group)\b|^from click import", re.MULTILINE),
    ),
    (FIRE, re.compile(r"\bfire\.Fire\s*\(|\bFire\s*\(")),
)
_STATEMENT_WORDS = (
    "def|class|import|from|if|elif|else|try|except|finally|return|assert|del|global"
    "|lambda|not|print_function"
)
_WORK = re.compile(
    r"^(?:(?:for|while|with|async\s+with)\b"
    r"|raise\s+SystemExit\b"
    r"|(?!(?:" + _STATEMENT_WORDS + r")\b)(?P<call>[A-Za-z_][\w.]*)\s*\("
    r"|(?!(?:" + _STATEMENT_WORDS + r")\b)[A-Za-z_].*\bparse_(?:known_)?args\s*\()",
    re.MULTILINE,
)
_BLOCK = re.compile(r"^(?:try|if|else|elif|with|for|while)\b", re.MULTILINE)
_ENTRY = re.compile(
    # What a program begins with, where it stands inside a block of its module.
    r"^[ \t]+(?:[\w, ]+=[ \t]*)?(?:(?:raise[ \t]+SystemExit|sys\.exit|exit)\s*\("
    r"|(?:[\w.]+\.)?(?:main|run|cli)\s*\(|[\w.()]*\bparse_(?:known_)?args\s*\()",
    re.MULTILINE,
)
_PARSES = re.compile(r"\bparse_(?:known_)?(?:intermixed_)?args\s*\(")
_SETUP_CALL = re.compile(
    # Calls that libraries make when they are imported; they do not make a program.
    r"^(?:logging|warnings|sys\.path|os\.environ|matplotlib|mpl|sns|gc|faulthandler)\b"
    r"|(?:^|\.)(?:set_option|use|filterwarnings|basicConfig|register\w*|setdefault"
    r"|append|insert|update|add|extend|load_dotenv|simplefilter|seed|patch\w*"
    r"|setLevel|addHandler|setitem|add_\w+|setup_logging|declare_namespace)$"
)
_BLANK = r"(?:[ \t\f]*(?:\#[^\n]*)?\r?\n)*"
_DOCSTRING = re.compile(
    "\\A\ufeff?" + _BLANK + r"(?P<raw>[rR]?)[uU]?(?P<quote>\"\"\"|'''|\"|')"
)
_TITLE_LIMIT = 300


class Reading(NamedTuple):
    """What a module's source says.

    Attributes:
        kind: one of the kinds above.
        title: the docstring's first line.
        error: why it does not parse, one sentence; empty where it does.
        line: the line to blame, from 1, or 0.
    """

    kind: str
    title: str = ""
    error: str = ""
    line: int = 0


def read_file(path: str, runnable: bool = False, known_good: bool = False) -> Reading:
    """Read one source file.

    Args:
        path: the file.
        runnable: it runs whatever it holds (a package's ``__main__``).
        known_good: it is known to parse (its compiled form is up to date).
    """
    try:
        data = content(path)
    except OSError as error:
        reason = error.strerror or str(error)
        return Reading(BROKEN, error=f"It cannot be read: {reason}.")
    return read_source(data, runnable, known_good)


def read_source(
    data: bytes, runnable: bool = False, known_good: bool = False
) -> Reading:
    """Read one module's source."""
    if not known_good:
        problem = syntax_problem(data)
        if problem is not None:
            return problem
    text = data.decode("utf-8", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    title = docstring_title(text)
    if runnable or _is_runnable(text):
        return Reading(kind_of(text), title)
    return Reading(NOT_RUNNABLE, title)


def syntax_problem(data: bytes) -> Reading | None:
    """Why a source does not parse, or None where it does."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            symtable.symtable(data, "module", "exec")  # type: ignore[arg-type]  # bytes keep the coding cookie
    except SyntaxError as error:
        line = error.lineno or 0
        where = f"Line {line} does" if line else "It does"
        return Reading(BROKEN, "", f"{where} not parse: {error.msg}.", line)
    except (ValueError, RecursionError, MemoryError) as error:
        return Reading(BROKEN, "", f"It does not parse: {error}.")
    return None


def kind_of(text: str) -> str:
    """How a runnable module takes its arguments, as far as its own text tells."""
    for kind, pattern in _OTHER_PARSERS:
        if kind in text and pattern.search(text):
            return kind
    if _PARSER.search(text) and ("ArgumentParser" in text or "optparse" not in text):
        return ARGPARSE
    return PLAIN


def docstring_title(text: str) -> str:
    """The first line of the docstring that a module begins with."""
    start = _DOCSTRING.match(text)
    if start is None:
        return ""
    quote = start["quote"]
    end = text.find(quote, start.end())
    while end > 0 and text[end - 1] == "\\" and not start["raw"]:
        end = text.find(quote, end + 1)
    if end < 0:
        return ""
    body = text[start.end() : end]
    line = next((part.strip() for part in body.split("\n") if part.strip()), "")
    if "\\" in line and not start["raw"]:
        line = _unescaped(line)
    return line[:_TITLE_LIMIT]


def _unescaped(line: str) -> str:
    """The line as Python reads it; as it stands where that cannot be said."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(ast.literal_eval('"""' + line.rstrip("\\") + ' """')).strip()
    except (SyntaxError, ValueError):
        return line


def _is_runnable(text: str) -> bool:
    """Whether running the module does more than define things."""
    hidden = False
    for match in _candidates(text):
        if not _inside_string(text, match.start()):
            return True
        hidden = True
    hints = _PARSES.search(text) or (_ENTRY.search(text) and _BLOCK.search(text))
    if hints and _begins_by_itself(text):
        return True
    return hidden and _runs_something(text)


def _begins_by_itself(text: str) -> bool:
    """Whether a line at the module's level, in a block too, begins a program."""
    lines = text.split("\n")
    waiting: list[ast.AST] = list(_body(text))
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if isinstance(node, ast.Call):
            named = isinstance(node.func, ast.Attribute) and node.func.attr + "("
            if _PARSES.match(named or "") or _ENTRY.match(" " + lines[node.lineno - 1]):
                return True
        waiting.extend(ast.iter_child_nodes(node))
    return False


def _body(text: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return []


def _candidates(text: str) -> Iterator[Match[str]]:
    if "__main__" in text:
        yield from _GUARD.finditer(text)
    for match in _WORK.finditer(text):
        call = match.group("call")
        if not (call and _SETUP_CALL.search(call)):
            yield match


def _inside_string(text: str, position: int) -> bool:
    """Whether a line seems to start inside a triple-quoted string."""
    before = text[:position]
    return before.count('"""') % 2 == 1 or before.count("'''") % 2 == 1


def _runs_something(text: str) -> bool:
    """The same from the syntax tree, where counting quotes may have misled."""
    lines = text.split("\n")
    starts = "\n".join(
        lines[node.lineno - 1]
        for node in _body(text)
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    )
    return any(True for _ in _candidates(starts))
