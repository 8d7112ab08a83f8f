"""Why: `--reason` of what is done, kept with it; `--why` of a look at people, kept with the look.

By --reason the first one asks for what two people decide, and the second one confirms it.
"""

from __future__ import annotations

from typing import Annotated

import typer

Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept. With it you ask, or confirm.")]
Why = Annotated[str, typer.Option("--why", help="Why you look; it is kept, so name nobody.")]
