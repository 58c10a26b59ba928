# Kits: folders that are lessons (bench/kits/README.md). With KIT=FOLDER make's targets are about one.
KITS := $(addprefix $(BUILD)/bench/pair/,kit.o kit_build.o)
KIT_GRADING := $(addprefix $(BUILD)/bench/classroom/,kits/counting.o count.o grading.o likeness.o record_file.o sandbox.o)
$(call program,bin/kit,$(BUILD)/bench/classroom/kits/main.o $(KITS) $(KIT_GRADING) $(BENCH),-lcjson -lsqlite3 -lm)
KIT_TEMPLATE := bench/kits/template

kit: ## teach: make a kit of your own, a lesson in a folder that runs at once: make kit DIR=~/my-lesson
	@bench/classroom/new_folder.sh kit $(call quote,$(DIR)) $(KIT_TEMPLATE)/.
	@echo "A kit that runs at once: make compare KIT="$(call quote,$(DIR))". bench/kits/README.md says how to make it yours."

kit-programs:
	@bench/packages.sh @grade strace
	@bench/packages.sh @sandbox || echo "Grading goes on without it, and says what is not contained then." >&2
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/kit
kit_grade = mkdir -p -- $(call quote,$(GRADES)) && $(BUILD)/bin/kit --kit $(call quote,$(KIT)) --student $(call quote,$(STUDENT)) \
  --results $(call quote,$(GRADES))
kit_exercise = bench/classroom/kits/exercise.sh $(call quote,$(KIT)) $(call quote,$(DIR)) '$(BUILD)/bin/kit'
