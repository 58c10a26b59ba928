# The tests: `make test`; again under sanitizers: `make sanitize`; races by Valgrind: `make races`; and on other machines.
TESTS := $(BUILD)/tests

# -- What they are compiled with, and linked with
# Go builds its pprof when it is first called, for a minute or two: once for all tests that call it.
GO_CACHE := $(call absolute,$(BUILD))/go-cache
GO_READY := $(BUILD)/go-cache/.ready
OPEN_RESULTS := $(TESTS)/open-results
$(TESTS)/%.o: ALL_CPPFLAGS += -DIS_SANITIZED=$(if $(SANITIZE),1,0) $(call text,COMPILER,$(CC)) \
  $(call text,PROJECT_FOLDER,$(CURDIR)) $(call text,BUILD_FOLDER,$(call absolute,$(BUILD))) $(call text,GO_CACHE,$(GO_CACHE)) \
  $(call text,PROGRAM_FOLDER,$(call absolute,$(BUILD))/bin) $(call text,RESULTS_FOLDER,$(call absolute,$(OPEN_RESULTS)))

# ASan has an allocator of its own: fail_malloc.c cannot stand in front of it, and it keeps what was freed. A sanitizer has
# its own in the place of most hooks of live profiles, and the grader's kit is built with sanitizers of its own. Others look
# at profiles of programs under Valgrind, which sanitizers do not run in; and bundles are of what is measured, which
# sanitized programs are not.
NOT_SANITIZED := $(addprefix $(TESTS)/,system/failure.o system/memory.o pprof/live/leaders.o pprof/live/legacy.o \
  pprof/live/session.o pprof/live/truth.o \
  classroom/copies.o classroom/grading.o classroom/hostile.o classroom/resuming.o kits/comparing.o kits/grading.o kits/shipped.o open/amdahl.o open/annotate.o \
  open/bundle.o pair/witness_counts.o gate/gate.o gate/yours.o make/%.o)
