"""A page runs its own script and nothing else: named by its hash, no inline handler, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from model.agreement.terms import Contact
from model.codes import found
from model.documents.check import CheckedFile, CheckReport, Outcome, ShownLine
from model.documents.chronicle import Chronicle, Happening
from model.documents.report import BusinessReport
from model.documents.statement import Document, Reconciliation
from model.finding import Severity, Where
from support.browser import browser
from writers.money.reconciliation import render as of_reconciliation
from writers.reports import check_page, chronicle
from writers.reports.report import render as of_report

DAY = date(2027, 1, 5)
FORBIDDEN = '<script>document.title = "ran"</script><p onclick="document.title = \'ran\'" style="color: red">x</p>'


class Read(HTMLParser):
    """What of a page could run or load something."""

    def __init__(self, page: Document) -> None:
        super().__init__()
        self.inline: dict[str, list[str]] = {"script": [], "style": []}
        self.attributes: set[tuple[str, str]] = set()
        self.policy = ""
        self._open = ""
        self.feed(page.data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = tag if tag in self.inline else ""
        self.attributes |= {(name, value or "") for name, value in attrs}
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"] or ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.inline[self._open].append(data)

    def handle_endtag(self, tag: str) -> None:
        self._open = ""


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.fixture
def pages(report: BusinessReport, reconciliation: Reconciliation) -> dict[str, Document]:
    """One page of each kind."""
    made = [*of_report(report), *of_reconciliation(reconciliation), check(), index()]
    named = {page.name: page for page in made if page.name.endswith(".html")}
    assert len(named) == 4
    return named


def check() -> Document:
    findings = (found("ELEMENT-7", Where(segment=5), "wrong"), found("SEGMENT-EMPTY", Where(segment=7)))
    counts = tuple((kind, sum(finding.severity is kind for finding in findings)) for kind in Severity)
    lines = tuple(
        ShownLine(number, "INS", ((f"INS*{number}", False),), (at,), near=True) for at, number in enumerate((5, 7))
    )
    file = CheckedFile("a.edi", "X12", 10, Outcome.PARTIAL, (), findings, counts, 0, 0, lines)
    return check_page.render(CheckReport((file,), DAY, (), "Northwind", Contact()))


def index() -> Document:
    happened = Happening(DAY, "acme", "834: adds", "APPLIED", ("outbox/acme/report-1.csv",))
    return chronicle.render(Chronicle("Northwind", Contact(), "A story", "2027", (("acme", "Acme"),), (happened,)))


def test_scripts_and_styles_are_named_by_their_hashes(pages: dict[str, Document]) -> None:
    for page in pages.values():
        read = Read(page)
        assert "unsafe" not in read.policy and "default-src 'none'" in read.policy
        for tag, texts in read.inline.items():
            (text,) = texts
            assert f"{tag}-src {hashed(text)};" in read.policy, page.name


def test_nothing_else_could_run_or_be_fetched(pages: dict[str, Document]) -> None:
    for page in pages.values():
        for name, value in Read(page).attributes:
            assert name != "style" and not name.startswith("on") and name not in ("src", "srcdoc", "action"), name
            assert not re.match(r"\s*(javascript|data|https?):", value, re.IGNORECASE), value


def test_a_browser_runs_the_pages_script_and_no_other(pages: dict[str, Document], tmp_path: Path) -> None:
    """Search and chips work under the policy, and what somebody put into the page does not run."""
    with browser() as page:
        for name, document in pages.items():
            path = tmp_path / name
            path.write_bytes(document.data)
            page.open(path)
            assert page.refused == [], name
            assert page.run("getComputedStyle(document.querySelector('header')).display") != "block", "styled"
            path.write_text(document.data.decode().replace("</main>", f"{FORBIDDEN}</main>"))
            page.open(path)
            page.run("document.querySelector('[onclick]').click()")
            assert page.run("document.title") != "ran"
            assert page.run("getComputedStyle(document.querySelector('[onclick]')).color") != "rgb(255, 0, 0)"
            assert len(page.refused) >= 3, name
            page.refused.clear()

        page.open(tmp_path / "check.html")
        page.refused.clear()
        shown = "[...document.querySelectorAll('.item')].filter((item) => !item.hidden).length"
        assert page.run(shown) == 2
        assert page.run("document.querySelector('output').value") == "2 of 2 shown"
        page.run("document.querySelector('[data-choose=u0]').click()")
        assert (page.run(shown), page.run("document.querySelector('output').value")) == (1, "1 of 2 shown")
        everywhere = "const field = document.querySelector('input'); field.value = 'ins';"
        page.run(f"{everywhere} field.dispatchEvent(new Event('input'))")
        assert page.run("document.querySelector('output').value") == "1 of 2 shown, 1 more under Whole file"
        page.run("document.querySelector('[data-choose=\"\"]').click()")
        search = "const box = document.querySelector('input'); box.value = 'ins*7';"
        page.run(f"{search} box.dispatchEvent(new Event('input'))")
        assert page.run(shown) == 1 and page.refused == []
