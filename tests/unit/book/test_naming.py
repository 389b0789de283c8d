from __future__ import annotations

from dataclasses import replace

from billing_dsl.book.naming import contract_title
from billing_dsl.kinds.agreement import AGREEMENT, Agreement
from billing_dsl.model.declaration import House
from billing_dsl.source.document import Document


def agreement(name: str, title: str = "") -> Agreement:
    written = {
        "kind": "agreement",
        "name": name,
        "client": "acme",
        "start": "2027-01-01",
        "term": "12 months",
        "contracts": [{"name": "hourly", "type": "time_and_materials"}],
    }
    built = AGREEMENT.build(Document("acme.yaml", 0, written), House("EUR"))
    return replace(built, title=title) if title else built


def test_a_contract_is_called_by_its_agreement() -> None:
    assert contract_title(agreement("acme-2027"), "hourly") == "acme-2027 – hourly"
    titled = agreement("acme-2027", "Managed service")
    assert contract_title(titled, "hourly") == "Managed service (acme-2027) – hourly"


def test_two_agreements_with_one_title_have_contracts_of_different_names() -> None:
    titles = {contract_title(agreement(name, "Silver"), "block") for name in ("a", "b")}
    assert len(titles) == 2


def test_where_an_agreement_writes_its_end() -> None:
    assert agreement("acme-2027").place_of_end.route == ("term",)
