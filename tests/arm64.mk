# arm64 without a machine of it: cross-built, and run under qemu-user. Not a part of `make test`.

ARM64 := $(BUILD)/arm64
ARM64_PACKAGES := gcc-aarch64-linux-gnu qemu-user golang-go curl
ARM64_LIBRARIES = $(filter-out gcc make,$(SERVICE_PACKAGES))

.PHONY: test-arm64

test-arm64: $(BUILD)/go-cache/.ready ## cross-build the sixteen for arm64, and run them and their profiles under qemu-user
	@bench/packages.sh $(ARM64_PACKAGES)
	@tests/arm64/sysroot.sh '$(ARM64)/sysroot' $(ARM64_LIBRARIES)
	@$(MAKE) -s --no-print-directory -j$$(nproc) BUILD='$(ARM64)' CC='aarch64-linux-gnu-gcc --sysroot=$(ARM64)/sysroot' all
	@GOCACHE='$(GO_CACHE)' GOFLAGS=-mod=mod tests/arm64/run.sh '$(ARM64)'
