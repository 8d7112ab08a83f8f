"""The shape of [partner.channel]: where a partner's files come from and where its answers go."""

from __future__ import annotations

from model.agreement.channel import Channel
from model.agreement.switches import declared
from parsers.terms.switch_tables import Table, switched


@switched(Channel)
class ChannelTable(Table):
    """[partner.channel]: folder (needs nothing), sftp or s3."""


def problem(table: ChannelTable) -> tuple[str, str] | None:
    """Return the first key that does not go with the kind, and what is wrong with it; None when all do."""
    said = {known.name: getattr(table, known.name) for known in declared(Channel)}
    kind = said["kind"]
    for known in declared(Channel):
        if kind in known.switch.needed_by and not said[known.name]:
            return known.name, f"a channel of the kind {kind} needs this key"
    taken = {k.name for k in declared(Channel) if kind in (*k.switch.needed_by, *k.switch.taken_by)}
    for name in sorted(table.model_fields_set - taken):
        return name, f"a channel of the kind {kind} has no such key"
    if kind != "folder" and said["inbox"].strip("/") == said["outbox"].strip("/"):
        return "outbox", "our answers would come back to us as files: inbox and outbox must differ"
    return None
