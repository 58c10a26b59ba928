# For CI: fails where an exact count got worse than a baseline's. make itself ends with 2 whatever a recipe
# ended with; build/bin/gate, called as below, ends with 3 where a count got worse. It ends with 4 where none did,
# but the baseline is of another compiler: that is said, with what to do, and does not fail here. With NOW=folder nothing
# is measured: results that there are already are judged.

GATE_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard bench/gate/*.c))
GATE_OPTIONS = --programs '$(BUILD)/bin' --results $(call quote,$(RESULTS))

.PHONY: gate gate-baseline gate-programs

gate: ## fail where a count got worse than bench/gate/baseline.json's (BASE=folder or file, LIMIT=2%, NOW=folder)
	@bench/packages.sh $(COMPARE_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) gate-programs
	@$(BUILD)/bin/gate $(GATE_OPTIONS) $(call option,base,$(BASE)) $(call option,limit,$(LIMIT)) $(call option,now,$(NOW)) || test $$? -eq 4

gate-baseline: ## write bench/gate/baseline.json anew, from what is built now
	@bench/packages.sh $(COMPARE_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) gate-programs
	@$(BUILD)/bin/gate $(GATE_OPTIONS) --write bench/gate/baseline.json

gate-programs: $(PROGRAMS) $(BUILD)/bin/gate

$(GATE_OBJECTS): $(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/bin/gate: $(GATE_OBJECTS) $(filter-out %/main.o,$(COMPARE_OBJECTS)) $(CHAPTER_OBJECTS) $(RENDER_OBJECTS) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ $(COMPARE_LIBS)
