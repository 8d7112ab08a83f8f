"""The pipeline's tests work on installations of their own."""

from support.fixtures import bare_home, home, on_both, ws

__all__ = ["bare_home", "home", "on_both", "ws"]
