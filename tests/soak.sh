#!/usr/bin/env bash
# The same tests as run.sh with full counts: a hundred thousand histories against CodeMirror itself, twenty kills with three hundred who write. Takes hours.
set -euo pipefail
SCHOOLHOME_TEST_SCALE="${SCHOOLHOME_TEST_SCALE:-50}" exec "$(dirname "$0")/run.sh"
