#!/usr/bin/env bash
# Runs the random workload for every QPS given; see ./random --help.
dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [[ ! -x "$dir/random" ]]; then
    echo "$dir/random is missing: run ./build.sh first" >&2
    exit 1
fi
exec "$dir/random" "$@"
