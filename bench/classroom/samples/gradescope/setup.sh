#!/bin/sh
# Gradescope runs this once, as root, while it builds the autograder's image (Debian or Ubuntu). It fetches the
# workbench and builds all that grading takes, so that a student waits for seconds and not for minutes.
#
# Zip it with run_autograder, both at the top: zip autograder.zip setup.sh run_autograder
# Format: https://gradescope-autograders.readthedocs.io/en/latest/specs/
set -eu

# where your copy of the workbench is; a private one needs a deploy key in the zip
WORKBENCH=${WORKBENCH:-https://example.org/your-course/fastenough.git}

apt-get update -q
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends git ca-certificates make
git clone --depth 1 "$WORKBENCH" /autograder/workbench
cd /autograder/workbench
make grade-programs # installs what is missing
