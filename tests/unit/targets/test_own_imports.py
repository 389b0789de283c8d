"""Import files in the form of the tenant's own templates, and what these ask of a catalogue."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.diagnostics import Finding, Place, Span
from billing_dsl.model.countries import COUNTRIES
from billing_dsl.pipeline import FileReading, check, read_file
from billing_dsl.source.document import Document
from billing_dsl.targets._book import Book
from billing_dsl.targets.autotask_import import autotask_import
from billing_dsl.targets.checklist import checklist
from billing_dsl.templates import understand
from tests.unit.targets.compiling import (
    FIRM,
    TODAY,
    compiled,
    making,
    of_clients,
    rows_of_steps,
    step,
    steps,
    told,
)

ORGANIZATIONS = "templates/autotask/from the tenant.csv"
SERVICES = "templates/autotask/sold.csv"

HEADER = (
    "[required] Client: Name",
    "Client: Fax",
    "Client: Number",
    "Client: Post Code",
    "Client: Town",
    "Client: County",
    "Client: Address 1",
    "Client: Country",
    "[required] Client: Phone",
    "Client: Client Type",
    "Client: Client Manager",
    "Client: Parent Client",
    "Client: Tax Region",
    "Client: Tax ID",
    "Client: Active/Inactive",
    "Client UDF:29682812 Number of Users",
    "Client UDF:29682813 VIP",
    "Client UDF:29682817 Contract Signed",
    "Client UDF:29682820 Factor",
    "Site Configuration UDF:29682819 Server Password (s) [protected]",
    "Contact: First Name",
)


def template(headers: Sequence[str] = HEADER, delimiter: str = ",", codec: str = "utf-8") -> bytes:
    """A template file with these headers."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerow(headers)
    return written.getvalue().encode(codec)


def files(found: Book) -> dict[str, bytes]:
    """The import files, by their names."""
    return {
        path.rpartition("/")[2]: file.content for path, file in told(found, autotask_import).items()
    }


def cells(content: bytes, codec: str = "utf-8", delimiter: str = ",") -> list[list[str]]:
    """The cells of a file, read by somebody else."""
    text = content.decode(codec)
    assert text.endswith("\r\n")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def found(
    documents: str, templates: Mapping[str, bytes], firm: str = FIRM
) -> list[tuple[str, Finding]]:
    """What a check says of own templates."""
    parts = [one for one in f"{firm}\n---\n{documents}".split("---\n") if one.strip()]
    text = "\n---\n".join(f"format: 1\n{textwrap.dedent(one).strip()}" for one in parts)
    reading = read_file("a.yaml", text.encode())
    assert reading.faults == ()
    checked = check([reading], TODAY, (), templates=understand(templates))
    return list(checked.found)


CLIENT = """
    kind: client
    name: abc
    legal_name: "=Abc, \\"Größe\\" & Söhne; Ltd"
    autotask: {number: C-7}
    parent: acme
    phone: "+39 0471 1"
    address: {street: "Via Uno 1", city: Bolzano, state: BZ, postal_code: "39100"}
    country: IT
    tax_region: Italy
    tax_id: IT7
    owner: "Bloggs, Ann"
    udf: {number of  users: 12, VIP: true, Contract Signed: 2027-01-31, factor: 1.50}
"""
FORMS = FIRM.replace(
    "Europe/Rome", "Europe/Rome\n    autotask: {import: {dates: DD/MM/YYYY, decimals: comma}}"
)
ABC = {
    "[required] Client: Name": '=Abc, "Größe" & Söhne; Ltd',
    "Client: Number": "C-7",
    "Client: Post Code": "39100",
    "Client: Town": "Bolzano",
    "Client: County": "BZ",
    "Client: Address 1": "Via Uno 1",
    "Client: Country": "Italy",
    "[required] Client: Phone": "+39 0471 1",
    "Client: Client Type": "Customer",
    "Client: Client Manager": "Bloggs, Ann",
    "Client: Parent Client": "Acme S.r.l.",
    "Client: Tax Region": "Italy",
    "Client: Tax ID": "IT7",
    "Client: Active/Inactive": "Active",
    "Client UDF:29682812 Number of Users": "12",
    "Client UDF:29682813 VIP": "Yes",
    "Client UDF:29682817 Contract Signed": "31/01/2027",
    "Client UDF:29682820 Factor": "1,50",
}


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_template_is_filled_as_it_is(codec: str, delimiter: str) -> None:
    own = {ORGANIZATIONS: template((*HEADER, "Größe"), delimiter, codec)}
    assert [code for code, _ in found(CLIENT, own, FORMS)] == ["BD561"]
    content = files(compiled(CLIENT, firm=FORMS, templates=own))["organizations.csv"]
    assert content.startswith(own[ORGANIZATIONS])
    head, acme, abc = cells(content, codec, delimiter)
    assert head == [*HEADER, "Größe"]
    assert abc == [ABC.get(header, "") for header in head]
    assert acme[0] == "Acme S.r.l."


