# The load: naive and fixed side by side over HTTP, by wrk.
#   make load [QUICK=1|FULL=1] [ROUNDS=] [SECONDS=] [SOAK=600] [SEED=]

LOAD_PACKAGES := gcc libc6-dev make libcjson-dev libgsl-dev libsqlite3-dev zlib1g-dev \
                 libmicrohttpd-dev libdw-dev wrk
LOAD_OPTIONS = --programs '$(BUILD)/bin' --script bench/load/post.lua --results $(call quote,$(RESULTS)/load) \
               --mode $(if $(FULL),full,$(if $(QUICK),quick,default)) \
               $(call option,rounds,$(ROUNDS)) $(call option,seconds,$(SECONDS)) \
               $(call option,soak,$(SOAK)) $(call option,seed,$(SEED))

.PHONY: load

load: ## drive the service: nnnn and ffff side by side (QUICK=1, FULL=1, SOAK=600)
	@bench/packages.sh $(LOAD_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/fastenough-$(ALL_NAIVE) \
		$(BUILD)/bin/fastenough-$(ALL_FIXED) $(BUILD)/bin/load
	@mkdir -p -- $(call quote,$(RESULTS))
	@$(BUILD)/bin/load $(LOAD_OPTIONS)

LOAD_SHARES := $(patsubst %,$(BUILD)/bench/%.o,process/child process/child_describe \
                 process/child_process readers/json readers/text statistics/stats)

$(BUILD)/bench/load/%.o: bench/load/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/bin/load: $(BUILD)/bench/load/main.o $(LOAD_OBJECTS) $(LOAD_SHARES) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ -lgsl -lgslcblas -lcjson -lsqlite3 -lm
