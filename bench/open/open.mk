# Looking at the last comparison with other eyes: KCachegrind, the same as text, and one archive of it all.
# RESULTS=FOLDER on the command line is another folder of results.

OPEN_FOLDER = $(if $(filter override,$(origin RESULTS)),$(RESULTS),$(RESULTS)/latest)
OPEN_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard bench/open/*.c))
# of the readers and the report's parts only these, so that the program in a bundle asks for libc alone
OPEN_PARTS := $(addprefix $(BUILD)/bench/,$(addprefix readers/,callgrind.o callgrind_costs.o frame.o names.o text.o) \
                $(addprefix report/,render_number.o render_output.o render_table.o render_words.o) lesson.o)

.PHONY: kcachegrind annotate bundle open

kcachegrind: ## open the naive and the fixed profile: make kcachegrind FIX=WHICH_LESSON
	@bench/open/kcachegrind.sh $(call quote,$(OPEN_FOLDER)) $(call quote,$(FIX)) . '$(BUILD)/bin'

annotate: ## the same as text: make annotate FIX=WHICH_LESSON
	@$(if $(filter $(LESSONS),$(FIX)),,echo "Say which: make annotate FIX=$(WHICH_LESSON)" >&2; exit 2)
	@bench/packages.sh $(COMPARE_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/annotate
	@$(BUILD)/bin/annotate $(call quote,$(OPEN_FOLDER)) $(call quote,$(FIX))

bundle: ## pack the last results, with sources, programs and raw files, into one archive to take along
	@bench/packages.sh $(COMPARE_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/annotate
	@bench/open/bundle.sh $(call quote,$(OPEN_FOLDER)) . '$(BUILD)/bin'

open: ## say which file opens with which program
	@cat bench/open/README.md

$(OPEN_OBJECTS): $(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/bin/annotate: $(OPEN_OBJECTS) $(OPEN_PARTS)
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ -lm
