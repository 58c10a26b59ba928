# Two commands do everything: `make compare` and `make test`. `make help` lists the rest.

BUILD := build
NAIVE := naive
FIXED := fixed

include bench/names.mk

# Yours, on the command line or in the environment: CC, CXX, CFLAGS (or OPTIMIZE alone), CXXFLAGS, CPPFLAGS and
# LDFLAGS. What the project needs is in ALL_..., so that it does not get lost with them.
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CXX),default)
CXX := g++
endif
OPTIMIZE := -O2 -g
CFLAGS ?= $(OPTIMIZE)
CXXFLAGS ?= $(OPTIMIZE)
# WERROR=1 is for those who change the workbench: another compiler warns of other things
WARNINGS := -Wall -Wextra -Wshadow $(if $(WERROR),-Werror)
C_WARNINGS := $(WARNINGS) -Wstrict-prototypes -Wmissing-prototypes
# -g: the tools name lines; Valgrind 3.19 cannot read what clang writes by itself.
# Our headers are included by their path from here, and are named so by the tools, without the "./".
DEBUG_INFO := -g $(if $(findstring clang,$(CC)),-gdwarf-4)
ALL_CFLAGS = -std=gnu11 $(DEBUG_INFO) $(C_WARNINGS) $(CFLAGS) $(SANITIZE)
ALL_CXXFLAGS = -std=c++17 $(DEBUG_INFO) $(WARNINGS) $(CXXFLAGS) $(SANITIZE)
ALL_CPPFLAGS = -iquote . -ffile-prefix-map=./= -MMD -MP $(CPPFLAGS)
# the linker optimizes, too, where -flto says so
LINK = $(CC) -pthread $(CFLAGS) $(SANITIZE) $(LDFLAGS)
# calls of these go through common/memory.c, which counts them
COUNTED := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
PROGRAM_LIBS := -lcjson -lm -lsqlite3 -lz -lmicrohttpd -ldw -lelf

# Stands in front of malloc and the locks of the sixteen programs, for live profiles (common/pprof/heap.h).
# Sanitizers do so themselves.
HOOKS := $(if $(SANITIZE),,$(patsubst %.c,$(BUILD)/%.o,$(wildcard common/pprof/hooks/*.c)))
# -flto inlines, or takes for unused, what stands in the place of another; hooks/locks.c has more
$(HOOKS) $(BUILD)/common/memory.o: ALL_CFLAGS += -fno-lto

# The lessons: a word here, a row in bench/lesson.c, and the files of that name. A build is named by a code, a letter
# a lesson, n naive or f fixed: in nfnf the second and the fourth are fixed. All else is made of these words.
LESSONS := key sort store workers
ALL_CPPFLAGS += -DLESSON_COUNT=$(words $(LESSONS))
empty :=
space := $(empty) $(empty)
# $(call code,sort workers) is nfnf
code = $(subst $(space),,$(foreach l,$(LESSONS),$(if $(filter $l,$1),f,n)))
ALL_NAIVE := $(call code,)
ALL_FIXED := $(call code,$(LESSONS))
# $(call codes,LESSONS) are all that as many lessons have
codes = $(if $(word 2,$1),$(foreach l,n f,$(addprefix $l,$(call codes,$(wordlist 2,$(words $1),$1)))),n f)
CODES := $(call codes,$(LESSONS))
# what is said where FIX= has to be one of them: key (or sort, store, workers)
WHICH_LESSON := $(firstword $(LESSONS)) (or $(subst $(space),$(comma)$(space),$(wordlist 2,$(words $(LESSONS)),$(LESSONS))))

# `make V=1` shows the commands
Q := $(if $(V),,@)

PROGRAMS := $(CODES:%=$(BUILD)/bin/fastenough-%) $(BUILD)/bin/fastenough
SHARED := $(filter-out common/main.c,$(wildcard common/*.c common/*/*.c common/pprof/reach/*.c))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all clean help

help: ## list the targets
	@awk -F ': .*## ' '/^[a-z-]+:.*## /{gsub(/WHICH_LESSON/, which, $$2); printf "  make %-12s %s\n", $$1, $$2}' which='$(WHICH_LESSON)' $(MAKEFILE_LIST) | sort

all: $(PROGRAMS) ## build the sixteen programs

# The seams: what `nfnf` means, said once. $(call seam,nfnf) is its objects, one a lesson.
letters = $(subst n,n ,$(subst f,f ,$1))
seam = $(join $(patsubst n,$(BUILD)/naive/,$(patsubst f,$(BUILD)/fixed/,$(call letters,$1))),$(LESSONS:%=%.o))

# The eight files say "key.h" and no more: a student's stand in any folder.
$(BUILD)/naive/%.o $(BUILD)/fixed/%.o: ALL_CPPFLAGS += -iquote common

$(BUILD)/naive/%.o: $(NAIVE)/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/fixed/%.o: $(FIXED)/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/common/%.o: common/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/libcommon.a: $(SHARED:%.c=$(BUILD)/%.o)
	@echo '  AR    $@'
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/variant/%.o: common/variant.h
	@mkdir -p $(@D)
	$(Q)printf '#include "common/variant.h"\nconst char variant_code[LESSON_COUNT + 1] = "%s";\nconst char *const variant_lessons[LESSON_COUNT] = {%s};\n' \
	  $* '$(foreach l,$(LESSONS),"$l"$(comma))' | \
	  $(CC) -iquote . -DLESSON_COUNT=$(words $(LESSONS)) $(CPPFLAGS) $(ALL_CFLAGS) -c -x c -o $@ -

# Each program is its seams' objects, its name, main, and what all share.
define link_variant
$(BUILD)/bin/fastenough-$1: $(BUILD)/common/main.o $(BUILD)/variant/$1.o $(call seam,$1) $(HOOKS) $(BUILD)/libcommon.a
	@mkdir -p $$(@D)
	@echo '  LINK  $$@'
	$(Q)$(LINK) $(COUNTED) -o $$@ $$^ $(PROGRAM_LIBS)
endef
$(foreach v,$(CODES),$(eval $(call link_variant,$v)))

$(BUILD)/bin/fastenough: $(BUILD)/bin/fastenough-$(ALL_FIXED)
	$(Q)ln -sf $(<F) $@

include bench/bench.mk
include tests/tests.mk
include tests/service.mk
include notebooks/notebooks.mk

clean: ## remove what was built
	rm -rf $(BUILD)

DEPENDENCIES := $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d $(BUILD)/*/*/*/*.d)
-include $(DEPENDENCIES)

# With another compiler, or other flags, all is compiled anew: what is measured is of one kind.
BUILT_WITH = $(strip $(CC) $(CXX) $(CFLAGS) $(CXXFLAGS) $(CPPFLAGS) $(LDFLAGS) $(SANITIZE) $(LESSONS))
$(DEPENDENCIES:.d=.o) $(SHARED:%.c=$(BUILD)/%.o): $(BUILD)/flags
ifneq ($(file <$(BUILD)/flags),$(BUILT_WITH))
$(BUILD)/flags: always
endif
.PHONY: always
# at first it is older than all objects
$(BUILD)/flags:
	@mkdir -p $(@D)
	@first=$$(test -e $@ || echo -d 2000-01-01); printf '%s\n' $(call quote,$(BUILT_WITH)) >$@ && touch $$first $@
