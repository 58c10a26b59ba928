# What shows the solutions.
diff: ## look: show one lesson: make diff FIX=WHICH_LESSON
	$(is_lesson)
	@diff -u $(call quote,$(NAIVE)/$(FIX).c) $(call quote,$(FIXED)/$(FIX).c) || test $$? -eq 1
# A decoy is one file in the place of its naive one: what does it change? The other three are the fixed ones only
# so that there is a whole tree; with FIX= they are in both builds or in neither.
DECOYS := $(notdir $(patsubst %/,%,$(wildcard bench/classroom/decoys/*/)))
DECOY_FILE = $(wildcard bench/classroom/decoys/$(NAME)/*.c)
DECOY_TREE = $(BUILD)/decoys/$(NAME)
decoy: ## measure: measure a change that sounds right: make decoy NAME=reserve (breather, detached, quicksort)
	@$(if $(filter $(DECOYS),$(NAME)),,echo "Say which: make decoy NAME=reserve (of $(DECOYS))" >&2; exit 2)
	@mkdir -p '$(DECOY_TREE)/fixed' && cp -u $(FIXED)/*.c '$(DECOY_TREE)/fixed/' && cp $(DECOY_FILE) '$(DECOY_TREE)/fixed/'
	@$(MAKE) -s --no-print-directory compare FIX=$(basename $(notdir $(DECOY_FILE))) FIXED='$(DECOY_TREE)/fixed' \
	  BUILD='$(DECOY_TREE)' RESULTS=$(call quote,$(RESULTS)/decoys/$(NAME))

CHROME ?= chromium
picture: ## look: take the picture of the page that README.md shows (RESULTS=FOLDER, CHROME=chromium)
	@$(if $(filter chromium,$(CHROME)),bench/packages.sh chromium)
	@CHROME='$(CHROME)' bench/report/picture.sh $(call quote,$(OPEN_FOLDER)) bench/report/page.png
session: ## serve: profile the naive service, then the fixed one, while they run (STEP=1 waits for you between steps)
	$(call ready,@service wrk curl,$(ENDS))
	@STEP=$(call quote,$(STEP)) SECONDS_EACH=$(call quote,$(or $(SECONDS),5)) \
	  bench/session/session.sh '$(BUILD)/bin' $(call quote,$(RESULTS)/session) $(ALL_NAIVE) $(ALL_FIXED)
