# Other machines than this one. All of these as root, as they make bare systems, and take rights away.

RELEASES := bookworm trixie sid
COMMANDS := make compare QUICK=1; make test; make test-container
# What is tried under Docker's refusals. `make test` reads the live profiles; the report says what was refused.
CONTAINER_COMMANDS := make compare QUICK=1 && grep "no fixed layout" $(RESULTS)/latest/compare.md && make gate && \
  make grade STUDENT=$(FIXED) && make test
# where few threads are to be had, each says what is short
WITH_FEW_THREADS := $(BUILD)/bin/fastenough generate 20000 2>/dev/null | $(BUILD)/bin/fastenough-$(ALL_NAIVE) run - 2>&1 >/dev/null | grep "pids limit" && \
  $(BUILD)/bin/doctor $(BUILD)/bin $(RESULTS) | grep -e --pids-limit

.PHONY: test-distros test-container test-devcontainer packages

test-distros: ## from bare on other releases (RELEASES='bookworm trixie sid', COMMANDS='make compare QUICK=1; make test')
	@bench/packages.sh debootstrap git
	@tests/distros/run.sh '$(RELEASES)' $(call quote,$(COMMANDS))

# the tests have several naive services at a time, with thousands of threads
test-container: ## under what Docker refuses by default (CONTAINER_COMMANDS='make test', PIDS=8192, USER_NAME=)
	@bench/packages.sh $(TEST_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) all $(BUILD)/bin/doctor $(BUILD)/tests/refuse
	@PIDS=100 tests/distros/container.sh $(call quote,$(BUILD)) sh -c $(call quote,$(WITH_FEW_THREADS))
	@tests/distros/container.sh $(call quote,$(BUILD)) sh -c $(call quote,$(CONTAINER_COMMANDS))

test-devcontainer: ## what .devcontainer/ says, on a bare system instead of in Docker (CONTAINER_COMMANDS='make test')
	@bench/packages.sh debootstrap git
	@tests/distros/run.sh "$$(sed -n 's/^FROM debian://p' .devcontainer/Dockerfile)" \
	  $(call quote,tests/distros/devcontainer.sh $(call quote,$(CONTAINER_COMMANDS)))

$(BUILD)/tests/refuse: tests/distros/refuse.c
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $<

packages: ## install what any of the targets needs
	@bench/packages.sh git ca-certificates $(sort $(COMPARE_PACKAGES) $(TEST_PACKAGES) $(GRADE_PACKAGES) $(SANDBOX_PACKAGES) \
	  $(LOAD_PACKAGES) $(HOOKS_PACKAGES) $(FUZZ_PACKAGES) $(NOTEBOOK_PACKAGES) $(LAB_PACKAGES))
