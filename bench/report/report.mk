# The page's skeleton, embedded into whatever renders it.

RENDER_OBJECTS := $(BUILD)/bench/report/page_html.o

$(BUILD)/bench/report/page_html.o: bench/report/page_html.S bench/report/page.html
	@mkdir -p $(@D)
	@echo '  AS    $@'
	$(Q)$(CC) -DPAGE_HTML='"bench/report/page.html"' -c -o $@ $<

$(BUILD)/bin/compare: $(RENDER_OBJECTS)
