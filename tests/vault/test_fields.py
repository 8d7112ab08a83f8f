"""Sealed fields: they open in the cell they were sealed for, under any live key, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.tries import tries
from vault.fields import Cell, FieldCipher, SealError
from vault.keys import Keyring, new_keyring

CELL = Cell("person_ssn", "cipher", "1")
RING = new_keyring()
NAMES = st.text(alphabet="ab1 _\x1f", max_size=4)


def test_what_is_sealed_opens_under_the_older_key_too() -> None:
    sealed = FieldCipher(RING).seal("900-12-3456", CELL)
    newer = FieldCipher(Keyring((*new_keyring().keys, *RING.keys)))
    assert newer.open(sealed, CELL) == "900-12-3456"
    assert newer.open("", CELL) == newer.seal("", CELL) == ""
    with pytest.raises(KeyError):
        FieldCipher(new_keyring()).open(sealed, CELL)


@pytest.mark.parametrize(
    "other",
    [
        Cell("person_ssn", "cipher", "2"),
        Cell("person_ssn", "other", "1"),
        Cell("contract", "cipher", "1"),
    ],
)
def test_a_value_in_another_cell_is_noticed(other: Cell) -> None:
    """Seen before: the SSNs of two people could change places, and each was read as the other's."""
    sealed = FieldCipher(RING).seal("900123456", CELL)
    with pytest.raises(SealError, match=f"{other.table}.{other.column} of {other.row}") as raised:
        FieldCipher(RING).open(sealed, other)
    assert "900123456" not in str(raised.value)


@pytest.mark.parametrize("broken", ["k:zz", "", "00"])
def test_what_is_no_ciphertext_is_noticed(broken: str) -> None:
    sealed = FieldCipher(RING).seal("x", CELL)
    with pytest.raises(SealError):
        FieldCipher(RING).open(sealed.partition(":")[0] + ":" + broken.rpartition(":")[2], CELL)


@tries(200)
@given(st.tuples(NAMES, NAMES, NAMES), st.tuples(NAMES, NAMES, NAMES))
def test_no_two_cells_are_bound_alike(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert (Cell(*one).bound == Cell(*other).bound) is (one == other)
