"""Views as JSON has them, for tests that compare with plain values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from model.enrollment.known import Known
from pipeline.runtime.workspace import Workspace
from pipeline.views import accounts, exchanges, files, members, money
from pipeline.views.plain import plain


def _plain(view: Callable[..., object]) -> Callable[..., Any]:
    return lambda *asked, **how: plain(view(*asked, **how))


file_list, file_value = _plain(files.file_list), _plain(files.file_value)
account_value = _plain(accounts.account_value)
invoice_list, payment_list = _plain(money.invoice_list), _plain(money.payment_list)
group_value = _plain(members.group_value)
DAY = date(2027, 1, 1)


def find_members(ws: Workspace, **known: Any) -> Any:
    return plain(members.find_members(ws, Known(**known), DAY))


def same_ssn(ws: Workspace) -> Any:
    return plain(members.same_ssn(ws, DAY))


ledger, find = _plain(exchanges.ledger), _plain(exchanges.find)
