"""A catalogue of which one thing is asked: read, and proved only where the answer rests on it.

An answer rests on what clients share and on the family of the client whom it is about. Of all
others their heads are enough, to know who is of which family; and heads are kept between runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.cli.checking import kept_under
from billing_dsl.cli.edge import Folder, read_folder
from billing_dsl.cli.workers import Several
from billing_dsl.model.declaration import Head
from billing_dsl.pipeline import Common, cover
from billing_dsl.source.document import Document
from billing_dsl.store.again import share_again
from billing_dsl.templates import NONE, understand


@dataclass(frozen=True, slots=True)
class Asked:
    """What clients share, and the documents of everybody, which are read when they are wanted."""

    folder: Folder
    common: Common
    documents: Callable[[Iterable[Head]], Iterator[Document]]

    def head(self, kind: str, key: str) -> Head | None:
        """What is known of a document by its name, or None where nobody declares it."""
        heads = self.common.inventory.heads
        return next((head for head in heads if (head.kind, head.key) == (kind, key)), None)

    def view(self, client: str) -> ClientCoverage | None:
        """The coverage of a client: None where there is none, or where it cannot be proved."""
        declared = self.common.declared
        if declared is None:
            return None
        family = self.common.inventory.family(client)
        views, _, _ = cover(self.common, declared, self.documents(family))
        return next((view for view in views if view.client.name == client), None)


def asked(directory: str, as_of: date, with_templates: bool = False) -> Asked:
    """A catalogue's folder read; what an earlier run has kept of a file is not read again.

    The user's own templates are read where the question is of what is made with them.
    """
    folder = read_folder(directory)
    hands = Several(folder.texts, {})
    name, digests = kept_under(folder, directory)
    own = understand(folder.templates) if with_templates else NONE
    common = share_again(name, digests, folder.texts, as_of, hands, folder.unread, own)
    return Asked(folder, common, hands.documents)
