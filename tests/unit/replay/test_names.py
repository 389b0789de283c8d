"""What entries call things, and what is said of a name that nobody knows."""

from __future__ import annotations

from billing_dsl.kinds import kinds
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.role import Role
from billing_dsl.model.declaration import House
from billing_dsl.replay.names import ASSUMED, Unknown, of_clients, of_roles
from billing_dsl.replay.routed import Customer, customer
from billing_dsl.source.reader import read


def clients(*texts: str) -> list[Customer]:
    found = []
    for text in texts:
        (document,), _, _ = read("a.yaml", f"format: 1\nkind: client\n{text}\n".encode())
        client = kinds()["client"].build(document, House("EUR"))
        assert isinstance(client, Client)
        found.append(customer(client))
    return found


ACME = (
    "name: acme\nlegal_name: Acme Industriale S.r.l.\nautotask: {organization: ACME, number: C-1}"
)
GLOBEX = "name: globex\nlegal_name: Globex AG\ntitle: ACME\nautotask: {number: C-2}"
OTHER = "name: other\nlegal_name: Globex Ag"


def test_a_client_has_several_names() -> None:
    names = of_clients(clients(ACME, GLOBEX))
    for text in ("ACME", " acme ", "C-1", "Acme  Industriale S.R.L.", "acme"):
        assert names.named(text) == "acme"
    assert names.named("c-2") == "globex"
    assert names.named("Globex AG") == "globex"


def test_a_name_that_two_have_names_nobody() -> None:
    names = of_clients(clients(GLOBEX, OTHER))
    assert names.named("globex ag") == Unknown("globex ag", shared_by=("globex", "other"))
    assert names.named("globex") == "globex"


def test_an_unknown_name_is_told_the_nearest_things_once() -> None:
    names = of_clients(clients(ACME, GLOBEX))
    assert names.named("Akme Industriale S.r.l.") == Unknown("Akme Industriale S.r.l.")
    assert names.near("Akme Industriale S.r.l.") == ("ACME",)
    assert names.named("") == Unknown("")
    assert names.near("") == ()


def test_what_is_assumed_is_the_catalogues_own_name() -> None:
    (document,), _, _ = read(
        "a.yaml", b"format: 1\nkind: role\nname: engineer\ntitle: Support\nrate: 1\n"
    )
    role = kinds()["role"].build(document, House("EUR"))
    assert isinstance(role, Role)
    assert of_roles([role]).named(f"{ASSUMED}engineer") == "engineer"
    assert of_roles([role]).named("SUPPORT") == "engineer"
