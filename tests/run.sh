#!/usr/bin/env bash
# Runs every ring of tests with fixed seeds and reduced counts, and ends with a line "N passed, N failed".
# Installs from Debian's packages what the tests need and the machine lacks. tests/soak.sh runs the full counts.
set -uo pipefail
cd "$(dirname "$0")/.."
export SCHOOLHOME_TEST_SCALE="${SCHOOLHOME_TEST_SCALE:-1}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
passed=0
failed=0

say() { printf '\n== %s\n' "$*"; }

# Counts a step that has no counts of its own.
step() {
  local name="$1"
  shift
  say "$name"
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$name"
  fi
}

finish() {
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
  exit
}

install_what_lacks() {
  local lacking=()
  command -v chromium >/dev/null || lacking+=(chromium)
  fc-list 2>/dev/null | grep -qi 'cjk' || lacking+=(fontconfig fonts-noto-cjk)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || lacking+=(postgresql)
  [ ${#lacking[@]} -eq 0 ] && return 0
  printf 'installing %s\n' "${lacking[*]}"
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${lacking[@]}" >/dev/null
}

# Runs one project of xunit tests and adds its counts.
ring() {
  local name="$1"
  say "ring: $name"
  local log="$results/$name.log"
  dotnet test "tests/$name" --no-build --nologo -v quiet --logger "console;verbosity=normal" --blame-hang-timeout 10m --results-directory "$results/$name" 2>&1 | tee "$log" | grep -vE '^\s+(Passed|at ) ?' || true
  local ran ok bad
  ok=$(grep -oE '^ +Passed: +[0-9]+' "$log" | grep -oE '[0-9]+' | tail -n 1)
  bad=$(grep -oE '^ +Failed: +[0-9]+' "$log" | grep -oE '[0-9]+' | tail -n 1)
  ran=$(grep -oE '^Total tests: +[0-9]+' "$log" | grep -oE '[0-9]+' | tail -n 1)
  if [ -z "$ran" ] || [ "$ran" -ne $((${ok:-0} + ${bad:-0})) ]; then
    # Crashed, or skipped something: neither counts as passing.
    printf 'FAILED: ring %s did not run to its end\n' "$name"
    failed=$((failed + 1))
  fi
  passed=$((passed + ${ok:-0}))
  failed=$((failed + ${bad:-0}))
}

client() { npm --prefix web/client run --silent "$1"; }

step 'install what the tests need' install_what_lacks
step 'packages for the differential test' npm ci --prefix tests/rules/CoEditing/differential --no-audit --no-fund --loglevel=error
step 'packages for Lighthouse' npm ci --prefix tests/lighthouse --no-audit --no-fund --loglevel=error
step 'build, without a warning' dotnet build SchoolHome.sln --nologo -v quiet
[ "$failed" -eq 0 ] || finish
step 'client: lint' client lint
step 'client: generated types are those of openapi.json' client api:check
step 'client: unit tests' client test
for name in rules cluster edge browser; do
  ring "$name"
done
step 'format' dotnet format SchoolHome.sln --verify-no-changes --no-restore --exclude web/client
finish
