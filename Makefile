# One door for people and CI. Needs Python 3.11 or later and make, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TEXTS := $(wildcard locales/*/LC_MESSAGES/shanhuo.po)
SEED ?= 1
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check bench simulate locales review train wheel clean
.SILENT:

help:  ## what there is to make
	grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

$(STAMP): pyproject.toml constraints.txt hatch_build.py
	echo "Installing into $(VENV) (a minute or two, once) …" >&2
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

%.mo: %.po | $(STAMP)
	$(BIN)/pybabel --quiet compile --domain=shanhuo --input-file=$< --output-file=$@

locales: $(STAMP) $(TEXTS:.po=.mo)  ## compile the texts

review: locales  ## write down all Tibetan for a reader to check: locales/bo/review.tsv
	$(BIN)/python -m tests.language.review

train: locales  ## learn from the labelled messages, after these or the words changed
	$(BIN)/python -m tests.language.train

run: locales  ## start the shop (ARGS=… are handed on)
	exec $(BIN)/shanhuo run $(ARGS)

check: locales  ## lint, types, which room imports which, texts compile
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --config pyproject.toml > $(VENV)/imports.txt \
		|| { cat $(VENV)/imports.txt; exit 1; }

test: check  ## all checks and all tests (ARGS='-k word' for some)
	$(BIN)/python -m pytest --numprocesses=auto $(ARGS)

bench: locales  ## measure, always against a reference in the same run
	$(BIN)/python -m tests.bench $(ARGS)

simulate: locales  ## replay one seed of the simulation (SEED=…)
	$(BIN)/python -m tests.simulation --seed $(SEED) $(ARGS)

wheel: $(STAMP)  ## build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:  ## remove what was made here, except shops
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
