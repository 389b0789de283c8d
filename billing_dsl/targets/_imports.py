"""The rows of the files that Autotask's import screens accept.

A tenant's own template decides which columns there are. Without one the headers are defaults: those
of the one public template file of organizations, without its prefix, its contact and its
user-defined columns; and those that the vendor names for services (Services_Import). Nothing of
these is verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from billing_dsl.analysis.views import Declared
from billing_dsl.diagnostics import Route
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.settings import Settings
from billing_dsl.model.countries import COUNTRIES
from billing_dsl.model.declaration import UserDefined
from billing_dsl.model.money import Price
from billing_dsl.model.wording import is_day
from billing_dsl.targets._autotask import ENTITIES
from billing_dsl.targets._contracts import PERIODS
from billing_dsl.targets._labels import Entry, label
from billing_dsl.targets._values import digits
from billing_dsl.templates.columns import Column, Of, Screen, fields, is_secret
from billing_dsl.templates.imports import FILLED, ImportTemplate, of_ours

TERM = "Organization"
"""What Autotask calls an organization, unless the tenant's Local Terms say otherwise."""

ORGANIZATIONS = (
    f"{TERM} ID [updates only]",
    "[required] Name",
    "Number",
    "Address 1",
    "Address 2",
    "City",
    "State",
    "Zip Code",
    "Country",
    "Additional Address Information",
    "[required] Phone",
    "Alternate Phone 1",
    "Alternate Phone 2",
    "Fax",
    "Web",
    "Round-Trip Distance",
    f"{TERM} Type",
    "Classification",
    f"{TERM} Manager",
    "Territory Name",
    "Market Segment",
    "Competitor",
    f"Parent {TERM}",
    "Facebook URL",
    "Twitter URL",
    "LinkedIn URL",
    "Stock Symbol",
    "Stock Market",
    "SIC Code",
    f"{TERM} Detail Alert",
    "New Ticket Alert",
    "Ticket Detail Alert",
    "Tax Region",
    "Tax Exempt",
    "Tax ID",
    "Invoice Template",
    "Quote Template",
    "Quote Email Message",
    "Active/Inactive",
)

SERVICES = (
    "Service ID [updates only]",
    "[required] Name",
    "Description",
    "Invoice Description",
    "[required] Period Type",
    "Unit Cost",
    "Markup Percent",
)

ORGANIZATIONS_SOURCE = "a template file of 2017 that its owner has published"
SERVICES_SOURCE = "the vendor's help on importing services, as of November 2026"

_HUNDREDTH = Decimal("0.01")
_MOST_COST = Decimal("99999999999.99")
_MOST_MARKUP = Decimal("99999999.99")
_WIDE = Context(prec=60)

OURS: Mapping[Screen, ImportTemplate] = {
    Screen.ORGANIZATIONS: of_ours(Screen.ORGANIZATIONS, ORGANIZATIONS),
    Screen.SERVICES: of_ours(Screen.SERVICES, SERVICES),
}
"""What stands in for a template that the tenant has not shown."""


@dataclass(frozen=True, slots=True)
class Screens:
    """What there is to know of a tenant's import screens: their columns, its words, its forms."""

    templates: Mapping[Screen, ImportTemplate]
    settings: Settings

    def template(self, screen: Screen) -> ImportTemplate:
        """The columns of a screen: the tenant's own, or ours."""
        return self.templates.get(screen) or OURS[screen]

    def said(self, entry: str, word: str) -> str:
        """What the tenant calls a value of one of its lists."""
        return self.settings.labels.get(entry, {}).get(word, word)

    def number(self, amount: Decimal) -> str:
        """An amount as the screen reads it."""
        return digits(amount).replace(".", self.settings.decimal_mark or ".")

    def day(self, day: date) -> str:
        """A day as the screen reads it; empty where nobody has said how."""
        form = self.settings.dates
        for part, digits_ in (("YYYY", f"{day.year:04}"), ("MM", f"{day:%m}"), ("DD", f"{day:%d}")):
            form = form.replace(part, digits_)
        return form


def screens(declared: Declared) -> Screens:
    """The import screens of a catalogue's tenant."""
    return Screens(declared.templates.imports, declared.shared.settings)


