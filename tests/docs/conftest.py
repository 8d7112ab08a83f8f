"""The pages' commands run in an installation of their own."""

from support.fixtures import bare_home, home

__all__ = ["bare_home", "home"]
