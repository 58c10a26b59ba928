# The tests: `make test`.
