#!/usr/bin/env bash
# The same tests as run.sh with full counts: histories by the ten thousand, twenty kills. Takes hours.
set -euo pipefail
SCHOOLHOME_TEST_SCALE="${SCHOOLHOME_TEST_SCALE:-20}" exec "$(dirname "$0")/run.sh"