def test_columns_stand_in_the_template_s_order_and_unknown_ones_are_empty() -> None:
    headers = ("Colour", "[required] Phone", "", "Shape", "[required] Name")
    content = files(compiled("", templates={ORGANIZATIONS: template(headers)}))["organizations.csv"]
    assert cells(content) == [list(headers), ["", "+39 011 555 0142", "", "", "Acme S.r.l."]]


def test_what_the_template_has_no_column_for_is_a_step() -> None:
    own = {ORGANIZATIONS: template(("[required] Name", "[required] Phone"))}
    assert [code for code, _ in found(CLIENT, own)] == ["BD557"] * 4
    text = step(compiled(CLIENT, templates=own), "Größe")
    for part in ("zip code `39100`", "city `Bolzano`", "tax ID `IT7`", "number of users `12`"):
        assert part in text
    assert "Organization Type `Customer`" in text


def test_without_a_template_user_defined_fields_are_steps() -> None:
    text = step(compiled(CLIENT), "VIP")
    assert "number of users `12`, VIP `Yes`, Contract Signed `2027-01-31`, factor `1.50`" in text
    firm = FIRM.replace("Europe/Rome", "Europe/Rome\n    lanes: {companies: api}")
    by_api = CLIENT.replace("Bloggs, Ann", "ann@firm.example")
    assert "number of users `12`, VIP `Yes`" in step(compiled(by_api, firm=firm), "VIP")
    assert "number of users: `12`" in making(compiled(CLIENT, firm=firm), "company:abc")


def test_the_tenant_s_words_are_used() -> None:
    labels = "{Companies.companyType: {Customer: Kunde}, Services.periodType: {Monthly: Monatlich}}"
    firm = FIRM.replace("Europe/Rome", f"Europe/Rome\n    autotask: {{labels: {labels}}}")
    own = {ORGANIZATIONS: template(), SERVICES: template(("Name", "Period Type"))}
    made = files(compiled("", firm=firm, templates=own))
    assert cells(made["organizations.csv"])[1][9] == "Kunde"
    assert cells(made["services.csv"])[1] == ["Managed seat", "Monatlich"]


def test_the_checklist_names_the_template() -> None:
    own = {ORGANIZATIONS: template(delimiter=";", codec="utf-8-sig")}
    text = step(compiled("", templates=own), "import/organizations.csv")
    assert (
        "your template `templates/autotask/from the tenant.csv`, in UTF-8 with a byte order mark, "
        "with semicolons" in text
    )
    assert "guesses" not in text
    assert "guesses (unverified), from the vendor's help" in step(
        compiled("", templates=own), "import/services.csv"
    )


