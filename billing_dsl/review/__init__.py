"""A change under review: whom it reaches, in money, what is found, whose consent it needs."""

MARKER = "<!-- billing-dsl:review -->"
"""The first line of a comment, by which it is found again and taken the place of."""
