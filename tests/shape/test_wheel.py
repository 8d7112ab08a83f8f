"""The wheel holds all that an installation needs: our packages with their data, and what the demo sends."""

from __future__ import annotations

from hatchling.builders.wheel import WheelBuilder

from support.installation import ROOT


def test_the_wheel_holds_what_runs_from_it(packages: list[str]) -> None:
    from flows.tell import GROUPS, SENT

    held = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in packages
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours <= held, "code, templates, fonts, migrations, tables of words"
    assert "prefect.yaml" in held, "flows.register deploys it"
    sent = {name.removeprefix("harbor-mills/") for files in SENT.values() for name in files}
    told = {f"sample_files/demo/{name}" for name in sent}
    told |= {f"sample_files/groups/{employer}.toml" for employer in GROUPS.values()}
    assert told <= held, "rollbook demo sends them"
    assert {name.split("/")[0] for name in held} == {*packages, "sample_files", "prefect.yaml"}, "and nothing else"
