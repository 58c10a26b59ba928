# The tests: `make test`; again under sanitizers: `make sanitize`; races by Valgrind: `make races`; and on other machines.
TEST_PACKAGES := $(COMPARE_PACKAGES) libcriterion-dev python3 python3-selenium chromium chromium-driver golang-go \
                 google-perftools? curl procps bsdutils $(filter-out $(COMPARE_PACKAGES),$(GRADE_PACKAGES)) $(SANDBOX_PACKAGES)
FUZZ_PACKAGES := clang libclang-rt-dev $(SERVICE_PACKAGES)
TESTS := $(BUILD)/tests

# -- What they are compiled with, and linked with

# Go builds its pprof when it is first called, for a minute or two: once for all tests that call it.
GO_CACHE := $(call absolute,$(BUILD))/go-cache
OPEN_RESULTS := $(TESTS)/open-results
$(TESTS)/%.o: ALL_CPPFLAGS += -D_GNU_SOURCE= -DIS_SANITIZED=$(if $(SANITIZE),1,0) $(call text,COMPILER,$(CC)) \
  $(call text,PROJECT_FOLDER,$(CURDIR)) $(call text,BUILD_FOLDER,$(call absolute,$(BUILD))) $(call text,GO_CACHE,$(GO_CACHE)) \
  $(call text,PROGRAM_FOLDER,$(call absolute,$(BUILD))/bin) $(call text,RESULTS_FOLDER,$(call absolute,$(OPEN_RESULTS)))
$(TESTS)/classroom/grading.o: ALL_CPPFLAGS += -I/usr/include/libxml2

# ASan has an allocator of its own: fail_malloc.c cannot stand in front of it, and it keeps what was freed. A sanitizer has
# its own in the place of most hooks of live profiles, and the kit is built with sanitizers of its own. Others look at
# profiles of programs under Valgrind, which sanitizers do not run in; and bundles are of what is measured, which
# sanitized programs are not.
NOT_SANITIZED := $(addprefix $(TESTS)/,system/failure.o system/memory.o pprof/live/leaders.o pprof/live/legacy.o \
  pprof/live/session.o pprof/live/truth.o classroom/grading.o classroom/hostile.o classroom/resuming.o open/annotate.o \
  open/bundle.o gate/gate.o gate/yours.o make/%.o)
