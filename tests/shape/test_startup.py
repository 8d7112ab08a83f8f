"""Start-up is felt: asking for help loads nothing heavy."""

import subprocess
import sys
from pathlib import Path

HEAVY = ("prefect", "pandas", "pydantic", "asyncssh", "boto3", "typst", "pyx12", "xlsxwriter")
ASK = f"""
import sys
from cli.main import main
sys.argv = ["rollbook", "--help"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("loaded:", [name for name in {HEAVY!r} if name in sys.modules])
"""


def test_help_loads_nothing_heavy():
    root = Path(__file__).parents[2]
    result = subprocess.run([sys.executable, "-c", ASK], cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "receive" in result.stdout
    assert result.stdout.splitlines()[-1] == "loaded: []"


CHECK = f"""
import sys
from cli.main import main
for form in ("table", "json", "html"):
    sys.argv = ["rollbook", "check", "sample_files/valid/01-add-family.edi", "--format", form]
    try:
        main()
    except SystemExit as end:
        assert not end.code, end.code
    loaded = [name for name in {(*HEAVY, "sqlalchemy", "cryptography", "store")!r} if name in sys.modules]
    print("\\nloaded:", form, loaded)
"""


def test_a_check_loads_nothing_heavy():
    """pyx12 holds the guides; a check needs nothing else that is large, and no store, whatever its form."""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", CHECK], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = [line.split(" ", 2) for line in done.stdout.splitlines() if line.startswith("loaded: ")]
    assert [form for _, form, _ in loaded] == ["table", "json", "html"]
    assert {names for *_, names in loaded} <= {"[]", "['pyx12']"}
