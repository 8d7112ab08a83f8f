"""A file from its channel to its end: claim, judge, enroll, deliver, and the sweep that fetches."""
