"""PDF pages: a typst template, data as JSON in `sys.inputs`, no system font, no clock: always the same bytes."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping

from writers.forms.typeset import typeset

# What Geist cannot show. A sender's text may hold anything; an accessible PDF with such a character is refused.
_UNSHOWN = re.compile(r"[^\t\n\x20-\x7e\xa0-\u024f\u2010-\u2027\u2030-\u203a\u20ac\u2122\u2190-\u2193\u2212]")


def pdf(template: str, view: Mapping[str, object]) -> bytes:
    """Return a template filled with finished texts, as PDF.

    `view` holds only JSON values; the template neither computes nor formats. Texts are set as they are, never
    read as markup; a character that the font does not have becomes a question mark. Raises typst.TypstError when
    the template is wrong, which is a bug, and TooLargeError.
    """
    return typeset(template, json.dumps(_shown(view)))


def _shown(value: object) -> object:
    """Return a JSON value with texts that the font can show."""
    if isinstance(value, str):
        return _UNSHOWN.sub("?", unicodedata.normalize("NFC", value))
    if isinstance(value, Mapping):
        return {key: _shown(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(item) for item in value]
    return value
