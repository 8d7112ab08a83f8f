"""The encrypted archive: what goes in comes out, in part or whole, and nothing else does."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vault.archive import FRAME, Archive, ArchiveError
from vault.keys import Keyring, new_keyring

SIZES = (0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 17)
SEALED, SEAL = FRAME + 16, 16


def content(size: int) -> bytes:
    return (b"NM1*IL*1*DOE*PAT****34*900121234~" * (size // 33 + 1))[:size]


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


@pytest.fixture
def ring() -> Keyring:
    return new_keyring()


@pytest.fixture
def archive(tmp_path: Path, ring: Keyring) -> Archive:
    return Archive(tmp_path / "archive", ring)


def stored(tmp_path: Path) -> Path:
    """The one archived file on disk."""
    (path,) = (path for path in (tmp_path / "archive").rglob("*") if path.is_file())
    return path


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", [1000, FRAME, 1 << 20])
def test_what_goes_in_comes_out(archive: Archive, size: int, step: int) -> None:
    data = content(size)
    sha256, length = archive.put(pieces(data, step))
    assert (sha256, length) == (hashlib.sha256(data).hexdigest(), size)
    assert b"".join(archive.read(sha256)) == data
    assert archive.has(sha256)


@pytest.mark.parametrize("start", [0, 1, FRAME - 1, FRAME, FRAME + 5, 2 * FRAME, 2 * FRAME + 100])
@pytest.mark.parametrize("length", [0, 1, 7, FRAME, FRAME + 1, 3 * FRAME])
def test_a_range_is_the_same_as_the_slice(archive: Archive, start: int, length: int) -> None:
    data = content(2 * FRAME + 100)
    sha256, _ = archive.put([data])
    assert archive.read_range(sha256, start, start + length) == data[start : start + length]


def test_ranges_come_in_any_order_from_one_opening(archive: Archive) -> None:
    data = content(3 * FRAME)
    sha256, _ = archive.put([data])
    ranges = [(5, 9), (9, FRAME + 3), (FRAME + 3, FRAME + 3), (2 * FRAME, 3 * FRAME + 7), (0, 3 * FRAME)]
    assert list(archive.read_ranges(sha256, ranges)) == [data[start:end] for start, end in ranges]
    assert list(archive.read_ranges(sha256, [])) == []


def test_a_spool_gives_back_what_was_added_and_leaves_nothing(archive: Archive, tmp_path: Path) -> None:
    frames = [b"", b"QUIGLEY" * 9, content(FRAME)]
    with archive.spool() as spool:
        assert list(spool) == []
        for frame in frames:
            spool.add(frame)
        assert list(spool) == frames == list(spool)
        (path,) = (tmp_path / "archive").iterdir()
        assert b"QUIGLEY" not in path.read_bytes() and stat.S_IMODE(path.stat().st_mode) == 0o600
        assert archive.clear() == [], "whoever writes it lives"
    assert not path.exists()


def test_a_range_decrypts_only_its_frames(archive: Archive, tmp_path: Path) -> None:
    data = content(5 * FRAME)
    sha256, _ = archive.put([data])
    change(stored(tmp_path), -5 - SEAL, lambda byte: byte ^ 1)  # in the last frame
    assert archive.read_range(sha256, FRAME, 2 * FRAME) == data[FRAME : 2 * FRAME]
    with pytest.raises(ArchiveError):
        archive.read_range(sha256, 4 * FRAME, 5 * FRAME)


def test_the_same_bytes_lie_there_once_and_only_for_their_owner(archive: Archive, tmp_path: Path) -> None:
    data = content(1000)
    sha256, _ = archive.put([data])
    before = stored(tmp_path).read_bytes()
    assert archive.put(pieces(data, 7)) == (sha256, 1000)
    path = stored(tmp_path)
    assert path.read_bytes() == before
    assert path.relative_to(tmp_path / "archive").parts == (sha256[:2], sha256[2:4], sha256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_lies_there_in_clear(archive: Archive, tmp_path: Path) -> None:
    archive.put([content(FRAME + 9)])
    sealed = stored(tmp_path).read_bytes()
    assert b"NM1" not in sealed and b"900121234" not in sealed


def test_a_failed_read_of_the_source_leaves_nothing(archive: Archive, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield content(3 * FRAME)
        raise OSError("the line went dead")

    with pytest.raises(OSError, match="dead"):
        archive.put(broken())
    assert [path for path in (tmp_path / "archive").rglob("*") if path.is_file()] == []


def change(path: Path, at: int, how: Callable[[int], int]) -> None:
    data = bytearray(path.read_bytes())
    data[at] = how(data[at])
    path.write_bytes(data)


@pytest.mark.parametrize("at", [0, 9, 20, 45, 200, SEALED, -1])
def test_a_changed_byte_shows(archive: Archive, tmp_path: Path, at: int) -> None:
    sha256, _ = archive.put([content(2 * FRAME)])
    change(stored(tmp_path), at, lambda byte: byte ^ 0x20)
    with pytest.raises(ArchiveError, match=f"{sha256}(.|\n)*back from a backup"):
        list(archive.read(sha256))
    assert archive.put([content(2 * FRAME)]) == (sha256, 2 * FRAME)
    assert b"".join(archive.read(sha256)) == content(2 * FRAME), "the same bytes mend what lies there"


@pytest.mark.parametrize("keep", [0, 5, 10, 33, 34, 100, 33 + SEALED, 33 + SEALED + 1, 33 + 2 * SEALED])
def test_a_cut_file_shows(archive: Archive, tmp_path: Path, keep: int) -> None:
    sha256, _ = archive.put([content(3 * FRAME)])
    path = stored(tmp_path)
    header = path.stat().st_size - 3 * SEALED - SEAL
    assert header == 34, "the cuts above are meant to fall on and beside the frames' borders"
    path.write_bytes(path.read_bytes()[: keep if keep < 34 else keep + 1])
    with pytest.raises(ArchiveError):
        list(archive.read(sha256))


def test_frames_cannot_change_places(archive: Archive, tmp_path: Path) -> None:
    sha256, _ = archive.put([content(3 * FRAME)])
    path = stored(tmp_path)
    data = path.read_bytes()
    first, second = data[34 : 34 + SEALED], data[34 + SEALED : 34 + 2 * SEALED]
    path.write_bytes(data[:34] + second + first + data[34 + 2 * SEALED :])
    with pytest.raises(ArchiveError):
        list(archive.read(sha256))


def test_a_frame_of_another_file_does_not_fit(archive: Archive, tmp_path: Path) -> None:
    one, _ = archive.put([content(10)])
    path = stored(tmp_path)
    other, _ = archive.put([content(11)])
    path.write_bytes(
        (tmp_path / "archive" / other[:2] / other[2:4] / other).read_bytes()[:34] + path.read_bytes()[34:]
    )
    with pytest.raises(ArchiveError):
        list(archive.read(one))


@pytest.mark.parametrize("sizes", [(10, 11), (10, 10), (FRAME, 2 * FRAME), (3 * FRAME, 3 * FRAME)])
def test_a_file_under_the_name_of_another_shows(archive: Archive, tmp_path: Path, sizes: tuple[int, int]) -> None:
    """Seen before: two archived files could change names, and each was read as the other."""
    one, _ = archive.put([content(sizes[0])])
    other, _ = archive.put([content(sizes[1])[:-1] + b"x"])
    paths = [tmp_path / "archive" / name[:2] / name[2:4] / name for name in (one, other)]
    first, second = (path.read_bytes() for path in paths)
    paths[0].write_bytes(second)
    paths[1].write_bytes(first)
    for name in (one, other):
        for read in (
            lambda name: list(archive.read(name)),
            lambda name: archive.read_range(name, 0, 5),
        ):
            with pytest.raises(ArchiveError, match=f"{name} is cut, altered or another file"):
                read(name)


def test_a_seal_of_another_file_does_not_fit(archive: Archive, tmp_path: Path) -> None:
    one, _ = archive.put([content(10)])
    path = stored(tmp_path)
    other, _ = archive.put([content(11)])
    seal = (tmp_path / "archive" / other[:2] / other[2:4] / other).read_bytes()[-SEAL:]
    path.write_bytes(path.read_bytes()[:-SEAL] + seal)
    with pytest.raises(ArchiveError):
        list(archive.read(one))


def test_an_older_key_still_opens_what_it_sealed(tmp_path: Path, ring: Keyring) -> None:
    sha256, _ = Archive(tmp_path, ring).put([content(100)])
    newer = Keyring((*new_keyring().keys, *ring.keys))
    assert b"".join(Archive(tmp_path, newer).read(sha256)) == content(100)
    with pytest.raises(ArchiveError, match=f"{sha256}(.|\n)*is not on the key ring"):
        list(Archive(tmp_path, new_keyring()).read(sha256))


def test_a_missing_file_is_an_archive_error(archive: Archive) -> None:
    assert not archive.has("ab" * 32)
    with pytest.raises(ArchiveError, match="not in the archive"):
        list(archive.read("ab" * 32))
