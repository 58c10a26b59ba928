# Two commands do everything: `make compare` and `make test`. `make help` lists the rest.

BUILD := build
NAIVE := naive
FIXED := fixed
CC := gcc
CXX := g++
OPTIMIZE := -O2 -g
# WERROR=1 is for those who change the workbench: another compiler warns of other things
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes $(if $(WERROR),-Werror)
CFLAGS = -std=gnu11 $(OPTIMIZE) $(WARNINGS) $(SANITIZE)
CPPFLAGS := -Icommon -Icommon/service -MMD -MP
# calls of these go through common/memory.c, which counts them
COUNTED := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
LDFLAGS := -pthread $(SANITIZE) $(COUNTED)
LDLIBS := -lcjson -lm -lsqlite3 -lz -lmicrohttpd -ldw -lelf

# Stands in front of malloc and the locks of the sixteen programs, for live profiles (common/pprof/heap.h).
# Sanitizers do so themselves.
HOOKS := $(if $(SANITIZE),,$(patsubst %.c,$(BUILD)/%.o,$(wildcard common/pprof/hooks/*.c)))
$(HOOKS): override OPTIMIZE += -fno-lto # hooks/locks.c says why

# `make V=1` shows the commands
Q := $(if $(V),,@)

VARIANTS := $(foreach k,n f,$(foreach s,n f,$(foreach t,n f,$(foreach w,n f,$k$s$t$w))))
PROGRAMS := $(VARIANTS:%=$(BUILD)/bin/fastenough-%) $(BUILD)/bin/fastenough
SHARED := $(filter-out common/main.c,$(wildcard common/*.c common/*/*.c))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all clean help

help: ## list the targets
	@awk -F ': .*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST) | sort

all: $(PROGRAMS) ## build the sixteen programs

# The four seams: what `nfnf` means, spelled out once. $(call seam,nfnf) is its four objects.
tree = $(if $(filter n,$1),naive,fixed)
letter = $(word $2,$(subst n,n ,$(subst f,f ,$1)))
seam = $(BUILD)/$(call tree,$(call letter,$1,1))/key.o $(BUILD)/$(call tree,$(call letter,$1,2))/sort.o \
       $(BUILD)/$(call tree,$(call letter,$1,3))/store.o $(BUILD)/$(call tree,$(call letter,$1,4))/workers.o

$(BUILD)/naive/%.o: $(NAIVE)/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/fixed/%.o: $(FIXED)/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/common/%.o: common/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/libcommon.a: $(SHARED:%.c=$(BUILD)/%.o)
	@echo '  AR    $@'
	@rm -f $@
	$(Q)ar rcs $@ $^

$(BUILD)/variant/%.o: common/variant.h
	@mkdir -p $(@D)
	$(Q)printf '#include "variant.h"\nconst char variant_code[5] = "%s";\n' $* | $(CC) -Icommon $(CFLAGS) -c -x c -o $@ -

# Each program is its four seam objects, its name, main, and what all share.
define link_variant
$(BUILD)/bin/fastenough-$1: $(BUILD)/common/main.o $(BUILD)/variant/$1.o $(call seam,$1) $(HOOKS) $(BUILD)/libcommon.a
	@mkdir -p $$(@D)
	@echo '  LINK  $$@'
	$(Q)$(CC) $(LDFLAGS) -o $$@ $$^ $(LDLIBS)
endef
$(foreach v,$(VARIANTS),$(eval $(call link_variant,$v)))

$(BUILD)/bin/fastenough: $(BUILD)/bin/fastenough-ffff
	$(Q)ln -sf fastenough-ffff $@

include bench/bench.mk
include tests/tests.mk
include tests/service.mk
include notebooks/notebooks.mk

clean: ## remove what was built
	rm -rf $(BUILD)

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d $(BUILD)/*/*/*/*.d)
