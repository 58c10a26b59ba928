# build/bin/timeline-nnnn and the programs with one lesson fixed, traced (trace.c): the row of a lesson about a lock
# says that it is wanted.

TRACED := lock_acquire lock_release database_round_trip worker_process
TIMELINE_CODES := $(ALL_NAIVE) $(foreach l,$(LESSONS),$(call code,$l))
TIMELINE_PROGRAMS := $(TIMELINE_CODES:%=$(BUILD)/bin/timeline-%)
# these calls are looked at between objects
$(BUILD)/bench/timeline/trace.o $(addprefix $(BUILD)/common/,lock.o database.o worker.o): ALL_CFLAGS += -fno-lto
COMPARE_PROGRAMS += $(TIMELINE_PROGRAMS)

define link_timeline
$(BUILD)/bin/timeline-$1: $(BUILD)/bench/timeline/trace.o $(BUILD)/common/main.o $(BUILD)/variant/$1.o \
                          $(call seam,$1) $(BUILD)/libcommon.a
	@mkdir -p $$(@D)
	@echo '  LINK  $$@'
	$(Q)$(LINK) $(COUNTED) $(TRACED:%=-Wl,--wrap=%) -o $$@ $$^ $(PROGRAM_LIBS)
endef
$(foreach v,$(TIMELINE_CODES),$(eval $(call link_timeline,$v)))
