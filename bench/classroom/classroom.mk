# The classroom: exercises and their grades.
#   make exercise DIR=~/hw
#   make grade STUDENT=~/hw [SEED=] [INPUT=] [GRADES=]      make grade STUDENT='submissions/*'

GRADE_PACKAGES = $(SERVICE_PACKAGES) binutils valgrind libc6-dbg util-linux
SANDBOX_PACKAGES := bubblewrap
GRADES := $(RESULTS)/grades
GRADE_OPTIONS = --kit '$(KIT)' --naive '$(NAIVE)' --fixed '$(FIXED)' --results $(call quote,$(GRADES)) --student $(call quote,$(STUDENT)) \
                $(call option,seed,$(SEED)) $(call option,input,$(INPUT)) $(call option,jobs,$(JOBS))

.PHONY: exercise grade grade-programs kit

exercise: ## make a student's folder: make exercise DIR=~/hw
	@bench/classroom/exercise.sh '$(NAIVE)' $(call quote,$(DIR)) $(LESSONS)

grade-programs:
	@bench/packages.sh $(GRADE_PACKAGES)
	@bench/packages.sh $(SANDBOX_PACKAGES) || echo "Grading goes on without it, and says what is not contained then." >&2
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/grade kit

grade: grade-programs ## grade a student's folder, or a class: make grade STUDENT=~/hw (or 'submissions/*')
	@$(BUILD)/bin/grade $(GRADE_OPTIONS)

