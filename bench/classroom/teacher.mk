# What shows the solutions, and how an edition without them is made for a class: none of it is in that edition.
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

KIT_TEMPLATE := bench/kits/template

kit: ## teach: make a kit of your own, a lesson in a folder that runs at once: make kit DIR=~/my-lesson
	@bench/classroom/new_folder.sh kit $(call quote,$(DIR)) $(KIT_TEMPLATE)/.
	@echo "A kit that runs at once: make compare KIT="$(call quote,$(DIR))". bench/kits/README.md says how to make it yours."

# $(HANDOUT)/fixed/ is the reference as programs have it, $(HANDOUT)/graded/ as the grader tries it.
HANDOUT := $(BUILD)/handout
HANDOUT_OBJECTS := $(LESSONS:%=$(HANDOUT)/fixed/%.o) $(LESSONS:%=$(HANDOUT)/graded/%.o)
handout: ## teach: make an edition for students, without the solutions: make handout DIR=~/class (and ~/class.tar.gz)
	$(call ready,@service binutils python3,BUILD='$(HANDOUT)' CFLAGS='$(OPTIMIZE)' CPPFLAGS= SANITIZE= WERROR= $(HANDOUT_OBJECTS))
	@bench/classroom/handout/handout.sh $(call quote,$(DIR)) '$(HANDOUT)' '$(NAIVE)' '$(FIXED)' $(call quote,$(CC)) \
	  $(call quote,$(OPTIMIZE)) $(LESSONS)
$(LESSONS:%=$(BUILD)/graded/%.o): $(BUILD)/graded/%.o: $(FIXED)/%.c bench/classroom/kit/shield.h
	$(call say,CC)
	$(Q)$(CC) $(GRADED_FLAGS) -iquote . -iquote common -include bench/classroom/kit/shield.h -c -o $@ $<

CHROME ?= chromium
picture: ## look: take the picture of the page that README.md shows (RESULTS=FOLDER, CHROME=chromium)
	@$(if $(filter chromium,$(CHROME)),bench/packages.sh chromium)
	@CHROME='$(CHROME)' bench/report/picture.sh $(call quote,$(OPEN_FOLDER)) bench/report/page.png
session: ## serve: profile the naive service, then the fixed one, while they run (STEP=1 waits for you between steps)
	$(call ready,@service wrk curl,$(ENDS))
	@STEP=$(call quote,$(STEP)) SECONDS_EACH=$(call quote,$(or $(SECONDS),5)) \
	  bench/session/session.sh '$(BUILD)/bin' $(call quote,$(RESULTS)/session) $(ALL_NAIVE) $(ALL_FIXED)
