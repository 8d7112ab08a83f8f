"""The pipeline's tests work on installations of their own."""

from support.fixtures import home, on_both, ws

__all__ = ["home", "on_both", "ws"]