LEFT_OUT := $(TESTS)/system/fail_malloc.o $(if $(SANITIZE),$(NOT_SANITIZED),$(TESTS)/pprof/live/missing.o)
tests_of = $(filter-out $(LEFT_OUT),$(call objects,$(1:%=tests/%/*.c))) $(LEAKS)
LEAKS := $(if $(SANITIZE),$(TESTS)/leaks.o)
# Against a contract: each linked once with the naive and once with the fixed tree, together with what only holds of that
# tree (naive.c, fixed.c). The others test what both trees share.
CONTRACT_TESTS := $(call objects,$(patsubst %,tests/%.c,$(LESSONS) worker run))
SAMPLES := $(TESTS)/sample.o $(TESTS)/sample_tree.o
OTHERS := $(CONTRACT_TESTS) $(SAMPLES) $(addprefix $(TESTS)/,naive.o fixed.o stress.o one_locale.o leaks.o)
contract_tests = $(CONTRACT_TESTS) $(TESTS)/$2.o $(SAMPLES) $(LEAKS) $(call seam,$1) $(BUILD)/libcommon.a

# $(call test,NAME,OBJECTS,LIBRARIES) is a program of Criterion's that `make test` runs, $(call contract,nnnn,naive) two of
# which the second has no Criterion in it
test = $(eval TEST_PROGRAMS += $(TESTS)/$1)$(call program,tests/$1,$2,-lcriterion $3)
WHOLE_LIBS := $(COUNTED) $(PROGRAM_LIBS)
$(call test,contract-$(ALL_NAIVE),$(call contract_tests,$(ALL_NAIVE),naive),$(WHOLE_LIBS))
$(call test,contract-$(ALL_FIXED),$(call contract_tests,$(ALL_FIXED),fixed),$(WHOLE_LIBS))
$(call test,shared,$(filter-out $(OTHERS),$(call objects,tests/*.c)) $(SAMPLES) $(LEAKS) $(call seam,$(ALL_FIXED)) \
  $(BUILD)/libcommon.a,$(WHOLE_LIBS))
$(call test,harness-tests,$(call tests_of,harness) $(COMPARE),$(COMPARE_LIBS))
$(call test,tools-tests,$(call tests_of,open gate make runner) $(call parts,bench/open bench/gate) $(COMPARE),$(COMPARE_LIBS))
$(call test,load-parts,$(call tests_of,load) $(COMPARE),$(COMPARE_LIBS))
$(call test,classroom-tests,$(call tests_of,classroom) $(CLASSROOM) $(BENCH),-lcjson -lxml2 -lsqlite3 -lm)
# common/pprof/ with nothing else of the project
$(call test,pprof-parts,$(call tests_of,pprof) $(call objects,common/pprof/*.c common/pprof/reach/*.c) $(HOOKS),-ldw -lelf -lz -lmicrohttpd -lm)
# these run the programs, so these have to be there first; nothing of them is linked in
$(call test,system-tests,$(call tests_of,system),-lcjson -lm)
$(call test,service-clients,$(call tests_of,service) $(BUILD)/libcommon.a,$(WHOLE_LIBS))
$(call test,pprof-live,$(call tests_of,pprof/live) $(addprefix $(TESTS)/,pprof/clients.o service/server.o service/client.o),\
  -lcjson -lm)
$(addprefix $(TESTS)/,system-tests service-clients pprof-live): | $(PROGRAMS)
$(TESTS)/system-tests: | $(if $(SANITIZE),,$(TESTS)/fail_malloc.so)
$(TESTS)/load-parts: | $(BUILD)/bin/fastenough-$(ALL_FIXED)
$(TESTS)/classroom-tests: | $(addprefix $(BUILD)/bin/,grade predict noise doctor fastenough-$(ALL_NAIVE)) $(if $(SANITIZE),,kit)
$(TESTS)/tools-tests: | $(BUILD)/bin/annotate $(BUILD)/bin/gate $(if $(SANITIZE),,$(OPEN_RESULTS)/index.html)
$(TESTS)/pprof-parts $(TESTS)/pprof-live: | $(BUILD)/go-cache/.ready
STRESS_PROGRAMS := $(TESTS)/stress-$(ALL_NAIVE) $(TESTS)/stress-$(ALL_FIXED)
$(foreach c,$(ALL_NAIVE) $(ALL_FIXED),\
  $(call program,tests/stress-$c,$(TESTS)/stress.o $(call seam,$c) $(BUILD)/libcommon.a,$(WHOLE_LIBS)))

# Libraries to be preloaded; meddle.so is loaded into compare: it raises a signal, or fails a call, at a moment that a test names.
$(TESTS)/fail_malloc.so: tests/system/fail_malloc.c
$(TESTS)/one_locale.so: tests/one_locale.c
$(TESTS)/meddle.so: tests/comparison/meddle/meddle.c
$(TESTS)/%.so:
	$(call say,LINK)
	$(Q)$(CC) -iquote . -D_GNU_SOURCE= $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -shared -fPIC -o $@ $< -ldl
$(OPEN_RESULTS)/index.html: tests/open/fixture.sh $(PROGRAMS) $(BUILD)/bin/page
	$(call say,RUN)
	$(Q)tests/open/fixture.sh '$(BUILD)' '$(@D)'
$(BUILD)/go-cache/.ready:
	$(call say,GO)
	$(Q)GOCACHE=$(call quote,$(GO_CACHE)) GOFLAGS=-mod=mod go tool pprof -h >$(@D)/help 2>&1; grep -q '^usage' -i $(@D)/help || { cat $(@D)/help >&2; exit 1; }
	@touch $@

# -- Running them

# The page in a browser. Its fixture runs programs under Valgrind, which sanitizers do not do.
PAGE_TESTS := $(if $(SANITIZE),,tests/page/page.py)
# so that none of them is left to itself at the end
LONGEST := page.py tools-tests classroom-tests harness-tests pprof-live pprof-parts service-clients
longest_first = $(foreach l,$(LONGEST),$(filter %/$l,$1)) $(filter-out $(addprefix %/,$(LONGEST)),$1)

test: ## run every test
	$(call ready,$(TEST_PACKAGES),$(COMPARE_PROGRAMS) test-programs)
	@BUILD='$(BUILD)' tests/run.sh $(call longest_first,$(PAGE_TESTS) $(TEST_PROGRAMS))
test-programs: $(TEST_PROGRAMS) $(BUILD)/bin/page $(TIMELINE_PROGRAMS)
test-page: ## run the tests of the page, in Chromium
	$(call ready,$(TEST_PACKAGES),all $(BUILD)/bin/page $(TIMELINE_PROGRAMS))
	@BUILD='$(BUILD)' tests/run.sh $(PAGE_TESTS)
test-tools: ## run the tests of annotate, bundle, BASE=, gate and run.sh alone
	$(call ready,$(TEST_PACKAGES),$(PROGRAMS) $(TESTS)/tools-tests)
	@tests/run.sh $(TESTS)/tools-tests
test-classroom: ## run the classroom's tests alone
	$(call ready,$(TEST_PACKAGES),$(TESTS)/classroom-tests)
	@tests/run.sh $(TESTS)/classroom-tests

sanitize: sanitize-memory sanitize-threads sanitize-service ## run every test under ASan and UBSan, and look for races with TSan
sanitize-memory:
	@ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1 \
	  $(MAKE) --no-print-directory BUILD='$(CHECKED)' SANITIZE='$(CHECKED_SANITIZE)' test
# Not through Criterion, which a TSan binary cannot start: all builds over real records, and a stress driver. The tests of the
# service have TSan in the services, and not in the clients.
sanitize-threads:
	$(call ready,$(TEST_PACKAGES),BUILD='$(BUILD)/tsan' SANITIZE=-fsanitize=thread all stress-programs)
	@tests/threads.sh '$(BUILD)/tsan'
sanitize-service:
	$(call ready,$(TEST_PACKAGES),BUILD='$(BUILD)/tsan' SANITIZE=-fsanitize=thread all)
	$(call ready,,$(TESTS)/service-clients)
	@FASTENOUGH_BIN='$(BUILD)/tsan/bin' FASTENOUGH_SANITIZED=1 tests/run.sh $(TESTS)/service-clients
races: ## look for races with helgrind and DRD, and for lost memory with memcheck
	$(call ready,$(TEST_PACKAGES),$(PROGRAMS) stress-programs $(TESTS)/one_locale.so)
	@tests/races.sh '$(BUILD)'
stress-programs: $(STRESS_PROGRAMS)

# -- The comparison itself under attack: compare is run over trees that are not what they should be: a copy of naive/ in
# the place of fixed/, the two swapped, and fixed/ with one file that is wrong (tests/comparison/wrong)

test-harness: ## attack the comparison: wrong trees, broken tools, full disks, Ctrl-C (5 minutes; FILTER='verdicts/*')
	$(call ready,$(TEST_PACKAGES),$(COMPARE_PROGRAMS) test-harness-programs)
	@$(if $(FILTER),CRITERION_TEST_PATTERN=$(call quote,$(FILTER))) tests/run.sh $(TESTS)/comparison-tests
test-harness-programs: $(TESTS)/comparison-tests $(TESTS)/meddle.so test-trees
test-trees:
	@$(MAKE) -s --no-print-directory BUILD=$(TESTS)/same NAIVE=$(NAIVE) FIXED=$(NAIVE) all $(TESTS)/same/bin/floor
	@$(MAKE) -s --no-print-directory BUILD=$(TESTS)/swapped NAIVE=$(FIXED) FIXED=$(NAIVE) all $(TESTS)/swapped/bin/floor
$(call program,tests/comparison-tests,$(call tests_of,comparison) $(BENCH),-lcriterion -lcjson -lm)

# $(call wrong_tree,key_crash,key): a wrong file may include what it replaces, fixed/key.c, as "right.c". The chapter of one
# lesson needs four builds, two of which have it; of the others there are those that have it naive.
without = $(call code,$(filter-out $1,$(LESSONS)))
program_of = $(call quote,$(call absolute,$(BUILD)/bin/fastenough-$1))
define wrong_tree
test-trees: $(addprefix $(TESTS)/wrong/$1/bin/fastenough-,$(ALL_FIXED) $(call code,$2))
$(TESTS)/wrong/$1/$2.o: tests/comparison/wrong/$1.c $(FIXED)/$2.c
	@mkdir -p $$(@D)/bin
	@ln -sf $$(call quote,$$(call absolute,$(FIXED)/$2.c)) $$(@D)/right.c
	@ln -sf $$(call program_of,$(ALL_NAIVE)) $$(call program_of,$(call without,$2)) $$(@D)/bin
	$$(compile_c)
$(TESTS)/wrong/$1/$2.o: ALL_CPPFLAGS += -iquote common -iquote $(TESTS)/wrong/$1
$(TESTS)/wrong/$1/bin/fastenough-%: $(TESTS)/wrong/$1/$2.o $(BUILD)/bin/fastenough-%
	$$(call say,LINK)
	$(Q)$$(LINK) -o $$@ $(BUILD)/common/main.o $$< $$(filter-out %/$2.o,$$(call seam,$$*)) $(BUILD)/libcommon.a $(WHOLE_LIBS)
endef
$(foreach w,$(notdir $(basename $(wildcard tests/comparison/wrong/*.c))),$(eval $(call wrong_tree,$w,$(firstword $(subst _, ,$w)))))

# -- Fuzzing: with clang's libFuzzer, all that the targets run is built with its sanitizers, in a folder of its own

FUZZ_SECONDS := 30
FUZZ := $(BUILD)/fuzz
FUZZ_CC := $(if $(findstring clang,$(CC)),$(CC),clang)
FUZZ_TARGETS := ingest head
FUZZ_SOURCES := $(patsubst %,fixed/%.c,$(filter-out workers,$(LESSONS))) tests/fuzz/workers.c common/pprof/waits.c \
  $(filter-out $(patsubst %,common/%.c,main run run_profile summary service/admin service/http service/listener service/serve \
    service/serve_options pprof/%),$(wildcard common/*.c common/*/*.c))
FUZZ_FLAGS := -std=gnu11 -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined

fuzz: ## fuzz the ways in, for FUZZ_SECONDS=30 each of the two
	$(call ready,$(FUZZ_PACKAGES),fuzz-targets)
	@tests/fuzz/run.sh '$(FUZZ)' $(FUZZ_SECONDS) $(FUZZ_TARGETS)
fuzz-targets: $(FUZZ_TARGETS:%=$(FUZZ)/%)
$(FUZZ)/%.o: %.c
	$(call say,FUZZ)
	$(Q)$(FUZZ_CC) -iquote . -iquote common -DLESSON_COUNT=$(words $(LESSONS)) -MMD -MP $(FUZZ_FLAGS) -c -o $@ $<
$(FUZZ_TARGETS:%=$(FUZZ)/%): $(FUZZ)/%: $(FUZZ)/tests/fuzz/%.o $(FUZZ_SOURCES:%.c=$(FUZZ)/%.o)
	$(call say,LINK)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer $(COUNTED) -pthread -o $@ $^ -lcjson -lsqlite3 -lz -lm

# -- Other machines than this one, as root, as they make bare systems and take rights away; and arm64 without one of it

RELEASES := bookworm trixie sid
COMMANDS := make compare QUICK=1; make test; make test-container
# What is tried under Docker's refusals. `make test` reads the live profiles; the report says what was refused.
CONTAINER_COMMANDS := make compare QUICK=1 && grep "no fixed layout" $(RESULTS)/latest/compare.md && make gate && \
  make grade STUDENT=$(FIXED) && make test
# where few threads are to be had, each says what is short
WITH_FEW_THREADS := $(BUILD)/bin/fastenough generate 20000 2>/dev/null | $(BUILD)/bin/fastenough-$(ALL_NAIVE) run - 2>&1 >/dev/null | \
  grep "pids limit" && $(BUILD)/bin/doctor $(BUILD)/bin $(RESULTS) | grep -e --pids-limit
ARM64 := $(BUILD)/arm64

test-distros: ## from bare on other releases (RELEASES='bookworm trixie sid', COMMANDS='make compare QUICK=1; make test')
	@bench/packages.sh debootstrap git
	@tests/distros/run.sh '$(RELEASES)' $(call quote,$(COMMANDS))
# the tests have several naive services at a time, with thousands of threads
test-container: ## under what Docker refuses by default (CONTAINER_COMMANDS='make test', PIDS=8192, USER_NAME=)
	$(call ready,$(TEST_PACKAGES),all $(BUILD)/bin/doctor $(TESTS)/refuse)
	@PIDS=100 tests/distros/container.sh $(call quote,$(BUILD)) sh -c $(call quote,$(WITH_FEW_THREADS))
	@tests/distros/container.sh $(call quote,$(BUILD)) sh -c $(call quote,$(CONTAINER_COMMANDS))
$(call program,tests/refuse,$(TESTS)/distros/refuse.o)
test-devcontainer: ## what .devcontainer/ says, on a bare system instead of in Docker (CONTAINER_COMMANDS='make test')
	@bench/packages.sh debootstrap git
	@tests/distros/run.sh "$$(sed -n 's/^FROM debian://p' .devcontainer/Dockerfile)" \
	  $(call quote,tests/distros/devcontainer.sh $(call quote,$(CONTAINER_COMMANDS)))
test-arm64: $(BUILD)/go-cache/.ready ## cross-build the sixteen for arm64, and run them and their profiles under qemu-user
	@bench/packages.sh gcc-aarch64-linux-gnu qemu-user golang-go curl
	@tests/arm64/sysroot.sh '$(ARM64)/sysroot' $(filter-out gcc make,$(SERVICE_PACKAGES))
	@$(MAKE) -s --no-print-directory -j$$(nproc) BUILD='$(ARM64)' CC='aarch64-linux-gnu-gcc --sysroot=$(ARM64)/sysroot' all
	@GOCACHE='$(GO_CACHE)' GOFLAGS=-mod=mod tests/arm64/run.sh '$(ARM64)'
packages: ## install what any of the targets needs
	@bench/packages.sh git ca-certificates $(sort $(TEST_PACKAGES) $(FUZZ_PACKAGES) $(NOTEBOOK_PACKAGES) $(LAB_PACKAGES))
