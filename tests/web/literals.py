"""Finding what a reader would see in English whatever language they read: literals that pass by no translation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TRANSLATING = {"_", "now_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "N_"}
# Said to engineers, logs, machines or the database, never to a reader of a page.
UNSEEN = {"TypeError", "ValueError", "AttributeError", "UndeclaredRouteError", "execute", "format_html", "cast"}
# Words with a blank between them, or a capital at the start and small letters after it.
SPOKEN = re.compile(r"[A-Za-z]{2,}[,.:;!?]? [A-Za-z]|^[A-Z][a-z]+[.!?]?$")
SQL = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")


def spoken_literals(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of each string that reads like words and is not given to a translating function."""
    tree = ast.parse(source)
    silent = set(_silent(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in silent:
            continue
        if SPOKEN.search(node.value) and not SQL.match(node.value):
            yield node.lineno, node.value


def _silent(tree: ast.AST) -> Iterator[int]:
    """Identities of the strings that are docstrings, annotations, or arguments of calls that translate or hide them."""
    for node in ast.walk(tree):
        quiet: list[ast.AST] = []
        if isinstance(node, ast.Expr):
            quiet = [node.value]
        elif isinstance(node, ast.Call) and _name(node.func) in TRANSLATING | UNSEEN:
            quiet = [*node.args, *(one.value for one in node.keywords)]
        elif isinstance(node, ast.Subscript):
            quiet = [node.slice]
        elif isinstance(node, ast.AnnAssign):
            quiet = [node.annotation]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            every: list[ast.arg] = [*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs]
            quiet = [one for one in (node.returns, *(arg.annotation for arg in every)) if one]
        for one in quiet:
            yield from (id(part) for part in ast.walk(one))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def python_files(*folders: Path) -> list[Path]:
    return sorted(file for folder in folders for file in folder.rglob("*.py"))
