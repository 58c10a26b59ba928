# What profiling costs: ffff under load with it and without, in rounds.
#   make pprof-cost [ROUNDS=15]

.PHONY: pprof-cost

pprof-cost: ## what live profiling costs: ffff under load with it and without (ROUNDS=15)
	@bench/packages.sh $(SERVICE_PACKAGES) libcjson-dev libgsl-dev
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/fastenough-$(ALL_FIXED) $(BUILD)/bin/pprof-cost
	@$(BUILD)/bin/pprof-cost '$(BUILD)/bin' $(call quote,$(or $(ROUNDS),15))

$(BUILD)/bin/pprof-cost: $(BUILD)/bench/cost/main.o $(COST_OBJECTS) $(BUILD)/bench/statistics/stats.o
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ -lgsl -lgslcblas -lcjson -lm

$(BUILD)/bench/cost/%.o: bench/cost/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<
