# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where SQL comes from: whether a statement is put together of nothing but the program's own words.

An expression is *fixed* when no value from outside can be in it: constants, names in capitals, question marks, and
what is joined of these; a local variable is when all that it is ever given is. Everything else is not.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CARRIES_OUT = {"execute", "executemany", "executescript", "stream", "copy"}
LOOKS_LIKE_SQL = re.compile(
    r"\b(SELECT (DISTINCT )?[\w{(*,.' ]|INSERT INTO|UPDATE \w* ?SET|DELETE FROM|DROP TABLE"
    r"|CREATE (TEMP )?(TABLE|INDEX)|ALTER TABLE|ORDER BY|GROUP BY|PRAGMA|COPY \w* ?FROM| WHERE .*[=<>])"
)

MAKERS = {"where": {0}, "_grouped": {0, 1}}
"""Functions that return a piece of SQL, and where in the tuple. What they return is checked where they are defined."""

GUARDED = {
    ("history.py", "_grouped", "dimensions"),  # ValueError for what is no dimension
    ("reader.py", "busiest", "dimensions"),  # the same
    ("reader.py", "rows", "named"),  # picks out of the known columns
    ("connection.py", "append", "table"),  # named by the writers, in constants
    ("postgres.py", "append", "table"),
    ("connection.py", "migrate", "statement"),  # out of the schema's own script
}
"""Variables that hold names of columns and tables; tests/security/test_sql.py tries what they refuse."""

PLUMBING = {("connection.py", "sql"), ("postgres.py", "sql"), ("sqlite.py", "sql")}
"""Parameters that hand a statement on; whoever calls is checked."""


@dataclass(frozen=True)
class Found:
    """An expression that is carried out, or looks as if it were meant to be."""

    file: str
    line: int
    text: str


class Reader:
    """One file. ``findings`` are the expressions that are not fixed."""

    def __init__(self, path: Path, text: str | None = None) -> None:
        self.file = path.name
        self._tree = ast.parse(text if text is not None else path.read_text(encoding="utf-8"))
        self._makes_sql = text is not None or path.parent.name == "store"
        self.checked = 0

    def findings(self) -> list[Found]:
        return list(self._walk(self._tree, None, []))

    def _walk(self, node: ast.AST, function: ast.FunctionDef | None, loops: list[ast.comprehension]) -> Iterator[Found]:
        if isinstance(node, ast.FunctionDef):
            function = node
        if isinstance(node, (ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp)):
            loops = [*loops, *node.generators]
        suspects: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CARRIES_OUT:
            suspects += node.args[:1]
        if isinstance(node, ast.expr) and _sql(node):
            suspects.append(node)
        for suspect in suspects:
            self.checked += 1
            if not self._fixed(suspect, function, loops):
                yield Found(self.file, suspect.lineno, ast.unparse(suspect)[:100])
        if isinstance(node, ast.Return) and function is not None and self._makes_sql and function.name in MAKERS:
            for place in MAKERS[function.name]:
                if not (isinstance(node.value, ast.Tuple) and self._fixed(node.value.elts[place], function, loops)):
                    yield Found(self.file, node.lineno, f"{function.name} returns {ast.unparse(node)[:80]}")
        for child in ast.iter_child_nodes(node):
            yield from self._walk(child, function, loops)

    def _fixed(
        self, node: ast.expr, function: ast.FunctionDef | None, loops: list[ast.comprehension], depth: int = 0
    ) -> bool:
        def fixed(inner: ast.expr, more: list[ast.comprehension] | None = None) -> bool:
            return depth < 30 and self._fixed(inner, function, [*loops, *(more or [])], depth + 1)

        if isinstance(node, ast.Constant):
            return True
        if isinstance(node, ast.JoinedStr):
            return all(fixed(part.value) for part in node.values if isinstance(part, ast.FormattedValue))
        if isinstance(node, ast.BinOp):
            # What is multiplied is repeated so often as something is long.
            return fixed(node.left) and (isinstance(node.op, ast.Mult) or fixed(node.right))
        if isinstance(node, ast.IfExp):
            return fixed(node.body) and fixed(node.orelse)
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return all(map(fixed, node.elts))
        if isinstance(node, ast.Dict):
            return all(map(fixed, node.values))
        if isinstance(node, ast.Starred):
            return fixed(node.value)
        if isinstance(node, (ast.GeneratorExp, ast.ListComp)):
            return all(fixed(loop.iter) for loop in node.generators) and fixed(node.elt, node.generators)
        if isinstance(node, ast.Subscript):
            return fixed(node.value)
        if isinstance(node, ast.Attribute):
            return node.attr.isupper() and isinstance(node.value, ast.Name)
        if isinstance(node, ast.Call):
            return self._call_is_fixed(node, fixed)
        return isinstance(node, ast.Name) and self._name_is_fixed(node.id, function, loops, fixed)

    def _call_is_fixed(self, node: ast.Call, fixed: object) -> bool:
        assert callable(fixed)
        if not isinstance(node.func, ast.Attribute):
            return False
        whose, what = node.func.value, node.func.attr
        if what in ("join", "split", "strip", "get"):
            return bool(fixed(whose)) and all(fixed(one) for one in node.args[what == "get" :])
        return what == "adapt" and all(fixed(one) for one in node.args)

    def _name_is_fixed(
        self, name: str, function: ast.FunctionDef | None, loops: list[ast.comprehension], fixed: object
    ) -> bool:
        assert callable(fixed)
        if name.lstrip("_").isupper():
            return True
        for loop in reversed(loops):
            if isinstance(loop.target, ast.Name) and loop.target.id == name:
                return bool(fixed(loop.iter))
        if function is None:
            return False
        if (self.file, function.name, name) in GUARDED or (self.file, name) in PLUMBING:
            return True
        if name in [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]:
            return False
        given = list(_given(function, name))
        return bool(given) and all(one is not None and (one is MADE or fixed(one)) for one in given)


