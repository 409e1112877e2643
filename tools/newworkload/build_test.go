package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheCopyBuildsAndPasses builds and tests a new workload in a module with links to
// the repository's packages, so that nothing is written to the repository.
func TestTheCopyBuildsAndPasses(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a program")
	}
	root := templateOnly(t)
	if code, _, stderr := runCommand(t, "--root", root, "made-by-test"); code != 0 {
		t.Fatal(stderr)
	}
	link(t, root)
	const pkg = "./3-workloads/made-by-test"
	// With -trimpath the build cache serves every temporary folder.
	tool(t, root, "go", "vet", "-trimpath", pkg)
	tool(t, root, "go", "test", "-trimpath", pkg)
	tool(t, root, "go", "build", "-trimpath", "-o", pkg+"/made-by-test", pkg)
	said := tool(t, root, pkg+"/run_made_by_test.sh", "--help")
	want, err := os.ReadFile(filepath.Join(root, pkg, "testdata", "help.txt"))
	if err != nil || said != string(want) {
		t.Errorf("error %v, the script's help is\n%s\nwant\n%s", err, said, want)
	}
}

// link makes root a module that has the repository's packages.
func link(t *testing.T, root string) {
	t.Helper()
	for _, name := range []string{"go.mod", "go.sum", "tools"} {
		at, err := filepath.Abs(filepath.Join(repository, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(at, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// tool runs a program, without a network, and returns what it prints.
func tool(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly")
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, said)
	}
	return string(said)
}

// runBench has the lines of run-bench.py that the patch refers to.
const runBench = `supported_workloads = ['Random']
        for workload in workload_cfg:
            if workload not in supported_workloads:
                raise ValueError(f"Unsupported workload type: {workload} in {file_path}")

    supported_workloads = ['Random']
    for workload in workload_cfg:
        if workload not in supported_workloads:
            raise ValueError(f"Unsupported workload type: {workload}")

    run_random(workload_cfg['Random'])


def run_sharegpt(sharegpt_config: Dict[str, Any]) -> None:
    """Run the ShareGPT workload with the specified configuration."""
    sharegpt_data_generation(sharegpt_config)

def clean_up() -> None:
    """
    Does not need to specified in the bench-spec.yaml configuration
    """
`

// TestPatchesApply applies the patches of two workloads one after the other, to a file
// whose lines have moved, and reverts them.
func TestPatchesApply(t *testing.T) {
	root := templateOnly(t)
	at := filepath.Join(root, "run-bench.py")
	if err := os.WriteFile(at, []byte(runBench), 0o644); err != nil {
		t.Fatal(err)
	}
	names := []string{"rag-load", "batch"}
	for _, name := range names {
		if code, _, stderr := runCommand(t, "--root", root, name); code != 0 {
			t.Fatal(stderr)
		}
		tool(t, root, "git", "apply", "3-workloads/"+name+"/run-bench.patch")
	}
	patched := contents(t, root)["run-bench.py"]
	for text, times := range map[string]int{
		"supported_workloads.append('RagLoad')\n":          2,
		"supported_workloads.append('Batch')\n":            2,
		"            run_rag_load(config or {})\n":         1,
		"\n\ndef run_batch(batch_config: Dict[str, Any]":   1,
		"/ '3-workloads' / 'rag-load' / 'run_rag_load.sh'": 1,
	} {
		if got := strings.Count(patched, text); got != times {
			t.Errorf("%q occurs %d times, want %d, in\n%s", text, got, times, patched)
		}
	}
	tool(t, root, "git", "apply", "-R", "3-workloads/batch/run-bench.patch")
	tool(t, root, "git", "apply", "-R", "3-workloads/rag-load/run-bench.patch")
	if left := contents(t, root)["run-bench.py"]; left != runBench {
		t.Errorf("after the patches were reverted\n%s", left)
	}
}
