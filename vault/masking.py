"""How people's keys look in anything a person reads."""

from __future__ import annotations

from vault.ssn import looks_like_ssn


def mask_ssn(ssn: str) -> str:
    """Return `***-**-1234` for an SSN, empty text for none."""
    return f"***-**-{ssn[-4:]}" if ssn else ""


def mask_said(text: str, *, ssn: bool) -> str:
    """Return a person's key as documents show it: one that the sender calls an SSN masked whatever its shape."""
    return mask_ssn(text) if ssn else mask_key(text)


def mask_key(number: str) -> str:
    """Return a subscriber number as documents show it: SSN-shaped ones masked, others as they are."""
    return mask_ssn(number.replace("-", "")) if looks_like_ssn(number) else number
