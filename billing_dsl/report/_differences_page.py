"""What `diff` tells as pages: Markdown for a pull request, and one self-contained page of HTML."""

from __future__ import annotations

from collections.abc import Sequence

from billing_dsl.changes.told import Told
from billing_dsl.kinds.settings import Settings
from billing_dsl.report._differences import NAMED, Page, page, who
from billing_dsl.report._visible import visible
from billing_dsl.targets._templates import ACCENT, PAGE, PRIMARY, Part, Written, part, sheet


def pages(told: Told, settings: Settings, folder: str = "", every: bool = False) -> Part:
    """A change in both forms, in a provider's colours."""
    return filled("diff", page(told, folder, every), settings)


def filled(
    template: str,
    found: Page,
    settings: Settings,
    sheets: Sequence[str] = ("page", "diff"),
    **more: object,
) -> Part:
    """A page of a change in both forms, by a template that may tell more of it, and in a style
    that is put together of `sheets`.
    """
    colours = settings.colours
    return part(
        template,
        PAGE,
        found=found,
        provider=settings.title,
        who=who,
        named=NAMED,
        code=_code,
        sheet=sheet(colours.get("primary", PRIMARY), colours.get("accent", ACCENT), *sheets),
        **more,
    )


def _code(command: str) -> str:
    """A command as Markdown shows it to be copied; as plain text where it would not stay one."""
    shown = visible(command)
    return shown if "`" in shown else Written(f"`{shown}`")
