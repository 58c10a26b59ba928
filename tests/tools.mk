# The tests of what is done with results, bench/open, bench/gate, BASE=, of tests/run.sh, and of make itself.

OPEN_RESULTS := $(BUILD)/tests/open-results
OPEN_TEST_SOURCES := tests/open/shell.c tests/runner/runner.c $(wildcard tests/gate/*.c tests/make/*.c)
# these look at profiles of programs under Valgrind, which sanitizers do not run in; and bundles are of what
# is measured, which sanitized programs are not
ifeq ($(SANITIZE),)
OPEN_TEST_SOURCES += $(filter-out tests/open/shell.c,$(wildcard tests/open/*.c))
$(BUILD)/tests/tools-tests: | $(OPEN_RESULTS)/index.html
else
OPEN_TEST_SOURCES := tests/open/shell.c tests/runner/runner.c tests/gate/base.c
endif
TEST_PROGRAMS += $(BUILD)/tests/tools-tests
TEST_PACKAGES += bsdutils
test-programs: $(BUILD)/tests/tools-tests

$(OPEN_RESULTS)/index.html: tests/open/fixture.sh $(PROGRAMS) $(BUILD)/bin/page
	@echo '  RUN   $<'
	$(Q)tests/open/fixture.sh '$(BUILD)' '$(@D)'

$(BUILD)/tests/open/%.o $(BUILD)/tests/gate/%.o $(BUILD)/tests/make/%.o $(BUILD)/tests/runner/%.o: ALL_CPPFLAGS += -D_GNU_SOURCE= $(call text,PROJECT_FOLDER,$(CURDIR)) \
  $(call text,BUILD_FOLDER,$(call absolute,$(BUILD))) $(call text,RESULTS_FOLDER,$(call absolute,$(OPEN_RESULTS)))

$(BUILD)/tests/tools-tests: $(OPEN_TEST_SOURCES:%.c=$(BUILD)/%.o) $(filter-out %/main.o,$(OPEN_OBJECTS) $(GATE_OBJECTS)) \
                            $(filter-out %/main.o,$(COMPARE_OBJECTS)) $(CHAPTER_OBJECTS) $(RENDER_OBJECTS) $(LEAKS) $(BUILD)/libcommon.a \
                            | $(BUILD)/bin/annotate $(BUILD)/bin/gate
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) -lcriterion $(COMPARE_LIBS)

.PHONY: test-tools
test-tools: ## run the tests of annotate, bundle, BASE=, gate and run.sh alone
	@bench/packages.sh $(TEST_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(PROGRAMS) $(BUILD)/tests/tools-tests
	@tests/run.sh $(BUILD)/tests/tools-tests
