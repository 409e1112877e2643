// Package install tests the script that puts the workloads into a checkout of
// LMBench. It holds only tests.
package install

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// ours and theirs are the folders of these tests: the workloads as built, and
// a checkout of LMBench, under git.
type folders struct {
	t            *testing.T
	ours, theirs string
}

func newFolders(t *testing.T) *folders {
	f := &folders{t, t.TempDir(), t.TempDir()}
	script, err := os.ReadFile("install.sh")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"tools/install/install.sh":                                      string(script),
		"tools/summarize/summarize":                                     "our summarizer",
		"tools/summarize/main.go":                                       "package main",
		"3-workloads/synthetic/run_synthetic.sh":                        "our script",
		"3-workloads/synthetic/synthetic":                               "our binary",
		"3-workloads/synthetic/main.go":                                 "package main",
		"3-workloads/synthetic/testdata/help.txt":                       "help",
		"3-workloads/sharegpt/data_generation/prepare_sharegpt_data.sh": "our script",
		"3-workloads/sharegpt/data_generation/data_generation":          "our binary",
	} {
		f.write(f.ours, name, content, 0o755)
	}
	f.write(f.theirs, "run-bench.py", "their orchestrator", 0o644)
	f.write(f.theirs, "0-bench-specs/spec.yaml", "Name: x", 0o644)
	f.write(f.theirs, "4-latest-results/post-processing/summarize.py", "their summarizer", 0o644)
	f.write(f.theirs, "3-workloads/synthetic/run_synthetic.sh", "their script", 0o644) // not executable: modes are to come back too
	f.write(f.theirs, "3-workloads/synthetic/multi-round-qa.py", "their generator", 0o755)
	f.git("init", "-q")
	f.git("add", "-A")
	f.git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "all")
	return f
}

func (f *folders) write(root, name, content string, mode os.FileMode) {
	f.t.Helper()
	path := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		f.t.Fatal(err)
	}
}

func (f *folders) read(name string) string {
	content, err := os.ReadFile(filepath.Join(f.theirs, name))
	if err != nil {
		return ""
	}
	return string(content)
}

