"""Finding codes: money."""

from __future__ import annotations

from model.code_tables import Code

CODES: dict[str, Code] = {}
