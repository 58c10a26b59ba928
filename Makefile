# `make help` lists the targets. More than a line or two of shell is a script beside what it is about.
BUILD := build
NAIVE := naive
FIXED := fixed

# -- Names, of files and of all else that a user says, and what make and the shell may do with them
# These are targets and prerequisites, which make takes apart at spaces, and recipes have them without quotes.
awkward := ' " ` ( ) ; & | < > * ? [ ] % : \ ~ ! $$ \#
$(foreach v,BUILD NAIVE FIXED,$(if $(filter-out 1,$(words $(value $v)))$(strip $(foreach c,$(awkward),$(findstring $c,$(value $v)))),\
  $(error $v=$(value $v): make needs a name without spaces here, and without any of $(awkward))))
# All others take any name. What is in it is not make's to expand, ...
$(foreach v,INPUT BASE RESULTS STUDENT DIR GRADES NOW GUESS NAME FIX NOISE SEED ROUNDS SECONDS LIMIT JOBS SOAK STEP VARIANT \
  BEFORE AFTER STDIN PROOF BUDGET PREFIX DESTDIR FILTER NOTEBOOK PORT LISTEN KIT NODE_PATH COMMANDS CONTAINER_COMMANDS,\
  $(if $(filter command,$(firstword $(origin $v))),$(eval override $v := $$(value $v)),\
  $(if $(filter environment,$(origin $v)),$(eval $v := $$(value $v)))))
# ... and not the shell's: $(call quote,$(INPUT)) is one word, and $(call option,input,$(INPUT)) two, or none
quote = '$(subst ','\'',$1)'
option = $(if $2,--$1 $(call quote,$2))
# $(call text,NAME,value) defines a macro for the compiler, a string
text = $(call quote,-D$1="$(subst ",\",$(subst \,\\,$2))")
# as $(abspath) has it, but below a folder with a space in its name, too
absolute = $(if $(filter /%,$(firstword $1)),$1,$(CURDIR)/$1)

# -- Lessons and builds
# The lessons: a word here, a row in bench/lesson.c, and the files of that name. A build is named by a code, a letter
# a lesson, n naive or f fixed: in nfnf the second and the fourth are fixed. All else is made of these words.
LESSONS := key sort store workers
# $(call code,sort workers) is nfnf
code = $(subst $(space),,$(foreach l,$(LESSONS),$(if $(filter $l,$1),f,n)))
space := $(subst ,, )
comma := ,
ALL_NAIVE := $(call code,)
ALL_FIXED := $(call code,$(LESSONS))
# $(call codes,LESSONS) are all that as many lessons have
codes = $(if $(word 2,$1),$(foreach l,n f,$(addprefix $l,$(call codes,$(wordlist 2,$(words $1),$1)))),n f)
CODES := $(call codes,$(LESSONS))
# The seams: what `nfnf` means, said once. $(call seam,nfnf) is its name, and its objects, one a lesson.
letters = $(subst n,n ,$(subst f,f ,$1))
trees = $(patsubst n,$(BUILD)/naive/,$(patsubst f,$(BUILD)/fixed/,$(call letters,$1)))
seam = $(BUILD)/variant/$1.o $(join $(call trees,$1),$(LESSONS:%=%.o))
# what is said where FIX= has to be one of them: key (or sort, store, workers)
WHICH_LESSON := $(firstword $(LESSONS)) (or $(subst $(space),$(comma)$(space),$(wordlist 2,$(words $(LESSONS)),$(LESSONS))))

