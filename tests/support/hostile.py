"""Files that are large in one way only, made as they are read, and judged in a process whose memory is limited.

python tests/support/hostile.py KIND SIZE [judge|receive]    prints what came of it as JSON
python tests/support/hostile.py all                          every kind at its full size: `make hostile`
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 512 * 1024 * 1024  # bytes of memory that a run may ever hold
_CHUNK = 1 << 20
_ISA = b"ISA*00*          *00*          *ZZ*HARBORMILLS    *ZZ*NORTHWIND      *261123*0600*^*00501*%09d*1*P*:~"
_HEAD = _ISA % 901 + b"GS*BE*HARBORMILLS*NORTHWIND*20261123*0600*7*X*005010X220A1~"
_SET = b"ST*834*0001*005010X220A1~BGN*00*REF1*20261123*0600****2~REF*38*HM4100~"
_INSURER = b"N1*P5*HARBOR MILLS*FI*990000001~N1*IN*NORTHWIND*FI*990000002~"
_MEMBER = b"INS*Y*18*021*29*A***FT~REF*0F*E1001~REF*DX*100~NM1*IL*1*QUIGLEY*IVAN****34*901410001~"
_END = b"SE*14*0001~GE*1*7~IEA*1*000000901~"
# What is repeated, between what; the size counts repeats. The last is the size that is promised to be survived.
KINDS: dict[str, tuple[bytes, bytes, bytes, int]] = {
    "segment": (_HEAD + _SET + b"N3*", b"x", b"~" + _END, 1_000_000_000),
    "no-terminator": (_HEAD + _SET, b"x", b"", 1_000_000_000),
    "text": (b"", b"page 1 of 1\n", b"", 10_000_000),
    "isa-isa": (b"", b"ISA*", b"", 1_000_000),
    "empty-segments": (_HEAD + _SET, b"~", _END, 1_000_000),
    "empty-sets": (_HEAD, b"ST*834*%06d*005010X220A1~SE*2*%06d~", b"GE*%d*7~IEA*1*000000901~", 1_000_000),
    "empty-groups": (
        _ISA % 901,
        b"GS*BE*HARBORMILLS*NORTHWIND*20261123*0600*%06d*X*005010X220A1~GE*0*%06d~",
        b"IEA*%d*000000901~",
        100_000,
    ),
    "interchanges": (b"", _ISA + b"IEA*0*%09d~", b"", 100_000),
    "unknown-segments": (_HEAD + _SET, b"ZZZ*1~", _END, 1_000_000),
    "strays": (_HEAD, b"REF*0F*1~", b"GE*0*7~IEA*1*000000901~", 1_000_000),
    "one-member": (_HEAD + _SET + _INSURER + _MEMBER, b"REF*ZZ*1~", _END, 1_000_000),
    "elements": (_HEAD + _SET + b"N3", b"*1", b"~" + _END, 32_000),
    "components": (_HEAD + _SET + b"N3*1", b":1", b"~" + _END, 32_000),
    "repeats": (_HEAD + _SET + _INSURER + _MEMBER + b"DMG*D8*19830412*M**C", b"^C", b"~" + _END, 30_000),
}


def stream(kind: str, size: int) -> Iterator[bytes]:
    """Yield a file of a kind in chunks of about a megabyte; nothing of it is ever whole in memory."""
    head, repeated, tail, _ = KINDS[kind]
    yield head
    numbers = repeated.count(b"%")
    step = max(1, _CHUNK // len(repeated))
    for start in range(0, size, step):
        count = min(step, size - start)
        if numbers:
            yield b"".join(repeated % ((start + n,) * numbers) for n in range(1, count + 1))
        else:
            yield repeated * count
    yield tail % size if b"%d" in tail else tail


def judged(kind: str, size: int) -> dict[str, Any]:
    """Judge a file; return its verdicts and how often each finding came."""
    from model.x12 import FileVerdict, FunctionalGroupVerdict, InterchangeVerdict, SetVerdict
    from parsers.x12.judge import judge

    said: Counter[str] = Counter()
    found: Counter[str] = Counter()
    total = 0
    for item in judge(stream(kind, size)):
        if isinstance(item, InterchangeVerdict):
            said[f"TA1 {item.verdict} {item.code}"] += 1
        elif isinstance(item, FunctionalGroupVerdict):
            said[f"AK9 {item.verdict}"] += 1
        elif isinstance(item, SetVerdict):
            said[" ".join(("IK5", item.verdict, *item.codes))] += 1
        elif isinstance(item, FileVerdict):
            total = item.size
        found.update(finding.code for finding in getattr(item, "findings", ()))
    return {"said": dict(said), "found": dict(found), "bytes": total}


def received(kind: str, size: int) -> dict[str, Any]:
    """Receive a file with an installation of its own; return its sets' states and what was published."""
    from pipeline.receive.run import receive
    from pipeline.runtime.workspace import Settings, open_workspace
    from pipeline.views import files
    from support.answers import DAY
    from support.installation import PARTNER, install, load_terms
    from support.people import TESTER

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "var"
        settings = Settings(home, f"sqlite:///{home / 'rollbook.db'}", home / "keys.json")
        install(settings)
        ws = open_workspace(settings, TESTER)
        load_terms(ws)
        file_id = receive(ws, stream(kind, size), f"{kind}.edi", PARTNER, "test", ws.now(DAY))
        states = dict(files.file_counts(ws, file_id).rows)
        published = sorted(Path(document).name.split("-")[0] for document in files.documents(ws, file_id))
        ws.close()
    return {"counts": states, "published": published}


def run(kind: str, size: int, how: str = "judge") -> dict[str, Any]:
    """Do it in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, kind, str(size), how],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    value: dict[str, Any] = json.loads(done.stdout)
    return value


def peak() -> int:
    """Return the most memory in bytes that this program ever held; on Linux without what its parent held."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = status.read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024


def main(arguments: list[str]) -> None:
    """Run one kind, or all of them at their full size."""
    if arguments == ["all"]:
        for kind, (*_, full) in KINDS.items():
            value = run(kind, full)
            sys.stdout.write(f"{kind} {full:,}: {json.dumps(value)}\n")
            if value["peak"] > LIMIT:
                raise SystemExit(f"{kind} took {value['peak']:,} bytes of memory")
        return
    kind, size, how = [*arguments, "judge"][:3]
    # A belt: who runs wild gets a MemoryError before the machine does. What counts is the peak measured below.
    resource.setrlimit(resource.RLIMIT_AS, (4 * LIMIT, 4 * LIMIT))
    begun = time.perf_counter()
    value = (received if how == "receive" else judged)(kind, int(size))
    seconds = round(time.perf_counter() - begun, 1)
    sys.stdout.write(json.dumps({**value, "peak": peak(), "seconds": seconds}))


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    main(sys.argv[1:])
