"""One small formula language for indicators and computed columns; no database, no eval.

``+ - * /``, brackets, numbers, names, and ``abs min max mean sum prev``. ``prev(x)`` is the value
of ``x`` in the year before. Arithmetic is decimal; nothing is rounded here.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, DecimalException, localcontext
from typing import Literal

MAX_LENGTH = 2000
MAX_DEPTH = 60
#: Digits carried in between; money of a region in sen has at most 17.
PRECISION = 50

_BINARY: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
FUNCTIONS = ("abs", "min", "max", "mean", "sum", "prev")


class FormulaError(ValueError):
    """A formula that cannot be read; the message is a sentence with the place."""


@dataclass(frozen=True)
class Undefined:
    """Why a formula has no value; ``reason`` is a sentence for the screen.

    ``kind`` is ``missing`` (a value is not there; ``names`` says which), ``zero`` (the divisor
    is 0) or ``range`` (the result cannot be held).
    """

    reason: str
    kind: Literal["missing", "zero", "range"]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expr:
    """A formula that was read and found safe.

    ``names`` are all names in it in order of appearance, ``previous`` those inside ``prev()``,
    ``current`` those outside.
    """

    text: str
    names: tuple[str, ...]
    current: tuple[str, ...]
    previous: tuple[str, ...]
    tree: ast.expr

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expr) and other.text == self.text


def parse(text: str) -> Expr:
    """Read a formula; FormulaError names what is wrong and at which character (from 1)."""
    stripped = text.strip()
    if not stripped:
        raise FormulaError("Rumus kosong.")
    if len(stripped) > MAX_LENGTH:
        raise FormulaError(f"Rumus lebih dari {MAX_LENGTH} huruf.")
    try:
        tree = ast.parse(stripped, mode="eval").body
        _check(tree, stripped, 0)
    except SyntaxError as error:
        raise FormulaError(
            f"Rumus “{stripped}” salah tulis pada huruf ke-{error.offset}."
        ) from None
    except (RecursionError, MemoryError):
        raise FormulaError("Rumus terlalu bersusun.") from None
    found = tuple(_names(tree, False))
    return Expr(
        stripped,
        tuple(dict.fromkeys(name for name, _ in found)),
        tuple(dict.fromkeys(name for name, before in found if not before)),
        tuple(dict.fromkeys(name for name, before in found if before)),
        tree,
    )


def evaluate(
    expr: Expr,
    values: Mapping[str, Decimal | None],
    previous: Mapping[str, Decimal | None] | None = None,
) -> Decimal | Undefined:
    """The exact value, or why there is none.

    ``previous`` holds the values of the year before for ``prev(x)``. Names that are absent or
    None make the result undefined, and so does a division by zero: it is never 0.
    """
    before = previous or {}
    missing = tuple(n for n in expr.current if values.get(n) is None)
    lacking = tuple(n for n in expr.previous if before.get(n) is None)
    if missing or lacking:
        words = [*missing, *(f"{name} tahun lalu" for name in lacking)]
        return Undefined(f"Belum diisi: {', '.join(words)}.", "missing", (*missing, *lacking))
    try:
        with localcontext(Context(prec=PRECISION)):
            return _value(expr.tree, values, before)
    except ZeroDivisionError:
        return Undefined("Nilai tidak dapat dihitung karena pembagi = 0.", "zero")
    except DecimalException:
        return Undefined("Nilai terlalu besar untuk dihitung.", "range")


def dotted(node: ast.expr) -> str | None:
    """The name that a node spells (``a`` or ``a.b``), or None."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else None
    return None


def _fail(node: ast.expr, text: str, why: str) -> None:
    raise FormulaError(f"Rumus “{text}”, huruf ke-{node.col_offset + 1}: {why}")


def _check(node: ast.expr, text: str, depth: int) -> None:
    """Refuse everything that is not in the language."""
    if depth > MAX_DEPTH:
        raise FormulaError("Rumus terlalu bersusun.")
    if isinstance(node, ast.BinOp):
        if type(node.op) not in _BINARY and not isinstance(node.op, ast.Div):
            _fail(node, text, "hanya + - * / yang boleh.")
        _check(node.left, text, depth + 1)
        _check(node.right, text, depth + 1)
    elif isinstance(node, ast.UnaryOp):
        if not isinstance(node.op, ast.USub | ast.UAdd):
            _fail(node, text, "hanya tanda + atau - yang boleh di depan.")
        _check(node.operand, text, depth + 1)
    elif isinstance(node, ast.Call):
        _check_call(node, text, depth)
    elif isinstance(node, ast.Constant):
        _check_number(node, text)
    elif dotted(node) is None:
        _fail(node, text, "bagian ini bukan angka, nama, atau fungsi yang dikenal.")


def _check_number(node: ast.Constant, text: str) -> None:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        _fail(node, text, "hanya angka dan nama yang boleh.")
    elif not abs(node.value) < 1e30:
        _fail(node, text, "angka ini terlalu besar.")


def _check_call(node: ast.Call, text: str, depth: int) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS or node.keywords:
        _fail(node, text, f"fungsi yang dikenal hanya {', '.join(FUNCTIONS)}.")
    if not node.args or (name == "abs" and len(node.args) != 1):
        _fail(node, text, f"jumlah isi fungsi {name} tidak sesuai.")
    if name == "prev" and (len(node.args) != 1 or dotted(node.args[0]) is None):
        _fail(node, text, "isi fungsi prev harus satu nama.")
    for arg in node.args:
        _check(arg, text, depth + 1)


def _names(node: ast.expr, before: bool) -> Iterator[tuple[str, bool]]:
    name = dotted(node)
    if name is not None:
        yield name, before
    elif isinstance(node, ast.Call):
        inside = before or (isinstance(node.func, ast.Name) and node.func.id == "prev")
        for arg in node.args:
            yield from _names(arg, inside)
    elif isinstance(node, ast.BinOp):
        yield from _names(node.left, before)
        yield from _names(node.right, before)
    elif isinstance(node, ast.UnaryOp):
        yield from _names(node.operand, before)


Values = Mapping[str, Decimal | None]


def _value(node: ast.expr, values: Values, before: Values) -> Decimal:
    if isinstance(node, ast.Constant):
        return Decimal(str(node.value))
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, values, before), _value(node.right, values, before)
        if isinstance(node.op, ast.Div):
            if right == 0:
                raise ZeroDivisionError
            return left / right
        return _BINARY[type(node.op)](left, right)
    if isinstance(node, ast.UnaryOp):
        inner = _value(node.operand, values, before)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.Call):
        return _call(node, values, before)
    found = values.get(dotted(node) or "")
    if found is None:
        raise FormulaError("nilai hilang")  # evaluate has looked before
    return found


def _call(node: ast.Call, values: Values, before: Values) -> Decimal:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name == "prev":
        return _value(node.args[0], before, before)
    given = [_value(arg, values, before) for arg in node.args]
    if name == "abs":
        return abs(given[0])
    if name == "min":
        return min(given)
    if name == "max":
        return max(given)
    total = sum(given, Decimal(0))
    return total / len(given) if name == "mean" else total
