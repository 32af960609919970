# Two commands do all set-up: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check
RUNS ?= data
TEST_RUN := data/test/h3_4/08_reporting/run
export DO_NOT_TRACK := 1

.PHONY: run sample dashboard test faults fuzz mutate coverage test-qgis test-qt6 lint bandit audit lock translations plugin tables docs release sweep imagery-table clean

run: $(VENV)/.installed
	$(BIN)/kedro run

sample: $(VENV)/.installed
	$(BIN)/kedro run --env sample --params data_root=../shared/data

dashboard: $(VENV)/.installed-dashboard
	$(BIN)/kedro dashboard $(RUNS)

test: $(VENV)/.installed-dev
	tests/support/browser.sh
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --no-loadscope-reorder

lint: $(VENV)/.installed-dev bandit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=src:. $(BIN)/mypy --strict --explicit-package-bases release mutation coverage_gate
	$(BIN)/lint-imports

bandit: $(VENV)/.installed-dev
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive src qgis_plugin docs benchmarks constraints release mutation coverage_gate

audit: bandit
	$(BIN)/python constraints/audit.py

lock:
	PYTHON=$(PYTHON) constraints/lock.sh $(OPTIONS)

FAULT_KILLS ?= 75
FAULT_MUTATIONS ?= 1000
FAULT_HIDDEN ?= 10
faults: $(VENV)/.installed-dev
	$(BIN)/python -W ignore tests/support/fault_campaign.py --kills $(FAULT_KILLS) --mutations $(FAULT_MUTATIONS) \
		--hidden $(FAULT_HIDDEN) $(if $(FAULT_STEPS),--steps $(FAULT_STEPS))

FUZZ_SECONDS ?= 600
fuzz: $(VENV)/.installed-dev
	ENTROPICE_FUZZ_S=$(FUZZ_SECONDS) $(BIN)/python -m pytest tests/serve/test_fuzz.py -o faulthandler_timeout=0

MUTANTS ?= 40
mutate: $(VENV)/.installed-dev
	$(BIN)/python -m mutation.make $(ROOMS) --mutants $(MUTANTS) $(if $(SEED),--seed $(SEED)) $(if $(AGAIN),--again)

coverage: $(VENV)/.installed-dev
	$(BIN)/python -m coverage_gate.make $(ROOMS)

test-qgis: $(VENV)/.installed $(TEST_RUN)/manifest.json
	ENTROPICE_RUN=$(TEST_RUN) tests/qgis/run.sh

test-qt6:
	PYTHON=$(PYTHON) tests/qt6/run.sh

$(TEST_RUN)/manifest.json: $(VENV)/.installed
	$(BIN)/kedro run --env test

translations:
	$(PYTHON) -m qgis_plugin.renew_translations

plugin:
	$(PYTHON) -m qgis_plugin.build_zip $(if $(RELEASE),--release)

tables: $(TEST_RUN)/manifest.json $(VENV)/.installed-dev
	$(BIN)/python docs/data_dictionary.py data/test/h3_4/04_feature/features.zarr
	PYTHONPATH=tests/support $(BIN)/python docs/wrong_inputs.py

SITE ?= build/site
docs: $(VENV)/.installed-dev
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -d build/doctrees docs $(SITE)

release: $(VENV)/.installed-dev
	$(BIN)/python -m release.make

GRIDS ?= h3_3 h3_4 healpix_6
sweep: $(VENV)/.installed
	for grid in $(GRIDS); do $(BIN)/kedro run --params grid=$$grid || exit 1; done

SIZE ?= tiny
imagery-table: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.imagery_table --size $(SIZE) $(if $(ONLY),--only $(ONLY)) --out docs/imagery-table.md

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints/build.txt constraints/run.txt | $(VENV)/bin/python
	$(INSTALL) --require-hashes --requirement constraints/build.txt
	$(INSTALL) --require-hashes --no-build-isolation --use-pep517 --requirement constraints/run.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	$(BIN)/python -m entropice.app.compile_loops
	touch $@

$(VENV)/.installed-dev: constraints/dev.txt $(VENV)/.installed
	$(INSTALL) --constraint constraints/dev.txt --editable '.[dev]'
	touch $@

$(VENV)/.installed-dashboard: constraints/dev.txt $(VENV)/.installed
	$(INSTALL) --constraint constraints/dev.txt --editable '.[dashboard]'
	touch $@

clean:
	rm -rf data/virtual_arctic data/sample data/test build dist docs/api .viz
