"""Cases of explanations: files, decisions and bills, then questions, each with the sentences that answer it."""

from __future__ import annotations

from typing import Any

from model.explained import Explanation
from model.timeline import Month
from pipeline.explain import ask
from pipeline.explain.ask import Asked
from pipeline.month.bill import bill
from pipeline.runtime.workspace import Workspace
from support import desk
from support.installation import GROUP, TERMS, load_terms
from writers.explaining import sentence


class Story:
    """A case as it goes on; `told` is what its questions were answered with."""

    def __init__(self, ws: Workspace, case: dict[str, Any]) -> None:
        self.ws, self.sent = ws, []
        terms = TERMS.read_text("utf-8")
        for old, new in case.get("terms", ()):
            assert old in terms, old
            terms = terms.replace(old, new)
        load_terms(ws, terms)

    def go_on(self, step: dict[str, Any]) -> None:
        """Do a step that is no question."""
        if "file" in step:
            self.sent.append(desk.take(self.ws, len(self.sent) + 1, step["file"]))
        elif "bill" in step:
            bill(self.ws, Month.parse(step["bill"]["month"]), self.ws.now(step["bill"]["day"]), GROUP)
        else:
            spec = step["decide"]
            set_id = desk.set_of(self.ws, self.sent[spec["file"] - 1])
            looked = desk.decide(self.ws, set_id, spec)
            assert looked.effect is not None, looked.problem
            assert desk.decide(self.ws, set_id, spec, looked.effect.digest).done

    def asked(self, question: dict[str, Any]) -> Explanation:
        """Ask, as on the day that the question is about."""
        day = question["day"]
        who = Asked(day, self.ws.now(day), question.get("for", ""))
        return ask.member(self.ws, question["member"], who, question.get("line", "")).explanation


def words(value: Explanation) -> list[str]:
    """Return the sentences of an answer."""
    return [sentence(each) for each in value.answer]
