"""Whatever is reported of a month and however coarsely, its variance is the same in all sums."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from billing import selfbill
from billing.selfbill import by, of_person, of_plan, of_tier, parts, total
from model.money.selfbill import Reported, Source, Unit
from model.timeline import Month

MONTH = Month.parse("2027-02")
PLANS, TIERS = ("MED1", "DEN1"), ("EMP", "ESP", "FAM", "Age 34", "")
amounts = st.integers(-90_000, 90_000)
units = st.lists(
    st.tuples(
        st.sampled_from(PLANS),
        st.sampled_from(TIERS),
        st.integers(1, 4),
        st.integers(0, 2),
        st.booleans(),
        amounts,
    ),
    max_size=12,
    unique_by=lambda row: row[:4],
).map(
    lambda rows: [
        Unit(place, "medical", plan, tier, contract, person, int(counted), cents)
        for place, (plan, tier, contract, person, counted, cents) in enumerate(rows, 1)
    ]
)
lines = st.lists(
    st.builds(
        Reported,
        account=st.just("A-1"),
        month=st.just(MONTH),
        source=st.just(Source.SHEET),
        plan=st.sampled_from((*PLANS, "OTHER", "")),
        tier=st.sampled_from((*TIERS, "IE", "PR", "10")),
        contract=st.integers(0, 5),
        person=st.integers(0, 2),
        unknown=st.integers(0, 2),
        count=st.none() | st.integers(0, 9),
        cents=st.none() | amounts,
    ),
    max_size=8,
)  # fmt: skip


@given(units, lines)
def test_every_sum_of_a_variance_is_the_same(computed: list[Unit], reported: list[Reported]) -> None:
    found = parts(computed, reported)
    whole = total(found)
    for key in (of_plan, of_tier, of_person):
        some = by(found, key)
        assert sum(part.people for part in some) == whole.people
        assert sum(part.cents for part in some) == whole.cents
        assert sum(part.computed for part in some) == whole.computed
    said = [line.cents for line in reported if line.cents is not None]
    assert (whole.reported or 0) == sum(said)
    if said:
        assert whole.computed == sum(unit.cents for unit in computed)
        assert whole.cents == sum(said) - whole.computed
    heads = [line.count for line in reported if line.count is not None]
    assert (whole.reported_count or 0) == sum(heads)


@given(units)
def test_what_is_reported_as_computed_differs_nowhere(computed: list[Unit]) -> None:
    def told(unit: Unit, **narrow: object) -> Reported:
        return Reported("A-1", MONTH, Source.SHEET, count=unit.count, cents=unit.cents, **narrow)  # type: ignore[arg-type]

    persons = [told(u, plan=u.plan, tier=u.tier, contract=u.contract, person=u.person) for u in computed]
    tiers = [told(u, plan=u.plan, tier=u.tier) for u in computed]
    plans = [told(u, plan=u.plan) for u in computed]
    for reported in (persons, tiers, plans):
        assert not any(part.differs for part in parts(computed, reported))
    assert selfbill.digest(parts(computed, persons)) == selfbill.digest(())
