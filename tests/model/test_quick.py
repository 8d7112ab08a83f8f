"""What is made quickly cannot be told from what its own class makes."""

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from model.enrollment.events import Address, EnrollmentEvent
from model.finding import Where
from model.quick import quick


@dataclass(frozen=True, slots=True)
class Kept:
    """A field of each sort."""

    code: str
    cents: int = 7
    places: list[int] = field(default_factory=list)


def test_it_is_the_class_itself_that_is_made():
    address = quick(Address)("1 ELM ST", city="AVON")
    assert type(address) is Address
    assert (address, hash(address), repr(address)) == (
        Address("1 ELM ST", city="AVON"),
        hash(Address("1 ELM ST", city="AVON")),
        "Address(line1='1 ELM ST', line2='', city='AVON', state='', zip='', country='')",
    )
    assert pickle.loads(pickle.dumps(address)) == address
    assert type(replace(address, zip="06001")) is Address
    assert not hasattr(address, "__dict__")


def test_it_is_frozen():
    address = quick(Address)("1 ELM ST")
    with pytest.raises(FrozenInstanceError):
        address.line1 = "2 ELM ST"
    with pytest.raises(FrozenInstanceError):
        del address.line1
    assert address.line1 == "1 ELM ST"


def test_defaults_are_those_of_the_class():
    make = quick(Kept)
    first, second = make("A"), make("B", 9)
    first.places.append(1)
    assert (first, second) == (Kept("A", 7, [1]), Kept("B", 9, []))
    with pytest.raises(TypeError, match="code"):
        make()


def test_every_field_finds_its_place():
    values = [f"value {number}" for number in range(len(EnrollmentEvent.__slots__))]
    assert quick(EnrollmentEvent)(*values) == EnrollmentEvent(*values)
    assert quick(EnrollmentEvent)(*values[:25]).base == Where()
