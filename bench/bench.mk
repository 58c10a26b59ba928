# The harness: what measures, and what shows it.

# -- The programs
# What several of them read and write with, and needs no library but cJSON: grading and a bundle ask for no more.
BENCH := $(BUILD)/libbench.a $(BUILD)/libcommon.a
LARGER_READERS := $(addprefix $(BUILD)/bench/readers/,drd.o cpu_samples.o)
$(BUILD)/libbench.a: $(filter-out $(LARGER_READERS),$(call parts,bench/process bench/readers bench/report)) \
                     $(addprefix $(BUILD)/bench/,lesson.o)
STATISTICS := $(call parts,bench/statistics)
STATISTICS_LIBS := -lgsl -lgslcblas -lcjson -lm
# a comparison, whose chapters the load and what profiling costs and says are, too; and the page
COMPARE := $(call parts,bench/compare bench/pair bench/model bench/load bench/cost bench/calibrate) $(STATISTICS) $(LARGER_READERS) $(BUILD)/bench/readers/profile.pb-c.o \
           $(BUILD)/bench/report/page_parts.o $(BENCH)
COMPARE_LIBS := $(STATISTICS_LIBS) -lxml2 -lprotobuf-c -lsqlite3 -lz
# the report names the compiler and its flags; this is asked only when the file is compiled
$(BUILD)/bench/compare/machine.o: ALL_CPPFLAGS += $(call text,COMPARE_COMPILER,$(shell $(CC) --version | head -n 1)) \
  $(call text,COMPARE_REFERENCE,$(if $(MADE_WITH),$(shell sed -n 2p $(MADE_WITH)))) \
  $(call text,COMPARE_FLAGS,$(strip $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) $(SANITIZE)))
$(BUILD)/bench/readers/drd.o $(BUILD)/tests/classroom/grading.o: ALL_CPPFLAGS += -I/usr/include/libxml2
$(BUILD)/bench/readers/cpu_samples.o: $(BUILD)/bench/readers/profile.pb-c.c

