#!/usr/bin/env bash
# Builds, tests and demonstrates the workloads. Needs only Go.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# Without symbols, the manual-page writers of urfave/cli, and HTTP/2, which no client here
# uses.
flags=(-trimpath '-ldflags=-s -w' -tags=urfave_cli_no_docs,nethttpomithttp2)
if git rev-parse HEAD >/dev/null 2>&1; then
    flags+=(-buildvcs=auto) # for --version, whatever GOFLAGS says
fi

usage() {
    cat <<'TEXT'
usage: ./build.sh [COMMAND]
  build   every binary beside its source: static, no cgo (default)
  demo    build, start the simulated engine on a free loopback port and run
          every workload small against it; results go to 4-latest-results
  test [--short]  format, vet, staticcheck, module files, all tests with the race
          detector; with --short formatting and the fast tests, in a minute
  vulncheck [DB]  look up the code and its modules among Go's known vulnerabilities;
          DB is file://DIR, a copy of data/osv of github.com/golang/vulndb,
          where there is no network
  install DIR     put scripts and binaries into an LMBench checkout
  uninstall DIR   take them out again, leaving the checkout as it was
  dist    archives for Linux on amd64 and arm64 in .dist, which install without Go
  clean   remove the binaries
TEXT
}

# commands prints the folder of every command, each of which gets a binary beside its
# source.
commands() {
    go list -f '{{if eq .Name "main"}}.{{slice .ImportPath (len .Module.Path)}}{{end}}' ./...
}

# compile builds every command below the folder $1.
compile() {
    local dirs dir
    dirs="$(commands)"
    for dir in $dirs; do
        CGO_ENABLED=0 go build "${flags[@]}" -o "$1/$dir/$(basename "$dir")" "$dir"
    done
}

build() {
    [[ -e go.mod ]] || return 0 # an archive has its binaries
    compile .
}

# await waits for an engine to listen and prints the URL that it writes to a file.
await() {
    for _ in $(seq 100); do
        if [[ -s "$1" ]]; then cat "$1"; return; fi
        sleep 0.1
    done
    echo "the simulated engine did not start" >&2
    return 1
}

demo() {
    build
    local scratch engine uncached url without
    scratch="$(mktemp -d)"
    local timing=(--base-ttft 20ms --prefill-per-1k 40ms --itl 5ms)
    tools/simserver/simserver --listen 127.0.0.1:0 --url-file "$scratch/url" "${timing[@]}" &
    engine=$!
    tools/simserver/simserver --listen 127.0.0.1:0 --url-file "$scratch/without" "${timing[@]}" --cache-blocks 0 &
    uncached=$!
    # shellcheck disable=SC2064
    trap "kill $engine $uncached 2>/dev/null || true; rm -rf '$scratch'" EXIT
    url="$(await "$scratch/url")"
    without="$(await "$scratch/without")"

    export LMBENCH_TIME=5 LMBENCH_COOLDOWN=0
    local spec=0-bench-specs/demo-spec.yaml
    3-workloads/synthetic/run_synthetic.sh simulated-model "$url" simulated 4 10 5 200 2000 40 False demo 0 "$spec" demo completions 4.0 8.0 12.0
    3-workloads/synthetic/run_synthetic.sh simulated-model "$without" no-cache 4 10 5 200 2000 40 False demo 0 "$spec" demo completions 4.0 8.0 12.0
    3-workloads/agentic/run_agentic.sh simulated-model "$url" simulated 4 3 6 100 500 40 demo 0 "$spec" demo 0.5
    3-workloads/random/run-random.sh simulated-model "$url" simulated 5 5 200 40 demo 0 "$spec" demo 5.0
    3-workloads/strict-synthetic/run_strict_synthetic.sh simulated-model "$url" simulated 4 3 100 1000 100 40 0.5 completions demo 0 "$spec" demo 1.0
    3-workloads/trace-replayer/run_trace_replayer.sh simulated-model "$url" simulated demo 0 "$spec" demo traces/example.jsonl 0 20 true 0.25 completions None
    HF_HUB_OFFLINE=1 3-workloads/sharegpt/data_generation/prepare_sharegpt_data.sh -l 12 -m 4 -s 2 --model-url simulated-model \
        --input 3-workloads/sharegpt/demo-sharegpt.json --engine-url "$url" --output-dir "$scratch"
    LMBENCH_SHAREGPT_FILE="$scratch/run.json" LMBENCH_WARMUP_FILE="$scratch/warmup.json" \
        3-workloads/sharegpt/workload_execution/run-sharegpt.sh simulated-model "$url" simulated 12 4 2 demo 0 "$spec" demo 8.0
    LMBENCH_TOKENIZER=approximate 3-workloads/vllm-benchmark-serving/run_vllm_benchmark_serving.sh simulated-model "$url/v1" simulated \
        vllm random '' 40 demo 0 "$spec" demo 8.0 --random-input-len 200 --random-output-len 40
    3-workloads/your-workload/run_your_workload.sh simulated-model "$url" simulated demo 0 "$spec" demo 8.0
}