@dataclass(frozen=True, slots=True)
class Misfit:
    """What a template asks for and the catalogue does not say, or cannot be said in its column.

    `column` is None where the template has none. `route` is the way to the value in its document.
    """

    code: str
    column: Column | None
    route: Route
    reason: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an import file by its columns, and what the file cannot say.

    With `reasons` there is no row: something that the screen requires is missing or does not fit.
    `misfits` are those with a tenant's own template.
    """

    cells: Mapping[str, str]
    left: tuple[Entry, ...]
    reasons: tuple[str, ...] = ()
    misfits: tuple[Misfit, ...] = ()

    def in_order(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """The cells under a file's columns."""
        return tuple([self.cells.get(column, "") for column in columns])


@dataclass(slots=True)
class _Filling:
    """A row while its cells are filled: nothing is ever cut to fit, and nothing dropped."""

    template: ImportTemplate
    screens: Screens
    cells: dict[str, str] = field(default_factory=dict)
    left: list[Entry] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    misfits: list[Misfit] = field(default_factory=list)

    def fill(
        self, about: str, called: str, value: str, route: Route = (), longest: int | None = None
    ) -> None:
        """Fills the column that holds something; people call it so."""
        column = self.template.holding(about)
        if column is None:
            if value:
                self.left.append(Entry(called, value))
        elif value:
            self._put(column, called, value, route, longest)
        elif column.wanted:
            self._stop(column, called, route, _MISSING)

    def cannot(self, about: str, called: str, value: str, route: Route, note: str = "") -> None:
        """A value that the screen does not take in that form: a person enters it."""
        column = self.template.holding(about)
        if column is not None and column.wanted:
            self._stop(column, called, route, note or f"the import does not take “{value}”")
        else:
            self.left.append(Entry(called, value, note))

    def _put(
        self, column: Column, called: str, value: str, route: Route, longest: int | None
    ) -> None:
        wrong = self._unfit(value, longest)
        if wrong:
            self._leave(column, called, value, route, wrong)
        else:
            self.cells[column.header] = value

    def _leave(
        self, column: Column, called: str, value: str, route: Route, reason: str, cure: str = ""
    ) -> None:
        """A value that its column does not take: a person enters it, or the whole object."""
        if column.wanted:
            self.reasons.append(f"{called}: {reason}")
        else:
            self.left.append(Entry(called, value, reason))
        self._tell("BD555", column, called, route, reason, cure)

    def _unfit(self, value: str, longest: int | None) -> str:
        if longest is not None and len(value) > longest:
            return f"Autotask takes {longest:,} characters"
        if longest is not None and "\n" in value and self.template.screen is Screen.ORGANIZATIONS:
            return "Autotask takes one line"
        encoding = self.template.encoding
        sign = encoding.lacks(value) if self.template.own else ""
        return f"the template is written in {encoding.name}, which has no {sign}" if sign else ""

    def _stop(self, column: Column, called: str, route: Route, reason: str) -> None:
        """A column that has to be filled and cannot be: there is no row."""
        self.reasons.append(f"{called}: {reason}")
        self._tell("BD554", column, called, route, reason)

    def _tell(
        self,
        code: str,
        column: Column | None,
        called: str,
        route: Route,
        reason: str,
        cure: str = "",
    ) -> None:
        if self.template.own:
            self.misfits.append(Misfit(code, column, route, f"{called}: {reason}", cure))

    def user_defined(self, values: UserDefined) -> None:
        """Fills the columns of user-defined fields by their labels."""
        named: set[str] = set()
        for called, value in values.items():
            columns = self.template.labelled(called)
            named.update(column.header for column in columns)
            self._by_label(columns, called, value)
        for column in self.template.asked:
            if column.header not in named:
                self._stop(column, column.about, ("udf",), _MISSING)

    def _by_label(
        self, columns: Sequence[Column], called: str, value: str | int | bool | Decimal
    ) -> None:
        route, text = ("udf", called), self._text(value)
        if is_secret(called) or any(column.secret for column in columns):
            self.left.append(Entry(called, "", _PROTECTED))
            column = columns[0] if columns else None
            # At the document, not at the value: findings show their line.
            self._tell("BD555", column, called, (), _PROTECTED, _NO_SECRETS)
        elif not columns:
            self.left.append(Entry(called, text or str(value)))
            self._tell("BD557", None, called, route, "no column of the template has it")
        elif len(columns) > 1:
            reason = "the template has several columns of this label"
            self._leave(columns[1], called, text or str(value), route, reason)
        elif not text:
            what, cure = _UNSAID[isinstance(value, Decimal)]
            reason = f"nobody has said how the screen reads {what}"
            self._leave(columns[0], called, str(value), route, reason, cure)
        else:
            self._put(columns[0], called, text, route, None)

    def _text(self, value: str | int | bool | Decimal) -> str:
        """The value of a user-defined field as the screen reads it; empty where it cannot."""
        match value:
            case bool():
                return "Yes" if value else "No"
            case Decimal():
                mark = self.screens.settings.decimal_mark
                return self.screens.number(value) if mark or value == int(value) else ""
            case int():
                return str(value)
        if is_day(value) and self.template.own:
            return self.screens.day(date.fromisoformat(value))
        return value

    def row(self) -> Row:
        """The row as it has become."""
        return Row(self.cells, tuple(self.left), tuple(self.reasons), tuple(self.misfits))


