"""What `diff` tells as pages: Markdown for a pull request, and one self-contained page of HTML."""

from __future__ import annotations

from billing_dsl.changes.told import Told
from billing_dsl.kinds.settings import Settings
from billing_dsl.report._differences import NAMED, page, who
from billing_dsl.report._visible import visible
from billing_dsl.targets._templates import ACCENT, PRIMARY, Part, Written, part, sheet


def pages(told: Told, settings: Settings, folder: str = "", every: bool = False) -> Part:
    """A change in both forms, in a provider's colours."""
    colours = settings.colours
    return part(
        "diff",
        found=page(told, folder, every),
        provider=settings.title,
        who=who,
        named=NAMED,
        code=_code,
        sheet=sheet(colours.get("primary", PRIMARY), colours.get("accent", ACCENT), "page", "diff"),
    )


def _code(command: str) -> str:
    """A command as Markdown shows it to be copied; as plain text where it would not stay one."""
    shown = visible(command)
    return shown if "`" in shown else Written(f"`{shown}`")
