# Names, of files and of all else that a user says, and what make and the shell may do with them.

# These are targets and prerequisites, which make takes apart at spaces, and recipes have them without quotes.
awkward := ' " ` ( ) ; & | < > * ? [ ] % : \ ~ ! $$ \#
$(foreach v,BUILD NAIVE FIXED,$(if $(filter-out 1,$(words $(value $v)))$(strip $(foreach c,$(awkward),$(findstring $c,$(value $v)))),\
  $(error $v=$(value $v): make needs a name without spaces here, and without any of $(awkward))))

# All others take any name. What is in it is not make's to expand, ...
$(foreach v,INPUT BASE RESULTS STUDENT DIR GRADES NOW GUESS NAME FIX NOISE SEED ROUNDS SECONDS LIMIT JOBS SOAK STEP VARIANT \
  FILTER NOTEBOOK PORT LISTEN NODE_PATH COMMANDS CONTAINER_COMMANDS,\
  $(if $(filter command,$(firstword $(origin $v))),$(eval override $v := $$(value $v)),\
  $(if $(filter environment,$(origin $v)),$(eval $v := $$(value $v)))))
comma := ,
# ... and not the shell's: $(call quote,$(INPUT)) is one word, and $(call option,input,$(INPUT)) two, or none
quote = '$(subst ','\'',$1)'
option = $(if $2,--$1 $(call quote,$2))

# $(call text,NAME,value) defines a macro for the compiler, a string
text = $(call quote,-D$1="$(subst ",\",$(subst \,\\,$2))")
# as $(abspath) has it, but below a folder with a space in its name, too
absolute = $(if $(filter /%,$(firstword $1)),$1,$(CURDIR)/$1)