LEFT_OUT := $(TESTS)/system/fail_malloc.o $(if $(SANITIZE),$(NOT_SANITIZED),$(TESTS)/pprof/live/missing.o)
tests_of = $(filter-out $(LEFT_OUT),$(call objects,$(1:%=tests/%/*.c))) $(LEAKS)
LEAKS := $(if $(SANITIZE),$(TESTS)/leaks.o)
# Against a contract: each linked once with the naive and once with the fixed tree, together with what only holds of that
# tree (naive.c, fixed.c). The others test what both trees share.
CONTRACT_TESTS := $(call objects,$(patsubst %,tests/%.c,$(LESSONS) worker run))
SAMPLES := $(TESTS)/sample.o $(TESTS)/sample_tree.o
OTHERS := $(CONTRACT_TESTS) $(SAMPLES) $(addprefix $(TESTS)/,naive.o fixed.o stress.o one_locale.o leaks.o)
contract_tests = $(CONTRACT_TESTS) $(TESTS)/$2.o $(SAMPLES) $(LEAKS) $(call seam,$1) $(BUILD)/libcommon.a

# $(call test,NAME,OBJECTS,LIBRARIES,WHAT IT RUNS) is a program of Criterion's that `make test` runs
test = $(eval TEST_PROGRAMS += $(TESTS)/$1)$(call program,tests/$1,$2,-lcriterion $3,$4)
WHOLE_LIBS := $(COUNTED) $(PROGRAM_LIBS)
$(call test,contract-$(ALL_NAIVE),$(call contract_tests,$(ALL_NAIVE),naive),$(WHOLE_LIBS))
$(call test,contract-$(ALL_FIXED),$(call contract_tests,$(ALL_FIXED),fixed),$(WHOLE_LIBS))
$(call test,shared,$(filter-out $(OTHERS),$(call objects,tests/*.c)) $(SAMPLES) $(LEAKS) $(call seam,$(ALL_FIXED)) \
  $(BUILD)/libcommon.a,$(WHOLE_LIBS))
$(TESTS)/harness/promises.o: $(BUILD)/bench/readers/profile.pb-c.c
$(call test,harness-tests,$(call tests_of,harness) $(COMPARE),$(COMPARE_LIBS))
$(call test,tools-tests,$(call tests_of,open gate make runner) $(call parts,bench/open bench/gate) $(COMPARE),$(COMPARE_LIBS),\
  $(addprefix $(BUILD)/bin/,annotate gate amdahl burden-$(ALL_NAIVE)) $(if $(SANITIZE),,$(OPEN_RESULTS)/index.html))
$(call test,load-parts,$(call tests_of,load) $(COMPARE),$(COMPARE_LIBS),$(ENDS))
$(call test,classroom-tests,$(call tests_of,classroom) $(CLASSROOM) $(COMPARE),$(COMPARE_LIBS),\
  $(addprefix $(BUILD)/bin/,grade predict noise doctor fastenough-$(ALL_NAIVE)) $(if $(SANITIZE),,grader-kit))
# kits: their reader, each of those in bench/kits/, and what make does with one
$(TESTS)/kits/%.o: ALL_CPPFLAGS += $(call text,BUILD_NAME,$(BUILD))
$(call test,kit-tests,$(call tests_of,kits) $(KITS) $(KIT_GRADING) $(BENCH),-lcjson -lsqlite3 -lm,$(addprefix $(BUILD)/bin/,kit predict compare))
# pairs: two commands of anybody's, and what the tools say of them
$(call test,pair-tests,$(call tests_of,pair) $(COMPARE),$(COMPARE_LIBS),$(addprefix $(BUILD)/bin/,compare gate))
# common/pprof/ with nothing else of the project
$(call test,pprof-parts,$(call tests_of,pprof) $(call objects,common/pprof/*.c common/pprof/reach/*.c) $(HOOKS),\
  -ldw -lelf -lz -lmicrohttpd -lm,$(GO_READY))
# these run the programs, so these have to be there first; nothing of them is linked in, but truth.c asks with what
# `make calibrate` does
$(call test,system-tests,$(call tests_of,system),-lcjson -lm,$(PROGRAMS) $(if $(SANITIZE),,$(TESTS)/fail_malloc.so))
$(call test,service-clients,$(call tests_of,service) $(BUILD)/libcommon.a,$(WHOLE_LIBS),$(PROGRAMS))
$(call test,pprof-live,$(call tests_of,pprof/live) $(addprefix $(TESTS)/,pprof/clients.o service/server.o service/client.o) \
  $(addprefix $(BUILD)/bench/calibrate/,regime.o debug_profile.o) $(BENCH),-lcjson -lm,$(PROGRAMS) $(GO_READY))
# servers of Debian's, which nobody relinks; a sanitizer has its own in the place of the hooks
PRELOADED := $(PPROF) $(TESTS)/memcached_load $(TESTS)/strings
$(call program,tests/memcached_load,$(TESTS)/pprof/preload/memcached_load.o)
$(TESTS)/strings: tests/pprof/preload/strings.cc
	$(call say,CXX)
	$(Q)$(CXX) $(ALL_CXXFLAGS) $(LDFLAGS) -pthread -o $@ $<
ifeq ($(SANITIZE),)
$(call test,pprof-preload,$(addprefix $(TESTS)/pprof/,preload/run.o preload/servers.o clients.o),,$(PRELOADED) $(GO_READY))
endif
$(foreach c,$(ALL_NAIVE) $(ALL_FIXED),$(call program,tests/stress-$c,$(TESTS)/stress.o $(call seam,$c) $(BUILD)/libcommon.a,$(WHOLE_LIBS)))

# Libraries to be preloaded; meddle.so is loaded into compare: it raises a signal, or fails a call, at a moment that a test names.
$(TESTS)/fail_malloc.so: tests/system/fail_malloc.c
$(TESTS)/one_locale.so: tests/one_locale.c
$(TESTS)/meddle.so: tests/comparison/meddle/meddle.c
$(TESTS)/%.so:
	$(call say,LINK)
	$(Q)$(CC) -iquote . $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -shared -fPIC -o $@ $< -ldl
$(OPEN_RESULTS)/index.html: tests/open/fixture.sh $(PROGRAMS) $(BUILD)/bin/page
	$(call say,RUN)
	$(Q)tests/open/fixture.sh '$(BUILD)' '$(@D)'
$(GO_READY):
	$(call say,GO)
	$(Q)GOCACHE=$(call quote,$(GO_CACHE)) GOFLAGS=-mod=mod go tool pprof -h >$(@D)/help 2>&1; \
	  grep -q '^usage' -i $(@D)/help || { cat $(@D)/help >&2; exit 1; }
	@touch $@

# -- Running them
# The page in a browser. Its fixture runs programs under Valgrind, which sanitizers do not do.
PAGE_TESTS := $(if $(SANITIZE),,tests/page/page.py)
# so that none of them is left to itself at the end
LONGEST := page.py kit-tests pair-tests tools-tests classroom-tests harness-tests pprof-live pprof-parts service-clients pprof-preload
longest_first = $(foreach l,$(LONGEST),$(filter %/$l,$1)) $(filter-out $(addprefix %/,$(LONGEST)),$1)

test: ## develop: run every test
	$(call ready,@test,$(COMPARE_PROGRAMS) test-programs)
	@BUILD='$(BUILD)' tests/run.sh $(call longest_first,$(PAGE_TESTS) $(TEST_PROGRAMS))
test-programs: $(TEST_PROGRAMS) $(BUILD)/bin/page $(TIMELINE_PROGRAMS)
test-page: ## develop: run the tests of the page, in Chromium
	$(call ready,@test,all $(BUILD)/bin/page $(TIMELINE_PROGRAMS))
	@BUILD='$(BUILD)' tests/run.sh $(PAGE_TESTS)
test-tools: ## develop: run the tests of annotate, bundle, BASE=, gate and run.sh alone
	$(call ready,@test,$(PROGRAMS) $(TESTS)/tools-tests)
	@tests/run.sh $(TESTS)/tools-tests
test-notebooks: notebooks-ready ## develop: run them, and hold what they show against compare.json
	@/usr/bin/python3 -B notebooks/check_check.py
	@$(RUN_NOTEBOOKS) $(NOTEBOOKS)
	@/usr/bin/python3 -B notebooks/check.py '$(NOTEBOOK_PAGES)/executed' $(NOTEBOOKS)
test-handout: ## develop: make an edition for students, search it for the solutions, and grade a class in it
	@bench/packages.sh @compare @grade @sandbox binutils python3
	@tests/handout/run.sh
test-fifth: ## develop: add a fifth lesson in a copy, one row and its files; compare and grade (FULL=1: thirty-two builds)
	@bench/packages.sh @test @notebooks
	@FULL='$(FULL)' tests/fifth.sh
test-classroom: ## develop: run the classroom's tests alone
	$(call ready,@test,$(TESTS)/classroom-tests)
	@tests/run.sh $(TESTS)/classroom-tests

SERVERS := redis-server memcached nginx python3 strings
soak-preload: ## develop: SOAK=600 seconds of all profiles side by side, of each of SERVERS="redis-server memcached nginx ..." under load
	$(call ready,@test,$(PRELOADED) $(GO_READY))
	@for server in $(SERVERS); do BUILD='$(BUILD)' GOCACHE=$(call quote,$(GO_CACHE)) GOFLAGS=-mod=mod \
	  tests/pprof/preload/servers.py soak $$server $(call quote,$(or $(SOAK),600)) || exit; done
preload-cost: ## develop: what profiles cost redis-server and memcached, with neighbours that have none (ROUNDS=20)
	$(call ready,@test,$(PRELOADED))
	@for server in redis-server memcached; do BUILD='$(BUILD)' tests/pprof/preload/servers.py cost $$server \
	  $(call quote,$(or $(ROUNDS),20)) || exit; done

sanitize: sanitize-memory sanitize-threads sanitize-service ## develop: run every test under ASan and UBSan, and look for races with TSan
sanitize-memory:
	@ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1 \
	  $(MAKE) --no-print-directory BUILD='$(CHECKED)' SANITIZE='$(CHECKED_SANITIZE)' test
# Not through Criterion, which a TSan binary cannot start: all builds over real records, and a stress driver. The tests of the
# service have TSan in the services, and not in the clients.
sanitize-threads:
	$(call ready,@test,BUILD='$(BUILD)/tsan' SANITIZE=-fsanitize=thread all stress-programs)
	@tests/threads.sh '$(BUILD)/tsan'
sanitize-service:
	$(call ready,@test,BUILD='$(BUILD)/tsan' SANITIZE=-fsanitize=thread all)
	$(call ready,,$(TESTS)/service-clients)
	@FASTENOUGH_BIN='$(BUILD)/tsan/bin' FASTENOUGH_SANITIZED=1 tests/run.sh $(TESTS)/service-clients
races: ## develop: look for races with helgrind and DRD, and for lost memory with memcheck
	$(call ready,@test,$(PROGRAMS) stress-programs $(TESTS)/one_locale.so)
	@tests/races.sh '$(BUILD)'
stress-programs: $(TESTS)/stress-$(ALL_NAIVE) $(TESTS)/stress-$(ALL_FIXED)

# -- Comparisons of times, many times over: of the same, of what changes nothing, of planted slow-downs. What they say is for
# somebody to read, as it is a matter of luck and of minutes; tests/harness/coverage.c has what has to hold.
TREES := same moved reordered slow1 slow2 slow5 bias rounds
TRIALS := 20
$(call program,tests/neighbours/trials,$(BUILD)/tests/neighbours/trials.o $(COMPARE),$(COMPARE_LIBS))
test-neighbours: ## develop: how often comparisons of times err: the same, null changes, planted slow-downs (TRIALS=20, SECONDS=2, TREES=same, NOISE=cpu)
	$(call ready,@compare,all $(TESTS)/neighbours/trials $(BUILD)/bin/noise)
	@tests/neighbours/trees.sh '$(TESTS)/neighbours/trees' '$(NAIVE)' '$(FIXED)'
	@for tree in $(TREES); do NOISE=$(call quote,$(NOISE)) tests/neighbours/run.sh '$(BUILD)' '$(MAKE)' $$tree \
	  $(call quote,$(TRIALS)) $(call quote,$(or $(SECONDS),2)) || exit; done

# -- The comparison itself under attack: compare is run over trees that are not what they should be: a copy of naive/ in
# the place of fixed/, the two swapped, and fixed/ with one file that is wrong (tests/comparison/wrong)
test-harness: ## develop: attack the comparison: wrong trees, broken tools, full disks, Ctrl-C (5 minutes; FILTER='verdicts/*')
	$(call ready,@test,$(COMPARE_PROGRAMS) test-harness-programs)
	@$(if $(FILTER),CRITERION_TEST_PATTERN=$(call quote,$(FILTER))) tests/run.sh $(TESTS)/comparison-tests
test-harness-programs: $(TESTS)/comparison-tests $(TESTS)/meddle.so test-trees
test-trees:
	@$(MAKE) -s --no-print-directory BUILD=$(TESTS)/same NAIVE=$(NAIVE) FIXED=$(NAIVE) all $(TESTS)/same/bin/floor
	@$(MAKE) -s --no-print-directory BUILD=$(TESTS)/swapped NAIVE=$(FIXED) FIXED=$(NAIVE) all $(TESTS)/swapped/bin/floor
$(call program,tests/comparison-tests,$(call tests_of,comparison) $(BENCH),-lcriterion -lcjson -lm)

# A wrong file, say key_crash.c, may include what it replaces, fixed/key.c, as "right.c". The chapter of one lesson needs
# four builds, two of which have it; the other two are linked to.
WRONG := $(patsubst tests/comparison/wrong/%.c,%,$(wildcard tests/comparison/wrong/*.c))
wrong_lesson = $(firstword $(subst _, ,$1))
program_of = $(call quote,$(call absolute,$(BUILD)/bin/fastenough-$1))
$(TESTS)/wrong/%.o: ALL_CPPFLAGS += -iquote common -iquote $(@D)
$(TESTS)/wrong/%/wrong.o: tests/comparison/wrong/%.c $(LESSONS:%=$(FIXED)/%.c)
	@mkdir -p $(@D)/bin
	@ln -sf $(call quote,$(call absolute,$(FIXED)/$(call wrong_lesson,$*).c)) $(@D)/right.c
	@ln -sf $(call program_of,$(ALL_NAIVE)) $(call program_of,$(call code,$(filter-out $(call wrong_lesson,$*),$(LESSONS)))) $(@D)/bin
	$(compile_c)
# $(call wrong_program,key_crash,fnnn)
wrong_program = $(call program,tests/wrong/$1/bin/fastenough-$2,$(BUILD)/common/command/main.o $(TESTS)/wrong/$1/wrong.o \
  $(filter-out %/$(call wrong_lesson,$1).o,$(call seam,$2)) $(BUILD)/libcommon.a,$(WHOLE_LIBS),$(BUILD)/bin/fastenough-$2)
$(foreach w,$(WRONG),$(foreach c,$(ALL_FIXED) $(call code,$(call wrong_lesson,$w)),$(call wrong_program,$w,$c)\
  $(eval test-trees: $(TESTS)/wrong/$w/bin/fastenough-$c)))

# -- Fuzzing: with clang's libFuzzer, all that the targets run is built with its sanitizers, in a folder of its own
FUZZ_SECONDS := 30
FUZZ := $(BUILD)/fuzz
FUZZ_TARGETS := ingest head
# the fixed program but for its workers, whose place tests/fuzz/workers.c takes
$(foreach t,$(FUZZ_TARGETS),$(call program,$t,$(TESTS)/fuzz/$t.o $(TESTS)/fuzz/workers.o \
  $(filter-out %/workers.o,$(call seam,$(ALL_FIXED))) $(BUILD)/libcommon.a,-fsanitize=fuzzer $(COUNTED) -lcjson -lsqlite3 -lz -lm))
fuzz: ## develop: fuzz the ways in, for FUZZ_SECONDS=30 each of the two
	$(call ready,@fuzz,fuzz-targets)
	@tests/fuzz/run.sh '$(FUZZ)' $(FUZZ_SECONDS) $(FUZZ_TARGETS)
fuzz-targets:
	@$(MAKE) -s --no-print-directory BUILD='$(FUZZ)' CC='$(if $(findstring clang,$(CC)),$(CC),clang)' CFLAGS='-O1 -g' WERROR= \
	  SANITIZE='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined' $(FUZZ_TARGETS:%='$(FUZZ)/%')

# -- Other machines than this one, as root, as they make bare systems and take rights away; and arm64 without one of it
RELEASES := bookworm trixie sid
COMMANDS := make compare QUICK=1; make test; make test-container
# What is tried under Docker's refusals. `make test` reads the live profiles; the report says what was refused.
CONTAINER_COMMANDS := make compare QUICK=1 && grep "no fixed layout" $(RESULTS)/latest/compare.md && make gate && \
  make grade STUDENT=$(FIXED) && make test
ARM64 := $(BUILD)/arm64

test-distros: ## develop: from bare on other releases (RELEASES='bookworm trixie sid', COMMANDS='make compare QUICK=1; make test')
	@bench/packages.sh debootstrap git
	@tests/distros/run.sh '$(RELEASES)' $(call quote,$(COMMANDS))
# the tests have several naive services at a time, with thousands of threads
test-container: ## develop: under what Docker refuses by default (CONTAINER_COMMANDS='make test', PIDS=8192, USER_NAME=)
	$(call ready,@test,all $(BUILD)/bin/doctor $(TESTS)/refuse)
	@PIDS=100 tests/distros/container.sh $(call quote,$(BUILD)) tests/distros/few_threads.sh \
	  '$(BUILD)/bin/fastenough-$(ALL_NAIVE)' '$(BUILD)/bin/doctor' '$(BUILD)/bin' $(call quote,$(RESULTS))
	@tests/distros/container.sh $(call quote,$(BUILD)) sh -c $(call quote,$(CONTAINER_COMMANDS))
$(call program,tests/refuse,$(TESTS)/distros/refuse.o)
test-devcontainer: ## develop: what .devcontainer/ says, on a bare system instead of in Docker (CONTAINER_COMMANDS='make test')
	@bench/packages.sh debootstrap git
	@tests/distros/run.sh "$$(sed -n 's/^FROM debian://p' .devcontainer/Dockerfile)" \
	  $(call quote,tests/distros/devcontainer.sh $(call quote,$(CONTAINER_COMMANDS)))
test-arm64: $(GO_READY) ## develop: cross-build all programs for arm64, and run them and their profiles under qemu-user
	@bench/packages.sh gcc-aarch64-linux-gnu qemu-user golang-go curl
	@tests/arm64/sysroot.sh '$(ARM64)/sysroot' $$(bench/packages.sh --list @service | grep -vxE 'gcc|make')
	@$(MAKE) -s --no-print-directory -j$$(nproc) BUILD='$(ARM64)' CC='aarch64-linux-gnu-gcc --sysroot=$(ARM64)/sysroot' all
	@GOCACHE='$(GO_CACHE)' GOFLAGS=-mod=mod tests/arm64/run.sh '$(ARM64)'
packages: ## develop: install what any of the targets needs
	@bench/packages.sh @all
