"""The rows of the files that Autotask's import screens accept.

The headers are defaults: those of the one public template file of organizations, without its
prefix, its contact and its user-defined columns; and those that the vendor names for services
(Services_Import). A tenant's own template decides. Nothing of this is verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from billing_dsl.kinds.client import Client
from billing_dsl.kinds.service import Service
from billing_dsl.model.countries import COUNTRIES
from billing_dsl.model.money import Price
from billing_dsl.targets._autotask import ENTITIES
from billing_dsl.targets._contracts import PERIODS
from billing_dsl.targets._labels import Entry, label

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

_HUNDREDTH = Decimal("0.01")
_MOST_COST = Decimal("99999999999.99")
_MOST_MARKUP = Decimal("99999999.99")
_WIDE = Context(prec=60)


_LONGEST = {name: field.longest or 0 for name, field in ENTITIES["Companies"].fields.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an import file by its columns, and what the file cannot say.

    With `reasons` there is no row: something that the screen requires is missing or too long.
    """

    cells: Mapping[str, str]
    left: tuple[Entry, ...]
    reasons: tuple[str, ...] = ()

    def in_order(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """The cells under a file's columns."""
        return tuple([self.cells.get(column, "") for column in columns])


def organization(client: Client, parent: str, house_currency: str) -> Row:
    """A client as a row of the organizations file; `parent` is its parent's name in Autotask."""
    cells = {
        "[required] Name": client.organization,
        "[required] Phone": client.phone,
        f"{TERM} Type": "Customer",
        "Active/Inactive": "Active",
        f"Parent {TERM}": parent,
    }
    reasons: list[str] = []
    if not client.phone:
        reasons.append("phone: the import requires it, and the catalogue does not say it")
    for column, field in (("[required] Name", "companyName"), ("[required] Phone", "phone")):
        longest = _LONGEST[field]
        if len(cells[column]) > longest:
            reasons.append(f"{label(field)}: Autotask takes {longest} characters")
    left: list[Entry] = []
    address = client.address
    for column, field, value in (
        ("Number", "companyNumber", client.number),
        ("Address 1", "address1", address.get("street", "")),
        ("Address 2", "address2", address.get("street2", "")),
        ("City", "city", address.get("city", "")),
        ("State", "state", address.get("state", "")),
        ("Zip Code", "postalCode", address.get("postal_code", "")),
        ("Tax ID", "taxID", client.tax_id),
    ):
        longest = _LONGEST[field]
        if len(value) > longest or "\n" in value:
            left.append(Entry(label(field), value, f"Autotask takes {longest} characters"))
        else:
            cells[column] = value
    cells["Country"] = COUNTRIES.get(client.country, "")
    cells["Tax Region"] = client.tax_region
    if "@" in client.owner:
        left.append(Entry(f"{TERM} Manager", client.owner))
    else:
        cells[f"{TERM} Manager"] = client.owner
    if client.currency != house_currency:
        left.append(Entry("Currency", client.currency))
    return Row(cells, tuple(left), tuple(reasons))


def service(declared: Service, day: date, currency: str) -> Row:
    """A service as a row of the services file.

    The file knows no price, only cost and markup: the price is left to a person wherever a markup
    of two decimals does not give it to the cent.
    """
    cells = {
        "[required] Name": declared.title,
        "[required] Period Type": PERIODS[declared.period],
    }
    fields = ENTITIES["Services"].fields
    reasons = []
    if len(declared.title) > (longest := fields["name"].longest or 0):
        reasons.append(f"name: Autotask takes {longest} characters")
    left: list[Entry] = []
    description = declared.invoice_description
    if len(description) > (longest := fields["invoiceDescription"].longest or 0):
        left.append(
            Entry("Invoice Description", description, f"Autotask takes {longest} characters")
        )
    else:
        cells["Invoice Description"] = description
    if declared.billing_code:
        left.append(Entry("Billing Code", declared.billing_code))
    else:
        left.append(Entry("Billing Code", "", "not in the catalogue, and Autotask requires one"))
    price = amount(declared.price, day, currency)
    cost = amount(declared.cost, day, currency) if declared.cost is not None else None
    if cost is not None and cost <= _MOST_COST and cost == cost.quantize(_HUNDREDTH, context=_WIDE):
        cells["Unit Cost"] = f"{cost:f}"
    elif cost is not None:
        left.append(Entry("Unit Cost", f"{cost:f} {currency}"))
    markup = _markup(price, cost) if "Unit Cost" in cells else None
    if markup is not None:
        cells["Markup Percent"] = f"{markup:f}"
    elif price is None:
        left.append(Entry("Unit Price", "", f"the catalogue has no amount in {currency}"))
    else:
        left.append(Entry("Unit Price", f"{price:f} {currency}"))
    return Row(cells, tuple(left), tuple(reasons))


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
