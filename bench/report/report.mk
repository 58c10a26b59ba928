# The page: its skeleton, its style, its script with the libraries, and their licences, embedded into
# whatever renders it. bench/report/page/ holds the sources; esbuild makes one file of the modules and of
# what they import from Debian's packages.

PAGE := bench/report/page
PAGE_BUILD := $(BUILD)/bench/report/page
RENDER_OBJECTS := $(BUILD)/bench/report/page_parts.o

# where the libraries are: Debian's folders, or else a node_modules with chart.js 3, d3-hierarchy and d3-selection
NODE_PATH ?= /usr/share/nodejs
CHART_JS := $(wildcard /usr/share/javascript/chart.js/chart.esm.js)
PAGE_COPYRIGHTS := $(patsubst %,/usr/share/doc/%/copyright,libjs-chart.js node-d3-hierarchy node-d3-selection)
ESBUILD := esbuild --bundle --minify --charset=utf8 --log-level=warning

.PHONY: page picture

page: ## write the page of bench/results/latest anew (RESULTS=FOLDER)
	@bench/packages.sh $(COMPARE_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/page
	@$(BUILD)/bin/page $(call quote,$(OPEN_FOLDER))

# with a profile of its own, which looks nothing up and leaves nothing
CHROME ?= chromium

picture: ## take the picture of the page that README.md shows (RESULTS=FOLDER, CHROME=chromium)
	@$(if $(filter chromium,$(CHROME)),bench/packages.sh chromium)
	@profile=$$(mktemp -d) && trap 'rm -rf "$$profile"' EXIT && \
	  $(CHROME) --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update \
	  --disable-sync --user-data-dir="$$profile" --hide-scrollbars --window-size=1300,830 --screenshot=bench/report/page.png \
	  "file://$$(realpath $(call quote,$(OPEN_FOLDER)))/index.html" >"$$profile/log" 2>&1 || { tail -n 5 "$$profile/log" >&2; exit 1; }
	@echo "bench/report/page.png: $$(wc -c <bench/report/page.png) bytes"

$(PAGE_BUILD)/script.js: $(wildcard $(PAGE)/*.js) bench/report/report.mk
	@mkdir -p $(@D)
	@echo '  JS    $@'
	$(Q)NODE_PATH=$(call quote,$(NODE_PATH)) $(ESBUILD) $(PAGE)/main.js --format=iife --target=es2019 --legal-comments=inline \
	  $(if $(CHART_JS),--alias:chart.js=$(CHART_JS)) --outfile=$@

$(PAGE_BUILD)/style.css: $(wildcard $(PAGE)/*.css) bench/report/report.mk
	@mkdir -p $(@D)
	@echo '  CSS   $@'
	$(Q)$(ESBUILD) $(PAGE)/style.css --outfile=$@

$(PAGE_BUILD)/licences.txt: bench/report/report.mk $(wildcard $(PAGE_COPYRIGHTS))
	@mkdir -p $(@D)
	$(Q)for file in $(or $(wildcard $(PAGE_COPYRIGHTS)),$(wildcard $(NODE_PATH)/*/LICENSE*)); do \
	  echo "== $$file"; echo; cat "$$file" || exit; echo; done >$@

PAGE_PARTS := $(PAGE)/page.html $(PAGE_BUILD)/style.css $(PAGE_BUILD)/script.js $(PAGE_BUILD)/licences.txt

$(RENDER_OBJECTS): bench/report/page_parts.S $(PAGE_PARTS)
	@mkdir -p $(@D)
	@echo '  AS    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) -DPAGE_HTML='$(PAGE)/page.html' -DPAGE_STYLE='$(PAGE_BUILD)/style.css' \
	  -DPAGE_SCRIPT='$(PAGE_BUILD)/script.js' -DPAGE_LICENCES='$(PAGE_BUILD)/licences.txt' -c -o $@ $<

$(BUILD)/bin/compare: $(RENDER_OBJECTS)

$(BUILD)/bench/page/%.o: bench/page/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/bin/page: $(BUILD)/bench/page/main.o $(filter $(BUILD)/bench/report/%.o $(BUILD)/bench/readers/%.o,$(COMPARE_OBJECTS)) $(RENDER_OBJECTS) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ $(COMPARE_LIBS)
