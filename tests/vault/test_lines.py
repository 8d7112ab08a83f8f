"""Lines that only grow: whatever was changed, taken away or added is seen; what a dead writer left is finished."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.tries import tries
from vault import disk, lines
from vault.keys import Keyring, new_keyring
from vault.lines import Broken, Line, Seals

RING = new_keyring()
SEALS = Seals.of(RING, "looks")
MONTHS = ("2027-01", "2027-01", "2027-02", "2027-02", "2027-02", "2027-03")


def told(folder: Path, seals: Seals = SEALS) -> list[int]:
    """Return what the lines tell; all of them are as they were written."""
    found = list(lines.walk(folder, seals))
    assert [row for row in found if isinstance(row, Broken)] == []
    return [row.told["look"] for row in found if isinstance(row, Line)]


def looks(folder: Path) -> list[int]:
    """Return what those lines tell that are as they were written."""
    return [row.told["look"] for row in lines.walk(folder, SEALS) if isinstance(row, Line)]


def broken(folder: Path, seals: Seals = SEALS) -> list[str]:
    return [f"{row.where}: {row.what}" for row in lines.walk(folder, seals) if isinstance(row, Broken)]


def write(folder: Path, *names: str, seals: Seals = SEALS) -> Path:
    for number, name in enumerate(names):
        lines.append(folder, seals, name, {"look": number})
    return folder


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six lines in three files. To copy."""
    return write(tmp_path_factory.mktemp("lines") / "looks", *MONTHS)


