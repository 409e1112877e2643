#!/usr/bin/env bash
# Prepares ShareGPT.json, the conversations for USE_SHAREGPT. Tokens are counted by the
# tokenizer of the given model: prepare_synthetic_sharegpt.sh MODEL_URL [FLAGS].
dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
prepare="$dir/../sharegpt/data_generation/data_generation"
if [[ ! -x "$prepare" ]]; then
    echo "$prepare is missing: run ./build.sh first" >&2
    exit 1
fi
exec "$prepare" --whole "$dir/ShareGPT.json" --model-url "$@"