# -- Compilers and flags
# Yours, on the command line or in the environment: CC, CXX, CFLAGS (or OPTIMIZE alone), CXXFLAGS, CPPFLAGS and
# LDFLAGS. What the project needs is in ALL_..., so that it does not get lost with them.
CC := $(if $(filter default,$(origin CC)),gcc,$(CC))
CXX := $(if $(filter default,$(origin CXX)),g++,$(CXX))
OPTIMIZE := -O2 -g
CFLAGS ?= $(OPTIMIZE)
CXXFLAGS ?= $(OPTIMIZE)
# WERROR=1 is for those who change the workbench: another compiler warns of other things
WARNINGS := -Wall -Wextra -Wshadow $(if $(WERROR),-Werror)
C_WARNINGS := $(WARNINGS) -Wstrict-prototypes -Wmissing-prototypes
# -g: the tools name lines; Valgrind 3.19 cannot read what clang writes by itself.
# Our headers are included by their path from here, and are named so by the tools, without the "./"; those that a rule wrote, by
# their path from $(BUILD).
DEBUG_INFO := -g $(if $(findstring clang,$(CC)),-gdwarf-4)
# Linux and the GNU C library are what it is for. common/pprof says so itself, as it is compiled elsewhere, too.
ALL_CFLAGS = -D_GNU_SOURCE= -std=gnu11 $(DEBUG_INFO) $(C_WARNINGS) $(CFLAGS) $(SANITIZE)
ALL_CXXFLAGS = -std=c++17 $(DEBUG_INFO) $(WARNINGS) $(CXXFLAGS) $(SANITIZE)
ALL_CPPFLAGS = -iquote . -iquote $(BUILD) -DLESSON_COUNT=$(words $(LESSONS)) -ffile-prefix-map=./= -MMD -MP $(CPPFLAGS)
# the linker optimizes, too, where -flto says so
LINK = $(CC) -pthread $(CFLAGS) $(SANITIZE) $(LDFLAGS)
# calls of these go through common/memory.c, which counts them
COUNTED := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
PROGRAM_LIBS := -lcjson -lm -lsqlite3 -lz -lmicrohttpd -ldw -lelf
# `make V=1` shows the commands
Q := $(if $(V),,@)

