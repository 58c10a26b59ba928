# What live profiling costs: make bench-pprof [ROUNDS=15]

HOOKS_PACKAGES := gcc libc6-dev make libgsl-dev
HOOKS_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard bench/hooks/*.c))

.PHONY: bench-pprof

bench-pprof: ## what the hooks of live profiling cost, off and on (ROUNDS=)
	@bench/packages.sh $(HOOKS_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/hooks
	@$(BUILD)/bin/hooks $(ROUNDS)

$(BUILD)/bench/hooks/%.o: bench/hooks/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(CPPFLAGS) -D_GNU_SOURCE= -Ibench/statistics $(CFLAGS) -c -o $@ $<

$(BUILD)/bin/hooks: $(HOOKS_OBJECTS) $(BUILD)/bench/statistics/stats.o $(HOOKS) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(CC) -pthread -o $@ $^ -lgsl -lgslcblas -lm
