# The harness: the floor, the benchmarks, the comparison.

COMPARE_PACKAGES := gcc g++ libc6-dev make valgrind libc6-dbg libcjson-dev libgsl-dev libxml2-dev \
                    libprotobuf-c-dev protobuf-c-compiler protobuf-compiler \
                    libsqlite3-dev zlib1g-dev libmicrohttpd-dev libdw-dev \
                    libbenchmark-dev wrk esbuild libjs-chart.js node-d3-hierarchy node-d3-selection
COMPARE_PROGRAMS = $(PROGRAMS) $(BUILD)/bin/floor $(BUILD)/bin/compare $(BENCHMARK_PROGRAMS)
COMPARE_OPTIONS = --programs '$(BUILD)/bin' --results $(call quote,$(RESULTS)) \
                  --mode $(if $(FULL),full,$(if $(QUICK),quick,default)) \
                  $(call option,fix,$(FIX)) $(call option,input,$(INPUT)) $(call option,seed,$(SEED)) \
                  $(call option,rounds,$(ROUNDS)) $(call option,base,$(BASE))
RESULTS := bench/results

# what is a program of its own (load.mk, cost.mk), and a chapter of the report
LOAD_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out %/main.c,$(wildcard bench/load/*.c)))
COST_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out %/main.c,$(wildcard bench/cost/*.c)))
CHAPTER_OBJECTS := $(LOAD_OBJECTS) $(COST_OBJECTS)

.PHONY: compare diff

compare: ## measure what each fix is worth (QUICK=1, FULL=1, FIX=key, INPUT=FILE, SEED=, ROUNDS=, BASE=FOLDER, NOISE=cpu, STUDENT=~/hw)
	@bench/packages.sh $(COMPARE_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(COMPARE_PROGRAMS)
	@$(BESIDE_NOISE) $(BUILD)/bin/compare $(COMPARE_OPTIONS)

diff: ## show one lesson: make diff FIX=WHICH_LESSON
	@$(if $(filter $(LESSONS),$(FIX)),,echo "Say which: make diff FIX=$(WHICH_LESSON)" >&2; exit 2)
	@diff -u $(call quote,$(NAIVE)/$(FIX).c) $(call quote,$(FIXED)/$(FIX).c) || test $$? -eq 1

COMPARE_LIBS := -lgsl -lgslcblas -lcjson -lxml2 -lprotobuf-c -lsqlite3 -lz -lm
# the phases of a comparison, and what they are made of
COMPARE_FOLDERS := bench/compare bench/process bench/readers bench/statistics bench/report
COMPARE_SOURCES := $(wildcard $(COMPARE_FOLDERS:%=%/*.c))
COMPARE_OBJECTS := $(COMPARE_SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/bench/lesson.o
# the report names the compiler and its flags; this is asked only when the file is compiled
COMPARE_CPPFLAGS = $(call text,COMPARE_COMPILER,$(shell $(CC) --version | head -n 1)) \
                   $(call text,COMPARE_FLAGS,$(strip $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) $(SANITIZE)))

$(BUILD)/bench/readers/drd.o: ALL_CPPFLAGS += -I/usr/include/libxml2
$(COMPARE_OBJECTS): $(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(COMPARE_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# profile.proto's messages in C, by protobuf-c
COMPARE_OBJECTS += $(BUILD)/bench/readers/profile.pb-c.o
$(BUILD)/bench/readers/cpu_samples.o $(BUILD)/bench/readers/profile.pb-c.o: ALL_CPPFLAGS += -iquote $(BUILD)/bench/readers
$(BUILD)/bench/readers/cpu_samples.o: $(BUILD)/bench/readers/profile.pb-c.c

$(BUILD)/bench/readers/profile.pb-c.c: bench/readers/profile.proto
	@mkdir -p $(@D)
	@echo '  PROTO $@'
	$(Q)protoc -Ibench/readers --c_out=$(@D) $<

$(BUILD)/bench/readers/profile.pb-c.o: $(BUILD)/bench/readers/profile.pb-c.c
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/bench/%.o: bench/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/bin/floor: $(BUILD)/bench/floor.o
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ -lcjson

$(BUILD)/bin/compare: $(COMPARE_OBJECTS) $(CHAPTER_OBJECTS) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ $(COMPARE_LIBS)

-include bench/benchmarks.mk
-include bench/report/report.mk
-include bench/timeline/timeline.mk
-include bench/hooks/hooks.mk
-include bench/classroom/classroom.mk
-include bench/open/open.mk
-include bench/session/session.mk
-include bench/cost/cost.mk
-include bench/gate/gate.mk
