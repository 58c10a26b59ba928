# common/pprof/: its tests, which link that folder and nothing else of the project.

TEST_PACKAGES += golang-go google-perftools? protobuf-compiler curl procps
PPROF_TESTS := $(wildcard tests/pprof/*.c)
PPROF_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard common/pprof/*.c common/pprof/reach/*.c))
PPROF_LIBS := -ldw -lelf -lz -lmicrohttpd -lm
TEST_PROGRAMS += $(BUILD)/tests/pprof-parts
test-programs: $(BUILD)/tests/pprof-parts

# Go builds its pprof when it is first called, for a minute or two: once for all tests that call it.
GO_CACHE := $(call absolute,$(BUILD))/go-cache

$(BUILD)/go-cache/.ready:
	@mkdir -p $(@D)
	@echo '  GO    pprof'
	$(Q)GOCACHE=$(call quote,$(GO_CACHE)) GOFLAGS=-mod=mod go tool pprof -h >$(@D)/help 2>&1; grep -q '^usage' -i $(@D)/help || { cat $(@D)/help >&2; exit 1; }
	@touch $@

$(BUILD)/tests/pprof/clients.o: ALL_CPPFLAGS += $(call text,GO_CACHE,$(GO_CACHE)) $(call text,COMPILER,$(CC))
$(BUILD)/tests/pprof/%.o: tests/pprof/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) -D_GNU_SOURCE= $(call text,PPROF_DATA,$(CURDIR)/tests/pprof/data) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/tests/pprof-parts: $(PPROF_TESTS:%.c=$(BUILD)/%.o) $(PPROF_OBJECTS) $(HOOKS) $(LEAKS) | $(BUILD)/go-cache/.ready
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ -lcriterion $(PPROF_LIBS)

# The same with services that run, and what real clients read from them.
# A sanitizer has its own in the place of most hooks.
LIVE_TESTS := $(if $(SANITIZE),$(addprefix tests/pprof/live/,live.c missing.c),\
                $(filter-out tests/pprof/live/missing.c,$(wildcard tests/pprof/live/*.c)))
TEST_PROGRAMS += $(BUILD)/tests/pprof-live
test-programs: $(BUILD)/tests/pprof-live

$(BUILD)/tests/pprof/live/%.o: tests/pprof/live/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) -D_GNU_SOURCE= $(call text,PROGRAM_FOLDER,$(call absolute,$(BUILD))/bin) \
	  $(call text,SESSION_FOLDER,$(CURDIR)/bench/session) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/tests/pprof-live: $(LIVE_TESTS:%.c=$(BUILD)/%.o) $(BUILD)/tests/pprof/clients.o \
                           $(BUILD)/tests/service/server.o $(BUILD)/tests/service/client.o $(LEAKS) | $(PROGRAMS) $(BUILD)/go-cache/.ready
	@echo '  LINK  $@'
	$(Q)$(LINK) -o $@ $^ -lcriterion -lcjson -lm
