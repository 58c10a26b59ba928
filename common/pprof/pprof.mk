# Live profiles for others' programs (README.md here): a library to be preloaded, what starts a program with it, and an archive to be
# linked; `make install` puts them where others find them.
PPROF := $(BUILD)/bin/pprof-run $(BUILD)/lib/libpprof.so $(BUILD)/lib/libpprof.a
PPROF_LIBS := -lmicrohttpd -ldw -lelf -lz -lm
PPROF_SOURCES := $(wildcard common/pprof/*.c common/pprof/reach/*.c common/pprof/hooks/*.c)
PPROF_SHARED := $(patsubst %.c,$(BUILD)/shared/%.o,$(PPROF_SOURCES) $(wildcard common/pprof/preload/*.c))
pprof: $(PPROF) ## look: pprof-run and its library, for programs that nobody relinks
$(BUILD)/shared/%.o: %.c
	$(call say,CC)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -fno-lto -fPIC -ftls-model=initial-exec -DPPROF_IS_PRELOADED -c -o $@ $<
$(BUILD)/lib/libpprof.so: $(PPROF_SHARED) common/pprof/preload/exports.map
	$(call say,LINK)
	$(Q)$(LINK) -shared -Wl,-soname,libpprof.so -Wl,-z,defs -Wl,--version-script=common/pprof/preload/exports.map -o $@ $(PPROF_SHARED) \
	  $(PPROF_LIBS)
# the hooks are whole objects of it: --whole-archive, in pprof.pc, takes them
$(BUILD)/lib/libpprof.a: $(PPROF_SOURCES:%.c=$(BUILD)/%.o)
$(call program,bin/pprof-run,$(call objects,common/pprof/run/*.c common/pprof/address.c))


PREFIX := /usr/local
PPROF_FILES := bin/pprof-run lib/libpprof.so lib/libpprof.a include/pprof.h lib/pkgconfig/pprof.pc share/man/man1/pprof-run.1 \
  share/man/man3/pprof.3
PPROF_PLACE = $(call quote,$(DESTDIR)$(PREFIX))
install: pprof ## serve: pprof-run, libpprof and their pages for everybody (PREFIX=/usr/local, DESTDIR=)
	@for file in $(PPROF_FILES); do install -d $(PPROF_PLACE)/$${file%/*} || exit; done
	@install -m 755 '$(BUILD)/bin/pprof-run' $(PPROF_PLACE)/bin
	@install -m 644 '$(BUILD)/lib/libpprof.so' '$(BUILD)/lib/libpprof.a' $(PPROF_PLACE)/lib
	@install -m 644 common/pprof/pprof.h $(PPROF_PLACE)/include
	@install -m 644 common/pprof/man/pprof-run.1 $(PPROF_PLACE)/share/man/man1
	@install -m 644 common/pprof/man/pprof.3 $(PPROF_PLACE)/share/man/man3
	@prefix=$(call quote,$(PREFIX)) && sed "s|@PREFIX@|$$prefix|" common/pprof/man/pprof.pc.in >$(PPROF_PLACE)/lib/pkgconfig/pprof.pc
	@echo "Installed in" $(PPROF_PLACE): $(PPROF_FILES)
uninstall: ## serve: remove what make install put there
	@cd $(PPROF_PLACE) && rm -f $(PPROF_FILES)