func (f *folders) git(args ...string) string {
	f.t.Helper()
	out, err := exec.Command("git", append([]string{"-C", f.theirs}, args...)...).CombinedOutput()
	if err != nil {
		f.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// run runs the script and returns its output.
func (f *folders) run(wantOK bool, args ...string) string {
	f.t.Helper()
	out, err := exec.Command(filepath.Join(f.ours, "tools/install/install.sh"), args...).CombinedOutput()
	if (err == nil) != wantOK {
		f.t.Fatalf("install.sh %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestInstallAndUninstall(t *testing.T) {
	f := newFolders(t)
	for range 2 { // again changes nothing
		f.run(true, "install", f.theirs)
		if got := f.read("3-workloads/synthetic/run_synthetic.sh"); got != "our script" {
			t.Errorf("the script is %q", got)
		}
		if got := f.read("3-workloads/synthetic/run_synthetic.sh.original"); got != "their script" {
			t.Errorf("the script they had is kept as %q", got)
		}
	}
	for name, want := range map[string]string{
		"3-workloads/synthetic/synthetic":                      "our binary",
		"3-workloads/sharegpt/data_generation/data_generation": "our binary",
		"tools/summarize/summarize":                            "our summarizer",
		"3-workloads/synthetic/main.go":                        "",
		"3-workloads/synthetic/testdata/help.txt":              "",
		"3-workloads/synthetic/multi-round-qa.py":              "their generator",
	} {
		if got := f.read(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	f.run(true, "uninstall", f.theirs)
	if left := f.git("status", "--porcelain", "--ignored"); left != "" {
		t.Errorf("uninstalling left\n%s", left)
	}
	if _, err := os.Stat(filepath.Join(f.theirs, "tools")); err == nil {
		t.Error("uninstalling left the folder tools")
	}
}

func TestAnUpdateKeepsTheFirstOriginal(t *testing.T) {
	f := newFolders(t)
	f.run(true, "install", f.theirs)
	f.write(f.ours, "3-workloads/synthetic/run_synthetic.sh", "our newer script", 0o755)
	f.run(true, "install", f.theirs)
	if got := f.read("3-workloads/synthetic/run_synthetic.sh"); got != "our newer script" {
		t.Errorf("the script is %q", got)
	}
	f.run(true, "uninstall", f.theirs)
	if left := f.git("status", "--porcelain"); left != "" {
		t.Errorf("uninstalling left\n%s", left)
	}
}

func TestWhatTheUserChangedIsNotOverwritten(t *testing.T) {
	f := newFolders(t)
	f.run(true, "install", f.theirs)
	f.write(f.theirs, "3-workloads/synthetic/run_synthetic.sh", "their change", 0o755)
	for _, command := range []string{"install", "uninstall"} {
		if said := f.run(false, command, f.theirs); !strings.Contains(said, "3-workloads/synthetic/run_synthetic.sh") {
			t.Errorf("%s does not name the file: %s", command, said)
		}
		if got := f.read("3-workloads/synthetic/run_synthetic.sh"); got != "their change" {
			t.Errorf("after %s the file is %q", command, got)
		}
	}
}

func TestAnInstallCutShort(t *testing.T) {
	if testing.Short() {
		t.Skip("runs install.sh many times")
	}
	const script, binary = "3-workloads/synthetic/run_synthetic.sh", "3-workloads/synthetic/synthetic"
	for _, again := range []string{"install", "uninstall"} {
		f := newFolders(t)
		f.run(true, "install", f.theirs)
		// The state after the manifest was written and before the files were moved.
		f.write(f.theirs, script, "their script", 0o644)
		if err := os.Remove(filepath.Join(f.theirs, binary)); err != nil {
			t.Fatal(err)
		}
		f.run(true, again, f.theirs)
		if again == "install" {
			if got := f.read(script) + f.read(binary); got != "our script"+"our binary" {
				t.Errorf("installed again: %q", got)
			}
			f.run(true, "uninstall", f.theirs)
		}
		if left := f.git("status", "--porcelain", "--ignored"); left != "" {
			t.Errorf("%s left\n%s", again, left)
		}
	}
}

// An uninstall that a signal or an error stops at any command can be finished, and so
// can an install after it.
func TestAnUninstallCutShort(t *testing.T) {
	if testing.Short() {
		t.Skip("runs install.sh many times")
	}
	const script, other = "3-workloads/synthetic/run_synthetic.sh", "3-workloads/sharegpt/data_generation/prepare_sharegpt_data.sh"
	f := newFolders(t)
	f.write(f.theirs, other, "their other script", 0o755)
	f.git("add", "-A")
	f.git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "two")
	stop, left := t.TempDir(), filepath.Join(t.TempDir(), "left")
	for _, name := range []string{"mv", "rm", "rmdir"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		f.write(stop, name, `#!/bin/bash
read -r left < "$LEFT"
echo $((left - 1)) > "$LEFT"
((left > 0)) || exit 1
exec `+path+` "$@"
`, 0o755)
	}
	// uninstall is stopped after n commands; it reports whether that was before its end.
	uninstall := func(n int) (stopped bool) {
		if err := os.WriteFile(left, []byte(strconv.Itoa(n)+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		command := exec.Command(filepath.Join(f.ours, "tools/install/install.sh"), "uninstall", f.theirs)
		command.Env = append(os.Environ(), "LEFT="+left, "PATH="+stop+":"+os.Getenv("PATH"))
		return command.Run() != nil
	}
	for n := 0; ; n++ {
		f.run(true, "install", f.theirs)
		if !uninstall(n) {
			if n < 10 {
				t.Errorf("the uninstall ended after %d commands, want at least 10", n)
			}
			return
		}
		f.run(true, "install", f.theirs)
		if got := f.read(script) + f.read(other) + f.read(script+".original") + f.read(other+".original"); got != "our scriptour scripttheir scripttheir other script" {
			t.Fatalf("stopped after %d commands and installed again: %q", n, got)
		}
		uninstall(n)
		f.run(true, "uninstall", f.theirs)
		if left := f.git("status", "--porcelain", "--ignored"); left != "" {
			t.Fatalf("stopped after %d commands and finished, it left\n%s", n, left)
		}
		if _, err := os.Stat(filepath.Join(f.theirs, "tools")); err == nil {
			t.Fatalf("stopped after %d commands and finished, it left the folder tools", n)
		}
	}
}

// If the backup of the original script is lost, our script must not be taken for it, and
// the loss must be reported.
func TestALostOriginal(t *testing.T) {
	if testing.Short() {
		t.Skip("runs install.sh many times")
	}
	const script = "3-workloads/synthetic/run_synthetic.sh"
	for _, then := range []string{"install", "uninstall"} {
		f := newFolders(t)
		f.run(true, "install", f.theirs)
		if err := os.Remove(filepath.Join(f.theirs, script+".original")); err != nil {
			t.Fatal(err)
		}
		before := f.git("status", "--porcelain", "--ignored")
		for _, command := range []string{"install", "uninstall"} {
			if said := f.run(false, command, f.theirs); !strings.Contains(said, script+".original") || !strings.Contains(said, "checkout -- "+script) {
				t.Errorf("%s does not say what is missing and what to do: %s", command, said)
			}
			if after := f.git("status", "--porcelain", "--ignored"); after != before {
				t.Errorf("%s was refused and changed\n%sto\n%s", command, before, after)
			}
		}
		f.git("checkout", "--", script) // as it says
		f.run(true, then, f.theirs)
		if then == "install" {
			if got := f.read(script) + f.read(script+".original"); got != "our script"+"their script" {
				t.Errorf("installed again: %q", got)
			}
			f.run(true, "uninstall", f.theirs)
		}
		if left := f.git("status", "--porcelain", "--ignored"); left != "" {
			t.Errorf("%s left\n%s", then, left)
		}
	}
}

// Without a folder build.sh prints its usage and builds nothing.
func TestBuildWantsAFolder(t *testing.T) {
	f := newFolders(t)
	build, err := os.ReadFile(filepath.Join(repository, "build.sh"))
	if err != nil {
		t.Fatal(err)
	}
	f.write(f.ours, "build.sh", string(build), 0o755)
	f.write(f.ours, "go.mod", "module m", 0o644)
	f.write(f.ours, "path/go", "#!/bin/sh\necho it builds\n", 0o755)
	for _, args := range [][]string{{"install"}, {"install", ""}, {"install", f.theirs, "more"}, {"uninstall"}, {"uninstall", ""}} {
		command := exec.Command(filepath.Join(f.ours, "build.sh"), args...)
		command.Env = append(os.Environ(), "PATH="+filepath.Join(f.ours, "path")+":"+os.Getenv("PATH"))
		out, _ := command.CombinedOutput()
		if said := string(out); command.ProcessState.ExitCode() != 2 || !strings.HasPrefix(said, "usage: ./build.sh") {
			t.Errorf("build.sh %q: exit code %d\n%s", args, command.ProcessState.ExitCode(), said)
		}
	}
}

func TestWhatIsKeptTakesNobodysPlace(t *testing.T) {
	f := newFolders(t)
	const theirs = "3-workloads/synthetic/run_synthetic.sh.original"
	f.write(f.theirs, theirs, "their own", 0o644)
	if said := f.run(false, "install", f.theirs); !strings.Contains(said, theirs) {
		t.Errorf("does not name the file: %s", said)
	}
	if got := f.git("status", "--porcelain", "--ignored"); got != "?? "+theirs+"\n" {
		t.Errorf("the refusal left\n%s", got)
	}
}

// The commands that read results are installed if they are built.
func TestResultCommandsAreInstalled(t *testing.T) {
	f := newFolders(t)
	f.write(f.ours, "tools/report/report", "our report", 0o755)
	f.run(true, "install", f.theirs)
	if got := f.read("tools/report/report"); got != "our report" {
		t.Errorf("tools/report/report is %q", got)
	}
	f.run(true, "uninstall", f.theirs)
	if left := f.git("status", "--porcelain", "--ignored"); left != "" {
		t.Errorf("uninstalling left\n%s", left)
	}
}

func TestRefusals(t *testing.T) {
	f := newFolders(t)
	empty := t.TempDir()
	for _, test := range []struct {
		why  string
		args []string
		want string
	}{
		{"a folder that is not a checkout", []string{"install", empty}, "run-bench.py"},
		{"a folder that is not there", []string{"install", empty + "/x"}, "no such folder"},
		{"nothing to take out", []string{"uninstall", f.theirs}, "nothing is installed"},
		{"no folder", []string{"install"}, "usage"},
		{"another word", []string{"remove", f.theirs}, "usage"},
	} {
		if said := f.run(false, test.args...); !strings.Contains(said, test.want) {
			t.Errorf("%s: said %q, want %q", test.why, said, test.want)
		}
	}
	if err := os.Remove(filepath.Join(f.ours, "3-workloads/synthetic/synthetic")); err != nil {
		t.Fatal(err)
	}
	if said := f.run(false, "install", f.theirs); !strings.Contains(said, "run ./build.sh first") {
		t.Errorf("a missing binary: said %q", said)
	}
	if left := f.git("status", "--porcelain"); left != "" {
		t.Errorf("a refusal left\n%s", left)
	}
}