_MISSING = "the import requires it, and the catalogue does not say it"
_PROTECTED = "the field is protected, and protected fields are never written"
_NO_SECRETS = "take it out of the catalogue: whatever stands in a repository is read by many"
_SAY = "write in the settings how %s are written there, `autotask: {import: {%s: …}}`"
_UNSAID = {
    False: ("a date", _SAY % ("dates", "dates")),
    True: ("decimals", _SAY % ("decimals", "decimals")),
}
"""What a screen may read otherwise than it is written, and how to say so: dates, and decimals."""

_LONGEST = {name: each.longest for name, each in ENTITIES["Companies"].fields.items()}


def organization(client: Client, parent: str, screens: Screens) -> Row:
    """A client as a row of the organizations file; `parent` is its parent's name in Autotask."""
    row = _Filling(screens.template(Screen.ORGANIZATIONS), screens)
    own = ("autotask", "organization")
    named = own if client.organization != client.legal_name else ("legal_name",)
    row.fill("name", label("companyName"), client.organization, named, _LONGEST["companyName"])
    row.fill("phone", label("phone"), client.phone, ("phone",), _LONGEST["phone"])
    customer = screens.said("Companies.companyType", "Customer")
    row.fill("organization type", f"{TERM} Type", customer)
    if row.template.holding("active") is not None:
        row.fill("active", "Active/Inactive", "Active")
    row.fill("parent organization", f"Parent {TERM}", parent, ("parent",))
    address, number = client.address, ("autotask", "number")
    for about, named_as, value, route in (
        ("number", "companyNumber", client.number, number),
        ("address 1", "address1", address.get("street", ""), _address(client, "street")),
        ("address 2", "address2", address.get("street2", ""), _address(client, "street2")),
        ("city", "city", address.get("city", ""), _address(client, "city")),
        ("state", "state", address.get("state", ""), _address(client, "state")),
        (
            "postal code",
            "postalCode",
            address.get("postal_code", ""),
            _address(client, "postal_code"),
        ),
        ("tax id", "taxID", client.tax_id, ("tax_id",)),
    ):
        row.fill(about, label(named_as), value, route, _LONGEST[named_as])
    row.fill("country", "Country", COUNTRIES.get(client.country, ""), ("country",))
    row.fill("tax region", "Tax Region", client.tax_region, ("tax_region",))
    if "@" in client.owner:
        row.cannot("organization manager", f"{TERM} Manager", client.owner, ("owner",))
    else:
        row.fill("organization manager", f"{TERM} Manager", client.owner, ("owner",))
    if row.template.holding("currency") is not None or client.currency != screens.settings.currency:
        row.fill("currency", "Currency", client.currency, ("currency",))
    row.user_defined(client.udf)
    return row.row()


def _address(client: Client, part: str) -> Route:
    return ("address", part) if part in client.address else ("address",)


