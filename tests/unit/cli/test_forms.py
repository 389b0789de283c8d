"""Which forms of documents a command takes, and what it says where one cannot be made here."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from billing_dsl.cli import Exit, main
from billing_dsl.cli.forms import forms
from billing_dsl.targets import _forms
from billing_dsl.targets._forms import Form, Need

SHIPPED = Path(__file__).parents[3] / "catalogue"


def named(value: str) -> frozenset[Form]:
    """The forms that are named to a command."""
    option = click.Option(["--forms"])
    return forms(click.Context(click.Command("compile")), option, value)


def test_forms_are_named_with_commas_between_in_any_case_and_order() -> None:
    assert named("HTML, md") == {Form.HTML, Form.MARKDOWN}
    assert named("md,md,") == {Form.MARKDOWN}


def test_a_form_that_there_is_not_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    asked = ["compile", str(SHIPPED), "-o", str(out), "--forms"]
    assert main([*asked, "md,odt"]) == Exit.USAGE
    assert "there is no form `odt`; forms are md, html" in capsys.readouterr().err
    assert main([*asked, " , "]) == Exit.USAGE
    assert "name at least one of md, html" in capsys.readouterr().err
    assert not out.exists()


def test_a_form_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    needs = {Form.HTML: Need("pages", "no_such_module"), Form.MARKDOWN: Need("plain", "json")}
    monkeypatch.setattr(_forms, "NEEDS", needs)
    with pytest.raises(click.BadParameter, match=r"html cannot be made.*billing-dsl\[pages\]"):
        named("html")
    assert named("md") == {Form.MARKDOWN}
