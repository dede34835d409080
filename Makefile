# Initscope. `make run` opens the program, `make test` tests it; each first installs what is missing.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check

.PHONY: run test slow soak check lint types bench fuzz clean

run: $(VENV)/.installed
	@if [ "$$(uname -s)" != Linux ] || [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		$(PY) main.py; \
	else \
		echo "There is no display to open a window on: exporting the default experiment to initscope.gif."; \
		$(PY) main.py export zero-vs-random -o initscope.gif --size 960x540 --overwrite; \
	fi

# Compiled modules are stored, or each worker and each process would compile them all: 5 seconds.
unexport PYTHONDONTWRITEBYTECODE

# One worker for each processor takes the tests in order, and from another when it has none left:
# tests of one file share what they compute.
PYTEST := $(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal

# The architecture's arrows are a test too: tests/test_architecture.py.
test: $(VENV)/.installed-dev
	$(PYTEST)

# End-to-end and fault tests that take seconds each.
slow: $(VENV)/.installed-dev
	$(PYTEST) -m "slow and not soak"

# The tests that take too long for every change; what they have measured is printed.
soak: $(VENV)/.installed-dev
	$(PY) -m pytest -m soak -rP

check: lint types test slow

lint: $(VENV)/.installed-dev
	$(PY) -m ruff check .

types: $(VENV)/.installed-dev
	$(PY) -m mypy

# `make bench ROWS="train gif"` measures these rows only.
bench: $(VENV)/.installed-dev
	$(PY) -m tests.benchmarks $(ROWS)

# Ten minutes for each reader of files, or FUZZ_SECONDS; on Python 3.11, for which there is atheris.
FUZZ_SECONDS ?= 600
fuzz: $(VENV)/.installed-dev
	@$(PIP) --group fuzz
	for reader in experiment points exported; do \
		$(PY) -m tests.fuzzing $$reader $(FUZZ_SECONDS) || exit 1; \
	done

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@.ci/venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(PY)
	@echo "Installing what Initscope needs into $(VENV) (about a minute)."
	@$(PIP) 'pip>=25.1'
	@$(PIP) --editable .
	@.ci/system-packages qt $(PY)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing what its tests need."
	@$(PIP) --group dev
	@.ci/system-packages test
	@touch $@
