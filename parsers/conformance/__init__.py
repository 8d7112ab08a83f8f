"""Transaction sets against their guides: guides, exact checks, patterns, walk, and the checker over them."""

from parsers.conformance.checker import Checker, judge
from parsers.conformance.guides import GUIDES, data_element

__all__ = ["GUIDES", "Checker", "data_element", "judge"]