MADE = ast.Constant(value="made by one of MAKERS")


def _sql(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        words = "".join(part.value if isinstance(part, ast.Constant) else "{" for part in node.values)
        return bool(LOOKS_LIKE_SQL.search(words))
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.Add)):
        left = node.left
        return (
            isinstance(left, ast.Constant) and isinstance(left.value, str) and bool(LOOKS_LIKE_SQL.search(left.value))
        )
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "replace"):
        whose = node.func.value
        return isinstance(whose, ast.Constant) and bool(LOOKS_LIKE_SQL.search(str(whose.value)))
    return False


def _given(function: ast.FunctionDef, name: str) -> Iterator[ast.expr | None]:
    """All that a local variable is given; None for what cannot be followed."""
    for node in ast.walk(function):
        targets: list[tuple[ast.expr, ast.expr]] = []
        if isinstance(node, ast.Assign):
            targets = [(target, node.value) for target in node.targets]
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)) and node.value is not None:
            targets = [(node.target, node.value)]
        elif isinstance(node, ast.For):
            targets = [(node.target, node.iter)]
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            targets = [(node.optional_vars, ast.Name(id="anything"))]
        for target, value in targets:
            if isinstance(target, ast.Name) and target.id == name:
                yield value
            elif isinstance(target, ast.Tuple):
                yield from _unpacked(target, value, name)


def _unpacked(target: ast.Tuple, value: ast.expr, name: str) -> Iterator[ast.expr | None]:
    for place, one in enumerate(target.elts):
        if name not in {inner.id for inner in ast.walk(one) if isinstance(inner, ast.Name)}:
            continue
        if isinstance(value, ast.Tuple):
            yield value.elts[place]
        elif isinstance(value, ast.IfExp):
            for branch in (value.body, value.orelse):
                yield branch.elts[place] if isinstance(branch, ast.Tuple) else None
        elif isinstance(value, ast.Call):
            called = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
            yield MADE if place in MAKERS.get(called, ()) else None
        else:
            yield None
