"""Where a user's own templates are printed: a small language in which everything ends.

What a template may do is listed here, and whatever is not listed is refused. Work and text are
counted, not timed, so that a template prints the same on every machine: a loop without an end, or
a text that grows without one, stops at a number of steps.

Only `_own_documents.py` imports this module, where it needs it: it brings jinja2 with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from decimal import Decimal
from functools import wraps
from typing import Any, NamedTuple

from jinja2 import (
    Environment,
    FunctionLoader,
    StrictUndefined,
    Template,
    nodes,
    pass_eval_context,
)
from jinja2.exceptions import (
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
)
from jinja2.filters import FILTERS
from jinja2.meta import find_undeclared_variables
from jinja2.nodes import EvalContext
from jinja2.runtime import (
    BlockReference,
    Context,
    LoopContext,
    Macro,
    Undefined,
    markup_join,
    str_join,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS
from jinja2.utils import Namespace, missing
from jinja2.visitor import NodeTransformer

from billing_dsl.model.resolve import did_you_mean
from billing_dsl.targets._open import OPEN
from billing_dsl.targets._templates import Written, finished, source

STEPS = 200_000
"""Turns of loops, calls and the like that printing one document may take."""

PRINTED = 8_000_000
"""Characters of values that one document may print."""

LONGEST = 100_000
"""Characters of a text that a template puts together."""

MOST = 10_000
"""Things in a list that a template makes, numbers of a `range` among them."""

LARGEST = 10**15
"""The largest number that a template may reckon with."""

OURS = "ours/"
"""Stands before the name of a template of ours, beside which a user has one of the same name."""


class RefusedError(Exception):
    """Something that a template may not do, found before it is printed."""

    def __init__(self, reason: str, line: int, template: str) -> None:
        """The reason, and where it stands."""
        super().__init__(reason)
        self.line = line
        self.template = template


class LimitError(TemplateRuntimeError):
    """A template that goes on and on, or makes something too large."""


class Stopped(NamedTuple):
    """What stopped a template: the template in question, its line, and why; the name of a template
    that it wanted and there is none.
    """

    template: str
    line: int
    reason: str
    wanted: str = ""


# --- before printing: what a template consists of ------------------------------------------------

_NODES = frozenset(
    {
        *(
            nodes.Template,
            nodes.Output,
            nodes.TemplateData,
            nodes.For,
            nodes.If,
            nodes.With,
            nodes.Scope,
        ),
        *(nodes.Macro, nodes.CallBlock, nodes.Assign, nodes.NSRef, nodes.Block, nodes.Extends),
        *(nodes.Include, nodes.Import, nodes.FromImport, nodes.Name, nodes.Const, nodes.Tuple),
        *(nodes.List, nodes.Dict, nodes.Pair, nodes.Keyword, nodes.CondExpr, nodes.Filter),
        *(nodes.Test, nodes.Call, nodes.Getitem, nodes.Getattr, nodes.Slice, nodes.Concat),
        *(nodes.Compare, nodes.Operand, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div),
        *(nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos, nodes.Not, nodes.And, nodes.Or),
    }
)

_CALLED: Mapping[type[nodes.Node], str] = {
    nodes.AssignBlock: "`{% set … %}` with a block; write a macro in its place",
    nodes.FilterBlock: "`{% filter … %}`; put the filter behind each value",
    nodes.ScopedEvalContextModifier: "`{% autoescape … %}`: every value is escaped",
    nodes.Pow: "`**`",
}

_SAFE_FILTERS = (
    *("abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first"),
    *("float", "groupby", "int", "items", "join", "last", "length", "list", "lower", "map", "max"),
    *("min", "reject", "rejectattr", "replace", "reverse", "select", "selectattr"),
    *("sort", "string", "title", "trim", "truncate", "unique", "upper", "wordcount"),
)
_SAFE_TESTS = (
    *("boolean", "defined", "divisibleby", "eq", "equalto", "even", "false", "ge", "gt", "in"),
    *("integer", "iterable", "le", "lower", "lt", "mapping", "ne", "none", "number", "odd"),
    *("sequence", "string", "true", "undefined", "upper", "==", "!=", ">", ">=", "<", "<="),
    *("greaterthan", "lessthan"),
)
_METHODS = frozenset(
    {"upper", "lower", "title", "capitalize", "strip", "lstrip", "rstrip", "startswith", "endswith"}
)
"""What may be asked of a text by a call."""

_OF_LOOPS = frozenset(
    {
        *("index", "index0", "revindex", "revindex0", "first", "last", "length", "cycle"),
        *("previtem", "nextitem", "changed", "depth", "depth0"),
    }
)


class _Guard(NodeTransformer):
    """Refuses what is not listed, and has the rest counted."""

    def __init__(self, template: str) -> None:
        self._template = template

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        """One part of a template, as it is to be printed."""
        refused = _refused(node)
        if refused:
            raise RefusedError(refused, node.lineno or 1, self._template)
        self.generic_visit(node)
        match node:
            case nodes.For():
                node.body = _spent(node.body, node.lineno)
                node.iter = _filtered(node.iter, "_counted")
            case nodes.Template() | nodes.Block() | nodes.Macro() | nodes.CallBlock():
                node.body = _spent(node.body, node.lineno)
            case nodes.Concat():
                return _filtered(nodes.List(node.nodes, lineno=node.lineno), "_joined")
            case nodes.Getitem(arg=nodes.Slice(start=start, stop=stop, step=step)):
                nothing = nodes.Const(None, lineno=node.lineno)
                ends = [end or nothing for end in (start, stop, step)]
                return _filtered(node.node, "_sliced", ends)
        return node


def _refused(node: nodes.Node) -> str:
    """Why a part of a template is refused; or nothing."""
    what, name = "", ""
    known: tuple[str, ...] = ()
    if type(node) not in _NODES:
        called = _CALLED.get(type(node), f"`{type(node).__name__.lower()}`")
        return f"templates may not use {called}"
    match node:
        case nodes.For(recursive=True):
            return "templates may not use `{% for … recursive %}`"
        case nodes.Filter():
            what, known, name = "filter", (*_SAFE_FILTERS, "written"), node.name
        case nodes.Test():
            what, known, name = "test", _SAFE_TESTS, node.name
        case nodes.Include() | nodes.Import() | nodes.FromImport() | nodes.Extends():
            if not isinstance(node.template, nodes.Const | nodes.List | nodes.Tuple):
                return "the name of a template stands in quotes, and is never put together"
    if name in known or not what:
        return ""
    near = did_you_mean(name, known)
    return f"there is no {what} `{name}` for templates{near and '; '}{near}"


def _spent(body: list[nodes.Node], line: int) -> list[nodes.Node]:
    """A body that counts itself each time it is printed, its own text too."""
    cost = 1 + sum(map(_text, body)) // 200
    spend = nodes.Call(
        nodes.EnvironmentAttribute("spend", lineno=line),
        [nodes.Const(cost, lineno=line)],
        [],
        None,
        None,
        lineno=line,
    )
    return [nodes.ExprStmt(spend, lineno=line), *body]


def _text(node: nodes.Node) -> int:
    """Characters of text that a part prints by itself, without parts that count their own."""
    if isinstance(node, nodes.TemplateData):
        return len(node.data)
    if isinstance(node, nodes.For | nodes.Macro | nodes.Block | nodes.CallBlock):
        return 0
    return sum(map(_text, node.iter_child_nodes()))


def _filtered(node: nodes.Node, name: str, more: Sequence[nodes.Node] = ()) -> nodes.Filter:
    return nodes.Filter(node, name, [*more], [], None, None, lineno=node.lineno)


# --- while printing: what is reached, and how much ------------------------------------------------


class _Missing(StrictUndefined):
    """A name that there is not; asked for anything, it says which."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint or self._undefined_obj is not missing:
            return super()._undefined_message
        return f"there is no `{self._undefined_name}`"


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment of one form in which own templates are printed, and ours where they are asked
    for by name.
    """

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, form: str, texts: Mapping[str, str]) -> None:
        """`texts` are the user's own templates by their names."""
        super().__init__(
            undefined=_Missing,
            autoescape=form == "html",
            finalize=lambda value: self._printed(value, form),
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            optimized=False,
            loader=FunctionLoader(lambda name: _found(name, texts)),
        )
        self.texts = texts
        self._steps = self._text = 0
        filters = {name: self._billed(FILTERS[name]) for name in _SAFE_FILTERS}
        self.filters = {
            **filters,
            "replace": self._replaced(filters["replace"]),
            "join": self._joining(filters["join"]),
            "written": _written,
            "_counted": self._counted,
            "_joined": self._joined,
            "_sliced": self._sliced,
        }
        self.tests = {name: TESTS[name] for name in _SAFE_TESTS}
        self.globals = {"range": self._range, "namespace": Namespace}

    def printed(self, name: str, values: Mapping[str, object]) -> str | Stopped:
        """A template printed, or what stopped it.

        Whatever a template does wrong ends here: what jinja2 refuses, and what Python makes of a
        value that is used as something else.
        """
        self._steps = self._text = 0
        try:
            template = self.get_template(name)
            return "".join(template.root_render_func(template.new_context(dict(values))))
        except (
            *(TemplateError, RefusedError, ArithmeticError, AttributeError, LookupError),
            *(MemoryError, RecursionError, SyntaxError, TypeError, ValueError),
        ) as error:
            return self._stopped(error, name)

    def _stopped(self, error: BaseException, name: str) -> Stopped:
        template, line = name, 1
        traceback = error.__traceback__
        while traceback is not None:  # the last of the user's own templates on the way
            found = traceback.tb_frame.f_globals.get("__jinja_template__")
            if isinstance(found, Template) and found.name is not None and found.name in self.texts:
                template = found.name
                line = found.get_corresponding_lineno(traceback.tb_lineno)
            traceback = traceback.tb_next
        match error:
            case RefusedError():
                return Stopped(error.template, error.line, str(error))
            case TemplateNotFound():
                wanted = str(error.name)
                return Stopped(template, line, f"there is no template `{wanted}`", wanted)
            case TemplateSyntaxError():
                return Stopped(error.name or name, error.lineno, error.message or "its syntax")
            case RecursionError():
                return Stopped(template, line, "it goes round in a ring, or is too deep")
            case SyntaxError() | MemoryError():
                return Stopped(template, line, "it is too deep: put a part of it into a macro")
        return Stopped(template, line, str(error) or type(error).__name__)

    def spend(self, steps: int) -> str:
        """Counts steps. Raises LimitError where they are too many."""
        self._steps += steps
        if self._steps > STEPS:
            raise LimitError(f"printing it takes more than {STEPS:,} steps")
        return ""

    # --- what jinja2 asks

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        found: nodes.Template = _Guard(name or "").visit(tree)
        return found

    def call(self, context: Context, thing: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What a call gives; a macro's text is in its final form."""
        self.spend(1)
        found = super().call(context, thing, *args, **kwargs)
        return Written(found) if isinstance(thing, Macro | BlockReference) else found

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """What two values make: numbers are reckoned with, texts put together."""
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return self._fit(left + right)
        if not (_is_number(left) and _is_number(right)):
            raise TemplateRuntimeError(f"`{operator}` is for numbers")
        found = super().call_binop(context, operator, left, right)
        if abs(found) > LARGEST:
            raise LimitError(f"a number becomes larger than {LARGEST:,}")
        return found

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a value has under a name, if it is open to templates."""
        return self._reached(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """The same, or what stands in a list at a place."""
        if isinstance(argument, str):
            return self._reached(obj, argument)
        if isinstance(obj, str | tuple | list) and isinstance(argument, int):
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(f"there is no place {argument} in {_called(obj)}")
        return self.undefined(f"{_called(obj)} is no list")

    def _reached(self, obj: Any, name: str) -> Any:
        if isinstance(obj, Undefined):
            obj._fail_with_undefined_error()
        if isinstance(obj, Mapping):
            if name in ("items", "keys", "values"):
                return getattr(obj, name)
            known: Iterable[str] = map(str, obj)
            if name in obj:
                return obj[name]
        elif isinstance(obj, LoopContext):
            known = _OF_LOOPS
            if name in known:
                return getattr(obj, name)
        elif type(obj) in OPEN:
            known = OPEN[type(obj)][2]
            if name in known:
                return getattr(obj, name)
        elif isinstance(obj, str):
            known = _METHODS
            if name in known:
                return getattr(obj, name)
        elif not name.startswith("_") and (isinstance(obj, Namespace) or _is_module(obj)):
            return super().getattr(obj, name)
        else:
            known = ("grouper", "list") if hasattr(obj, "grouper") else ()
            if name in known:
                return getattr(obj, name)
        names = sorted(known)
        listed = f"; there are {', '.join(f'`{one}`' for one in names)}" if names else ""
        hint = f"there is no `{name}` in {_called(obj)}{listed if len(names) <= 20 else ''}"
        near = did_you_mean(name, names) if len(names) > 20 else ""
        return self.undefined(f"{hint}{near and '; '}{near}")

    # --- what is counted

    def _printed(self, value: Any, form: str) -> Any:
        if not isinstance(value, str | int | Decimal | float | Undefined):
            raise TemplateRuntimeError(
                f"{_called(value)} cannot be printed: go through it, or name a part of it"
            )
        text = finished(value, form)
        self._text += len(str(text))
        if self._text > PRINTED:
            raise LimitError(f"it prints more than {PRINTED:,} characters")
        return text

    def _fit(self, text: Any) -> Any:
        if isinstance(text, str) and len(text) > LONGEST:
            raise LimitError(f"it puts together a text of more than {LONGEST:,} characters")
        if isinstance(text, Sized) and not isinstance(text, str) and len(text) > MOST:
            raise LimitError(f"it makes a list of more than {MOST:,} things")
        return text

    def _counted(self, things: Iterable[Any]) -> Iterator[Any]:
        for thing in things:
            self.spend(1)
            yield thing

    def _bill(self, value: Any) -> Any:
        """A value that is about to be gone through."""
        if isinstance(value, str):
            self.spend(1 + len(value) // 1000)
        elif isinstance(value, Sized) and not isinstance(value, Undefined):
            self.spend(1 + len(value) // 10)
        elif isinstance(value, Iterator):
            return self._counted(value)
        return value

    def _billed(self, original: Callable[..., Any]) -> Callable[..., Any]:
        shift = 1 if hasattr(original, "jinja_pass_arg") else 0

        @wraps(original)
        def counted(*args: Any, **kwargs: Any) -> Any:
            given = list(args)
            given[shift] = self._bill(given[shift])
            return self._fit(original(*given, **kwargs))

        return counted

    def _replaced(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @pass_eval_context
        def replace(context: EvalContext, text: str, old: str, new: str) -> Any:
            times = str(text).count(str(old)) if old else len(text) + 1
            if times * len(str(new)) > LONGEST:
                raise LimitError(f"it puts together a text of more than {LONGEST:,} characters")
            return original(context, text, old, new)

        return replace

    def _joining(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @pass_eval_context
        def join(
            context: EvalContext, things: Iterable[Any], between: str = "", attribute: Any = None
        ) -> Any:
            found = list(self._counted(things))
            if attribute is not None:
                found = [self.getitem(thing, attribute) for thing in found]
            longest = len(str(between)) * len(found)
            if longest + sum(len(one) for one in found if isinstance(one, str)) > LONGEST:
                raise LimitError(f"it puts together a text of more than {LONGEST:,} characters")
            return original(context, found, between)

        return join

    @property
    def _joined(self) -> Callable[..., Any]:
        @pass_eval_context
        def joined(context: EvalContext, parts: list[Any]) -> Any:
            self.spend(1 + sum(len(part) for part in parts if isinstance(part, str)) // 1000)
            return self._fit((markup_join if context.autoescape else str_join)(parts))

        return joined

    def _sliced(self, value: Any, start: Any, stop: Any, step: Any) -> Any:
        if not isinstance(value, str | tuple | list):
            raise TemplateRuntimeError(f"{_called(value)} is no list")
        return self._bill(value[start:stop:step])

    def _range(self, *ends: int) -> range:
        return range(*ends) if len(range(*ends)) <= MOST else self._too_far()

    def _too_far(self) -> range:
        raise LimitError(f"`range` goes over more than {MOST:,} numbers")


def _written(value: Any) -> Written:
    """What a macro has printed: it is in its final form. Other texts are not, and stay as they are.

    Templates of ours use it; in those of users a macro's text is in its final form anyway.
    """
    if isinstance(value, Written):
        return value
    raise TemplateRuntimeError("`written` is for what a macro has printed")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal)


def _is_module(value: Any) -> bool:
    """Whether a value is a template that was imported, with its macros."""
    return type(value).__name__ == "TemplateModule"


def _called(value: Any) -> str:
    """What people call a value."""
    known = OPEN.get(type(value))
    if known is not None:
        return f"`{known[0]}` ({known[1]})"
    if isinstance(value, Mapping):
        return "these words"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, tuple | list):
        return "a list"
    return "a number" if _is_number(value) else "this value"


def _found(name: str, texts: Mapping[str, str]) -> str | None:
    """The text of a template: the user's own, or ours."""
    if name.startswith(OURS):
        return source(name.removeprefix(OURS))
    return texts[name] if name in texts else source(name)


def unknown(sandbox: Sandbox, name: str, known: Iterable[str]) -> Stopped | None:
    """The first name in a template that nothing gives, wherever it stands; None if all are known.

    A template may ask whether there is a name, and what to print if not.
    """
    tree = sandbox.parse(sandbox.texts[name], name)
    asked = {
        each.node.name
        for each in tree.find_all((nodes.Test, nodes.Filter))
        if each.name in ("defined", "undefined", "default", "d")
        and isinstance(each.node, nodes.Name)
    }
    missed = find_undeclared_variables(tree) - {*known, *sandbox.globals} - asked
    for each in tree.find_all(nodes.Name):
        if each.name in missed:
            return Stopped(name, each.lineno, f"there is no `{each.name}`")
    return None


def mentioned(environment: Environment, text: str, name: str) -> frozenset[str]:
    """The names of the templates that a template includes, imports or extends."""
    found: set[str] = set()
    for node in environment.parse(text, name).find_all(nodes.Stmt):
        if isinstance(node, nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends):
            named = node.template
            values = named.items if isinstance(named, nodes.List | nodes.Tuple) else [named]
            found.update(str(one.value) for one in values if isinstance(one, nodes.Const))
    return frozenset(found)
