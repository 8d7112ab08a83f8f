# The two commands are `make demo` and `make test`. A machine needs Python 3.11 or newer and make, nothing else.
# Another Python: make test PYTHON=python3.12. Some tests only: make test ARGS="tests/billing -k retro".

PYTHON ?= python3
ARGS ?=
UPGRADE ?=
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url $(UPGRADE) pyproject.toml

.PHONY: help demo ops test test-all fuzz deep hostile races drills roads bench bench-groups lint format types contracts schemas lock environment \
	clean

help:
	@echo "make demo       set up, then run two groups' story: adds, changes, census, COBRA, invoices, payments"
	@echo "make ops        a local Prefect server and worker: drop files into var/inbox/<partner>/, watch, Ctrl-C"
	@echo "make test       set up, then run every test"
	@echo "make test-all   the same, with every story on both databases, every order and every place of a kill"
	@echo "make bench      speed and memory beside pyx12's, an hour; ARGS=--quick for a minute, ARGS=\"--only adds\" for a row"
	@echo "make bench-groups  members a second that 1, 2 and 4 processes enroll on PostgreSQL"
	@echo "make races      pairs of verbs on PostgreSQL, one held after each of its statements; some minutes"
	@echo "make drills     stores put back, rows and archived files exchanged, keys lost, anything in a GS: all noticed; some minutes"
	@echo "make roads      1,000 generated histories of files end where they ended before (tests/support/roads.py); some minutes"
	@echo "make fuzz       100,000 damaged sets, others each time, judged by us and by pyx12"
	@echo "make deep       the properties with ten times as many examples, others each time"
	@echo "make hostile    files that are large in one way only, up to a gigabyte, in at most 512 MB of memory"
	@echo "make lint       style and format;  make format repairs both"
	@echo "make types      strict typing"
	@echo "make contracts  which package may import which"
	@echo "make lock       write requirements/*.txt again (UPGRADE=--upgrade for newer versions)"
	@echo "make clean      remove the environment and caches; var/ (your data) stays"

demo: environment
	@$(BIN)/rollbook demo $(ARGS)

# exec: a Ctrl-C, or an end by its id, reaches the program itself.
ops: environment
	@exec $(BIN)/python -m flows.ops $(ARGS)

# -v undoes the -q of pyproject.toml: the normal summary. -rs: why a test was skipped. Two workers: the machines we build on have two cores.
test: environment
	@$(BIN)/pytest -v -rs -n 2 $(ARGS)

test-all: environment
	@$(BIN)/pytest -v -rs -n 2 --both $(ARGS)

bench: environment
	@$(BIN)/python benchmarks/bench.py $(ARGS)

races: environment
	@RACES=all $(BIN)/pytest -v -n 2 tests/pipeline/test_races.py $(ARGS)

drills: environment
	@DRILLS=all $(BIN)/pytest -v -n 2 tests/e2e/test_drills.py tests/e2e/test_keys.py tests/e2e/test_restored.py \
		tests/e2e/test_malformed_gs.py tests/pipeline/test_journal.py $(ARGS)

roads: environment
	@cd tests && ../$(BIN)/python -m support.roads $(ARGS)

bench-groups: environment
	@$(BIN)/python benchmarks/groups.py $(ARGS)

fuzz: environment
	@cd tests && ../$(BIN)/python -m support.fuzz $(ARGS)

# The files that draw examples. A run that found something says how to keep it as a case.
deep: environment
	@$(BIN)/pytest -v -n 2 --hypothesis-profile=deep $(or $(ARGS),$$(grep -rlE --include='test_*.py' 'import.* (given|Verbs)' tests))

hostile: environment
	@$(BIN)/python tests/support/hostile.py all

lint: environment
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

format: environment
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

types: environment
	@$(BIN)/mypy && $(BIN)/mypy sample_files/generate.py && $(BIN)/mypy benchmarks/bench.py benchmarks/worker.py && \
		$(BIN)/mypy --config-file tests/mypy.ini

contracts: environment
	@$(BIN)/lint-imports

schemas: environment ## docs/schemas from the types of the views; refuses to lose a field that CHANGELOG.md does not name
	@$(BIN)/python -m pipeline.views.schemas

lock: environment
	@[ -x $(BIN)/uv ] || $(BIN)/pip install -q uv
	@$(LOCK) -o requirements/run.txt
	@$(LOCK) --extra dev -o requirements/dev.txt

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment, in three steps; each leaves a stamp so that the next `make` starts at once.
environment: .venv/.package

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Rollbook needs Python 3.11 or newer; name one with PYTHON=..., for example PYTHON=python3.12"; exit 1; }
	@echo "Creating the environment in .venv"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.dependencies: .venv/.made requirements/dev.txt
	@$(BIN)/python requirements/install.py requirements/dev.txt
	@touch $@

.venv/.package: .venv/.dependencies pyproject.toml
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@
