# Needs Python 3.11 or newer and make. PYTHON=python3.12 make report  chooses another interpreter.
# EXTRAS=all make test  tests with every optional package, PINS='--resolution lowest-direct' with the oldest allowed.
PYTHON ?= python3
EXTRAS ?= test
NARRATE ?= en
BIN = .venv/bin
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test lab clean

report: .venv/core  ## run the five notebooks on the seed; prints the page's path
	@$(BIN)/bulle run

test: .venv/test  ## everything that CI runs
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lab: .venv/core  ## open copies of the notebooks in JupyterLab; NARRATE=fr: in French; LAB="--no-browser": its options
	@$(BIN)/bulle lab --narrate $(NARRATE) -- $(LAB)

clean:  ## remove what make made
	rm -rf .venv build

# Pinned versions, each file held against its digest. uv installs in seconds; where it cannot run, pip stands in, which
# holds digests only for a list of files and so installs the tests' packages, too.
PINS ?= -c constraints.txt
define install
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Bulle needs Python 3.11 or newer: PYTHON=python3.12 make")'
@echo "Installing what Bulle needs into .venv, once: more than a hundred packages, a minute or two." >&2
@echo "  1 of 3  an environment of its own" >&2
@test -x $(BIN)/python || $(PYTHON) -m venv .venv
@echo "  2 of 3  the installer, uv" >&2
@sed -n '/^uv==/,/[^\\]$$/p' constraints.txt >.venv/uv.txt
@$(BIN)/python -m pip install -q --require-hashes -r .venv/uv.txt 2>/dev/null || true
@echo "  3 of 3  the packages: nearly all of the time" >&2
@if $(BIN)/uv --version >/dev/null 2>&1; then \
	$(BIN)/uv pip install -q --python $(BIN)/python --system-certs --compile-bytecode $(PINS) -e '$(1)'; \
else \
	$(BIN)/python -m pip install -q --require-hashes -r constraints.txt && $(BIN)/python -m pip install -q --no-deps -e .; fi
@touch $@
endef

.venv/core: pyproject.toml constraints.txt
	$(call install,.)

.venv/test: pyproject.toml constraints.txt
	$(call install,.[$(EXTRAS)])
