# The notebooks: a chapter each, measured by `make compare`. Debian's Jupyter, with Debian's Python.
#   make notebooks [NOTEBOOK=1_key] [RESULTS=FOLDER]     make lab [PORT=8888]

NOTEBOOK_PACKAGES := python3 python3-nbconvert python3-nbclient python3-nbformat python3-ipykernel \
                     python3-pandas python3-matplotlib fonts-dejavu-core
LAB_PACKAGES := jupyter-notebook
NOTEBOOKS := $(wildcard notebooks/$(or $(NOTEBOOK),*).ipynb)
NOTEBOOK_PAGES := $(BUILD)/notebooks
NOTEBOOK_RESULTS = $(if $(filter command environment,$(firstword $(origin RESULTS))),$(RESULTS),$(NOTEBOOK_PAGES)/results)
# Debian's Python, whatever other one comes first in PATH; and nothing of the user's own in its way
NOTEBOOK_PYTHON = RESULTS='$(NOTEBOOK_RESULTS)' PYTHONDONTWRITEBYTECODE=1 PYTHONNOUSERSITE=1 /usr/bin/python3

.PHONY: notebooks notebooks-refresh notebooks-ready lab

notebooks: notebooks-ready ## run the notebooks afresh into build/notebooks/ (NOTEBOOK=1_key for one)
	@$(NOTEBOOK_PYTHON) notebooks/run.py --html '$(NOTEBOOK_PAGES)' $(NOTEBOOKS)

notebooks-refresh: notebooks-ready ## run them, and keep the outputs in the notebooks themselves
	@$(NOTEBOOK_PYTHON) notebooks/run.py --write --html '$(NOTEBOOK_PAGES)' $(NOTEBOOKS)

# what the chapters would otherwise build one after the other
notebooks-ready:
	@$(if $(NOTEBOOKS),,echo "There is no notebook '$(NOTEBOOK)': ls notebooks/ has their names." >&2; exit 2)
	@bench/packages.sh $(COMPARE_PACKAGES) $(NOTEBOOK_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(COMPARE_PROGRAMS)
