#!/usr/bin/env bash
# tests/benchmarks/run.sh NAME [--quick]: measures one thing in a Release build; see README.md. Exits 0 only if all ratios pass.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
[ -d peers/node_modules ] || npm ci --prefix peers --no-audit --no-fund --loglevel=error
dotnet build SchoolHome.Benchmarks.csproj -c Release --nologo -v quiet
exec dotnet bin/Release/net10.0/SchoolHome.Benchmarks.dll "$@"