# --- services ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "row"),
    [
        ("Name|Period Type|Unit Cost|Markup Percent", "Managed seat|Monthly|24.00|100.00"),
        ("Service ID [updates only]|[required] Service Name|Period Type", "|Managed seat|Monthly"),
        ("Period Type|Name|Unit Price", "Monthly|Managed seat|48.00"),
        ("Name|Period Type|Unit Cost|Markup %|Unit Price", "Managed seat|Monthly|24.00||48.00"),
        (
            "Name|Period Type|[required] Billing Code Name|Active",
            "Managed seat|Monthly|Managed Services|Active",
        ),
    ],
)
def test_services(headers: str, row: str) -> None:
    own = {SERVICES: template(headers.split("|"))}
    assert found("", own) == []
    head, seat = cells(files(compiled("", templates=own))["services.csv"])
    assert (head, seat) == (headers.split("|"), row.split("|"))


def test_a_price_without_a_column_is_a_step() -> None:
    own = {SERVICES: template(("Name", "Period Type"))}
    text = step(compiled("", templates=own), "Service `Managed seat`")
    assert "Unit Cost `24.00 EUR`, Unit Price `48.00 EUR`" in text


def test_user_defined_fields_of_services() -> None:
    firm = FIRM.replace("billing_code: Managed Services", "udf: {Sold by: Seat}")
    own = {SERVICES: template(("Name", "Period Type", "Service UDF:9 Sold By"))}
    made = files(compiled("", firm=firm, templates=own))
    assert cells(made["services.csv"])[1] == ["Managed seat", "Monthly", "Seat"]


# --- what does not fit ---------------------------------------------------------------------------


def told_of(documents: str, headers: Sequence[str], **how: str) -> list[tuple[str, str, str]]:
    """Code and message of each finding, and the header that it names."""
    own = template(headers, **how)
    head = own.decode(how.get("codec", "utf-8"))
    shown = []
    for code, one in found(documents, {ORGANIZATIONS: own}):
        spans = [one.place, *(label.place for label in one.related)]
        named = [s for s in spans if isinstance(s, Span) and s.path == ORGANIZATIONS]
        header = head[named[0].column - 1 : named[0].end_column - 1].strip('"') if named else ""
        shown.append((code, one.message, header))
    return shown


NO_PHONE = """
    kind: client
    name: abc
    legal_name: Abc Ltd
"""
REFUSED = "client `abc` does not fit the import template: "


def test_a_required_column_without_a_value() -> None:
    missing = "the import requires it, and the catalogue does not say it"
    assert told_of(NO_PHONE, HEADER) == [
        ("BD554", f"{REFUSED}phone: {missing}", "[required] Client: Phone")
    ]
    udf = "[required] Client UDF:9 Size"
    with_phone = f'{NO_PHONE}    phone: "1"\n    udf: {{size: 9}}\n'
    assert told_of(with_phone, (*HEADER, udf)) == [
        ("BD554", "client `acme` does not fit the import template: Size: " + missing, udf)
    ]


def test_a_finding_stands_where_it_is_mended_and_names_the_column() -> None:
    documents = f'{NO_PHONE}    phone: "1"\n    address: {{city: {"x" * 31}}}\n'
    [(code, one)] = found(documents, {ORGANIZATIONS: template()})
    assert code == "BD555"
    assert one.place == Place("a.yaml", 9, ("address", "city"))
    assert one.subject == "client/abc"
    assert [reach.client for reach in one.reached] == ["abc"]
    assert one.message == f"{REFUSED}city: Autotask takes 30 characters"


LONG_TOWN = "x" * 31


@pytest.mark.parametrize(
    ("more", "reason", "header"),
    [
        (f"address: {{city: {LONG_TOWN}}}", "city: Autotask takes 30 characters", "Client: Town"),
        (
            'address: "Via Uno\\nTorino"',
            "address, first line: Autotask takes one line",
            "Client: Address 1",
        ),
        (
            "udf: {contract signed: 2027-01-01}",
            "contract signed: nobody has said how the screen reads a date",
            "Client UDF:29682817 Contract Signed",
        ),
        (
            "udf: {factor: 1.5}",
            "factor: nobody has said how the screen reads decimals",
            "Client UDF:29682820 Factor",
        ),
        (
            "udf: {Server Password (s): hunter2}",
            "Server Password (s): the field is protected, and protected fields are never written",
            "Site Configuration UDF:29682819 Server Password (s) [protected]",
        ),
    ],
)
def test_values_that_a_column_does_not_take(more: str, reason: str, header: str) -> None:
    documents = f'{NO_PHONE}    phone: "1"\n    {more}\n'
    assert told_of(documents, HEADER) == [("BD555", REFUSED + reason, header)]
    assert "hunter2" not in steps(compiled(documents, templates={ORGANIZATIONS: template()}))


