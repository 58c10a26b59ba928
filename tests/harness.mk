# The comparison itself under attack: `make test-harness`.
#
# The tests run the built compare over trees that are not what they should be: a copy of naive/ in the place
# of fixed/, the two swapped, and fixed/ with one file that is wrong (tests/comparison/wrong).

HARNESS := $(BUILD)/tests
COMPARISON_TESTS := $(wildcard tests/comparison/*.c)
WRONG_FILES := $(notdir $(basename $(wildcard tests/comparison/wrong/*.c)))

.PHONY: test-harness test-harness-programs test-trees

test-harness: ## attack the comparison: wrong trees, broken tools, full disks, Ctrl-C (5 minutes; FILTER='verdicts/*')
	@bench/packages.sh $(TEST_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(COMPARE_PROGRAMS) test-harness-programs
	@$(if $(FILTER),CRITERION_TEST_PATTERN=$(call quote,$(FILTER))) tests/run.sh $(HARNESS)/comparison-tests

test-harness-programs: $(HARNESS)/comparison-tests $(HARNESS)/meddle.so test-trees

test-trees:
	@$(MAKE) -s --no-print-directory BUILD=$(HARNESS)/same NAIVE=$(NAIVE) FIXED=$(NAIVE) all $(HARNESS)/same/bin/floor
	@$(MAKE) -s --no-print-directory BUILD=$(HARNESS)/swapped NAIVE=$(FIXED) FIXED=$(NAIVE) all $(HARNESS)/swapped/bin/floor

# A wrong file, say key_crash.c, may include what it replaces, fixed/key.c, as "right.c". The chapter of
# one fix needs four builds, two of which have it.
without = $(call code,$(filter-out $1,$(LESSONS)))

# $(call wrong_tree,key_crash,key)
define wrong_tree
test-trees: $(HARNESS)/wrong/$1/bin/fastenough-$(ALL_FIXED) $(HARNESS)/wrong/$1/bin/fastenough-$(call code,$2)

$(HARNESS)/wrong/$1/$2.o: tests/comparison/wrong/$1.c $(FIXED)/$2.c
	@mkdir -p $$(@D)/bin
	@echo '  CC    $$@'
	$(Q)ln -sf $$(call quote,$$(call absolute,$(FIXED)/$2.c)) $$(@D)/right.c
	$(Q)ln -sf $$(call quote,$$(call absolute,$(BUILD)/bin/fastenough-$(ALL_NAIVE))) $$(call quote,$$(call absolute,$(BUILD)/bin/fastenough-$(call without,$2))) $$(@D)/bin
	$(Q)$(CC) $(ALL_CPPFLAGS) -iquote common -iquote $$(@D) $(ALL_CFLAGS) -c -o $$@ $$<

$(HARNESS)/wrong/$1/bin/fastenough-%: $(HARNESS)/wrong/$1/$2.o $(BUILD)/bin/fastenough-%
	@echo '  LINK  $$@'
	$(Q)$(LINK) $(COUNTED) -o $$@ $(BUILD)/common/main.o $(BUILD)/variant/$$*.o $$< \
	  $$(filter-out %/$2.o,$$(call seam,$$*)) $(BUILD)/libcommon.a $(PROGRAM_LIBS)
endef
$(foreach w,$(WRONG_FILES),$(eval $(call wrong_tree,$w,$(firstword $(subst _, ,$w)))))

$(BUILD)/tests/comparison/%.o: tests/comparison/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) -D_GNU_SOURCE= $(call text,BUILD_FOLDER,$(call absolute,$(BUILD))) \
	  $(call text,LOAD_SCRIPT,$(CURDIR)/bench/load/post.lua) $(ALL_CFLAGS) -c -o $@ $<

$(HARNESS)/comparison-tests: $(COMPARISON_TESTS:%.c=$(BUILD)/%.o) $(BUILD)/libcommon.a \
                             $(addprefix $(BUILD)/bench/process/,child.o child_process.o child_describe.o)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $(filter-out %.a,$^) $(BUILD)/libcommon.a -lcriterion -lcjson -lm

# Loaded into compare: raises a signal, or fails a call, at a moment that a test names.
$(HARNESS)/meddle.so: tests/comparison/meddle/meddle.c
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) -D_GNU_SOURCE= $(ALL_CFLAGS) $(LDFLAGS) -shared -fPIC -o $@ $< -ldl
