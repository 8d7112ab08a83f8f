"""Start-up is felt: asking for help loads nothing heavy."""

import subprocess
import sys
from pathlib import Path

HEAVY = ("prefect", "pandas", "asyncssh", "boto3", "typst", "pyx12", "xlsxwriter")
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
