#!/usr/bin/env bash
# Runs vLLM's serving benchmark at one request rate; see ./vllm-benchmark-serving --help.
dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [[ ! -x "$dir/vllm-benchmark-serving" ]]; then
    echo "$dir/vllm-benchmark-serving is missing: run ./build.sh first" >&2
    exit 1
fi
exec "$dir/vllm-benchmark-serving" "$@"
