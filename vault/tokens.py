"""Keyed HMAC tokens: look a value up without storing it in clear (docs/design.md, PHI).

Each purpose has its own derived key, so that tokens of different purposes never compare equal.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date

from vault.keys import Keyring


def token(secret: bytes, value: str) -> str:
    """Return the 32-character hex token of a value under a derived secret."""
    return hmac.digest(secret, value.encode(), "sha256").hex()[:32]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens under every live key, newest first; the first is what new rows store."""

    ssn_secrets: tuple[bytes, ...] = field(repr=False)
    last4_secrets: tuple[bytes, ...] = field(repr=False)
    family_secrets: tuple[bytes, ...] = field(repr=False)
    person_secrets: tuple[bytes, ...] = field(repr=False)
    loop_secret: bytes = field(repr=False)  # of the newest key only: what it does not know is read again
    payer_secrets: tuple[bytes, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, ring: Keyring) -> Tokens:
        """Derive the token secrets of a ring once."""
        ssn, last4, family, person, payer = (
            tuple(key.derive(purpose) for key in ring.keys)
            for purpose in ("ssn", "last4", "family", "person", "payer")
        )
        return cls(ssn, last4, family, person, ring.keys[0].derive("loop"), payer)

    def ssn(self, ssn: str) -> tuple[str, ...]:
        """Tokens of a nine-digit SSN; empty for no SSN."""
        return tuple(token(secret, ssn) for secret in self.ssn_secrets) if ssn else ()

    def last4(self, ssn: str) -> tuple[str, ...]:
        """Tokens of an SSN's last four digits, for `member find`."""
        return tuple(token(secret, ssn[-4:]) for secret in self.last4_secrets) if ssn else ()

    def family(self, subscriber_number: str) -> tuple[str, ...]:
        """Tokens of a subscriber number (REF*0F), SSN hyphens and case removed."""
        plain = subscriber_number.replace("-", "").upper()
        return tuple(token(secret, plain) for secret in self.family_secrets) if plain else ()

    def person(self, first: str, birth: str) -> tuple[str, ...]:
        """Tokens of a first name and birth date (YYYY-MM-DD): tells two people under one SSN apart."""
        plain = f"{first.strip().upper()}|{birth}"
        return tuple(token(secret, plain) for secret in self.person_secrets)

    def payer(self, words: str) -> tuple[str, ...]:
        """Tokens of what a payer writes on a remittance line, as a standing rule knows it; empty for nothing."""
        return tuple(token(secret, words) for secret in self.payer_secrets) if words else ()

    def of_record(self, number: str, ssn: str, first: str, birth: date | None) -> list[tuple[str, str, str]]:
        """Return what a record says of its member under each live key: tokens of family, person and SSN."""
        people = self.person(first, birth.isoformat() if birth else "")
        ssns = self.ssn(ssn) or ("",) * len(people)
        return list(zip(self.family(number), people, ssns, strict=True)) if number else []

    def of_member(self, subscriber_number: str, ssn: str, first: str, birth: date | None) -> tuple[str, str, str]:
        """Return what the index has of a member, under the newest key: tokens of family, SSN and person."""
        family, number = self.family(subscriber_number)[:1], self.ssn(ssn)[:1]
        return "".join(family), "".join(number), self.person(first, birth.isoformat() if birth else "")[0]

    def loop(self, text: str) -> bytes:
        """Return the digest of what a member loop says, 16 bytes: the same text has the same one."""
        return hmac.digest(self.loop_secret, text.encode(), "sha256")[:16]

    def loops(self, conditions: bytes, digests: Iterable[bytes]) -> str:
        """Return the token of a family's loops, in the order given, as they are read under some conditions."""
        return hmac.digest(self.loop_secret, conditions + b"".join(digests), "sha256").hex()[:32]


@dataclass(frozen=True, slots=True)
class ChunkTokens(Tokens):
    """Tokens that are made once for each value: for as long as the values of one chunk are in memory."""

    ssns: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    families: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def over(cls, tokens: Tokens) -> ChunkTokens:
        """Begin a chunk that knows nothing yet."""
        secrets = (getattr(tokens, secret.name) for secret in fields(Tokens))
        return cls(*secrets)

    def known(self, ssn: str, ssn_token: str, subscriber_number: str, family_token: str) -> None:
        """Take over a member's tokens from the index; of several live keys it does not say which made them."""
        if len(self.ssn_secrets) == 1:
            self.ssns[ssn] = (ssn_token,) if ssn_token else ()
            self.families[subscriber_number] = (family_token,) if family_token else ()

    def ssn(self, ssn: str) -> tuple[str, ...]:
        """Tokens of a nine-digit SSN, as of every ring."""
        found = self.ssns.get(ssn)
        return self.ssns.setdefault(ssn, Tokens.ssn(self, ssn)) if found is None else found

    def family(self, subscriber_number: str) -> tuple[str, ...]:
        """Tokens of a subscriber number, as of every ring."""
        found = self.families.get(subscriber_number)
        made = Tokens.family(self, subscriber_number) if found is None else found
        return self.families.setdefault(subscriber_number, made)