# check runs all checks, or with --short those of a minute: formatting, and the tests
# without the slow ones, the race detector and staticcheck.
check() {
    local unformatted ignored
    case "${1:-}" in
    "" | --short) ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
    unformatted="$(gofmt -l $(git ls-files --cached --others --exclude-standard '*.go'))"
    if [[ -n "$unformatted" ]]; then
        echo "not formatted: $unformatted" >&2
        exit 1
    fi
    ignored="$(git ls-files --cached --ignored --exclude-standard)"
    if [[ -n "$ignored" ]]; then
        echo ".gitignore names files that are in the repository: $ignored" >&2
        exit 1
    fi
    if [[ "${1:-}" == --short ]]; then
        go test -short ./...
        return
    fi
    go mod tidy -diff
    go vet ./...
    go tool staticcheck ./...
    go test -race ./...
    go test ./tools/engine/... # under the race detector sockets are read by other code
}

# govulncheck is not in go.mod, because it is not part of the build and needs a database.
vulncheck() {
    go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ${1:+-db "$1"} -test ./...
}

# shipped prints what an archive holds besides binaries: all files but sources, and the
# files that README.md links to.
shipped() {
    {
        git ls-files | grep -vE '(\.go|^go\.(mod|sum)|\.gitignore)$|(^|/)testdata/|^\.'
        grep -oE '\]\([^):]+\)' README.md | sed -E 's/^\]\(//; s/\)$//; s/#.*//' | while read -r path; do
            if [[ -f "$path" ]]; then echo "$path"; fi
        done
    } | sort -u
}

dist() {
    local version arch name stage
    version="$(git describe --tags --always --dirty)"
    mkdir -p .dist
    for arch in amd64 arm64; do
        name="lmbench-workloads-$version-linux-$arch"
        stage="$(mktemp -d)"
        mkdir "$stage/$name"
        shipped | xargs cp --parents -p -t "$stage/$name"
        GOOS=linux GOARCH="$arch" compile "$stage/$name"
        tar -C "$stage" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" -czf ".dist/$name.tar.gz" "$name"
        rm -r "$stage"
    done
    (cd .dist && sha256sum -- *"$version"*.tar.gz | tee "lmbench-workloads-$version.sha256")
}

clean() {
    if [[ ! -e go.mod ]]; then
        echo "no sources here to build the binaries from again: nothing was removed" >&2
        exit 1
    fi
    local dirs dir
    dirs="$(commands)"
    for dir in $dirs; do rm -f "$dir/$(basename "$dir")"; done
}

case "${1:-build}" in
build) build ;;
demo) demo ;;
test) check "${2:-}" ;;
vulncheck) vulncheck "${2:-}" ;;
install | uninstall)
    if [[ $# != 2 || -z "$2" ]]; then # before anything is built
        usage >&2
        exit 2
    fi
    if [[ "$1" == install ]]; then build; fi
    tools/install/install.sh "$1" "$2"
    ;;
dist) dist ;;
clean) clean ;;
-h | --help | help) usage ;;
*)
    usage >&2
    exit 2
    ;;
esac
