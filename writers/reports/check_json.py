"""A sender's check as JSON: for programs that hold a file back until it is right."""

from __future__ import annotations

import json
from typing import Any

from model.codes import CODES
from model.documents.check import CheckedFile, CheckedGroup, CheckedInterchange, CheckReport
from model.documents.statement import Document
from model.finding import Finding


def render(report: CheckReport) -> Document:
    """Return `check.json`. Names stay: fields may be added, none is taken away."""
    value = {
        "checked": report.on.isoformat(),
        "groups": list(report.against),
        "clean": report.clean,
        "not_looked_at": list(report.unseen),
        "files": [_file(file) for file in report.files],
    }
    return Document("check.json", (json.dumps(value, indent=1) + "\n").encode())


def _file(one: CheckedFile) -> dict[str, Any]:
    return {
        "file": one.name,
        "kind": one.kind,
        "bytes": one.size,
        "outcome": one.outcome.value,
        "counts": {kind.value: count for kind, count in one.counts},
        "rows": one.rows,
        "interchanges": [_interchange(each) for each in one.interchanges],
        "findings": [_finding(each) for each in one.findings],
        "findings_not_listed": one.left_out,
    }


def _interchange(one: CheckedInterchange) -> dict[str, Any]:
    return {
        "sender": one.sender,
        "receiver": one.receiver,
        "control": one.control,
        "usage": one.usage,
        "segment": one.segment,
        "ta1": {"sent": one.answered, "verdict": one.verdict.value, "code": one.code},
        "groups": [_group(each) for each in one.groups],
    }


def _group(one: CheckedGroup) -> dict[str, Any]:
    return {
        "code": one.code,
        "control": one.control,
        "version": one.version,
        "segment": one.segment,
        "ack999": {
            "sent": one.answered,
            "verdict": one.verdict.value,
            "codes": list(one.codes),
            "declared": one.declared,
            "received": one.received,
            "accepted": one.accepted,
        },
        "sets": [
            {
                "kind": each.kind,
                "control": each.control,
                "version": each.version,
                "segment": each.segment,
                "segments": each.segments,
                "members": each.members,
                "ik5": {"verdict": each.verdict.value, "codes": list(each.codes)},
            }
            for each in one.sets
        ],
    }


def _finding(one: Finding) -> dict[str, Any]:
    where, code = one.where, CODES[one.code]
    acknowledged = {
        name: getattr(code, name)
        for name in ("ta105", "ak905", "ik502", "ik304", "ik403", "app824")
        if getattr(code, name)
    }
    return {
        "code": one.code,
        "severity": one.severity.value,
        "message": one.message,
        "fix": one.fix,
        "subject": one.subject,
        "acknowledged_as": acknowledged,
        "where": {
            "text": where.text(),
            "interchange": where.interchange,
            "group": where.group,
            "set": where.set,
            "segment": where.segment,
            "segment_id": where.segment_id,
            "element": where.element,
            "component": where.component,
            "loop": where.loop,
            "offset": where.offset,
        },
    }
