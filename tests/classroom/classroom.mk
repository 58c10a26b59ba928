# The classroom's tests. Those that grade need the kit, which is built with sanitizers of its own: under
# `make sanitize` only the grader's parts are tested.

CLASSROOM_TESTS := $(wildcard tests/classroom/*.c)
CLASSROOM_TESTS := $(if $(SANITIZE),$(filter-out tests/classroom/grading.c tests/classroom/hostile.c tests/classroom/resuming.c,\
                     $(CLASSROOM_TESTS)),$(CLASSROOM_TESTS))
TEST_PROGRAMS += $(BUILD)/tests/classroom-tests
TEST_PACKAGES += $(filter-out $(TEST_PACKAGES),$(GRADE_PACKAGES) $(SANDBOX_PACKAGES) patch)
test-programs: $(BUILD)/tests/classroom-tests

$(BUILD)/tests/classroom/grading.o: ALL_CPPFLAGS += -I/usr/include/libxml2
$(BUILD)/tests/classroom/%.o: tests/classroom/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(call text,PROJECT_FOLDER,$(CURDIR)) $(call text,BUILD_FOLDER,$(call absolute,$(BUILD))) \
	  $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/tests/classroom-tests: $(CLASSROOM_TESTS:%.c=$(BUILD)/%.o) $(filter-out %/main.o,$(GRADE_OBJECTS)) $(GRADE_SHARES) \
                                $(BUILD)/libcommon.a | $(BUILD)/bin/grade $(BUILD)/bin/predict $(BUILD)/bin/noise $(BUILD)/bin/doctor \
                                $(BUILD)/bin/fastenough-$(ALL_NAIVE) $(if $(SANITIZE),,kit)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) -lcriterion -lcjson -lxml2 -lsqlite3 -lm

.PHONY: test-classroom
test-classroom: ## run the classroom's tests alone
	@bench/packages.sh $(TEST_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/tests/classroom-tests
	@tests/run.sh $(BUILD)/tests/classroom-tests