def test_a_secret_is_written_nowhere_whether_there_is_a_template_or_not() -> None:
    documents = f'{NO_PHONE}    phone: "1"\n    udf: {{Admin password: hunter2}}\n'
    for lane in ("import", "api"):
        firm = FIRM.replace("Europe/Rome", f"Europe/Rome\n    lanes: {{companies: {lane}}}")
        made = told(compiled(documents, firm=firm), autotask_import, checklist)
        assert not any(b"hunter2" in file.content for file in made.values())
        text = made["autotask/checklist.md"].content.decode()
        assert "Admin password: the field is protected" in text


def test_a_required_value_that_does_not_fit_leaves_no_row() -> None:
    documents = f'{NO_PHONE}    phone: "1"\n    udf: {{Signed: 2027-01-01}}\n'
    firm = FIRM.replace('phone: "+39 011 555 0142"', 'phone: "2"\n    udf: {Signed: soon}')
    own = {ORGANIZATIONS: template((*HEADER, "[required] Client UDF:9 Signed"))}
    [(code, one)] = found(documents, own, firm)
    assert code == "BD555"
    assert one.message == f"{REFUSED}Signed: nobody has said how the screen reads a date"
    rows = cells(files(compiled(documents, firm=firm, templates=own))["organizations.csv"])
    assert [row[0] for row in rows[1:]] == ["Acme S.r.l."]


def test_letters_that_the_template_s_encoding_does_not_have() -> None:
    documents = f'{NO_PHONE}    phone: "1"\n    address: {{city: Łódź}}\n'
    header = (*HEADER, "Größe")
    unknown = ("BD561", "nobody knows what this column of the template holds: “Größe”", "Größe")
    assert told_of(documents, header) == [unknown]
    reason = "city: the template is written in Windows-1252, which has no “Ł”"
    assert told_of(documents, header, codec="cp1252") == [
        unknown,
        ("BD555", REFUSED + reason, "Client: Town"),
    ]
    named = '    kind: client\n    name: abc\n    legal_name: Łódź Ltd\n    phone: "1"\n'
    assert told_of(named, header, codec="cp1252")[1][0] == "BD555"


def test_a_label_that_the_template_does_not_have() -> None:
    documents = f'{NO_PHONE}    phone: "1"\n    udf: {{Number of User: 3}}\n'
    [(code, one)] = found(documents, {ORGANIZATIONS: template()})
    assert (code, one.help) == ("BD557", "did you mean `Number of Users`?")
    assert one.place == Place("a.yaml", 9, ("udf", "Number of User"), key=True)


def test_a_label_that_two_columns_have() -> None:
    documents = f'{NO_PHONE}    phone: "1"\n    udf: {{Size: 3}}\n'
    [(code, message, _)] = told_of(documents, (*HEADER, "Client UDF:1 Size", "Client UDF:2 Size"))
    assert (code, message) == (
        "BD555", f"{REFUSED}Size: the template has several columns of this label"
    )  # fmt: skip


def test_columns_that_no_catalogue_can_fill_are_told_once() -> None:
    documents = NO_PHONE + '    phone: "1"\n'
    territory = "[required] Territory Name"
    nothing = "the template requires a column that the catalogue has nothing for: “%s”"
    assert told_of(documents, (*HEADER, territory)) == [("BD554", nothing % territory, territory)]
    contact = ("[required] Contact: Last Name", "[required] Contact: Fax")
    message = "the template requires a contact, 2 columns of it, and the catalogue knows none"
    assert told_of(documents, (*HEADER, *contact)) == [("BD556", message, contact[0])]
    assert told_of(documents, (*HEADER, "[required] Client ID [updates only]")) == []


