"""Transaction sets against their guides: guides, exact checks, patterns, walk, and the checker over them."""

from parsers.x12.conformance.checker import Checker, judge
from parsers.x12.conformance.guides import GUIDES, data_element
from parsers.x12.conformance.walk import Place

__all__ = ["GUIDES", "Checker", "Place", "data_element", "judge"]
