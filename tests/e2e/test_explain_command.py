"""Explanations on the demo: every cent and every span once, the same figures as elsewhere, as documents."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cli.session import Failure
from model.enrollment.known import Known
from model.explained import Explanation, Says
from pipeline.explain import ask
from pipeline.explain.ask import Asked
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from pipeline.views import members
from pipeline.views.accounts import account_value
from pipeline.views.money import invoice_list
from store.money import invoices
from store.people import find
from support.browser import browser
from support.demo import Told
from support.installation import run
from support.invoiced import whole
from support.people import TESTER
from writers.reports.explanation import text

DAY = date(2027, 3, 12)
LATE = "M000000034"  # whose end came in March for December


@pytest.fixture(scope="module")
def demo(told: Told) -> Iterator[Workspace]:
    home = told.home
    ws = open_workspace(Settings(home, f"sqlite:///{home / 'rollbook.db'}", home / "keys.json"), TESTER)
    yield ws
    ws.close()


def asked(ws: Workspace) -> Asked:
    return Asked(DAY, ws.now(DAY))


def everybody(ws: Workspace) -> list[str]:
    """Return Cedar Point's members, who move, retire and go on under COBRA, and every tenth of the others."""
    with ws.database.read() as conn:
        found = [each for name in map(chr, range(65, 91)) for each in find.find(conn, ws.vault, Known(name=name))]
    cedar = {each.member_id for each in found if each.group == "CP5200"}
    return sorted({*cedar, *sorted({each.member_id for each in found})[::10], LATE})


def spans_told(value: Explanation) -> Counter[tuple[str, object]]:
    said = [each for step in value.steps for each in step.more if each.kind in (Says.OPENED, Says.CLOSED)]
    return Counter((each.kind, each["span"]) for each in said)


def test_each_span_is_opened_once_and_closed_once(demo: Workspace) -> None:
    for member in everybody(demo):
        shown = members.member(demo, member)
        assert shown is not None
        told = spans_told(ask.member(demo, member, asked(demo)).explanation)
        opened = [count for (kind, _), count in told.items() if kind is Says.OPENED]
        closed = [count for (kind, _), count in told.items() if kind is Says.CLOSED]
        assert opened == [1] * len(shown.coverages), member
        assert closed == [1] * len([each for each in shown.coverages if each.closed]), member


def test_each_cent_of_an_invoice_has_its_causes(demo: Workspace) -> None:
    for issued in invoice_list(demo):
        with demo.database.read() as conn:
            printed = invoices.find(conn, issued.number, demo.vault.fields)
        assert printed is not None
        told = ask.bill(demo, issued.number, asked(demo))
        assert told is not None
        assert sum(step.cents for step in told.explanation.steps) == printed.total_due
        by_subscriber: Counter[str] = Counter()
        for line in whole(demo, printed).lines:
            by_subscriber[line.member] += line.current + line.retro
        for member, cents in list(by_subscriber.items())[:: 1 if issued.account.startswith("52") else 8]:
            one = ask.bill(demo, issued.number, asked(demo), member)
            assert one is not None
            assert sum(step.cents for step in one.explanation.steps) == cents, (issued.number, member)
            assert one.explanation.answer[0]["cents"] == cents
            for step in one.explanation.steps:
                assert step.more or step.what.kind is not Says.CHARGED, "a premium has the coverage that it is for"


def test_what_an_account_owes_is_the_sum_of_its_steps(demo: Workspace) -> None:
    for number in ("41000100", "41000200", "52000100", "52000200", "52000900"):
        shown, told = account_value(demo, number), ask.account(demo, number, asked(demo))
        assert shown is not None and told is not None
        assert sum(step.cents for step in told.explanation.steps) == shown.owed_cents


def test_what_stands_charged_is_the_sum_of_a_subscribers_invoices(demo: Workspace) -> None:
    told = ask.member(demo, LATE, asked(demo)).explanation
    billed = [step for step in told.steps if step.what.kind is Says.ISSUED]
    assert [step.cents for step in billed] == [55_000, 55_000, 55_000, -165_000]


def test_a_tpa_of_one_subgroup_is_told_what_is_there_alone(demo: Workspace) -> None:
    """Who went on under COBRA, as the COBRA administrator is told, who sees nothing of the time before."""
    told = ask.member(demo, "M000000005", Asked(DAY, demo.now(DAY), "keystone-cobra")).explanation
    seen = text(told)
    assert "Covered on 2027-03-12 by plans CHOICE (medical) and SMILE (dental)" in seen and "F000009" in seen
    assert not [
        word for word in ("STD60", "disability", "F000001", "F000008", "52000100:", "edar-") if word in seen
    ]
    assert sum(step.cents for step in told.steps if step.what.kind is Says.ISSUED) == 399_298


def test_questions_are_one_command_each(told: Told, tmp_path: Path) -> None:
    shared = ("--home", told.home, "--today", DAY.isoformat())
    ran = run("explain", "member", LATE, *shared, "--json")
    value = json.loads(ran.out)
    assert ran.code == 0 and value["schema"] == "explained"
    assert value["answer"][0]["kind"] == "ended" and value["answer"][1]["kind"] == "credited"
    assert "on invoice 100012" in value["answer"][1]["text"]
    for what in (
        ("file", "F000011"),
        ("file", "F000010", "--line", "1"),
        ("payment", "HM2027010001"),
        ("payment", "1"),
        ("account", "52000100"),
        ("invoice", "100007", "--subscriber", "E20005"),
    ):
        assert run("explain", *what, *shared).code == 0, what
    unknown = (("file", "F999999"), ("payment", "NONE"), ("account", "9"), ("invoice", "9"))
    for what in (*unknown, ("member", LATE, "--for", "nobody"), ("member", LATE, "--format", "doc")):
        with pytest.raises(Failure):
            run("explain", *what, *shared)
    for form, begin in (("html", b"<!doctype html>"), ("pdf", b"%PDF"), ("text", b"M000000034 NORA")):
        made = run(
            "explain", "member", LATE, *shared, "--for", "harbor-mills", "--format", form, "--out", tmp_path
        )
        assert made.code == 0
        suffix = "txt" if form == "text" else form
        assert (tmp_path / f"explanation-{LATE}.{suffix}").read_bytes().startswith(begin)
    looks = [path.read_text("ascii") for path in (told.home / "looks").glob("*.log")]
    assert any('"explain member"' in line and LATE in line for text in looks for line in text.splitlines())


def test_the_page_fits_a_telephone(told: Told, tmp_path: Path) -> None:
    run(
        "explain",
        "member",
        LATE,
        "--home",
        told.home,
        "--today",
        DAY.isoformat(),
        "--format",
        "html",
        "-o",
        tmp_path,
    )
    with browser() as page:
        page.narrow(390)
        page.open(tmp_path / f"explanation-{LATE}.html")
        assert page.run("document.documentElement.scrollWidth") <= 390
        assert page.refused == []
