"""Kill points of this folder (tests/support/kill.py): a run may end before or after each. Only tests read them."""

from store.received import files, member_lines, outbox, pickups

CLAIM_STEPS = (files.insert_file,)
RECEIVE_STEPS = (
    files.insert_interchange,
    files.close_set,
    files.close_interchange,
    files.set_kind_state,
    member_lines.add_dispositions,
    files.record_set_groups,
    outbox.put,
    outbox.mark,
)
SWEEP_STEPS = (pickups.record,)
