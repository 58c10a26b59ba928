# The article as a script: nnnn and ffff under load, profiled while they run.
#   make session [STEP=1] [SECONDS=5]

.PHONY: session

session: ## profile nnnn, then ffff, while they run (STEP=1 waits for you between steps)
	@bench/packages.sh $(SERVICE_PACKAGES) wrk curl
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/bin/fastenough-$(ALL_NAIVE) $(BUILD)/bin/fastenough-$(ALL_FIXED)
	@STEP=$(call quote,$(STEP)) SECONDS_EACH=$(call quote,$(or $(SECONDS),5)) bench/session/session.sh '$(BUILD)/bin' $(call quote,$(RESULTS)/session)
