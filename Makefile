# doc2data: `make demo` and `make test` set up all they need. Set-up takes about ten minutes once, seconds afterwards.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
LLAMA := llama-cpp-python==0.3.36
NETLESS := $(shell for way in "unshare -n" "unshare -rn"; do $$way true 2> /dev/null && { echo "$$way"; break; }; done)
# pip knows when a wheel was compiled before; the pattern turns ninja's "[12/193]" into one moving line.
COMPILING := awk '/^ *\[[0-9]+\/[0-9]+\]/ { printf "\r  compiled %-12s", $$1; fflush() } { print > "/dev/fd/3" } END { print "" }'

.PHONY: demo test test-heavy check bench clean setup setup-heavy golden

demo: setup
	$(BIN)/doc2data build samples/documents --out demo --recipe qa,multihop,cot,dialogue,unanswerable
	$(BIN)/doc2data review --in demo --random 10

# The tests run where there is no network at all but loopback, if this machine lets us make such a place.
test: check
	@test -n "$(NETLESS)" || echo "Nobody may make a network namespace here: the tests run with the network that there is."
	$(NETLESS) $(BIN)/python -m pytest -q

test-heavy: setup-heavy
	$(BIN)/python -m pytest -q -m heavy --timeout 900

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

golden: setup
	$(BIN)/python -m pytest -q --regenerate
	git diff --stat tests

bench: setup
	$(BIN)/python -m tests.benchmarks

clean:
	rm -rf .venv demo dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

setup: .venv/ready

setup-heavy: .venv/ready-heavy

.venv/ready: pyproject.toml constraints.txt | compiler
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing (first time about ten minutes; see .venv/setup.log) ..."
	@$(PIP) install -q --upgrade 'pip>=25.1' > .venv/setup.log 2>&1 || { tail -20 .venv/setup.log; exit 1; }
	@# torch first: with it in place nothing else asks for the CUDA build.
	@$(PIP) install -q -c constraints.txt torch >> .venv/setup.log 2>&1 || { tail -20 .venv/setup.log; exit 1; }
	@echo "Installing $(LLAMA): compiled here once, about five minutes on two cores ..."
	@$(PIP) install -v -c constraints.txt '$(LLAMA)' 2>&1 | $(COMPILING) 3>> .venv/setup.log || { tail -20 .venv/setup.log; exit 1; }
	@echo "Installing doc2data and its other libraries ..."
	@$(PIP) install -q -c constraints.txt -e . --group dev >> .venv/setup.log 2>&1 || { tail -20 .venv/setup.log; exit 1; }
	@touch $@

.venv/ready-heavy: .venv/ready
	@echo "Installing the tools whose loaders read our exports ..."
	@$(PIP) install -q -c constraints.txt --group consumers >> .venv/setup.log 2>&1 || { tail -20 .venv/setup.log; exit 1; }
	@touch $@

.PHONY: compiler
compiler:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "doc2data needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@command -v c++ > /dev/null || command -v g++ > /dev/null || command -v clang++ > /dev/null || { echo "A C++ compiler is needed to build llama.cpp. Debian/Ubuntu: sudo apt install build-essential. Fedora: sudo dnf install gcc-c++. macOS: xcode-select --install."; exit 1; }
