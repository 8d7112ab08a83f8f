"""What texts for senders mention is a value: a census reads its own columns, and no text is searched for codes."""

import re
from pathlib import Path

import pytest

from model.code_tables import enrollment
from model.codes import CODES, for_census, found
from model.finding import Where
from model.trade.mentions import IN_CENSUS, in_census, in_file

ROOT = Path(__file__).parents[2]
RULES = "".join(path.read_text("utf-8") for path in sorted((ROOT / "validators").rglob("*.py")))
TABLE = "".join(path.read_text("utf-8") for path in sorted((ROOT / "model" / "code_tables").glob("[!c]*.py")))
IN_RULES = set(re.findall(r"""called\(["']([^"'{]+)["']\)""", RULES))
IN_TABLE = set(re.findall(r"\{((?:[A-Za-z]| \()[^{}.]*)\}", TABLE))
OF_MEMBERS = [code for code in enrollment.CODES if not code.startswith("SET-")]


def test_whatever_is_mentioned_has_words_for_a_census_and_none_is_idle() -> None:
    assert len(IN_RULES) > 10 and len(IN_TABLE) > 10
    assert IN_RULES | IN_TABLE | {"REF*1L"} == IN_CENSUS.keys(), (IN_RULES | IN_TABLE) ^ IN_CENSUS.keys()


@pytest.mark.parametrize("code", OF_MEMBERS)
def test_no_text_names_what_has_words_for_a_census_without_marking_it(code: str) -> None:
    entry = CODES[code]
    said = " ".join(entry.in_census or (entry.meaning, entry.fix))
    words = re.findall(r"[A-Za-z0-9*]+", said)
    assert [mention for mention in IN_CENSUS if (mention in words if mention.isalnum() else mention in said)] == []
    assert "{" not in f"{entry.meaning}{entry.fix}"


def test_a_mention_is_itself_in_a_file_and_a_column_in_a_census() -> None:
    text = "Send {INS03 = 024} with {DTP*349}."
    assert (in_file(text), in_census(text)) == (
        "Send INS03 = 024 with DTP*349.", "Send Action = Terminate with Coverage End.",
    )  # fmt: skip
    with pytest.raises(KeyError):
        in_census("Send {NM1*70}.")


def test_only_the_tables_own_texts_are_said_otherwise() -> None:
    plain, own = found("PLAN-UNKNOWN", Where()), found("PLAN-UNKNOWN", Where(), "Plan {HD04} HD04 is unknown.")
    assert "HD04" in plain.fix and "Check Plan" in for_census(plain).fix
    assert for_census(own).message == own.message and for_census(own).fix == for_census(plain).fix
