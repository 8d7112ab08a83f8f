"""The trade's code tables, once: a row a code, with what it means, what it does here, its words and its source.

Whoever reads, judges, bills or prints a code asks here; tests/shape/test_trade.py finds one written elsewhere.
"""
