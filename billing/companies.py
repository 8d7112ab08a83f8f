"""Whose the company identifiers are that payments and deposits name (BPR10): agreed in the partners' terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from model.agreement.terms import Partner


@dataclass(frozen=True, slots=True)
class Companies:
    """The partners that each company identifier is bound to, by code; an identifier may be of several."""

    owners: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, partners: Iterable[Partner]) -> Companies:
        """Read what the partners' terms bind."""
        owners: dict[str, set[str]] = defaultdict(set)
        for partner in partners:
            for company in partner.companies:
                owners[company].add(partner.code)
        return cls({company: frozenset(codes) for company, codes in owners.items()})

    def bound(self, company: str) -> bool:
        """Say whether an identifier is bound to anybody."""
        return company in self.owners

    def may_be(self, company: str, partner: str) -> bool:
        """Say whether money of this company may be this partner's: it is bound to it, or to nobody."""
        return partner in self.owners.get(company, (partner,))

    def agreed(self, company: str, partner: Partner) -> bool:
        """Say whether a payment of this partner may name this company.

        Where any are bound to the partner it names one of them; where none is, one that is bound to nobody.
        """
        return company in partner.companies if partner.companies else self.may_be(company, partner.code)
