"""What each finding of the reader means, as `explain` prints it."""

from __future__ import annotations

from dataclasses import dataclass

from billing_dsl.diagnostics import Severity


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a code: why it matters, an example that has it, and one that does not."""

    code: str
    name: str
    severity: Severity
    text: str


PAGES: tuple[Page, ...] = (
    Page(
        "BD001",
        "yaml-syntax",
        Severity.ERROR,
        """
        Text that is not YAML.

        Most often a text holds a sign that means something to YAML (a `:` followed by a space, a
        `#`, a quote, a bracket), or a line is indented unlike those beside it. Text in quotes may
        hold any sign. Nothing of that document is read; the file's other documents are.

        Fails:

            kind: role
            name: engineer
            title: Engineer: remote
            rate: 85.00

        Passes:

            kind: role
            name: engineer
            title: "Engineer: remote"
            rate: 85.00
        """,
    ),
    Page(
        "BD002",
        "duplicate-key",
        Severity.ERROR,
        """
        A key that is written twice.

        Other readers keep the last of the two and say nothing, so a price corrected in one place
        keeps its old value in the other. Keys that differ in their code points and look alike, as
        an accent written in two ways, count as the same. Where `kind` and `name` are written twice,
        a line `---` between two documents is missing.

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            rate: 88.00

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 88.00
        """,
    ),
    Page(
        "BD003",
        "ambiguous-value",
        Severity.ERROR,
        """
        A value that readers of YAML take for different things.

        To YAML 1.1 `no` is false, `17:30` is 1050 and `010` is 8; to YAML 1.2, which editors speak,
        they are two texts and 10. What a person meant is not to be seen, so such values are
        written with quotes, and numbers in plain digits: `40`, `-2`, `8.50`. `true`, `false` and
        `null` are written so and not otherwise. Numbers have at most 40 digits; zero has no sign.

        A number has no comma: between brackets, a comma begins the next field. Only straight
        quotes are quotes; curly ones, as word processors write them, would be part of the text.

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: 085

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85
        """,
    ),
    Page(
        "BD004",
        "alias-or-anchor",
        Severity.ERROR,
        """
        A part of a document that stands for another part: an anchor, an alias, a merge key.

        A review shows lines, and what `*base` stands for is on another one. A few such lines can
        also stand for millions of values. What agreements share is declared once, as a tier, an
        exclusion set or a service, and used by its name. A text that begins with `*` or `&` stands
        in quotes.

        Fails:

            kind: role
            name: engineer
            title: &title Engineer
            rate: 85.00
            notes: *title

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            notes: "*Engineers* on call."
        """,
    ),
    Page(
        "BD005",
        "explicit-tag",
        Severity.ERROR,
        """
        A tag, `!!float` say, in front of a value.

        Tags tell a program how to read a value, or which code to run on it. Here the language
        alone says what a value is. A text that begins with `!` stands in quotes.

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: !!float 85.00

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
        """,
    ),
    Page(
        "BD006",
        "key-not-text",
        Severity.ERROR,
        """
        A key that is not plainly text.

        A key is a name or a code, and compared as text. Numbers and dates stand in quotes where
        they are keys, or `1200` and `01200` might be one account to one reader and two to another.
        Lists and mappings are never keys. Words such as `on` and `no` are: a key is always text.

        Fails:

            kind: client
            name: acme
            legal_name: Acme S.r.l.
            accounting:
              1200: AC-1042

        Passes:

            kind: client
            name: acme
            legal_name: Acme S.r.l.
            accounting:
              "1200": AC-1042
        """,
    ),
    Page(
        "BD007",
        "text-encoding",
        Severity.ERROR,
        """
        A file that is not plain UTF-8 text.

        Files are UTF-8, their lines end in LF or CRLF, and they are indented with spaces. Tabs,
        control characters, other line ends and a byte order mark inside the file are read
        differently from one program to the next. The example holds such a mark, unseen, before the
        second `kind`: two files were put together that both began with one.

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            ---
            \ufeffkind: role
            name: architect
            title: Architect
            rate: 120.00

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            ---
            kind: role
            name: architect
            title: Architect
            rate: 120.00
        """,
    ),
    Page(
        "BD008",
        "too-large",
        Severity.ERROR,
        """
        A file beyond all measure.

        A file has at most 1 MiB, 5,000 documents and 50,000 keys and values; lists and mappings
        stand inside each other at most 32 deep. No catalogue comes near that when its documents are
        in files of their own; a file that does is made to stop the tool, or by accident.

        Fails:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            notes: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]

        Passes:

            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
            notes: "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
        """,
    ),
    Page(
        "BD009",
        "empty-document",
        Severity.ERROR,
        """
        A document that declares nothing.

        A document is keys and values, `kind` and `name` among them. This one is empty, holds
        comments alone, or is one long text or list. In the example a space is missing after each
        `:`, so YAML reads a text of four lines.

        Fails:

            format:1
            kind:role
            name:engineer
            title:Engineer

        Passes:

            format: 1
            kind: role
            name: engineer
            title: Engineer
            rate: 85.00
        """,
    ),
    Page(
        "BD010",
        "hidden-character",
        Severity.ERROR,
        """
        A character that nobody sees.

        Marks that turn the direction of writing, spaces without width, blank letters: with them
        two names look alike and differ, or a line reads otherwise than it is. A no-break space and
        its kin may stand in quoted text, and joiners between letters of scripts that need them.

        Fails:

            kind: role
            name: engineer
            title: "Engineer\\u200b"
            rate: 85.00

        Passes:

            kind: role
            name: engineer
            title: "Engineer"
            rate: 85.00
        """,
    ),
)
"""Everything that the reader finds, by code."""
