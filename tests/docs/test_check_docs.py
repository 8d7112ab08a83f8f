"""docs/check.md: its options are the command's, its bounds and fields are the code's."""

import re
from pathlib import Path

from pipeline.check.kept import MOST_LISTED
from pipeline.check.run import SHOWN_WHOLE
from support.installation import SAMPLES, run

PAGE = (Path(__file__).parents[2] / "docs" / "check.md").read_text("utf-8")


def test_options_are_the_commands() -> None:
    told = set(re.findall(r"`(--[a-z]+)`", PAGE)) | set(re.findall(r" (--[a-z]+) ", PAGE))
    shown = set(re.findall(r"--[a-z]+", run("check", "--help").out)) - {"--help"}
    assert told | {"--json"} == shown


def test_bounds_are_the_codes() -> None:
    assert f"{SHOWN_WHOLE // 1024} KB" in PAGE
    assert PAGE.count(f"{MOST_LISTED:,}") == 2


def test_fields_of_the_json_are_told() -> None:
    value = run("check", SAMPLES / "broken" / "one-bad-set-of-two" / "two-sets.edi", "--json").json
    one = value["files"][0]
    (interchange,) = one["interchanges"]
    names = {*value, *one["findings"][0], "outcome", "counts", "interchanges", "findings"}
    names |= {
        "ta1",
        *interchange["groups"][0].keys() & {"ack999", "sets"},
        *interchange["groups"][0]["sets"][0].keys() & {"ik5"},
    }
    assert {name for name in names if f"`{name}`" not in PAGE} <= {"subject"}
