"""`billing-dsl check`: every finding of a catalogue."""

from __future__ import annotations

import importlib
from datetime import date
from pathlib import Path

import click

from billing_dsl.cli import Exit, checking, edge
from billing_dsl.diagnostics import Diagnostic, Severity

FORMATS = {
    "text": "text",
    "json": "json_v1",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "rdjson": "rdjson",
}
"""Every format and its module, so that only the one that is asked for is imported."""


@click.command("check")
@edge.DIRECTORY
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    help="How findings are printed.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    default="error",
    help="Exit with 1 from this severity on.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option(
    "--baseline",
    type=edge.Named(dir_okay=False),
    help="Leave out the findings that this file lists: only new ones count.",
)
@click.option(
    "--update-baseline", is_flag=True, help="Write today's findings to the file of --baseline."
)
@click.option(
    "--certificate",
    type=edge.Named(dir_okay=False),
    help="Write a page that states what was proved (.md or .html).",
)
@click.option(
    "--house-rules",
    is_flag=True,
    help="Run the catalogue's own rules, Python files in its folder rules/. They are code: only "
    "for catalogues that you trust.",
)
@click.option("--no-cache", is_flag=True, help="Neither use nor keep results of earlier runs.")
@click.option("--quiet", is_flag=True, help="No progress and no notes on standard error.")
@edge.as_of
@edge.colouring
def command(
    directory: str,
    form: str,
    fail_on: str,
    exit_zero: bool,
    baseline: str | None,
    update_baseline: bool,
    certificate: str | None,
    house_rules: bool,
    no_cache: bool,
    quiet: bool,
    as_of: date,
    color: str,
) -> int:
    """Prove the catalogue in DIR and print every finding, with its place and its cure."""
    if update_baseline and baseline is None:
        raise click.UsageError("--update-baseline needs --baseline FILE to write to.")
    if certificate is not None and not certificate.endswith((".md", ".html")):
        raise click.UsageError("--certificate writes a page that ends in .md or .html.")
    if certificate is None:
        found = checking.outcome(directory, as_of, house_rules, not no_cache, quiet)
    else:
        _may_be_written(Path(certificate))
        examined = checking.examined(directory, as_of, house_rules, quiet)
        _certify(examined, Path(certificate), quiet)
        found = examined.outcome
    checking.tell_of_no_rules(found.folder, house_rules, quiet)
    shown = found.diagnostics
    if baseline is not None:
        shown = _after_baseline(shown, Path(baseline), update_baseline, quiet)
    from billing_dsl.registry import only
    from billing_dsl.report import Format

    chosen = only(importlib.import_module(f"billing_dsl.report.{FORMATS[form]}"), Format)
    edge.say(chosen.render(checking.report(found, shown), checking.style(color)))
    return exit_code(shown, fail_on, exit_zero)


def exit_code(shown: tuple[Diagnostic, ...], fail_on: str, exit_zero: bool) -> int:
    """1 where a finding is at or above the severity that fails, 0 otherwise."""
    if exit_zero or fail_on == "never":
        return Exit.FINE
    least = Severity(fail_on).rank
    return Exit.FINDINGS if any(d.severity.rank >= least for d in shown) else Exit.FINE


def _after_baseline(
    shown: tuple[Diagnostic, ...], file: Path, update: bool, quiet: bool
) -> tuple[Diagnostic, ...]:
    from billing_dsl.cli.output import write_file
    from billing_dsl.report._baseline import BaselineError, baseline, without
    from billing_dsl.report._words import count

    try:
        if update:
            if file.exists():
                without((), file.read_bytes())
            write_file(file, baseline(shown).encode())
            left: tuple[Diagnostic, ...] = ()
        else:
            left = without(shown, file.read_bytes())
        if not quiet:
            accepted = count(len(shown) - len(left), "finding")
            click.echo(f"{file}: {accepted} accepted by this baseline", err=True)
        return left
    except FileNotFoundError:
        raise click.UsageError(
            f"there is no file `{file}`. Accept today's findings with --update-baseline."
        ) from None
    except BaselineError as error:
        kept = " It is as it was: name another file." if update else ""
        raise click.UsageError(f"`{file}` is no baseline: {error}.{kept}") from None
    except OSError as error:
        raise click.UsageError(f"`{file}` cannot be read: {edge.reason_of(error)}.") from None


def _may_be_written(file: Path) -> None:
    """Raises click.UsageError for a file that is there and is no certificate."""
    from billing_dsl.targets._certificate import HEADING

    try:
        known = HEADING.encode() in file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise click.UsageError(f"`{file}` cannot be read: {edge.reason_of(error)}.") from None
    if not known:
        raise click.UsageError(
            f"`{file}` is there already and is no certificate. It is as it was: name another file."
        )


def _certify(found: checking.Examined, file: Path, quiet: bool) -> None:
    from billing_dsl import __version__
    from billing_dsl.cli.output import write_file
    from billing_dsl.targets._certificate import certificate, facts_of

    checked, folder = found.checked, found.folder
    declared = checked.common.declared
    if declared is None:
        click.echo("nothing can be certified without settings that can be read", err=True)
        return
    facts = facts_of(
        declared,
        checked.clients,
        checked.common.inventory.names.get("client", set()),
        found.outcome.documents,
        not found.outcome.partial,
        found.outcome.diagnostics,
        [(one.waiver, one.code, one.finding) for one in found.verdict.accepted],
        checked.as_of,
        folder.hash,
        edge.commit_of(folder.directory),
        __version__,
        sum(one.severity == Severity.ERROR for one in found.outcome.accepted),
    )
    page = certificate(facts, "html" if file.suffix == ".html" else "md")
    write_file(file, page.encode())
    if not quiet:
        click.echo(f"wrote {file}", err=True)
