#!/usr/bin/env bash
# Runs the synthetic workload for every QPS given; see ./synthetic --help.
dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [[ ! -x "$dir/synthetic" ]]; then
    echo "$dir/synthetic is missing: run ./build.sh first" >&2
    exit 1
fi
exec "$dir/synthetic" "$@"
