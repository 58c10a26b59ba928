# Kits: folders that are lessons (bench/kits/README.md). With KIT=FOLDER make's targets are about one.
KITS := $(addprefix $(BUILD)/bench/pair/,kit.o kit_build.o)
KIT_GRADING := $(addprefix $(BUILD)/bench/classroom/,kits/counting.o count.o grading.o likeness.o record_file.o sandbox.o)
$(call program,bin/kit,$(BUILD)/bench/classroom/kits/main.o $(KITS) $(KIT_GRADING) $(BENCH),-lcjson -lsqlite3 -lm)
kit-programs:
	@bench/packages.sh @grade strace
	@bench/packages.sh @sandbox || echo "Grading goes on without it, and says what is not contained then." >&2
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/kit
kit_grade = mkdir -p -- $(call quote,$(GRADES)) && $(BUILD)/bin/kit --kit $(call quote,$(KIT)) --student $(call quote,$(STUDENT)) \
  --results $(call quote,$(GRADES))
kit_exercise = bench/classroom/kits/exercise.sh $(call quote,$(KIT)) $(call quote,$(DIR)) '$(BUILD)/bin/kit'
