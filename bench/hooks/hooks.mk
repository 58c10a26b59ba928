# What live profiling costs: make bench-pprof [ROUNDS=9]

HOOKS_PACKAGES := gcc libc6-dev make libgsl-dev libcjson-dev libsqlite3-dev
HOOKS_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard bench/hooks/*.c))

.PHONY: bench-pprof

bench-pprof: ## what the hooks of live profiling cost, off and on (ROUNDS=)
	@bench/packages.sh $(HOOKS_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/hooks
	@$(BUILD)/bin/hooks $(if $(ROUNDS),$(call quote,$(ROUNDS)))

$(BUILD)/bench/hooks/%.o: bench/hooks/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) -D_GNU_SOURCE= $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/bin/hooks: $(HOOKS_OBJECTS) $(BUILD)/bench/statistics/stats.o $(BUILD)/variant/$(ALL_FIXED).o \
                     $(call seam,$(ALL_FIXED)) $(HOOKS) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ -lgsl -lgslcblas $(PROGRAM_LIBS)
