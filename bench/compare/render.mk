# The page's skeleton, embedded into whatever renders it.

RENDER_OBJECTS := $(BUILD)/bench/compare/page_html.o

$(BUILD)/bench/compare/page_html.o: bench/compare/page_html.S bench/compare/page.html
	@mkdir -p $(@D)
	@echo '  AS    $@'
	$(Q)$(CC) -DPAGE_HTML='"bench/compare/page.html"' -c -o $@ $<

$(BUILD)/bin/compare: $(RENDER_OBJECTS)
