#!/usr/bin/env bash
# Builds, tests and shows the workloads. Needs Go and nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# Every command, built beside its source.
commands=(3-workloads/synthetic tools/simserver tools/summarize)

usage() {
    cat <<'TEXT'
usage: ./build.sh [COMMAND]
  build   every binary beside its source: static, no cgo (default)
  demo    build, start the simulated engine on a free loopback port and run
          every workload small against it; results go to 4-latest-results
  test    format, vet, staticcheck, module files, all tests with the race detector
  clean   remove the binaries
TEXT
}

build() {
    local dir
    for dir in "${commands[@]}"; do
        CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$dir/$(basename "$dir")" "./$dir"
    done
}

demo() {
    build
    local url_file engine url=""
    url_file="$(mktemp)"
    tools/simserver/simserver --listen 127.0.0.1:0 --url-file "$url_file" \
        --base-ttft 20ms --prefill-per-1k 40ms --itl 5ms &
    engine=$!
    # shellcheck disable=SC2064
    trap "kill $engine 2>/dev/null || true; rm -f '$url_file'" EXIT
    for _ in $(seq 100); do
        if [[ -s "$url_file" ]]; then url="$(cat "$url_file")"; break; fi
        sleep 0.1
    done
    [[ -n "$url" ]] || { echo "the simulated engine did not start" >&2; exit 1; }

    LMBENCH_TIME=8 LMBENCH_COOLDOWN=0 3-workloads/synthetic/run_synthetic.sh \
        simulated-model "$url" simulated 4 10 5 200 2000 40 False demo 0 0-bench-specs/demo-spec.yaml demo completions 4.0 8.0
}

check() {
    local unformatted
    unformatted="$(gofmt -l $(git ls-files --cached --others --exclude-standard '*.go'))"
    if [[ -n "$unformatted" ]]; then
        echo "not formatted: $unformatted" >&2
        exit 1
    fi
    go mod tidy -diff
    go vet ./...
    go tool staticcheck ./...
    go test -race ./...
}

case "${1:-build}" in
build) build ;;
demo) demo ;;
test) check ;;
clean) for dir in "${commands[@]}"; do rm -f "$dir/$(basename "$dir")"; done ;;
-h | --help | help) usage ;;
*)
    usage >&2
    exit 2
    ;;
esac
