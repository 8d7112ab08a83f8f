"""How far a set goes, from its header alone."""

from dataclasses import replace

import pytest

from enrollment import sets
from support.members import HEADER, partner


@pytest.mark.parametrize(
    ("header", "situation", "kind", "code"),
    [
        ({}, {}, "apply", None),
        ({"action": "RX"}, {"all_audit": True}, "apply", None),
        ({"action": "4"}, {}, "report", "SET-VERIFY"),
        ({"action": "4"}, {"all_audit": True}, "report", "SET-VERIFY"),
        ({"purpose": "22"}, {}, "report", "SET-COPY"),
        ({"purpose": "15"}, {}, "reject", "SET-RESUBMISSION"),
        ({"purpose": "15", "original_reference": "REF0"}, {}, "apply", None),
        ({"action": ""}, {}, "reject", "SET-ACTION"),
        ({}, {"all_audit": True}, "hold", "SET-ALL-AUDIT"),
        ({}, {"all_audit": True, "audit_records": "compare"}, "apply", None),
        ({}, {"usage": "T"}, "report", "TEST-FILE"),
        ({}, {"usage": "T", "environment": "test"}, "apply", None),
        ({}, {"usage": "T", "environment": "test", "all_audit": True}, "hold", "SET-ALL-AUDIT"),
    ],
)
def test_mode(header, situation, kind, code):
    sender = partner(audit_records=situation.get("audit_records", "hold"))
    found = sets.mode(
        replace(HEADER, **header),
        all_audit=situation.get("all_audit", False),
        usage=situation.get("usage", "P"),
        environment=situation.get("environment", "production"),
        partner=sender,
    )
    assert found.kind == kind
    assert (found.finding.code if found.finding else None) == code
