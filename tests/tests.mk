# The tests: `make test`.

TEST_PACKAGES := $(COMPARE_PACKAGES) libcriterion-dev python3

# Against a contract: each linked once with the naive and once with the fixed tree, together with what
# only holds of that tree (naive.c, fixed.c). The others test what both trees share.
CONTRACT_TESTS := key sort store workers worker run
SAMPLES := $(BUILD)/tests/sample.o $(BUILD)/tests/sample_tree.o
SHARED_TESTS := $(filter-out $(CONTRACT_TESTS) naive fixed sample sample_tree stress,\
                  $(patsubst tests/%.c,%,$(wildcard tests/*.c)))
HARNESS_TESTS := $(wildcard tests/harness/*.c)
SYSTEM_TESTS := $(wildcard tests/system/*.c)
TEST_PROGRAMS := $(addprefix $(BUILD)/tests/,contract-nnnn contract-ffff shared harness-tests) \
                 $(if $(SYSTEM_TESTS),$(BUILD)/tests/system-tests)

.PHONY: test test-programs

test: ## run every test
	@bench/packages.sh $(TEST_PACKAGES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) $(COMPARE_PROGRAMS) test-programs
	@tests/run.sh $(TEST_PROGRAMS)

test-programs: $(TEST_PROGRAMS)

$(BUILD)/tests/system/%.o: tests/system/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(CPPFLAGS) -D_GNU_SOURCE= -DPROGRAM_FOLDER='"$(abspath $(BUILD))/bin"' -Ibench/compare $(CFLAGS) -c -o $@ $<

$(BUILD)/tests/harness/%.o: tests/harness/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(CPPFLAGS) -D_GNU_SOURCE= -DPROGRAM_FOLDER='"$(abspath $(BUILD))/bin"' -Ibench/compare $(CFLAGS) -c -o $@ $<

$(BUILD)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(CPPFLAGS) -D_GNU_SOURCE= -Itests $(CFLAGS) -c -o $@ $<

define link_contract
$(BUILD)/tests/contract-$1: $(CONTRACT_TESTS:%=$(BUILD)/tests/%.o) $(BUILD)/tests/$2.o $(SAMPLES) \
                            $(BUILD)/variant/$1.o $(call seam,$1) $(BUILD)/libcommon.a
	@echo '  LINK  $$@'
	$(Q)$(CC) $(LDFLAGS) -o $$@ $$^ -lcriterion $(LDLIBS)
endef
$(eval $(call link_contract,nnnn,naive))
$(eval $(call link_contract,ffff,fixed))

$(BUILD)/tests/shared: $(SHARED_TESTS:%=$(BUILD)/tests/%.o) $(SAMPLES) $(BUILD)/variant/ffff.o \
                       $(call seam,ffff) $(BUILD)/libcommon.a
	@echo '  LINK  $@'
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lcriterion $(LDLIBS)

$(BUILD)/tests/harness-tests: $(HARNESS_TESTS:%.c=$(BUILD)/%.o) $(filter-out %/main.o,$(COMPARE_OBJECTS)) \
                        $(RENDER_OBJECTS) $(BUILD)/libcommon.a
	@echo '  LINK  $@'
	$(Q)$(CC) -pthread $(SANITIZE) -o $@ $^ -lcriterion $(COMPARE_LIBS)

$(BUILD)/tests/system-tests: $(SYSTEM_TESTS:%.c=$(BUILD)/%.o) $(BUILD)/libcommon.a \
                             $(addprefix $(BUILD)/bench/compare/,child.o child_process.o \
                               child_describe.o rundoc.o json.o text.o attribution.o)
	@echo '  LINK  $@'
	$(Q)$(CC) -pthread $(SANITIZE) -o $@ $^ $(BUILD)/libcommon.a -lcriterion $(COMPARE_LIBS)

-include $(wildcard $(BUILD)/tests/*.d $(BUILD)/tests/*/*.d)