def test_a_column_that_nobody_knows_is_told_at_its_place() -> None:
    documents = NO_PHONE + '    phone: "1"\n'
    nobody = "nobody knows what this column of the template holds: “%s”"
    odd = ("Client: Nickname", "Wingspan")
    assert told_of(documents, (*HEADER, *odd)) == [("BD561", nobody % one, one) for one in odd]
    usual = ("Client: Web", "Stock Symbol", "Client ID [updates only]", "Contact: Nickname", "")
    assert told_of(documents, (*HEADER, "Client UDF:77 Nobody's", *usual)) == []


def test_a_required_field_of_another_s_or_a_secret_is_told_once() -> None:
    documents = NO_PHONE + '    phone: "1"\n'
    site, secret = "[required] Site Configuration UDF:3 Rack", "[required] Client UDF:4 Password"
    found = told_of(documents, (*HEADER, site, secret))
    assert [(code, header) for code, _, header in found] == [("BD554", site), ("BD554", secret)]


def test_a_required_account_manager_is_a_person_s_name() -> None:
    documents = f'{NO_PHONE}    phone: "1"\n    owner: ann@firm.example\n'
    headers = ("Name", "Phone", "[required] Account Manager")
    messages = [message for _, message, _ in told_of(documents, headers)]
    assert "Organization Manager: the import does not take “ann@firm.example”" in messages[0]


def test_a_template_whose_lane_is_another_is_not_used() -> None:
    firm = FIRM.replace("Europe/Rome", "Europe/Rome\n    lanes: {companies: api}")
    [(code, one)] = found(NO_PHONE, {ORGANIZATIONS: template()}, firm)
    assert code == "BD552"
    assert one.message == "this template is not used: organizations go by the lane `api`"


def test_what_a_waiver_accepts_is_a_step_and_never_cut() -> None:
    """Compiled although it does not fit: the row goes without the value, or a person enters all."""
    documents = f'{NO_PHONE}    phone: "1"\n    address: {{city: {"x" * 31}}}\n'
    made = compiled(documents, templates={ORGANIZATIONS: template()})
    assert cells(files(made)["organizations.csv"])[1][4] == ""
    assert f"city `{'x' * 31}` (Autotask takes 30 characters)" in step(made, "Organization `Abc")
    made = compiled(NO_PHONE, templates={ORGANIZATIONS: template()})
    assert [row[0] for row in cells(files(made)["organizations.csv"])[1:]] == ["Acme S.r.l."]
    assert ("make", "company:abc") in {(row["deed"], row["object"]) for row in rows_of_steps(made)}


# --- whatever a template is like -----------------------------------------------------------------

TERMS = ("Account", "Client", "Company", "Organization", "Organisation")
KNOWN = {
    "name": ("Name",), "phone": ("Phone",), "number": ("Number",), "address 1": ("Address 1",),
    "city": ("City", "Town"), "state": ("State", "County"), "postal": ("Zip Code", "Post Code"),
    "country": ("Country",), "parent": ("Parent {term}",), "region": ("Tax Region",),
    "tax": ("Tax ID",), "manager": ("{term} Manager",), "type": ("{term} Type",),
    "active": ("Active/Inactive",), "size": ("{term} UDF:1 Size",),
}  # fmt: skip
UNKNOWN = ("Fax", "Web", "Contact: City", "Contact: Client Portal Password", "", 'X, "Y"; z')
SIGNS = "abzÀø &<>\"'=+-@,;{}|%0\u05d0\u202e界"
TEXT = st.text(st.sampled_from(SIGNS), min_size=1, max_size=6).map(lambda text: f"x{text}x")