$(call program,bin/floor,$(BUILD)/bench/floor.o,-lcjson)
$(call program,bin/compare,$(BUILD)/bench/compare/main.o $(COMPARE),$(COMPARE_LIBS))
$(call program,bin/gate,$(call objects,bench/gate/*.c) $(COMPARE),$(COMPARE_LIBS))
$(call program,bin/page,$(BUILD)/bench/report/main.o $(COMPARE),$(COMPARE_LIBS))
$(call program,bin/load,$(call objects,bench/load/*.c) $(call parts,bench/model) $(STATISTICS) $(BENCH),$(STATISTICS_LIBS) -lsqlite3)
$(call program,bin/pprof-cost,$(call objects,bench/cost/*.c) $(call parts,bench/model) $(STATISTICS) $(BENCH),$(STATISTICS_LIBS))
$(call program,bin/calibrate,$(BUILD)/bench/calibrate/main.o $(COMPARE),$(COMPARE_LIBS))
$(call program,bin/annotate,$(call objects,bench/open/*.c) $(BUILD)/libbench.a,-lm)
$(call program,bin/hooks,$(call objects,bench/hooks/*.c) $(STATISTICS) $(call seam,$(ALL_FIXED)) $(HOOKS) $(BUILD)/libcommon.a,\
  $(STATISTICS_LIBS) $(PROGRAM_LIBS))

# Google Benchmark: bench-nnnn to bench-ffff, each with the seams of the program of its name. A comparison runs these two,
# and the others are built when they are asked for.
BENCHMARK_PROGRAMS := $(addprefix $(BUILD)/bin/bench-,$(ALL_NAIVE) $(ALL_FIXED))
BENCHMARKS := $(filter-out %/floor.o %/lesson.o,$(call objects,bench/*.c)) $(BUILD)/bench/shim.o
# the list for benchmarks.h, which cannot be had from C alone
$(BENCHMARKS): ALL_CPPFLAGS += '-DLESSONS(of)=$(foreach l,$(LESSONS),of($l))'
$(foreach c,$(CODES),$(call program,bin/bench-$c,$(BENCHMARKS) $(call seam,$c) $(BUILD)/libcommon.a,\
  $(COUNTED) -lbenchmark -lstdc++ $(PROGRAM_LIBS)))

# timeline-nnnn and the programs with one lesson fixed, traced (trace.c) at calls that are looked at between objects: the row
# of a lesson about a lock says that it is wanted.
TIMELINE_CODES := $(ALL_NAIVE) $(foreach l,$(LESSONS),$(call code,$l))
TIMELINE_PROGRAMS := $(TIMELINE_CODES:%=$(BUILD)/bin/timeline-%)
TRACED := $(patsubst %,-Wl$(comma)--wrap=%,lock_acquire lock_release database_round_trip worker_process)
$(BUILD)/bench/timeline/trace.o $(addprefix $(BUILD)/common/,lock.o database.o worker.o): ALL_CFLAGS += -fno-lto
$(foreach c,$(TIMELINE_CODES),$(call program,bin/timeline-$c,$(addprefix $(BUILD)/,bench/timeline/trace.o common/command/main.o) \
  $(call seam,$c) $(BUILD)/libcommon.a,$(COUNTED) $(TRACED) $(PROGRAM_LIBS)))

# The programs of which times are compared, linked in other orders, too (bench/compare/layouts.h). A run takes as many as it
# finds, and an interval over more of them is narrower.
LAYOUT_COUNT := $(if $(FULL),48,24)
LAYOUT_CODES := $(sort $(ALL_NAIVE) $(ALL_FIXED) $(foreach l,$(LESSONS),$(call code,$l) $(call code,$(filter-out $l,$(LESSONS)))))
LAYOUTS := $(LAYOUT_CODES:%=$(BUILD)/bin/layouts/%)
DRAWN_FROM = $(or $(SEED),1) $(LAYOUT_COUNT)
$(LAYOUTS): $(BUILD)/bin/layouts/%: $(BUILD)/bin/fastenough-% bench/compare/link_orders.sh $(BUILD)/layouts
	$(call say,ORDER)
	$(Q)bench/compare/link_orders.sh $(foreach word,$(DRAWN_FROM),$(call quote,$(word))) $(@D)/fastenough-$* \
	  $(BUILD)/common/command/main.o $(call seam,$*) $(HOOKS) $(SHARED) -- $(LINK) -s $(COUNTED) -- $(PROGRAM_LIBS)
	@touch $@
ifneq ($(file <$(BUILD)/layouts),$(DRAWN_FROM))
$(BUILD)/layouts: always
endif
$(BUILD)/layouts:
	@mkdir -p $(@D)
	@printf '%s\n' $(call quote,$(DRAWN_FROM)) >$@

# The program with nothing fixed, two of whose functions can be made longer (burden.c).
$(BUILD)/bench/amdahl/burden.o $(addprefix $(BUILD)/common/,record.o worker.o): ALL_CFLAGS += -fno-lto
$(call program,bin/burden-$(ALL_NAIVE),$(addprefix $(BUILD)/,bench/amdahl/burden.o common/command/main.o) \
  $(call seam,$(ALL_NAIVE)) $(BUILD)/libcommon.a,$(COUNTED) -Wl$(comma)--wrap=record_parse$(comma)--wrap=record_validate $(PROGRAM_LIBS))
$(call program,bin/amdahl,$(BUILD)/bench/amdahl/main.o $(STATISTICS) $(BENCH),$(STATISTICS_LIBS))

# The page: its skeleton, its style, its script with the libraries, and their licences, embedded into whatever renders it.
# bench/report/page/ holds the sources; esbuild makes one file of the modules and of what they import from Debian's packages.
PAGE := $(BUILD)/bench/report/page
# where the libraries are: Debian's folders, or else a node_modules with chart.js 3, d3-hierarchy and d3-selection
NODE_PATH ?= /usr/share/nodejs
PAGE_LICENCES := $(or $(wildcard $(patsubst %,/usr/share/doc/%/copyright,libjs-chart.js node-d3-hierarchy node-d3-selection)),\
                      $(wildcard $(NODE_PATH)/*/LICENSE*))
