# Google Benchmark: build/bin/bench-nnnn to bench-ffff, each with the seams of the program of its
# name. `make bench` runs the naive and the fixed one; FILTER=key keeps those whose name it matches.

BENCHMARK_OBJECTS := $(patsubst %,$(BUILD)/bench/%.o,main shim material isolated $(LESSONS) pipeline)
# those that the comparison runs; the others are built when they are asked for
BENCHMARK_PROGRAMS := $(BUILD)/bin/bench-$(ALL_NAIVE) $(BUILD)/bin/bench-$(ALL_FIXED)

# the list for benchmarks.h, which cannot be had from C alone
$(BENCHMARK_OBJECTS): ALL_CPPFLAGS += '-DLESSONS(of)=$(foreach l,$(LESSONS),of($l))'

.PHONY: bench

bench: $(BENCHMARK_PROGRAMS) ## run the benchmarks, naive and fixed (FILTER=key)
	@for program in $^; do $$program --benchmark_filter=$(call quote,$(FILTER)) || exit; done

$(BUILD)/bench/%.o: bench/%.cc
	@mkdir -p $(@D)
	@echo '  CXX   $@'
	$(Q)$(CXX) $(ALL_CPPFLAGS) $(ALL_CXXFLAGS) -c -o $@ $<

define link_benchmark
$(BUILD)/bin/bench-$1: $(BENCHMARK_OBJECTS) $(BUILD)/variant/$1.o $(call seam,$1) $(BUILD)/libcommon.a
	@mkdir -p $$(@D)
	@echo '  LINK  $$@'
	$(Q)$(LINK) $(COUNTED) -o $$@ $$^ -lbenchmark -lstdc++ $(PROGRAM_LIBS)
endef
$(foreach v,$(CODES),$(eval $(call link_benchmark,$v)))
