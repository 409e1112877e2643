#!/usr/bin/env bash
# Runs the workload your-workload for every QPS given; see ./your-workload --help.
dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [[ ! -x "$dir/your-workload" ]]; then
    echo "$dir/your-workload is missing: run ./build.sh first" >&2
    exit 1
fi
exec "$dir/your-workload" "$@"
