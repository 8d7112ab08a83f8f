"""docs/terms.md: every key of a terms file stands there as the model and the tables declare it."""

from __future__ import annotations

import re

from model.agreement.answers import Answers
from model.agreement.channel import Channel
from model.agreement.grants import FullFile
from model.agreement.switches import declared
from model.agreement.terms import Billing, EnrollmentSwitches, PartnerProfile, Subgroup, SwitchOverride
from support.terms_page import PAGE, TABLES, written


def test_its_keys_are_up_to_date() -> None:
    page = PAGE.read_text("utf-8")
    assert page == written(page), "write it again: `python -m support.terms_page` in tests/"


def test_every_switch_and_every_key_has_words() -> None:
    agreed = (Answers, Billing, Channel, FullFile, PartnerProfile, SwitchOverride, EnrollmentSwitches, Subgroup)
    switches = [known for owner in agreed for known in declared(owner)]
    assert len(switches) > 50
    page = PAGE.read_text("utf-8")
    assert [known.name for known in switches if f"| `{known.name}` | {known.switch.meaning}" not in page] == []
    keys = [field for table in TABLES for field in table.model_fields.values()]
    assert [field for field in keys if not field.description] == []
    assert len(set(re.findall(r"^### `\[.*$", page, re.MULTILINE))) == len(TABLES)
