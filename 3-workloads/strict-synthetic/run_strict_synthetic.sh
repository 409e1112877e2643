#!/usr/bin/env bash
# Runs the strict-synthetic workload for every interval given; see ./strict-synthetic --help.
dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [[ ! -x "$dir/strict-synthetic" ]]; then
    echo "$dir/strict-synthetic is missing: run ./build.sh first" >&2
    exit 1
fi
exec "$dir/strict-synthetic" "$@"
