# Needs Python 3.11 or newer and make. PYTHON=python3.12 make report  chooses another interpreter.
PYTHON ?= python3
BIN = .venv/bin
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test lab clean

report: .venv/core  ## run the four notebooks on the seed; prints the page's path
	@$(BIN)/bulle run

test: .venv/test  ## everything that CI runs
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/python -m pytest

lab: .venv/core  ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab notebooks

clean:  ## remove what make made
	rm -rf .venv build

# Pinned versions; uv installs in seconds, and pip stands in where uv cannot run.
define install
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Bulle needs Python 3.11 or newer: PYTHON=python3.12 make")'
@test -x $(BIN)/python || $(PYTHON) -m venv .venv
@$(BIN)/python -m pip install -q -c constraints.txt uv 2>/dev/null || true
@$(BIN)/uv pip install -q --python $(BIN)/python --system-certs --compile-bytecode -c constraints.txt -e '$(1)' \
	|| $(BIN)/python -m pip install -q -c constraints.txt -e '$(1)'
@touch $@
endef

.venv/core: pyproject.toml constraints.txt
	$(call install,.)

.venv/test: pyproject.toml constraints.txt
	$(call install,.[test])
