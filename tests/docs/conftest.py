"""The pages' commands run in an installation of their own."""

from support.fixtures import home

__all__ = ["home"]
