#!/usr/bin/env bash
# Makes ShareGPT.json, the conversations of USE_SHAREGPT, with the tokenizer of
# the model that is named: prepare_synthetic_sharegpt.sh MODEL_URL [FLAGS].
dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
prepare="$dir/../sharegpt/data_generation/data_generation"
if [[ ! -x "$prepare" ]]; then
    echo "$prepare is missing: run ./build.sh first" >&2
    exit 1
fi
exec "$prepare" --whole "$dir/ShareGPT.json" --model-url "$@"
