"""Citations of the books: docs/domain.md and docs/design.md are cited by heading, and every heading is there.

A citation is the file, a comma and a heading, up to a mark that no heading holds; it may go on in the next line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

BOOKS = ("docs/domain.md", "docs/design.md")
MARKS = r".,;:()\[\]\"'`"
HEADING = re.compile(r"^###? (.+)$", re.MULTILINE)
CITATION = re.compile(rf"(docs/(?:domain|design)\.md),([^{MARKS}]*)")
# What used to be cited by number, and a book that is not said to lie in docs/.
STRAY = re.compile(r"\b(?:DOMAIN|DESIGN)\.md|(?<!docs/)\b(?:domain|design)\.md,")
NEXT_LINE = re.compile(r"\n[ \t]*(?:#|//|--|-|>)?")  # where a comment or a list item goes on


def headings(tracked: Mapping[str, str]) -> dict[str, list[str]]:
    """Return each book's headings of the second and third level."""
    return {book: HEADING.findall(tracked[book]) for book in BOOKS}


def citations(texts: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield (file and line, book, heading) of every citation."""
    for name, text in texts.items():
        for found in CITATION.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{name}:{line}", found[1], " ".join(NEXT_LINE.sub(" ", found[2]).split())


def broken(texts: Mapping[str, str], books: Mapping[str, list[str]]) -> list[str]:
    """Return the citations of headings that are not there, each with its file and line."""
    return [f"{at}: {book}, {cited}" for at, book, cited in citations(texts) if cited not in books[book]]


def strays(texts: Mapping[str, str]) -> list[str]:
    """Return what cites a book in any other form, each with its file and line."""
    return [
        f"{name}:{text.count(chr(10), 0, found.start()) + 1}: {found[0]}"
        for name, text in texts.items()
        for found in STRAY.finditer(text)
    ]


def test_every_citation_names_a_heading(tracked):
    assert len(list(citations(tracked))) > 150
    assert broken(tracked, headings(tracked)) == []


def test_the_books_are_cited_in_one_form(tracked):
    assert strays(tracked) == []


def test_headings_can_be_cited(tracked):
    for book, found in headings(tracked).items():
        assert [name for name in found if re.search(rf"[{MARKS}]|^\s|\s$", name)] == [], book
        assert {name for name in found if found.count(name) > 1} == set(), book


def test_a_broken_citation_is_told_by_file_and_line(tracked):
    domain, design = BOOKS
    files = {
        "a.py": f"Fine ({domain}, Matching\n    people; {design}, Two times).\nx = 1  # {domain}, Phlogiston.\n",
        "b.py": f"# It goes on ({domain}, COBRA\n# premium), and this does not ({design}, Transfers).\n",
        "c.md": f"- no mark ends it: {domain}, Transfers of heat\n- by link ({domain}) is no citation\n",
    }
    assert broken(files, headings(tracked)) == [
        f"a.py:3: {domain}, Phlogiston",
        f"b.py:2: {design}, Transfers",
        f"c.md:1: {domain}, Transfers of heat by link",
    ]


def test_another_form_is_told_by_file_and_line():
    files = {
        "a.py": f"# fine: {BOOKS[0]}, Transfers\n# not: {'domain'.upper()}.md 3\n",
        "b.md": f"({'design'}.md, Guards)",
    }
    assert strays(files) == [f"a.py:2: {'domain'.upper()}.md", f"b.md:1: {'design'}.md,"]