# -- How all is made
# $(call say,CC) before what makes it
say = @mkdir -p $(@D) && printf '  %-5s %s\n' $1 $@
# $(call objects,bench/load/*.c) are theirs, and $(call parts,bench/load) those of all but the folder's main
objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $1))
parts = $(filter-out %/main.o,$(call objects,$(1:%=%/*.c)))
# $(call program,bin/floor,OBJECTS,LIBRARIES,WHAT IT RUNS) is how it is linked, and what is to be there with it
program = $(eval $(program_rule))
define program_rule
$(BUILD)/$1: $2 $(if $4,| $4)
	$$(call say,LINK)
	$(Q)$$(LINK) -o $$@ $$^ $3
endef
# $(call ready,PACKAGES,PROGRAMS), a line of a recipe: those are installed, and these built
define ready
@bench/packages.sh $1
+@$(MAKE) -s --no-print-directory -j$$(nproc) $2
endef

SHARED := $(filter-out $(BUILD)/common/command/main.o,$(call objects,common/*.c common/*/*.c common/pprof/reach/*.c))
# Stands in front of malloc and the locks of the programs, for live profiles (common/pprof/heap.h).
# Sanitizers do so themselves.
HOOKS := $(if $(SANITIZE),,$(call objects,common/pprof/hooks/*.c))
PROGRAMS := $(CODES:%=$(BUILD)/bin/fastenough-%) $(BUILD)/bin/fastenough

# `target: ## group: what it does` is a line of it
help: ## develop: list the targets
	@for group in measure look teach serve develop; do echo "$$group"; sed -nE "s/WHICH_LESSON/$(WHICH_LESSON)/; s/ALL_NAIVE/$(ALL_NAIVE)/; \
	  s/^([a-z0-9-]+):.*## $$group: (.*)/\1|\2/p" $(MAKE_FILES) | awk -F '|' '{ printf "  make %-18s%s\n", $$1, $$2 }'; done
all: $(PROGRAMS) ## develop: build the programs, one a build
clean: ## develop: remove what was built
	rm -rf $(BUILD)

# The lessons' files are from any folder, and say "key.h" and no more, as a student's do.
$(BUILD)/naive/%.o $(BUILD)/fixed/%.o: ALL_CPPFLAGS += -iquote common
# -flto inlines, or takes for unused, what stands in the place of another; hooks/locks.c has more
$(HOOKS) $(BUILD)/common/memory.o: ALL_CFLAGS += -fno-lto

define compile
$(call say,$1)
$(Q)$2 $(ALL_CPPFLAGS) $3 -c -o $@ $<
endef
compile_c = $(call compile,CC,$(CC),$(ALL_CFLAGS))
$(BUILD)/%.o: %.c ; $(compile_c)
$(BUILD)/%.o: %.cc ; $(call compile,CXX,$(CXX),$(ALL_CXXFLAGS))
$(BUILD)/%.o: %.S ; $(call compile,AS,$(CC))
$(LESSONS:%=$(BUILD)/naive/%.o): $(BUILD)/naive/%.o: $(NAIVE)/%.c ; $(compile_c)
# An edition for students has the fixed ones as objects, of one machine and one compiler (bench/classroom/handout/).
MADE_WITH := $(wildcard $(FIXED)/made-with)
ifeq ($(MADE_WITH),)
$(LESSONS:%=$(BUILD)/fixed/%.o): $(BUILD)/fixed/%.o: $(FIXED)/%.c ; $(compile_c)
else
$(LESSONS:%=$(BUILD)/fixed/%.o): $(BUILD)/fixed/%.o: $(FIXED)/%.o | $(BUILD)/fixed/made-with
	$(Q)cp $< $@
$(BUILD)/fixed/made-with: $(MADE_WITH) $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)bench/classroom/made_with.sh $< $(call quote,$(CC)) && cp $< $@
endif
# what another rule wrote: the code of a build, and messages by protobuf-c
$(BUILD)/%.o: $(BUILD)/%.c ; $(compile_c)
$(CODES:%=$(BUILD)/variant/%.c): $(BUILD)/variant/%.c: common/variant.h $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)printf '#include "common/variant.h"\nconst char variant_code[LESSON_COUNT + 1] = "%s";\n%s\n' $* \
	  'const char *const variant_lessons[LESSON_COUNT] = {$(foreach l,$(LESSONS),"$l"$(comma))};' >$@
$(BUILD)/%.pb-c.c: %.proto
	$(call say,PROTO)
	$(Q)protoc -I$(<D) --c_out=$(@D) $<

# Each program is main, its seam, and what all share.
$(foreach c,$(CODES),$(call program,bin/fastenough-$c,$(BUILD)/common/command/main.o $(call seam,$c) $(HOOKS) $(BUILD)/libcommon.a,\
  $(COUNTED) $(PROGRAM_LIBS)))
$(BUILD)/bin/fastenough: $(BUILD)/bin/fastenough-$(ALL_FIXED)
	$(Q)ln -sf $(<F) $@
$(BUILD)/libcommon.a: $(SHARED)
# two objects of one name, from two folders, both stay: q, not r
$(BUILD)/%.a:
	$(call say,AR)
	@rm -f $@
	$(Q)$(AR) qcs $@ $^

# what only a teacher has, or who changes the workbench, is not in an edition for students
include common/pprof/pprof.mk bench/bench.mk bench/classroom/kits.mk bench/classroom/classroom.mk notebooks/notebooks.mk \
  $(wildcard bench/classroom/teacher.mk tests/tests.mk)

.DELETE_ON_ERROR:
.SECONDARY:
MAKE_FILES := $(filter Makefile %.mk,$(MAKEFILE_LIST))
# what is no file: all that can be asked for by a name without a folder
.PHONY: always $(shell sed -nE 's/^([a-z0-9-]+):( .*)?$$/\1/p' $(MAKE_FILES))
DEPENDENCIES := $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d $(BUILD)/*/*/*/*.d $(BUILD)/*/*/*/*/*.d)
-include $(DEPENDENCIES)

# With another compiler, other flags or other lessons, all is compiled anew: what is measured is of one kind.
BUILT_WITH = $(strip $(CC) $(CXX) $(CFLAGS) $(CXXFLAGS) $(CPPFLAGS) $(LDFLAGS) $(SANITIZE) $(LESSONS))
$(DEPENDENCIES:.d=.o) $(SHARED): $(BUILD)/flags
ifneq ($(file <$(BUILD)/flags),$(BUILT_WITH))
$(BUILD)/flags: always
endif
# at first it is older than all objects
$(BUILD)/flags:
	@mkdir -p $(@D)
	@first=$$(test -e $@ || echo -d 2000-01-01); printf '%s\n' $(call quote,$(BUILT_WITH)) >$@ && touch $$first $@