CLASSROOM_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard bench/classroom/*.c))
GRADE_OBJECTS := $(filter-out %/predict.o %/doctor.o %/noise.o,$(CLASSROOM_OBJECTS))
GRADE_SHARES := $(patsubst %,$(BUILD)/bench/%.o,process/child process/child_describe process/child_process \
                  readers/json readers/text readers/rundoc readers/dhat readers/frame readers/callgrind \
                  readers/callgrind_costs readers/names report/render_escape report/render_number report/render_words lesson compare/plan compare/guess)

$(BUILD)/bench/classroom/%.o: bench/classroom/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/bin/grade: $(GRADE_OBJECTS) $(GRADE_SHARES) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ -lcjson -lsqlite3 -lm

# What submissions are built with: the headers, and all objects but theirs, plain and with sanitizers.
KIT := $(BUILD)/classroom/kit
KIT_CHECKED := $(BUILD)/asan
KIT_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
KIT_FIXED = $(foreach p,$(LESSONS),$1/fixed/$p.o)

# $(call kit_objects,BUILD) are what it takes of a build folder; the monitor is part of the checked one.
kit_objects = $1/common/main.o $1/variant/$(ALL_FIXED).o $1/libcommon.a $(call KIT_FIXED,$1) $1/bench/classroom/kit/tags.o

kit: $(call kit_objects,$(BUILD)) $(BUILD)/bin/fastenough-$(ALL_FIXED)
	@$(MAKE) -s --no-print-directory BUILD='$(KIT_CHECKED)' SANITIZE='$(KIT_SANITIZE)' \
	  $(call kit_objects,$(KIT_CHECKED)) $(KIT_CHECKED)/bench/classroom/kit/monitor.o
	@mkdir -p $(KIT)/common $(KIT)/counted $(KIT)/checked
	@cp common/*.h $(KIT)/common/
	@cp bench/classroom/kit/shield.h $(KIT)/
	@printf '#!/bin/sh\nexec %s "$$@"\n' "$$(command -v $(firstword $(CC))) $(wordlist 2,9,$(CC))" >$(KIT)/cc && chmod +x $(KIT)/cc
	@echo '-pthread $(COUNTED)' >$(KIT)/flags
	@echo '$(PROGRAM_LIBS)' >$(KIT)/libraries
	@cp $(call kit_objects,$(BUILD)) $(KIT)/counted/
	@cp $(BUILD)/bin/fastenough-$(ALL_FIXED) $(KIT)/counted/reference
	@cp $(call kit_objects,$(KIT_CHECKED)) $(KIT_CHECKED)/bench/classroom/kit/monitor.o $(KIT)/checked/
	@mv $(KIT)/counted/$(ALL_FIXED).o $(KIT)/counted/variant.o && mv $(KIT)/checked/$(ALL_FIXED).o $(KIT)/checked/variant.o

# A decoy is one file in the place of its naive one: what does it change? The other three are the fixed ones only
# so that there is a whole tree; with FIX= they are in both builds or in neither.
DECOYS := $(patsubst bench/classroom/decoys/%/,%,$(wildcard bench/classroom/decoys/*/))
DECOY_FILE = $(notdir $(wildcard bench/classroom/decoys/$(NAME)/*.c))
DECOY_TREE = $(BUILD)/decoys/$(NAME)

.PHONY: decoy

decoy: ## measure a change that sounds right: make decoy NAME=reserve (breather, detached, quicksort)
	@$(if $(filter $(DECOYS),$(NAME)),,echo "Say which: make decoy NAME=reserve (of $(DECOYS))" >&2; exit 2)
	@mkdir -p '$(DECOY_TREE)/fixed'
	@cp -u $(FIXED)/*.c '$(DECOY_TREE)/fixed/' && cp bench/classroom/decoys/$(NAME)/*.c '$(DECOY_TREE)/fixed/'
	@$(MAKE) -s --no-print-directory compare FIX=$(DECOY_FILE:.c=) FIXED='$(DECOY_TREE)/fixed' BUILD='$(DECOY_TREE)' \
	  RESULTS=$(call quote,$(RESULTS)/decoys/$(NAME))

# Guesses, committed before they are measured, are set beside the measurement by `make compare` too.
GUESSES := $(RESULTS)/guesses.json
PREDICT = $(BUILD)/bin/predict --guesses $(call quote,$(GUESSES)) --results $(call quote,$(RESULTS)/latest/compare.json)
COMPARE_PROGRAMS += $(if $(NOISE),$(BUILD)/bin/noise)
COMPARE_OPTIONS += --guesses $(call quote,$(GUESSES))
BESIDE_NOISE = $(if $(NOISE),$(BUILD)/bin/noise $(call quote,$(NOISE)))

.PHONY: predict

predict: ## guess what each fix is worth before measuring (GUESS='key=2 store=hold:100', FORGET=1)
	@bench/packages.sh $(COMPARE_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/predict
	@mkdir -p -- $(call quote,$(RESULTS))
	@$(PREDICT) $(call option,guess,$(GUESS)) $(if $(FORGET),--forget)

$(BUILD)/bin/predict: $(BUILD)/bench/classroom/predict.o $(filter-out %/main.o,$(COMPARE_OBJECTS)) $(CHAPTER_OBJECTS) $(RENDER_OBJECTS) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ $(COMPARE_LIBS)

$(BUILD)/bin/noise: $(BUILD)/bench/classroom/noise.o $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^

.PHONY: doctor

doctor: ## say what is installed, how noisy the machine is now, and what will be missing
	@bench/classroom/doctor.sh 'make compare:$(COMPARE_PACKAGES)' 'make test:$(TEST_PACKAGES)' 'make grade:$(GRADE_PACKAGES) $(SANDBOX_PACKAGES)' \
	  || { echo "The rest can be told once what make compare needs is there." >&2; exit 1; }
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/doctor $(BUILD)/bin/fastenough-$(ALL_NAIVE) >/dev/null
	@$(BUILD)/bin/doctor '$(BUILD)/bin' $(call quote,$(RESULTS))

$(BUILD)/bin/doctor: $(BUILD)/bench/classroom/doctor.o $(BUILD)/bench/classroom/record_file.o $(BUILD)/bench/classroom/sandbox.o \
                     $(filter-out %/main.o,$(COMPARE_OBJECTS)) $(CHAPTER_OBJECTS) $(RENDER_OBJECTS) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ $(COMPARE_LIBS)

# A student's files as a third column: they are built in the place of fixed/ and compared with naive/ first, in the
# same way; what came out stands beside the second comparison. Unlike `make grade`, this runs them as whoever types it.
YOURS := $(BUILD)/yours
ifneq ($(STUDENT),)
COMPARE_OPTIONS += --yours $(call quote,$(RESULTS)/yours/latest) --student $(call quote,$(STUDENT))
compare: yours
endif

.PHONY: yours

yours:
	@bench/classroom/yours.sh $(call quote,$(STUDENT)) '$(YOURS)/fixed' $(LESSONS)
	@printf 'First %s in the place of %s:\n' $(call quote,$(STUDENT)) '$(FIXED)' >&2
	@$(MAKE) -s --no-print-directory compare STUDENT= BASE= WERROR= FIXED='$(YOURS)/fixed' BUILD='$(YOURS)' \
	  RESULTS=$(call quote,$(RESULTS)/yours) >/dev/null
	@echo "And now $(FIXED):" >&2
