"""Every measurement gives an answer and notices a wrong one; no time is looked at."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from model.x12 import SetVerdict, Verdict
from parsers.x12.judge import judge

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
NAMES = ("split", "tokens", "verdict", "events", "parallel", "pyx12")


@pytest.fixture(scope="module")
def varied(tmp_path_factory):
    path = tmp_path_factory.mktemp("bench") / "varied.edi"
    maker = [sys.executable, str(ROOT / "sample_files" / "generate.py")]
    subprocess.run([*maker, "--varied", "20", "--output", str(path)], check=True, capture_output=True)
    return path


@pytest.fixture
def table(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import table

    yield table
    sys.modules.pop("table", None)


def measure(name, *paths):
    worker = [sys.executable, str(BENCHMARKS / "worker.py"), name, *map(str, paths)]
    return subprocess.run(worker, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", NAMES)
def test_each_measurement_ends_with_a_reading(varied, name):
    done = measure(name, varied, varied)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["seconds"] > 0
    assert told["peak"] > 1024 * 1024


@pytest.mark.parametrize("name", ["verdict", "events", "parallel", "pyx12"])
def test_a_file_that_is_not_accepted_has_no_speed(varied, tmp_path, name):
    wrong = tmp_path / "wrong.edi"
    wrong.write_text(varied.read_text().replace("~\nDMG*D8*", "~\nDMG*D9*", 1))
    done = measure(name, wrong)
    assert done.returncode != 0
    assert done.stdout == ""
    assert "not accepted" in done.stderr


@pytest.fixture
def files(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import files

    yield files
    for name in ("files", "sizes", "edi", "generate", "people", "story"):
        sys.modules.pop(name, None)


def test_the_product_is_measured_with_files_that_are_accepted(files, tmp_path):
    for kind, segments in files.KINDS.items():
        path = tmp_path / f"{kind}.edi"
        files.write(path, segments(12))
        verdicts = [item for item in judge([path.read_bytes()]) if isinstance(item, SetVerdict)]
        assert [verdict.verdict for verdict in verdicts] == [Verdict.ACCEPTED], kind


def test_every_part_of_a_bench_has_a_place_on_the_page(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import bench

    page = (ROOT / "docs" / "performance.md").read_text("utf-8")
    assert set(re.findall(r"<!-- bench (\S+) -->", page)) == {*bench.ROWS, *bench.LARGE}
    for name in ("bench", "books", "receipts", "verdict", "views", "product", "measured", "sizes", "table"):
        sys.modules.pop(name, None)


def test_the_page_has_a_place_for_the_table(table, tmp_path):
    page = tmp_path / "performance.md"
    page.write_text((ROOT / "docs" / "performance.md").read_text("utf-8"), "utf-8")
    for members in (10, 20):
        rows = [table.Row("verdict", members, "1.00 s", 5_000.4, "2.0 x pyx12", ">= 50 x", False)]
        table.write(page, "adds", f"{table.machine()}\n\n{table.render(rows)}")
    written = page.read_text("utf-8")
    assert written.count("| verdict |") == 1
    assert "|      20 |         1.00 s |             5,000 | 2.0 x pyx12 | >= 50 x | MISSED |" in written
    page.write_text("no marks here", "utf-8")
    with pytest.raises(ValueError, match="no place"):
        table.write(page, "adds", "x")


def test_a_bench_that_is_stopped_stops_its_server(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import bench
    import product

    asked = []

    def stopped(one):
        one.server = Path("/nowhere")
        os.kill(os.getpid(), signal.SIGTERM)
        return []

    monkeypatch.setattr(product, "helper", lambda *arguments: asked.append(arguments))
    monkeypatch.setattr(bench, "ROWS", {"speed": stopped})
    monkeypatch.setattr(sys, "argv", ["bench.py", "--quick"])
    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit, match="stopped"):
            bench.main()
    finally:
        signal.signal(signal.SIGTERM, before)
        for path in BENCHMARKS.glob("*.py"):
            sys.modules.pop(path.stem, None)
    assert asked == [("installed.py", "stop", Path("/nowhere"))]
