"""Which cell each sealed value belongs to (vault.fields): one that changed its row, column or table is noticed.

Row ids are given at insert, so that a row is named by what it is known by beforehand. A contract is named by group
and token: the token is the number's own, keyed, so that both can only change places together.
"""

from __future__ import annotations

from vault.fields import Cell


def ssn(person_id: int) -> Cell:
    """Name a person's SSN, each version of it."""
    return Cell("person_ssn", "cipher", str(person_id))


def member_facts(enrollee_id: int) -> Cell:
    """Name what was told of an enrollee, each version of it."""
    return Cell("member_facts", "cipher", str(enrollee_id))


def subscriber(group_id: int, token: str) -> Cell:
    """Name a contract's subscriber number by its group and its token, which are unique."""
    return Cell("contract", "number_cipher", f"{group_id} {token}")


def later_number(group_id: int, token: str) -> Cell:
    """Name a number that a family answers to since a person said so, by its group and its token."""
    return Cell("contract_number", "number_cipher", f"{group_id} {token}")


def remittance(set_id: int) -> Cell:
    """Name the body of a remittance by the set that brought it."""
    return Cell("remittance", "body", str(set_id))


def invoice(number: str) -> Cell:
    """Name an invoice's statement by its number."""
    return Cell("invoice", "statement", number)


def input_body(key: str) -> Cell:
    """Name what was asked by the input's key."""
    return Cell("input", "body", key)


def bank_file(sha256: str) -> Cell:
    """Name what was found in a bank's file by the hash of its bytes."""
    return Cell("bank_file", "findings", sha256)


def bank_line(key: str) -> Cell:
    """Name what a bank wrote beside a line by what the line is known by."""
    return Cell("bank_line", "text", key)


def statement_rows(key: str, rank: int, part: int, first: int) -> Cell:
    """Name a piece of a statement's rows by the statement's key and its place."""
    return Cell("statement_rows", "rows", f"{key} {rank} {part} {first}")


def census_rows(set_id: int, first: int) -> Cell:
    """Name a piece of a census's rows by its set and its place."""
    return Cell("census_rows", "rows", f"{set_id} {first}")


def unchanged(key: str) -> Cell:
    """Name what the records of an unchanged family come to by their token."""
    return Cell("unchanged", "answer", key)


def outbox(key: str) -> Cell:
    """Name what is owed by its key, which says what it is."""
    return Cell("outbox", "statement", key)


def item_event(item_id: int, tx: int, what: str) -> Cell:
    """Name what somebody wrote of an item by the item, the transaction and what it tells."""
    return Cell("item_event", "text", f"{item_id} {tx} {what}")


def decision(number: int, column: str) -> Cell:
    """Name why, or what exactly, was decided by the decision's number."""
    return Cell("decision", column, str(number))


def payer_rule(number: int) -> Cell:
    """Name what a payer's standing rule goes by, by its number."""
    return Cell("payer_rule", "said", str(number))