@st.composite
def templates(draw: st.DrawFn) -> tuple[dict[str, str], bytes, str, str]:
    """A template: its headers by what they hold, its bytes, its codec and its delimiter."""
    term = draw(st.sampled_from(TERMS))
    prefix = draw(st.sampled_from(("", f"{term}: ")))
    held = ["name", "phone", *draw(st.lists(st.sampled_from(sorted(KNOWN)), unique=True))]
    headers: dict[str, str] = {}
    for name in dict.fromkeys(held):
        words = draw(st.sampled_from(KNOWN[name])).format(term=term)
        mark = draw(st.sampled_from(("", "[required] ", "[required*]")))
        mark = mark if name in ("name", "phone") else ""
        headers[name] = mark + (words if "UDF" in words else prefix + words)
    for other in draw(st.lists(st.sampled_from(UNKNOWN), unique=True)):
        headers[f"unknown {other}"] = other
    order = draw(st.permutations(sorted(headers)))
    codec = draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16")))
    delimiter = draw(st.sampled_from(",;"))
    content = template([headers[name] for name in order], delimiter, codec)
    return {name: headers[name] for name in order}, content, codec, delimiter


@st.composite
def clients(draw: st.DrawFn) -> dict[str, Any]:
    """A client, all that can be said of whom is said, or nothing of it."""
    some: dict[str, Any] = {"address": {}, "autotask": {}}
    for name in ("tax_id", "tax_region", "owner"):
        if draw(st.booleans()):
            some[name] = draw(TEXT).replace("@", "")
    for name in ("street", "city", "state", "postal_code"):
        if draw(st.booleans()):
            some["address"][name] = draw(TEXT)
    if draw(st.booleans()):
        some["autotask"]["number"] = draw(TEXT)
    if draw(st.booleans()):
        some["country"] = draw(st.sampled_from(sorted(COUNTRIES)))
    if draw(st.booleans()):
        sizes = st.one_of(TEXT, st.integers(0, 99), st.booleans(), st.just(Decimal("1.50")))
        some["udf"] = {"Size": draw(sizes)}
    return {"legal_name": draw(TEXT), "phone": draw(TEXT), **some}


def said(client: Mapping[str, Any], name: str) -> str:
    """What a client's cell has to say, worked out in another way than by the tool."""
    address, value = client["address"], client.get("udf", {}).get("Size", "")
    texts = {
        "name": client["legal_name"], "phone": client["phone"], "type": "Customer",
        "active": "Active", "number": client["autotask"].get("number", ""),
        "address 1": address.get("street", ""), "city": address.get("city", ""),
        "state": address.get("state", ""), "postal": address.get("postal_code", ""),
        "country": COUNTRIES.get(client.get("country", ""), ""), "parent": "",
        "region": client.get("tax_region", ""), "tax": client.get("tax_id", ""),
        "manager": client.get("owner", ""),
        "size": {True: "Yes", False: "No"}[value] if isinstance(value, bool) else str(value),
    }  # fmt: skip
    return str(texts.get(name, ""))


@given(templates(), st.lists(clients(), min_size=1, max_size=3))
def test_an_import_file_reads_back_as_the_clients_were_declared(
    own: tuple[dict[str, str], bytes, str, str], some: list[dict[str, Any]]
) -> None:
    headers, content, codec, delimiter = own
    settings = {"kind": "settings", "name": "firm", "title": "F", "currency": "EUR"}
    reading = {"import": {"decimals": "point"}}
    documents: list[dict[str, Any]] = [
        {"format": 1, **settings, "timezone": "UTC", "autotask": reading}
    ]
    documents += [
        {"format": 1, "kind": "client", "name": f"c{n}", **client} for n, client in enumerate(some)
    ]
    readings = [
        FileReading(f"{n}.yaml", (Document(f"{n}.yaml", 0, one),), (), ())
        for n, one in enumerate(documents)
    ]
    checked = check(readings, TODAY, (), keep=True, templates=understand({ORGANIZATIONS: content}))
    assert checked.common.declared is not None
    assert {code for code, _ in checked.found} <= {"BD557", "BD561"}
    book = of_clients(checked.common.declared, checked.clients, TODAY)
    made = told(book, autotask_import, checklist)
    head, *rows = cells(made["autotask/import/organizations.csv"].content, codec, delimiter)
    assert head == list(headers.values())
    assert len(rows) == len(some)
    for client, row in zip(some, rows, strict=True):
        assert row == [said(client, name) for name in headers]
