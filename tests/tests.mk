# The tests: `make test`; again under sanitizers: `make sanitize`; races by Valgrind: `make races`.

TEST_PACKAGES := $(COMPARE_PACKAGES) libcriterion-dev python3 python3-selenium chromium chromium-driver

# Against a contract: each linked once with the naive and once with the fixed tree, together with what
# only holds of that tree (naive.c, fixed.c). The others test what both trees share.
CONTRACT_TESTS := $(filter $(LESSONS) worker run,$(patsubst tests/%.c,%,$(wildcard tests/*.c)))
LEAKS := $(if $(SANITIZE),$(BUILD)/tests/leaks.o)
SAMPLES := $(BUILD)/tests/sample.o $(BUILD)/tests/sample_tree.o
SHARED_TESTS := $(filter-out $(CONTRACT_TESTS) naive fixed sample sample_tree stress one_locale leaks,\
                  $(patsubst tests/%.c,%,$(wildcard tests/*.c)))
HARNESS_TESTS := $(wildcard tests/harness/*.c)
# ASan has an allocator of its own: fail_malloc.c cannot stand in front of it, and it keeps what was freed.
SYSTEM_TESTS := $(filter-out tests/system/fail_malloc.c $(if $(SANITIZE),tests/system/failure.c tests/system/memory.c),\
                  $(wildcard tests/system/*.c))
TEST_PROGRAMS := $(addprefix $(BUILD)/tests/,contract-$(ALL_NAIVE) contract-$(ALL_FIXED) shared harness-tests system-tests)
# The page in a browser. Its fixture runs programs under Valgrind, which sanitizers do not do.
PAGE_TESTS := $(if $(SANITIZE),,tests/page/page.py)
STRESS_PROGRAMS := $(BUILD)/tests/stress-$(ALL_NAIVE) $(BUILD)/tests/stress-$(ALL_FIXED)

# so that none of them is left to itself at the end
LONGEST := page.py tools-tests classroom-tests harness-tests pprof-live pprof-parts service-clients
longest_first = $(foreach l,$(LONGEST),$(filter %/$l,$1)) $(filter-out $(addprefix %/,$(LONGEST)),$1)

.PHONY: test test-page test-programs sanitize sanitize-memory sanitize-threads races

test: ## run every test
	@bench/packages.sh $(TEST_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(COMPARE_PROGRAMS) test-programs
	@BUILD='$(BUILD)' tests/run.sh $(call longest_first,$(PAGE_TESTS) $(TEST_PROGRAMS))

test-programs: $(TEST_PROGRAMS) $(BUILD)/bin/page $(TIMELINE_PROGRAMS)

test-page: ## run the tests of the page, in Chromium
	@bench/packages.sh $(TEST_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) all $(BUILD)/bin/page $(TIMELINE_PROGRAMS)
	@BUILD='$(BUILD)' tests/run.sh $(PAGE_TESTS)

$(BUILD)/tests/harness/%.o: tests/harness/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) -D_GNU_SOURCE= $(call text,PROGRAM_FOLDER,$(call absolute,$(BUILD))/bin) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/tests/system/%.o: tests/system/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) -D_GNU_SOURCE= $(call text,PROGRAM_FOLDER,$(call absolute,$(BUILD))/bin) \
	  $(call text,FAIL_MALLOC,$(call absolute,$(BUILD))/tests/fail_malloc.so) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) -D_GNU_SOURCE= $(ALL_CFLAGS) -c -o $@ $<

# Libraries to be preloaded.
$(BUILD)/tests/fail_malloc.so: tests/system/fail_malloc.c
$(BUILD)/tests/one_locale.so: tests/one_locale.c
$(BUILD)/tests/%.so:
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -fPIC -o $@ $<

define link_contract
$(BUILD)/tests/contract-$1: $(CONTRACT_TESTS:%=$(BUILD)/tests/%.o) $(BUILD)/tests/$2.o $(SAMPLES) $(LEAKS) \
                            $(BUILD)/variant/$1.o $(call seam,$1) $(BUILD)/libcommon.a
	@echo '  LINK  $$@'
	$(Q)$(LINK) $(COUNTED) -o $$@ $$^ -lcriterion $(PROGRAM_LIBS)

$(BUILD)/tests/stress-$1: $(BUILD)/tests/stress.o $(BUILD)/variant/$1.o $(call seam,$1) $(BUILD)/libcommon.a
	@echo '  LINK  $$@'
	$(Q)$(LINK) $(COUNTED) -o $$@ $$^ $(PROGRAM_LIBS)
endef
$(eval $(call link_contract,$(ALL_NAIVE),naive))
$(eval $(call link_contract,$(ALL_FIXED),fixed))

$(BUILD)/tests/shared: $(SHARED_TESTS:%=$(BUILD)/tests/%.o) $(SAMPLES) $(LEAKS) $(BUILD)/variant/$(ALL_FIXED).o \
                       $(call seam,$(ALL_FIXED)) $(BUILD)/libcommon.a
	@echo '  LINK  $@'
	$(Q)$(LINK) $(COUNTED) -o $@ $^ -lcriterion $(PROGRAM_LIBS)

$(BUILD)/tests/harness-tests: $(HARNESS_TESTS:%.c=$(BUILD)/%.o) $(filter-out %/main.o,$(COMPARE_OBJECTS)) $(CHAPTER_OBJECTS) \
                        $(RENDER_OBJECTS) $(LEAKS) $(BUILD)/libcommon.a
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ -lcriterion $(COMPARE_LIBS)

# They run the programs, so these have to be there first; nothing of them is linked in.
$(BUILD)/tests/system-tests: $(SYSTEM_TESTS:%.c=$(BUILD)/%.o) $(LEAKS) | $(PROGRAMS) $(if $(SANITIZE),,$(BUILD)/tests/fail_malloc.so)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $(filter %.o,$^) -lcriterion -lcjson -lm

sanitize: sanitize-memory sanitize-threads ## run every test under ASan and UBSan, and look for races with TSan

sanitize-memory:
	@ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1 \
	  $(MAKE) --no-print-directory BUILD='$(BUILD)/asan' \
	  SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' test

# Not through Criterion, which a TSan binary cannot start: all sixteen over real records, and a stress driver.
sanitize-threads:
	@bench/packages.sh $(TEST_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) BUILD='$(BUILD)/tsan' SANITIZE=-fsanitize=thread all stress-programs
	@tests/threads.sh '$(BUILD)/tsan'

.PHONY: stress-programs
stress-programs: $(STRESS_PROGRAMS)

races: ## look for races with helgrind and DRD, and for lost memory with memcheck
	@bench/packages.sh $(TEST_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(PROGRAMS) stress-programs $(BUILD)/tests/one_locale.so
	@tests/races.sh '$(BUILD)'

-include tests/harness.mk
include tests/pprof.mk
include tests/classroom/classroom.mk
include tests/tools.mk
include tests/distros/distros.mk
include tests/arm64.mk
