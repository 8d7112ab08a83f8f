"""An explanation as a page and on paper: the answer first, then how it came to be, what is open, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import escape

from model.agreement.terms import Contact
from model.documents.statement import Document
from model.explained import Explanation, Said, Step
from writers.explaining import sentence
from writers.forms import html, page
from writers.forms.letterhead import letterhead
from writers.words import day, moment

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TITLE = "Explanation"
_MORE = "What is open"
_DO = "What to do"
_STORY = "How it came to be"


@dataclass(frozen=True, slots=True)
class Letter:
    """Who explains, whom to ask, for whom it is ("" for the plan's people), and as of which day."""

    carrier: str
    contact: Contact
    on: date
    receiver: str = ""


def text(value: Explanation) -> str:
    """Return an explanation as plain text, a line a sentence."""
    lines = [f"{value.about} {value.title}".strip(), "", *map(sentence, value.answer)]
    lines += ["", _STORY] if value.steps else []
    for step in value.steps:
        lines += [f"{moment(step.at)}  {sentence(step.what)}"]
        lines += [f"  {sentence(each)}" for each in step.more]
    for title, sentences in ((_MORE, value.open), (_DO, value.next)):
        lines += ["", title, *map(sentence, sentences)] if sentences else []
    return "\n".join(lines) + "\n"


def web(value: Explanation, letter: Letter, name: str) -> Document:
    """Return `<name>.html`: self-contained."""
    head, *rest = [sentence(each) for each in value.answer]
    parts = [
        f'<section class="banner accent"><p>As of {escape(day(letter.on))}</p>'
        f"<strong>{_whole(head)}</strong></section>\n",
        *(f'<p class="answer">{_whole(each)}</p>\n' for each in rest),
    ]
    parts += [html.pairs((("About", value.about), ("", value.title), ("For", letter.receiver)))]
    parts += [_section(_DO, value.next), _section(_MORE, value.open)]
    if value.steps:
        steps = "".join(map(_step, value.steps))
        parts.append(html.section(_STORY, f'<ol class="story">{steps}</ol>\n'))
    shown = filter(None, parts)
    return html.document(
        name, letter.carrier, letter.contact, _TITLE, value.about, shown, styles="explanation.css"
    )


def _whole(text: str) -> str:
    """Return text of which no day is broken between two lines."""
    return _DAY.sub(r'<span class="day">\g<0></span>', escape(text))


def _section(title: str, said: tuple[Said, ...]) -> str:
    if not said:
        return ""
    items = "".join(f"<li>{_whole(sentence(each))}</li>" for each in said)
    return html.section(title, f'<ul class="said">{items}</ul>\n')


def _step(step: Step) -> str:
    more = "".join(f"<li>{_whole(sentence(each))}</li>" for each in step.more)
    inner = f'<ul class="said">{more}</ul>' if more else ""
    return (
        f"<li><time>{escape(moment(step.at))}</time><div><p>{_whole(sentence(step.what))}</p>{inner}</div></li>\n"
    )


def paper(value: Explanation, letter: Letter, name: str) -> Document:
    """Return `<name>.pdf`."""
    head, *rest = [sentence(each) for each in value.answer]
    told: dict[str, object] = {
        **letterhead(letter, letter.on),
        "about": value.about,
        "title": value.title,
        "receiver": letter.receiver,
        "on": day(letter.on),
        "head": head,
        "answer": rest,
        "lists": [
            {"title": title, "said": list(map(sentence, sentences))}
            for title, sentences in ((_DO, value.next), (_MORE, value.open))
            if sentences
        ],
        "story": _STORY if value.steps else "",
        "steps": [
            {"at": moment(step.at), "what": sentence(step.what), "more": list(map(sentence, step.more))}
            for step in value.steps[: page.ON_PAGES]
        ],
    }
    return Document.of(f"{name}.pdf", page.pdf("explanation", told))