def service(declared: Service, day: date, screens: Screens) -> Row:
    """A service as a row of the services file.

    The usual file knows no price, only cost and markup: the price is left to a person wherever a
    markup of two decimals does not give it to the cent.
    """
    row = _Filling(screens.template(Screen.SERVICES), screens)
    fields, currency = ENTITIES["Services"].fields, screens.settings.currency
    row.fill("name", "name", declared.title, ("title",), fields["name"].longest)
    period = screens.said("Services.periodType", PERIODS[declared.period])
    row.fill("period type", "Period Type", period, ("period",))
    if row.template.holding("active") is not None:
        row.fill("active", "Active/Inactive", "Active")
    longest = fields["invoiceDescription"].longest
    described = declared.invoice_description
    row.fill(
        "invoice description", "Invoice Description", described, ("invoice_description",), longest
    )
    if declared.billing_code or row.template.holding("billing code") is not None:
        row.fill("billing code", "Billing Code", declared.billing_code, ("billing_code",))
    else:
        row.left.append(
            Entry("Billing Code", "", "not in the catalogue, and Autotask requires one")
        )
    price = amount(declared.price, day, currency)
    cost = amount(declared.cost, day, currency) if declared.cost is not None else None
    exact = cost is not None and cost == cost.quantize(_HUNDREDTH, context=_WIDE)
    if cost is None:
        row.fill("unit cost", "Unit Cost", "", ("cost",))
    elif exact and cost <= _MOST_COST and row.template.holding("unit cost") is not None:
        row.fill("unit cost", "Unit Cost", screens.number(cost), ("cost",))
    else:
        row.cannot("unit cost", "Unit Cost", f"{cost:f} {currency}", ("cost",))
    _priced(row, price, cost)
    row.user_defined(declared.udf)
    return row.row()


def _priced(row: _Filling, price: Decimal | None, cost: Decimal | None) -> None:
    """The price: in its own column where the template has one, else by the markup."""
    currency = row.screens.settings.currency
    costed = row.template.holding("unit cost")
    known = costed is not None and costed.header in row.cells
    by_markup = row.template.holding("markup percent") is not None and known
    markup = _markup(price, cost) if by_markup else None
    if markup is not None and row.template.holding("unit price") is None:
        row.fill("markup percent", "Markup Percent", row.screens.number(markup), ("price",))
        return
    row.fill("markup percent", "Markup Percent", "", ("price",))
    if price is None:
        note = f"the catalogue has no amount in {currency}"
        row.cannot("unit price", "Unit Price", "", ("price",), note)
    elif row.template.holding("unit price") is not None:
        row.fill("unit price", "Unit Price", row.screens.number(price), ("price",))
    else:
        row.left.append(Entry("Unit Price", f"{price:f} {currency}"))


def user_defined(values: UserDefined) -> tuple[Entry, ...]:
    """User-defined fields as a person enters them, where no import file carries them."""
    words = {True: "Yes", False: "No"}
    return tuple(
        [
            Entry(called, "", _PROTECTED)
            if is_secret(called)
            else Entry(called, words[value] if isinstance(value, bool) else str(value))
            for called, value in values.items()
        ]
    )


def unknown(template: ImportTemplate) -> Iterator[Column]:
    """Columns of which nobody knows what they hold: neither the catalogue nor our headers have
    them. Those that are left empty for another reason are not among them: columns of user-defined
    fields, contacts and sites, protected ones, those of updates, those that are required.
    """
    known = FILLED[template.screen] | OURS[template.screen].known
    for column in template.columns:
        if column.of is Of.RECORD and not (column.user_defined or column.protected):
            about = fields(template.screen, (column,)).keys()
            if not (about <= known or column.wanted or column.updates_only or column.secret):
                yield column


def unknown_required(template: ImportTemplate) -> Iterator[Column]:
    """Columns that a template requires of every row, and for which a catalogue has no value."""
    for column in template.columns:
        if column.wanted and column.of is Of.RECORD and not column.user_defined:
            if not any(template.holding(about) is column for about in FILLED[template.screen]):
                yield column
        elif column.wanted and (column.of is Of.SITE or column.secret):
            yield column


def amount(price: Price, day: date, currency: str) -> Decimal | None:
    """The amount in force on a day, or the first there will be where none has begun yet."""
    amounts = price.on(day)
    return (price.steps[0].amounts if amounts is None else amounts).get(currency)


def _markup(price: Decimal | None, cost: Decimal | None) -> Decimal | None:
    """The percentage, at two decimals, that makes exactly this price of a cost; None if none."""
    if price is None or cost is None or not cost:
        return None
    hundred = Decimal(100)
    exact = _WIDE.divide(_WIDE.multiply(_WIDE.subtract(price, cost), hundred), cost)
    markup = exact.quantize(_HUNDREDTH, ROUND_HALF_UP, _WIDE)
    if abs(markup) > _MOST_MARKUP:
        return None
    made = _WIDE.divide(_WIDE.multiply(cost, _WIDE.add(hundred, markup)), hundred)
    return markup if made.quantize(_HUNDREDTH, ROUND_HALF_UP, _WIDE) == price else None
