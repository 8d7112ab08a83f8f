"""`rollbook law`: what binds a group on a day, and what nobody here has read (docs/domain.md, Law)."""

from __future__ import annotations

from support.installation import GROUP, TERMS, load_terms, run

_AGREED = TERMS.read_text(encoding="utf-8")


def of(answer, key):
    """What is said of one number: value, whose, whether it binds, whether it was read."""
    rows = [row for row in answer["rows"] if row["key"] == key]
    return [(row["value"], row["jurisdiction"], row["binds"], row["verified"]) for row in rows]


def test_what_binds_a_group_on_a_day(ws):
    """DOMAIN 3: Connecticut insured 30; a situs table. A row that nobody has read decides nothing."""
    stated = '[group.law]\nstate = [{ value = "CA" }, { from = 2027-07-01, value = "CT" }]\nfunding = "insured"\n'
    load_terms(ws, _AGREED + "\n" + stated + "employees = 40\n")
    before = run("law", "--as-of", "2027-06-30", "--group", GROUP, "--json").json
    assert of(before, "cobra_months_employment") == [(18, "US", True, True), (36, "CA", False, False)]
    after = run("law", "--as-of", "2027-07-01", "--group", GROUP, "--json").json
    assert of(after, "cobra_months_employment") == [(30, "CT", True, True)]
    assert of(after, "cobra_months_other") == [(36, "US", True, True)]
    shown = run("law", "--as-of", "2027-06-30", "--group", GROUP)
    assert shown.code == 0 and "UNVERIFIED" in shown.out


def test_nothing_stated_is_federal_law_alone_and_says_so(ws):
    load_terms(ws)
    told = run("law", "--as-of", "2027-06-30", "--group", GROUP, "--json").json
    assert {row["jurisdiction"] for row in told["rows"]} == {"US"}
    assert told["unstated"] == ["state", "funding", "employees"]
    assert "Not stated in its terms" in run("law", "--as-of", "2027-06-30", "--group", GROUP).out
    assert of(run("law", "--json").json, "rescission_notice_days") == [(30, "US", True, True)]
