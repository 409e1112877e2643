#!/usr/bin/env bash
# Runs the ShareGPT workload for every QPS given; see ./workload_execution --help.
dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [[ ! -x "$dir/workload_execution" ]]; then
    echo "$dir/workload_execution is missing: run ./build.sh first" >&2
    exit 1
fi
# ../run.json and ../warmup.json are found from there.
cd "$dir" && exec ./workload_execution "$@"
