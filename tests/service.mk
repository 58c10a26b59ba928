# The service: serving, its tests with real clients, the fuzz targets.

include bench/load/load.mk

SERVICE_PACKAGES := gcc libc6-dev make libcjson-dev libsqlite3-dev zlib1g-dev libmicrohttpd-dev libdw-dev
VARIANT := $(ALL_FIXED)
SERVE_OPTIONS :=

.PHONY: serve

serve: ## serve over HTTP: make serve VARIANT=nnnn SERVE_OPTIONS='--db-latency 50us'
	@$(if $(filter $(VARIANT),$(CODES)),,echo "Say which of the $(words $(CODES)): make serve VARIANT=$(ALL_NAIVE) (to $(ALL_FIXED))" >&2; exit 2)
	@bench/packages.sh $(SERVICE_PACKAGES)
	@$(MAKE) --no-print-directory -j$$(nproc) $(BUILD)/bin/fastenough-$(VARIANT)
	@exec $(BUILD)/bin/fastenough-$(VARIANT) serve $(SERVE_OPTIONS)

SERVICE_TESTS := $(wildcard tests/service/*.c)
TEST_PROGRAMS += $(BUILD)/tests/service-clients
test-programs: $(BUILD)/tests/service-clients

$(BUILD)/tests/service/%.o: tests/service/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(call text,PROGRAM_FOLDER,$(call absolute,$(BUILD))/bin) -DIS_SANITIZED=$(if $(SANITIZE),1,0) \
	  $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/tests/service-clients: $(SERVICE_TESTS:%.c=$(BUILD)/%.o) $(LEAKS) $(BUILD)/libcommon.a | $(PROGRAMS)
	@echo '  LINK  $@'
	$(Q)$(LINK) $(COUNTED) -o $@ $^ -lcriterion $(PROGRAM_LIBS)

# Criterion does not start in a TSan binary: here the services have TSan, and the clients have not.
.PHONY: sanitize-service
sanitize: sanitize-service
sanitize-service:
	@bench/packages.sh $(TEST_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) BUILD='$(BUILD)/tsan' SANITIZE=-fsanitize=thread all
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(BUILD)/tests/service-clients
	@FASTENOUGH_BIN='$(BUILD)/tsan/bin' FASTENOUGH_SANITIZED=1 tests/run.sh $(BUILD)/tests/service-clients

LOAD_TESTS := $(wildcard tests/load/*.c)
TEST_PROGRAMS += $(BUILD)/tests/load-parts
test-programs: $(BUILD)/tests/load-parts

$(BUILD)/tests/load/%.o: tests/load/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(call text,BUILD_FOLDER,$(call absolute,$(BUILD))) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/tests/load-parts: $(LOAD_TESTS:%.c=$(BUILD)/%.o) $(CHAPTER_OBJECTS) \
                           $(LOAD_SHARES) $(LEAKS) $(BUILD)/libcommon.a | $(BUILD)/bin/fastenough-$(ALL_FIXED)
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ -lcriterion -lgsl -lgslcblas -lcjson -lsqlite3 -lm


# The fuzz targets, with clang's libFuzzer: all that they run is built with its sanitizers, in a
# folder of its own. FUZZ_SECONDS is for each of them.
FUZZ_SECONDS := 30
FUZZ_PACKAGES := clang libclang-rt-dev libcjson-dev $(SERVICE_PACKAGES)
FUZZ := $(BUILD)/fuzz
FUZZ_CC := $(if $(findstring clang,$(CC)),$(CC),clang)
FUZZ_TARGETS := ingest head
FUZZ_SOURCES := $(patsubst %,fixed/%.c,$(filter-out workers,$(LESSONS))) tests/fuzz/workers.c \
                $(filter-out $(addprefix common/service/,admin.c http.c listener.c serve.c serve_options.c) \
                  common/run.c common/run_profile.c common/summary.c common/main.c common/pprof/%.c,$(wildcard common/*.c common/*/*.c)) \
                common/pprof/waits.c
FUZZ_FLAGS := -std=gnu11 -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
              -fno-sanitize-recover=undefined

.PHONY: fuzz fuzz-targets

fuzz: ## fuzz the ways in, for FUZZ_SECONDS=30 each of the two
	@bench/packages.sh $(FUZZ_PACKAGES)
	@$(MAKE) --no-print-directory -j$$(nproc) fuzz-targets
	@tests/fuzz/run.sh '$(FUZZ)' $(FUZZ_SECONDS) $(FUZZ_TARGETS)

fuzz-targets: $(FUZZ_TARGETS:%=$(FUZZ)/%)

$(FUZZ)/%.o: %.c
	@mkdir -p $(@D)
	@echo '  FUZZ  $@'
	$(Q)$(FUZZ_CC) -iquote . -iquote common -DLESSON_COUNT=$(words $(LESSONS)) -MMD -MP $(FUZZ_FLAGS) -c -o $@ $<

$(FUZZ_TARGETS:%=$(FUZZ)/%): $(FUZZ)/%: $(FUZZ)/tests/fuzz/%.o $(FUZZ_SOURCES:%.c=$(FUZZ)/%.o)
	@echo '  LINK  $@'
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer $(COUNTED) -pthread -o $@ $^ -lcjson -lsqlite3 -lz -lm

-include $(wildcard $(FUZZ)/*/*.d $(FUZZ)/*/*/*.d)
