# make train      set up .venv, train, evaluate      make test      lint, types and the whole test suite
# make notebooks  open the notebooks in JupyterLab   make figures   write measured figures into pages
# make outputs    run the notebooks, keep outputs    make weights   train the bundled models anew
# make docs       build and open the documentation   make site      build it, with warnings as errors
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet
RECIPE ?= adam-256-128-64
RUN := runs/$(shell date +%Y%m%d-%H%M%S)-$(RECIPE)

# The tests start some hundred processes: without stored bytecode, each would compile every module that it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: train test thorough lint docs site notebooks outputs figures weights clean

train: $(VENV)/installed
	@$(BIN)/inkling train --recipe $(RECIPE) -o $(RUN)
	@$(BIN)/inkling evaluate $(RUN) --report $(RUN)/report.html
	@echo "Look at $(RUN)/report.html and $(RUN)/curves.png."
	@if grep -q '"data": "digits"' $(RUN)/run.json; then \
		echo "This model learnt from the embedded digits, which a few people wrote: it reads their"; \
		echo "kind of digits, and misreads many a stranger's. MNIST makes a better one: README.md."; \
	fi
	@echo "To read photos and scans: $(BIN)/inkling read IMAGE. That takes the bundled model,"
	@echo "and this one with --model $(RUN). More networks: $(BIN)/inkling recipes"

test: lint
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Further cases of tests that take long; most of them open a browser, a server or another process.
thorough: $(VENV)/developing
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m thorough

lint: $(VENV)/developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The documentation, in build/site/html.
docs: $(VENV)/documenting
	$(BIN)/python -m tools.site --open

site: $(VENV)/documenting
	$(BIN)/python -m tools.site

notebooks: $(VENV)/installed
	$(INSTALL) --editable '.[notebook]'
	$(BIN)/jupyter lab notebooks

# The notebooks with the outputs that they have on MNIST and the competition's files.
outputs: $(VENV)/developing
	$(BIN)/python -m tools.notebooks

# What benchmarks/results says, in README.md and docs/.
figures: $(VENV)/installed
	$(BIN)/python -m tools.figures

# The bundled models, trained anew: it takes half an hour and needs MNIST.
weights: $(VENV)/installed
	for name in reader tiny; do \
		$(BIN)/inkling train --data mnist --recipe $$name -o runs/weights/$$name && \
		cp runs/weights/$$name/model.safetensors src/inkling/weights/$$name.safetensors || exit 1; \
	done

$(VENV)/installed: pyproject.toml
	@echo "Setting up $(VENV): about half a minute"
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) --editable '.[report,parquet]'
	@touch $@

$(VENV)/documenting: $(VENV)/installed
	$(INSTALL) --editable '.[docs]'
	@touch $@

$(VENV)/developing: $(VENV)/installed
	$(INSTALL) --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build dist