@contextmanager
def copied(written: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        yield Path(shutil.copytree(written, Path(place) / "looks"))


def logs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.log"))


def test_lines_come_back_in_order(written: Path) -> None:
    assert told(written) == [0, 1, 2, 3, 4, 5]
    assert [path.name for path in logs(written)] == ["2027-01.log", "2027-02.log", "2027-03.log"]
    for path in written.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == disk.OWN
    assert list(lines.walk(written / "nowhere", SEALS)) == []


def test_a_clock_that_goes_back_keeps_the_order(tmp_path: Path) -> None:
    assert told(write(tmp_path, "2027-02", "2027-01", "2027-02")) == [0, 1, 2]
    assert [path.name for path in logs(tmp_path)] == ["2027-02.log"]


def test_a_new_key_seals_and_the_old_one_still_reads(tmp_path: Path) -> None:
    write(tmp_path, "2027-01")
    newer = Seals.of(Keyring((*new_keyring().keys, *RING.keys)), "looks")
    lines.append(tmp_path, newer, "2027-01", {"look": 1})
    assert told(tmp_path, newer) == [0, 1]
    assert any("not on the key ring" in fault for fault in broken(tmp_path))
    assert broken(tmp_path, Seals.of(new_keyring(), "looks"))


def _rows(folder: Path) -> list[tuple[Path, list[bytes]]]:
    return [(path, path.read_bytes().splitlines(keepends=True)) for path in logs(folder)]


def _put(path: Path, rows: list[bytes]) -> None:
    path.write_bytes(b"".join(rows))


@given(st.data())
@tries(150)
def test_whatever_is_changed_taken_away_or_added_is_seen(written: Path, data: st.DataObject) -> None:
    """Now, and also after the next lines were written behind it."""
    with copied(written) as folder:
        path, rows = data.draw(st.sampled_from(_rows(folder)))
        place = data.draw(st.integers(0, len(rows) - 1))
        what = data.draw(st.sampled_from(("byte", "line", "twice", "other", "file", "end", "cut", "swap")))
        if what == "byte":
            at = data.draw(st.integers(0, len(rows[place]) - 1))
            other = data.draw(st.integers(0, 255).filter(lambda value: value != rows[place][at]))
            rows[place] = rows[place][:at] + bytes([other]) + rows[place][at + 1 :]
            _put(path, rows)
        elif what == "line":
            _put(path, rows[:place] + rows[place + 1 :])
        elif what == "twice":
            _put(path, [*rows[: place + 1], *rows[place:]])
        elif what == "other":
            _, others = data.draw(st.sampled_from([each for each in _rows(folder) if each[0] != path]))
            _put(path, [*rows[:place], others[0], *rows[place:]])
        elif what == "file":
            path.unlink()
        elif what == "end":
            _put(path, rows[:place])
        elif what == "cut":
            _put(path, [*rows[:place], rows[place][: data.draw(st.integers(0, len(rows[place]) - 1))]])
        else:
            path.rename(folder / f"2027-0{data.draw(st.sampled_from((4, 5)))}.log")
        assert broken(folder), "now"
        unfinished = path == logs(written)[-1] or path.name == "2027-03.log"
        later = data.draw(st.sampled_from(("2027-03", "2027-06")))
        lines.append(folder, SEALS, later, {"look": 6})
        lines.append(folder, SEALS, later, {"look": 7})
        if not (unfinished and what in ("twice", "other")):  # behind the head: it went with the next line
            assert broken(folder), "and later"


@pytest.mark.parametrize("later", ["2027-03", "2027-06"])
@pytest.mark.parametrize(
    "harm",
    [
        lambda head: head.unlink(),
        lambda head: head.write_text("{}"),
        lambda head: head.write_text(head.read_text("ascii").replace('"number": 6', '"number": 5')),
        lambda head: head.write_text("[1]"),
    ],
)
def test_a_head_that_is_gone_or_changed_is_seen(written: Path, harm: Callable[[Path], object], later: str) -> None:
    with copied(written) as folder:
        harm(folder / "head.json")
        assert any("head.json" in fault for fault in broken(folder))
        lines.append(folder, SEALS, later, {"look": 6})
        lines.append(folder, SEALS, later, {"look": 7})
        assert len(broken(folder)) == 1, "the first line after it follows nothing"
        assert looks(folder) == [0, 1, 2, 3, 4, 5, 7], "and nothing else is lost"


def test_an_earlier_head_does_not_hide_a_cut(written: Path) -> None:
    """Without a key no head can be made for fewer lines; one of another folder does not fit either."""
    with copied(written) as folder, copied(written) as shorter:
        shutil.rmtree(shorter)
        write(shorter, *MONTHS[:5])
        logs(folder)[-1].unlink()
        shutil.copy(shorter / "head.json", folder / "head.json")
        assert told(folder) == [0, 1, 2, 3, 4], "an older copy of all of it is not seen here: docs/operations.md"
        _put(logs(folder)[1], _rows(folder)[1][1][:1])
        assert broken(folder)


def dies_at_head(patch: pytest.MonkeyPatch, which: int) -> None:
    """Have a writer die when it writes a head, the first, the second ..."""
    temporary, times = disk.temporary, iter(range(1, which + 1))

    def dies(*place: Path | str | int) -> object:
        if next(times) == which:
            raise KeyboardInterrupt
        return temporary(*place)  # type: ignore[arg-type]

    patch.setattr(disk, "temporary", dies)


def test_a_cut_line_spoils_no_later_one(written: Path) -> None:
    with copied(written) as folder:
        (_, rows), last = _rows(folder)[-1], logs(folder)[-1]
        _put(last, [rows[0][:40]])
        lines.append(folder, SEALS, "2027-03", {"look": 6})
        lines.append(folder, SEALS, "2027-03", {"look": 7})
        assert [fault.partition(":")[0] for fault in broken(folder)] == [f"{last.name} line {at}" for at in (1, 2)]
        assert looks(folder) == [0, 1, 2, 3, 4, 7]


def test_what_a_dead_writer_left_is_finished_or_dropped(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with copied(written) as folder:
        with monkeypatch.context() as patch:
            dies_at_head(patch, 1)
            with pytest.raises(KeyboardInterrupt):
                lines.append(folder, SEALS, "2027-03", {"look": 6})
        assert told(folder) == [0, 1, 2, 3, 4, 5, 6], "the line is whole"
        lines.append(folder, SEALS, "2027-03", {"look": 7})
        assert told(folder) == [0, 1, 2, 3, 4, 5, 6, 7]
        with logs(folder)[-1].open("ab") as file:
            file.write(b'{"n": 9, "key"')
        assert broken(folder), "until somebody writes: nobody can tell whose it was"
        lines.append(folder, SEALS, "2027-03", {"look": 8})
        assert told(folder) == [0, 1, 2, 3, 4, 5, 6, 7, 8]


def test_a_writer_who_dies_at_the_first_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        dies_at_head(patch, 2)  # the first one is of no line
        with pytest.raises(KeyboardInterrupt):
            lines.append(tmp_path, SEALS, "2027-01", {"look": 0})
    lines.append(tmp_path, SEALS, "2027-01", {"look": 1})
    assert told(tmp_path) == [0, 1]


def test_a_full_disk_leaves_whole_lines(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with copied(written) as folder:
        write_bytes = os.write
        with monkeypatch.context() as patch:
            patch.setattr(lines.os, "write", lambda handle, text: write_bytes(handle, text[:20]))
            with pytest.raises(OSError, match="No space left"):
                lines.append(folder, SEALS, "2027-03", {"look": 6})
        assert told(folder) == [0, 1, 2, 3, 4, 5]


def test_nobody_is_led_elsewhere_by_a_link(tmp_path: Path) -> None:
    folder, victim = tmp_path / "looks", tmp_path / "victim"
    write(folder, "2027-01")
    victim.write_text("dear")
    (folder / "2027-02.log").symlink_to(victim)
    with pytest.raises(OSError, match="symbolic links"):
        lines.append(folder, SEALS, "2027-02", {"look": 1})
    assert victim.read_text("ascii") == "dear"


def test_many_writers_at_once(tmp_path: Path) -> None:
    threads = [
        Thread(target=lambda: [lines.append(tmp_path, SEALS, "2027-01", {"look": 0}) for _ in range(10)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told(tmp_path) == [0] * 40
