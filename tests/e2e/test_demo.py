"""The demo's story comes to the figures that tests/cases/demo/figures.yaml works out by hand."""

from __future__ import annotations

import csv
import io
import re
import socket
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from model.documents.keys import DocumentKind
from model.documents.statement import ConsolidatedInvoice
from pipeline.runtime.workspace import Settings, open_workspace
from store.money import invoices
from store.received import outbox
from support.demo import Told
from support.installation import GROUP, ROOT, Ran, run
from support.people import TESTER

FIGURES = yaml.safe_load((ROOT / "tests" / "cases" / "demo" / "figures.yaml").read_text(encoding="utf-8"))


CEDAR = FIGURES["cedar"]
SEVERAL = [*(row for month in ("february", "march", "april") for row in FIGURES[month]), *CEDAR["january"]]
SEVERAL += CEDAR["february"]
FILES = {f"harbor-mills/{name}": FIGURES[name] for name in ("01-adds.edi", "02-changes.edi")} | CEDAR["files"]


@pytest.fixture(scope="module")
def home(told: Told) -> Iterator[Path]:
    """The folder of one demo for all of these tests; the command line finds it, too."""
    folder = told.home
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROLLBOOK_HOME", str(folder))
        for name in ("ROLLBOOK_DATABASE_URL", "ROLLBOOK_KEYS", "ROLLBOOK_KEY_FILE"):
            patch.delenv(name, raising=False)
        yield folder


@pytest.fixture(scope="module")
def demo(told: Told, home: Path) -> Ran:
    """The demo as a person runs it."""
    return told.ran


@pytest.fixture(scope="module")
def file_ids(demo: Ran) -> dict[str, str]:
    """The ids of the received files by partner and name."""
    return {f"{file['partner']}/{file['name']}": file["file_id"] for file in run("file", "list", "--json").json}


def shown(file_id: str) -> dict[str, Any]:
    return run("file", "show", file_id, "--json").json


def active(group: str, day: date) -> dict[str, int]:
    value = run("group", "show", group, "--today", day, "--json").json
    return {subgroup["code"]: subgroup["members"] for subgroup in value["subgroups"]}


@pytest.mark.parametrize("name", FILES)
def test_files(file_ids: dict[str, str], name: str) -> None:
    expected, value = FILES[name], shown(file_ids[name])
    (one,) = value["sets"]
    assert value["state"] == expected["file"]
    assert value["counts"] == expected["lines"]
    assert len(one["members"]) == expected["members"]


@pytest.mark.parametrize("name", ["01-adds.edi", "02-changes.edi"])
def test_members_and_mistakes(file_ids: dict[str, str], name: str) -> None:
    expected = FIGURES[name]
    (one,) = shown(file_ids[f"harbor-mills/{name}"])["sets"]
    assert one["state"] == expected["set"]
    assert sum(member["relationship"] == "18" for member in one["members"]) == expected["subscribers"]
    assert len({member["subscriber"] for member in one["members"]}) == expected["families"]
    assert Counter(member["disposition"] for member in one["members"]) == expected["dispositions"]
    rules: dict[str, set[str]] = {}
    for member in one["members"]:
        for finding in member["findings"]:
            rules.setdefault(member["subscriber"], set()).add(finding["code"])
    assert {family: sorted(codes) for family, codes in rules.items()} == expected["findings"]


@pytest.mark.usefixtures("demo")
def test_roster() -> None:
    for day, members in FIGURES["decided"]["active"].items():
        assert active(GROUP, day) == members, day
    assert active(GROUP, date(2026, 12, 1)) == FIGURES["01-adds.edi"]["active"]
    for day, members in CEDAR["active"].items():
        assert active("CP5200", day) == members, day


@pytest.mark.usefixtures("demo")
def test_invoices(home: Path) -> None:
    for expected in FIGURES["invoices"]:
        path = next((home / "outbox" / "harbor-mills").glob(f"invoice-{expected['number']}.csv"))
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        assert sum(cents(row["Amount"]) for row in rows) == expected["total"]
        lines: Counter[str] = Counter()
        counts: Counter[str] = Counter()
        for row in rows:
            lines[row["Line of coverage"].lower()] += cents(row["Amount"])
            counts[row["Line of coverage"].lower()] += 1
        assert lines == expected["lines"]
        assert counts == expected["counts"]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("expected", SEVERAL)
def test_several_months(expected: dict[str, Any]) -> None:
    ws = open_workspace(Settings.read(), TESTER)
    with ws.database.read() as conn:
        bill = invoices.find(conn, expected["number"], ws.vault.fields)
    ws.close()
    assert bill is not None
    assert {
        "number": bill.number,
        "subgroup": bill.subgroup,
        "account": bill.account,
        "subscribers": bill.subscribers,
        "current": bill.current,
        "retro": bill.retro,
        "prior": bill.prior_balance,
        "payments": bill.payments,
        "due": bill.total_due,
    } == expected


@pytest.mark.usefixtures("demo")
def test_what_is_owed_in_the_end() -> None:
    for expected in (*FIGURES["april"], *CEDAR["february"]):
        account = run("account", "show", expected["account"], "--json").json
        due = expected["due"] - FIGURES["banked"].get(expected["account"], 0)
        assert account["owed_cents"] - account["credit_cents"] == due
    assert run("payment", "list", "--json").json["suspense_cents"] == {"": 399_298}, "the wire"


