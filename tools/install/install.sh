#!/usr/bin/env bash
# Installs the workloads into an LMBench checkout, and uninstalls them.
#
#   install.sh install DIR      scripts and binaries in place of the Python ones
#   install.sh uninstall DIR    the checkout as it was, byte for byte
#
# A replaced script is kept beside ours as SCRIPT.original. The manifest has a
# line for each file: what was there before (new or replaced), our file's
# checksum, and its path; it is written before the file is put in place and
# dropped after the file is taken out, so that an install or an uninstall that was
# cut short can be repeated or taken out. Needs no Go if the binaries are built.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
manifest=3-workloads/.lmbench-workloads

die() {
    printf '%s\n' "$@" >&2
    exit 1
}

# What goes into a checkout, relative to both roots: every workload's scripts,
# the binary beside them, the examples it ships, and what makes and reads results.
files() {
    local dir name
    cd "$here"
    find 3-workloads -name '*.sh' -exec dirname {} + | sort -u | while read -r dir; do
        [[ "$dir" == 3-workloads/your-workload ]] && continue # run-bench.py does not know its key
        find "$dir" -maxdepth 1 -name '*.sh' | sort
        echo "$dir/$(basename "$dir")"
    done
    find 3-workloads -name 'example.jsonl' -o -name 'demo-sharegpt.json'
    for name in summarize events report compare; do
        if [[ -x "tools/$name/$name" ]]; then echo "tools/$name/$name"; fi
    done
}

checksum() { sha256sum "$1" | cut -d' ' -f1; }

check_checkout() {
    local missing=() file
    for file in run-bench.py 0-bench-specs 3-workloads 4-latest-results/post-processing/summarize.py; do
        [[ -e "$1/$file" ]] || missing+=("$1/$file")
    done
    ((${#missing[@]} == 0)) || die "$1 is not an LMBench checkout; missing:" "${missing[@]}"
}

# check_binaries: beside every script lies the binary it runs, named as the folder.
check_binaries() {
    local dir binary
    while read -r dir; do
        binary="$dir/$(basename "$dir")"
        [[ -x "$binary" ]] || die "$binary is missing: run ./build.sh first"
    done < <(find "$here/3-workloads" -name '*.sh' -exec dirname {} + | sort -u; echo "$here/tools/summarize")
}

# entry is the manifest's line for a path, if there is one.
entry() {
    [[ -e "$1/$manifest" ]] || return 0
    awk -v path="$2" '$3 == path' "$1/$manifest"
}

# changed lists installed files that are neither as they were installed nor, by
# an install or an uninstall cut short, as they were before.
changed() {
    local kind sum path
    while read -r kind sum path; do
        if [[ -e "$1/$path" ]]; then
            [[ "$(checksum "$1/$path")" == "$sum" ]] && continue
            cmp -s "$1/$path" "$1/$path.original" && continue
            # Restored before its line was dropped, or got back by hand.
            [[ "$kind" == replaced && ! -e "$1/$path.original" ]] && continue
        elif [[ "$kind" == new ]]; then
            continue
        fi
        echo "$1/$path"
    done < "$1/$manifest"
}

refuse_changed() {
    local list
    list="$(changed "$1")"
    [[ -z "$list" ]] || die "changed since they were installed; move your changes elsewhere first:" "$list"
}

# refuse_lost: the replaced script must exist somewhere, or ours would be mistaken
# for it.
refuse_lost() {
    local kind sum path list=()
    while read -r kind sum path; do
        [[ "$kind" == replaced && ! -e "$1/$path.original" ]] || continue
        if [[ ! -e "$1/$path" || "$(checksum "$1/$path")" == "$sum" ]]; then
            list+=("$1/$path.original: git -C $(printf %q "$1") checkout -- $(printf %q "$path")")
        fi
    done < "$1/$manifest"
    ((${#list[@]} == 0)) || die "the replaced scripts are missing; restore them from git first:" "${list[@]}"
}

# refuse_taken: the name for the replaced script may be in use.
refuse_taken() {
    local path list=()
    while read -r path; do
        if [[ -e "$1/$path.original" && -z "$(entry "$1" "$path")" ]] && ! cmp -s "$1/$path" "$1/$path.original"; then
            list+=("$1/$path.original")
        fi
    done < <(files)
    ((${#list[@]} == 0)) || die "these would be overwritten by the scripts that are replaced; move them elsewhere first:" "${list[@]}"
}

# before prints what was at a path before the install: replaced or new.
before() {
    local known
    known="$(entry "$1" "$2")"
    if [[ -n "$known" ]]; then
        echo "${known%% *}"
    elif [[ -e "$1/$2" ]]; then
        echo replaced
    else
        echo new
    fi
}

install_into() {
    local dir="$1" path kind
    check_checkout "$dir"
    check_binaries
    if [[ -e "$dir/$manifest" ]]; then
        refuse_lost "$dir"
        refuse_changed "$dir"
    fi
    refuse_taken "$dir"
    touch "$dir/$manifest"
    while read -r path; do
        kind="$(before "$dir" "$path")"
        if [[ "$kind" == replaced && ! -e "$dir/$path.original" ]]; then
            cp -a "$dir/$path" "$dir/$path.original"
        fi
        mkdir -p "$(dirname "$dir/$path")"
        cp "$here/$path" "$dir/$path.new"
        record "$dir" "$path" "$kind $(checksum "$dir/$path.new") $path"
        mv "$dir/$path.new" "$dir/$path"
    done < <(files)
    echo "installed into $dir: python run-bench.py now runs these workloads"
}

# record puts a path's line into the manifest in place of an older one; without a
# line it drops that.
record() {
    awk -v path="$2" '$3 != path' "$1/$manifest" > "$1/$manifest.new"
    if [[ -n "${3:-}" ]]; then echo "$3" >> "$1/$manifest.new"; fi
    mv "$1/$manifest.new" "$1/$manifest"
}

uninstall_from() {
    local dir="$1" kind sum path
    [[ -e "$dir/$manifest" ]] || die "$dir: nothing is installed there"
    refuse_lost "$dir"
    refuse_changed "$dir"
    while read -r kind sum path; do
        if [[ "$kind" == new ]]; then
            rm -f "$dir/$path"
            # The folder may be gone and those above it not, if this was cut short.
            (cd "$dir" && mkdir -p "$(dirname "$path")" && rmdir -p --ignore-fail-on-non-empty "$(dirname "$path")")
        elif [[ -e "$dir/$path.original" ]]; then
            mv -T "$dir/$path.original" "$dir/$path"
        else
            echo "$dir/$path: neither our file nor a kept original was found; nothing was changed" >&2
        fi
        record "$dir" "$path"
    done < "$dir/$manifest"
    rm "$dir/$manifest"
    echo "uninstalled from $dir"
}

[[ $# == 2 && -n "$2" ]] || die "usage: install.sh install|uninstall DIR"
[[ -d "$2" ]] || die "$2: no such folder"
target="$(cd "$2" && pwd)"
case "$1" in
install) install_into "$target" ;;
uninstall) uninstall_from "$target" ;;
*) die "usage: install.sh install|uninstall DIR" ;;
esac
