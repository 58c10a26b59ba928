# The notebooks: a chapter each, measured by `make compare`. Debian's Jupyter, with Debian's Python.
# REUSE=1 reads the newest results, and measures nothing.
NOTEBOOKS := $(wildcard notebooks/$(or $(NOTEBOOK),*).ipynb)
NOTEBOOK_PAGES := $(BUILD)/notebooks
NOTEBOOK_RESULTS = $(if $(filter override,$(origin RESULTS)),$(RESULTS),$(NOTEBOOK_PAGES)/results)
# Debian's Python, whatever other one comes first in PATH; and nothing of the user's own in its way
NOTEBOOK_PYTHON = RESULTS=$(call quote,$(NOTEBOOK_RESULTS)) REUSE='$(REUSE)' PYTHONDONTWRITEBYTECODE=1 PYTHONNOUSERSITE=1 \
                  PYDEVD_DISABLE_FILE_VALIDATION=1 /usr/bin/python3
RUN_NOTEBOOKS = $(NOTEBOOK_PYTHON) notebooks/run.py --html '$(NOTEBOOK_PAGES)'
PORT := 8888
LISTEN := 127.0.0.1

notebooks: notebooks-ready ## teach: run the notebooks afresh into build/notebooks/ (NOTEBOOK=1_key for one, KIT=FOLDER: a kit's)
	@$(if $(KIT),$(kit_chapter),$(RUN_NOTEBOOKS) $(NOTEBOOKS))
# a chapter that is generated from the kit, beside the others' pages
KIT_CHAPTER = $(NOTEBOOK_PAGES)/kits/$(notdir $(patsubst %/,%,$(subst $(space),_,$(KIT)))).ipynb
kit_chapter = PYTHONPATH=notebooks $(NOTEBOOK_PYTHON) notebooks/kits.py $(call quote,$(KIT)) $(call quote,$(KIT_CHAPTER)) && \
  PYTHONPATH=$(call quote,$(CURDIR)/notebooks) $(RUN_NOTEBOOKS) $(call quote,$(KIT_CHAPTER))
notebooks-refresh: notebooks-ready ## teach: run them, and keep the outputs in the notebooks themselves
	@$(RUN_NOTEBOOKS) --write $(NOTEBOOKS)
lab: notebooks-ready ## teach: open the notebooks in a browser (PORT=8888, RESULTS=FOLDER); the URL is printed
	@bench/packages.sh @lab
	@$(NOTEBOOK_PYTHON) -m notebook --notebook-dir=notebooks --ip=$(call quote,$(LISTEN)) --port=$(call quote,$(PORT)) \
	  $(if $(DISPLAY)$(WAYLAND_DISPLAY),,--no-browser) $(if $(filter 0,$(shell id -u)),--allow-root)
# what the chapters would otherwise build one after the other
notebooks-ready:
	@$(if $(NOTEBOOKS),,echo "There is no notebook "$(call quote,$(NOTEBOOK))": ls notebooks/ has their names." >&2; exit 2)
	$(call ready,@notebooks,$(if $(KIT),$(BUILD)/bin/compare,$(COMPARE_PROGRAMS) $(BUILD)/bin/predict))