@pytest.mark.usefixtures("demo")
def test_the_bank_s_cheques_pay_what_they_name_and_its_wire_waits(file_ids: dict[str, str], home: Path) -> None:
    files = [shown(file_ids[f"first-bank/{name}"]) for name in ("lockbox.csv", "statement.bai")]
    assert [(file["state"], file["documents"]) for file in files] == [("APPLIED", [])] * 2
    lines = run("bank", "list", "--all", "--json").json["lines"]
    assert [line["state"] for line in lines] == ["MATCHED"] * 3 + ["NEAR"]
    still = {invoice["number"]: invoice["open_cents"] for invoice in run("invoice", "list", "--json").json}
    assert still["100002"] == still["100004"] == 0
    (wire,) = run("suspense", "list", "--json").json["items"]
    assert (wire["amount_cents"], wire["best"]["to"]) == (399_298, "invoice:100009")
    for employer, cheque in (("harbor-mills", "5103"), ("cedar-point", "5104")):
        receipts = (home / "outbox" / employer).glob("receipt-*.csv")
        assert any(cheque in path.read_text("utf-8-sig") for path in receipts)


@pytest.mark.parametrize("name", ["harbor-mills/03-remittance.edi", "cedar-point/03-remittance.edi"])
def test_payments(file_ids: dict[str, str], name: str) -> None:
    paid = CEDAR.get(name) or FIGURES["03-remittance.edi"]
    (one,) = shown(file_ids[name])["sets"]
    assert one["remittance"]["state"] == "POSTED"
    assert one["remittance"]["amount_cents"] == paid["total"]
    assert {line["reference"]: line["paid_cents"] for line in one["remittance"]["lines"]} == paid["paid"]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("group", ["HM4100", "CP5200"])
def test_reconciliation(group: str) -> None:
    ran = run("reconcile", "--month", "2027-01", "--group", group, "--today", "2027-01-11", "--json")
    assert ran.json["suspense_cents"] == 0
    for account in ran.json["accounts"]:
        expected = FIGURES["reconciled"][account["account"]]
        assert account["roster_cents"] == account["billed_cents"] == expected["roster"]
        assert account["open_cents"] == expected["open"] - FIGURES["banked"].get(account["account"], 0)


def test_the_broker_gets_the_workbook_back(demo: Ran) -> None:
    (step,) = (happening for happening in demo.json["steps"] if happening["partner"] == "bayview-brokers")
    assert any(name.endswith(".xlsx") and "report" not in name for name in step["documents"])


def test_every_answer_is_listed_and_lies_in_an_outbox(demo: Ran, home: Path) -> None:
    named = [path for step in demo.json["steps"] for path in step["documents"]]
    lie = {path.relative_to(home).as_posix() for path in (home / "outbox").rglob("*") if path.is_file()}
    looks = {path for path in lie - set(named) if "/reconciliation-" in path}  # other tests here looked again
    assert sorted(named) == sorted(lie - looks)
    names = {Path(path).name for path in named}
    for kind in ("ta1-", "999-", "report-", "invoice-100001.pdf", "receipt-", "reconciliation-"):
        assert any(name.startswith(kind) for name in names), kind
    for number in FIGURES["covers"]:
        assert f"consolidated-{number}.pdf" in names


@pytest.mark.usefixtures("demo")
def test_the_covers_sum_up() -> None:
    ws = open_workspace(Settings.read(), TESTER)
    with ws.database.read() as conn:
        items = outbox.of_kind(conn, DocumentKind.CONSOLIDATED, ws.vault.fields)
    ws.close()
    covers = [item.statement for item in items if isinstance(item.statement, ConsolidatedInvoice)]
    assert {cover.number: cover.total_due for cover in covers} == FIGURES["covers"]


def test_the_page_links_everything_and_fetches_nothing(demo: Ran, home: Path) -> None:
    assert demo.json["page"] == str(home / "index.html")
    page = (home / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert sorted(links) == sorted(path for step in demo.json["steps"] for path in step["documents"])
    assert all((home / link).is_file() for link in links)
    assert "http:" not in page
    assert "https:" not in page


@pytest.mark.usefixtures("demo")
def test_nothing_of_it_is_left_running(home: Path) -> None:
    log = (home / "prefect" / "server.log").read_text(encoding="utf-8")
    (port,) = set(re.findall(r"http://127\.0\.0\.1:(\d+)/api", log))
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(port))) != 0


@pytest.mark.usefixtures("demo")
def test_prefect_and_the_page_know_nobody(home: Path) -> None:
    sent = "".join(path.read_text(encoding="ascii") for path in (ROOT / "sample_files" / "demo").rglob("*.edi"))
    people = {last for last, _ in re.findall(r"NM1\*IL\*1\*(\w+)\*(\w+)", sent)}
    secrets = {person.encode() for person in (people | set(re.findall(r"\*34\*(\d{9})~", sent)))}
    told = [path for path in (home / "prefect").rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in told)
    for path in (*told, home / "demo.log", home / "index.html"):
        written = path.read_bytes().upper()
        assert not [path.name for secret in secrets if secret in written]
    assert len(secrets) > 100


def cents(text: str) -> int:
    return round(float(text) * 100)
