"""PDF pages: a typst template, data as JSON in `sys.inputs`, no system font, no clock: always the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources


def pdf(template: str, view: Mapping[str, object]) -> bytes:
    """Return a template filled with finished texts, as PDF.

    `view` holds only JSON values; the template neither computes nor formats. Texts are set as they are, never
    read as markup. Raises typst.TypstError when the template is wrong, which is a bug.
    """
    import typst  # 80 MB of compiler: only where a PDF is made

    with resources.as_file(resources.files("writers")) as home:
        return typst.compile(
            home / "templates" / f"{template}.typ",
            root=home,
            font_paths=[home / "fonts"],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(view)},
            format="pdf",
            pdf_standards=["ua-1"],
        )
