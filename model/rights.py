"""Who may change who may do what (docs/domain.md, People and rights)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from model.people import LONGEST, Kind, Operator, Role, is_same_person


def cleaned(operator: Operator) -> Operator:
    """Return a person as it is kept: blanks in the name are single, logins and roles in order and once."""
    return replace(
        operator,
        name=" ".join(operator.name.split()),
        logins=tuple(sorted(set(operator.logins))),
        roles=tuple(role for role in Role if role in operator.roles),
    )


def supervisors(operators: Iterable[Operator]) -> tuple[Operator, ...]:
    """Return those who may change who may do what: enabled, and supervisors."""
    return tuple(operator for operator in operators if operator.has(Role.SUPERVISOR))


def named(operators: Iterable[Operator], name: str) -> Operator | None:
    """Return the person of a name, enabled or not; None: nobody has it."""
    return next((operator for operator in operators if is_same_person(operator.name, name)), None)


def problem_of(operator: Operator) -> str:
    """Say why this can be no operator, in words; empty when it can."""
    name = operator.name
    if not name or not name.isprintable() or len(name) > LONGEST:
        return f"a name is 1 to {LONGEST} characters that can be printed"
    if name.casefold().startswith(tuple(f"{kind} " for kind in Kind)):
        return f"a name does not begin with {', '.join(Kind)}: it would be taken for one"
    if not operator.logins:
        return "it needs a login: the name under which the person works at this machine"
    if not all(_is_login(login) for login in operator.logins):
        return f"a login is 1 to {LONGEST} characters without blanks"
    if not operator.roles:
        return f"it needs a role: {', '.join(Role)}"
    if Role.AUDITOR in operator.roles and len(operator.roles) > 1:
        return "an auditor has no other role: who looks at what others decided decides nothing"
    if any(limit is not None and limit < 0 for limit in (operator.limits.cents, operator.limits.members)):
        return "a limit is not less than nothing"
    return ""


def problem_of_change(who: str, after: Operator, known: Iterable[Operator]) -> str:
    """Say why a person (`who`, empty: no operator) may not make `after` of an operator, or of nobody yet.

    Anybody may add people while there is no supervisor; afterwards a supervisor does, and never of himself. One
    supervisor stays enabled.
    """
    known = tuple(known)
    before, above = named(known, after.name), supervisors(known)
    others = [operator for operator in known if operator is not before]
    if problem := problem_of(after) or _taken(after, others):
        return problem
    if above and not any(is_same_person(who, each.name) for each in above):
        return f"only a supervisor changes who may do what: {', '.join(each.name for each in above)}"
    if before and not above and raises(before, after):
        return f"there is no supervisor who could give {before.name} more rights: add one, who then does"
    if before and is_same_person(who, before.name) and after != replace(before, enabled=False):
        return "nobody changes his own logins, roles or limits: another supervisor does"
    if above and not supervisors([*others, after]):
        return f"{after.name} is the last supervisor: add another one first"
    return ""


def raises(before: Operator, after: Operator) -> bool:
    """Say whether a change gives a person any right: a role, a login, a wider limit, or to be enabled again."""
    return (
        bool(set(after.roles) - set(before.roles))
        or bool(set(after.logins) - set(before.logins))
        or (after.enabled and not before.enabled)
        or _wider(before.limits.cents, after.limits.cents)
        or _wider(before.limits.members, after.limits.members)
    )


def _taken(after: Operator, others: Iterable[Operator]) -> str:
    """Say whose login is asked for; of somebody disabled too, since what was done under it stays his."""
    for other in others:
        if shared := sorted(set(after.logins) & set(other.logins)):
            return f"login {shared[0]} is {other.name}'s: a login belongs to one person"
    return ""


def _is_login(login: str) -> bool:
    return 0 < len(login) <= LONGEST and login.isprintable() and not any(each.isspace() for each in login)


def _wider(before: int | None, after: int | None) -> bool:
    return before is not None and (after is None or after > before)
