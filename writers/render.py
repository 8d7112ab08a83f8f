"""One door to every writer: a finished statement in, its documents out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from traceback import extract_tb

from model.documents import registry
from model.documents.statement import Beside, Document, Statement, nothing
from writers.forms.page import TooLargeError

# What a value can cause in a writer: something is there that it did not expect, is missing, or cannot be typeset
# (the PDF compiler's errors are RuntimeErrors). All else is no fault of one document: disk, memory, an import.
_OF_A_VALUE = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


class RenderError(Exception):
    """A statement that could not be made into documents: which error, and where. The text holds no value."""


class DoesNotFitError(RenderError):
    """A statement of which a document does not fit into the memory that one may take: it never will by itself."""


def render(statement: Statement, beside: Beside = nothing) -> tuple[Document, ...]:
    """Return the documents of a statement: the same statement and rows always give the same bytes.

    Writers of kinds that have rows beside their statements (registry) ask `beside` for them.

    Names carry numbers and codes only. Raises RenderError where the statement's own values are too much for the
    writer, here or when a document's pieces are read.
    """
    with _guarded():
        return tuple(
            Document(document.name, partial(_pieces, document)) for document in _rendered(statement, beside)
        )


def _pieces(document: Document) -> Iterator[bytes]:
    """Yield a document's bytes, which may be made only now. Raises RenderError."""
    with _guarded():
        yield from document.pieces()


@contextmanager
def _guarded() -> Iterator[None]:
    try:
        yield
    except _OF_A_VALUE as error:  # its text may hold a person's data
        kind = DoesNotFitError if isinstance(error, TooLargeError) else RenderError
        raise kind(f"{type(error).__name__} at {_place(error)}") from None


def _place(error: Exception) -> str:
    """Return the last line of ours that an error came through: `invoice.py line 120`."""
    here = Path(__file__).parent
    ours = [frame for frame in extract_tb(error.__traceback__) if here in Path(frame.filename).parents]
    return f"{Path(ours[-1].filename).name} line {ours[-1].lineno}"


def _rendered(statement: Statement, beside: Beside) -> tuple[Document, ...]:
    """Let the writer of the statement's kind make it. Each is imported when its first statement comes, so that an
    acknowledgment loads no PDF compiler."""
    kind = registry.of(statement)
    writer = import_module(f"writers.{kind.writer}")
    made: Document | tuple[Document, ...] = writer.render(statement, *([beside] if kind.rows else []))
    return made if isinstance(made, tuple) else (made,)


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (render,)
