# The classroom: exercises and their grades, guesses, a machine's fitness.
GRADES := $(RESULTS)/grades

CLASSROOM := $(filter-out %/predict.o %/doctor.o %/noise.o,$(call parts,bench/classroom))
$(call program,bin/grade,$(BUILD)/bench/classroom/main.o $(CLASSROOM) $(BENCH),-lcjson -lsqlite3 -lm)
$(call program,bin/predict,$(BUILD)/bench/classroom/predict.o $(COMPARE),$(COMPARE_LIBS))
$(call program,bin/doctor,$(addprefix $(BUILD)/bench/classroom/,doctor.o record_file.o sandbox.o) $(COMPARE),$(COMPARE_LIBS))
$(call program,bin/noise,$(BUILD)/bench/classroom/noise.o $(BUILD)/libcommon.a)

exercise: $(if $(KIT),$(BUILD)/bin/kit) ## teach: make a student's folder: make exercise DIR=~/hw (KIT=FOLDER: of a kit)
	@$(if $(KIT),$(kit_exercise),bench/classroom/exercise.sh '$(NAIVE)' $(call quote,$(DIR)) $(LESSONS))
grade: $(if $(KIT),kit-programs,grade-programs) ## teach: grade a student's folder, or a class: make grade STUDENT=~/hw (or 'submissions/*'; KIT=FOLDER)
	@$(if $(KIT),$(kit_grade),$(BUILD)/bin/grade --kit '$(GRADER_KIT)' --naive '$(NAIVE)' --fixed '$(FIXED)' --results $(call quote,$(GRADES)) \
	  --student $(call quote,$(STUDENT)) $(call option,seed,$(SEED)) $(call option,input,$(INPUT)) $(call option,jobs,$(JOBS)))
grade-programs:
	@bench/packages.sh @grade
	@bench/packages.sh @sandbox || echo "Grading goes on without it, and says what is not contained then." >&2
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/grade grader-kit

# The grader's kit: what submissions are built with, as kit.sh has it. $(call grader_objects,BUILD) are what it takes of a
# build folder; the monitor is part of the checked one.
GRADER_KIT := $(BUILD)/classroom/kit
# how a file on trial is compiled, but for where it finds its headers. Without what some distributions switch on by
# themselves (fortified functions, stack protectors): these are symbols that a student did not write.
GRADED_FLAGS := -std=gnu11 -O2 -g -w -pipe -U_FORTIFY_SOURCE -fno-stack-protector -D_GNU_SOURCE= -fmax-errors=3
CHECKED := $(BUILD)/asan
CHECKED_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
grader_objects = $(addprefix $1/,common/command/main.o variant/$(ALL_FIXED).o libcommon.a $(LESSONS:%=fixed/%.o) bench/classroom/kit/tags.o)
CHECKED_OBJECTS := $(call grader_objects,$(CHECKED)) $(CHECKED)/bench/classroom/kit/monitor.o
grader-kit: $(call grader_objects,$(BUILD)) $(BUILD)/bin/fastenough-$(ALL_FIXED)
	@$(MAKE) -s --no-print-directory BUILD='$(CHECKED)' SANITIZE='$(CHECKED_SANITIZE)' $(CHECKED_OBJECTS)
	@bench/classroom/kit.sh '$(GRADER_KIT)' $(BUILD)/bin/fastenough-$(ALL_FIXED) '$(CC)' '$(GRADED_FLAGS)' '-pthread $(COUNTED)' '$(PROGRAM_LIBS)' \
	  $(call grader_objects,$(BUILD)) -- $(CHECKED_OBJECTS)

# A student's files as a third column: they are built in the place of fixed/ and compared with naive/ first, in the
# same way; what came out stands beside the second comparison. Unlike `make grade`, this runs them as whoever types it.
YOURS := $(BUILD)/yours
YOURS_OPTIONS = $(if $(STUDENT),--yours $(call quote,$(RESULTS)/yours/latest) --student $(call quote,$(STUDENT)))
compare: $(if $(STUDENT),$(if $(KIT),,yours))
yours:
	@bench/classroom/yours.sh $(call quote,$(STUDENT)) '$(YOURS)/fixed' $(LESSONS)
	@printf 'First %s in the place of %s:\n' $(call quote,$(STUDENT)) '$(FIXED)' >&2
	@$(MAKE) -s --no-print-directory compare STUDENT= BASE= WERROR= FIXED='$(YOURS)/fixed' BUILD='$(YOURS)' \
	  RESULTS=$(call quote,$(RESULTS)/yours) >/dev/null
	@echo "And now $(FIXED):" >&2

# Guesses, committed before they are measured, are set beside the measurement by `make compare` too.
predict: ## teach: guess what each fix is worth before measuring (GUESS='key=2 store=hold:100', FORGET=1, KIT=FOLDER)
	$(call ready,@compare,$(BUILD)/bin/predict)
	@mkdir -p -- $(call quote,$(RESULTS))
	@$(BUILD)/bin/predict --guesses $(call quote,$(GUESSES)) --results $(call quote,$(RESULTS)/latest/compare.json) \
	  $(call option,guess,$(GUESS)) $(if $(FORGET),--forget) $(call option,kit,$(KIT))
doctor: ## teach: say what is installed, how noisy the machine is now, and what will be missing
	@list='bench/packages.sh --list' && bench/classroom/doctor.sh "make compare:$$($$list @compare)" \
	  $(if $(TESTS),"make test:$$($$list @test)") "make grade:$$($$list @grade @sandbox)" || { echo "The rest can be told once what make compare needs is there." >&2; exit 1; }
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/doctor $(BUILD)/bin/fastenough-$(ALL_NAIVE) >/dev/null
	@$(BUILD)/bin/doctor '$(BUILD)/bin' $(call quote,$(RESULTS))