$(PAGE)/script.js: bench/report/embed.sh $(wildcard bench/report/page/*) $(PAGE_LICENCES)
	$(call say,JS)
	$(Q)NODE_PATH=$(call quote,$(NODE_PATH)) bench/report/embed.sh $(@D) $(PAGE_LICENCES)
$(BUILD)/bench/report/page_parts.o: bench/report/page/page.html $(PAGE)/script.js
$(BUILD)/bench/report/page_parts.o: ALL_CPPFLAGS += -DPAGE_HTML='bench/report/page/page.html' -DPAGE_STYLE='$(PAGE)/style.css' \
  -DPAGE_SCRIPT='$(PAGE)/script.js' -DPAGE_LICENCES='$(PAGE)/licences.txt'

# -- Measuring
RESULTS := bench/results
GUESSES := $(RESULTS)/guesses.json
ENDS := $(addprefix $(BUILD)/bin/fastenough-,$(ALL_NAIVE) $(ALL_FIXED))
COMPARE_PROGRAMS := $(PROGRAMS) $(BUILD)/bin/floor $(BUILD)/bin/compare $(BENCHMARK_PROGRAMS) $(TIMELINE_PROGRAMS) $(LAYOUTS) \
                    $(if $(NOISE),$(BUILD)/bin/noise)
MEASURE_OPTIONS = --programs '$(BUILD)/bin' --results $(call quote,$(RESULTS)$1)
MODE_OPTIONS = --mode $(if $(FULL),full,$(if $(QUICK),quick,default)) $(call option,seed,$(SEED)) $(if $(PAIR),,$(call option,rounds,$(ROUNDS)))

# Two commands of anybody's, or a kit, in the place of the lessons: what they are may have any character in it, a newline, too, so
# that it comes through the environment.
export BEFORE AFTER
PAIR := $(if $(BEFORE)$(AFTER)$(KIT),1)
PAIR_OPTIONS = $(if $(KIT),--kit $(call quote,$(KIT)) $(call option,student,$(STUDENT)),--before "$$BEFORE" --after "$$AFTER") $(call option,stdin,$(STDIN)) $(call option,dir,$(DIR)) \
  $(call option,name,$(NAME)) $(call option,proof,$(PROOF)) $(call option,budget,$(BUDGET))

compare: ## measure: measure what each fix is worth (QUICK=1, FULL=1, FIX=key, INPUT=FILE, SEED=, ROUNDS=, BASE=FOLDER, NOISE=cpu, STUDENT=~/hw); or two commands: BEFORE= AFTER= (STDIN=, DIR=, NAME=, PROOF=, BUDGET=60s); or KIT=FOLDER
	$(call ready,@compare,$(if $(PAIR),$(BUILD)/bin/compare,$(COMPARE_PROGRAMS)))
	@$(if $(NOISE),$(BUILD)/bin/noise $(call quote,$(NOISE))) $(BUILD)/bin/compare $(call MEASURE_OPTIONS) $(MODE_OPTIONS) \
	  --guesses $(call quote,$(GUESSES)) $(call option,base,$(BASE)) \
	  $(if $(PAIR),$(PAIR_OPTIONS),$(call option,fix,$(FIX)) $(call option,input,$(INPUT)) $(YOURS_OPTIONS))
bench: $(BENCHMARK_PROGRAMS) ## measure: run the benchmarks, naive and fixed (FILTER=key)
	@for program in $^; do $$program --benchmark_filter=$(call quote,$(FILTER)) || exit; done
load: ## measure: drive the service: naive and fixed side by side (QUICK=1, FULL=1, SOAK=600)
	$(call ready,@load,$(ENDS) $(BUILD)/bin/load)
	@mkdir -p -- $(call quote,$(RESULTS))
	@$(BUILD)/bin/load $(call MEASURE_OPTIONS,/load) --script bench/load/post.lua $(MODE_OPTIONS) \
	  $(call option,seconds,$(SECONDS)) $(call option,soak,$(SOAK))
amdahl: ## measure: Amdahl by hand: the slope of the time over instructions added to a function (ROUNDS=10, SEED=)
	$(call ready,@service libgsl-dev,$(BUILD)/bin/burden-$(ALL_NAIVE) $(BUILD)/bin/amdahl)
	@$(BUILD)/bin/burden-$(ALL_NAIVE) generate 500 >'$(BUILD)/amdahl.ndjson'
	@$(BUILD)/bin/amdahl --program '$(BUILD)/bin/burden-$(ALL_NAIVE)' --input '$(BUILD)/amdahl.ndjson' \
	  $(call option,rounds,$(ROUNDS)) $(call option,seed,$(SEED))
pprof-cost: ## measure: what live profiling costs the fixed service under load (ROUNDS=15)
	$(call ready,@service libgsl-dev,$(BUILD)/bin/fastenough-$(ALL_FIXED) $(BUILD)/bin/pprof-cost)
	@$(BUILD)/bin/pprof-cost --programs '$(BUILD)/bin' $(call option,rounds,$(ROUNDS))
calibrate: ## measure: how true the live profiles are, each held against what is known (RUNS=6)
	$(call ready,@compare,$(ENDS) $(BUILD)/bin/calibrate)
	@$(BUILD)/bin/calibrate --programs '$(BUILD)/bin' $(call option,runs,$(RUNS))
bench-pprof: ## measure: what the hooks of live profiling cost, off and on (ROUNDS=)
	$(call ready,@service libgsl-dev,$(BUILD)/bin/hooks)
	@$(BUILD)/bin/hooks $(if $(ROUNDS),$(call quote,$(ROUNDS)))
# For CI. make itself ends with 2 whatever a recipe ended with; build/bin/gate, called as here, ends with 3 where a count
# got worse. It ends with 4 where none did, but the baseline is of another compiler: that is said, with what to do, and
# does not fail here. With NOW=folder nothing is measured: results that there are already are judged.
gate: ## measure: fail where a count got worse than bench/gate/baseline.json's (BASE=folder or file, LIMIT=2%, NOW=folder)
	$(call ready,@compare,gate-programs)
	@$(BUILD)/bin/gate $(call MEASURE_OPTIONS) $(call option,base,$(BASE)) $(call option,limit,$(LIMIT)) \
	  $(call option,now,$(NOW)) || test $$? -eq 4
gate-baseline: ## measure: write bench/gate/baseline.json anew, from what is built now
	$(call ready,@compare,gate-programs)
	@$(BUILD)/bin/gate $(call MEASURE_OPTIONS) --write bench/gate/baseline.json
gate-programs: $(PROGRAMS) $(BUILD)/bin/gate

# -- Looking at it: RESULTS=FOLDER on the command line is one folder of results
OPEN_FOLDER = $(if $(filter override,$(origin RESULTS)),$(RESULTS),$(RESULTS)/latest)
# Results of two commands, or of a kit, have no lessons to choose from.
is_lesson = @$(if $(filter $(LESSONS),$(FIX)),,[ -e $(call quote,$(OPEN_FOLDER))/raw/callgrind.out.before ] || \
  [ -e $(call quote,$(OPEN_FOLDER))/raw/callgrind.out.naive ] || { echo "Say which: make $@ FIX=$(WHICH_LESSON)" >&2; exit 2; })

kcachegrind: ## look: open the naive and the fixed profile: make kcachegrind FIX=WHICH_LESSON
	@bench/open/kcachegrind.sh $(call quote,$(OPEN_FOLDER)) $(call quote,$(FIX)) . '$(BUILD)/bin'
annotate: ## look: the same as text: make annotate FIX=WHICH_LESSON
	$(is_lesson)
	$(call ready,@compare,$(BUILD)/bin/annotate)
	@$(BUILD)/bin/annotate $(call quote,$(OPEN_FOLDER)) $(call quote,$(FIX))
bundle: ## look: pack the last results, with sources, programs and raw files, into one archive to take along
	$(call ready,@compare,$(BUILD)/bin/annotate)
	@bench/open/bundle.sh $(call quote,$(OPEN_FOLDER)) . '$(BUILD)/bin'
open: ## look: say which file opens with which program
	@cat bench/open/README.md
page: ## look: write the page of bench/results/latest anew (RESULTS=FOLDER)
	$(call ready,@compare,$(BUILD)/bin/page)
	@$(BUILD)/bin/page $(call quote,$(OPEN_FOLDER))

# -- Serving
VARIANT := $(ALL_FIXED)
SERVE_OPTIONS :=
serve: ## serve: serve over HTTP: make serve VARIANT=ALL_NAIVE SERVE_OPTIONS='--db-latency 50us'
	@$(if $(filter $(VARIANT),$(CODES)),,\
	  echo "Say which of the $(words $(CODES)): make serve VARIANT=$(ALL_NAIVE) (to $(ALL_FIXED))" >&2; exit 2)
	$(call ready,@service,$(BUILD)/bin/fastenough-$(VARIANT))
	@exec $(BUILD)/bin/fastenough-$(VARIANT) serve $(SERVE_OPTIONS)
