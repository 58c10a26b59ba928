# The harness: the floor, the benchmarks, the comparison.

$(BUILD)/bench/%.o: bench/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Ibench $(CFLAGS) -c -o $@ $<

$(BUILD)/bin/floor: $(BUILD)/bench/floor.o
	@mkdir -p $(@D)
	$(CC) -pthread $(SANITIZE) -o $@ $^ -lcjson
