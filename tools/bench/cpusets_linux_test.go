package main

import (
	"context"
	"io"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"
)

// The two sets share no CPU, contain all CPUs together, and are swapped.
func TestCPUSets(t *testing.T) {
	sets := newCPUSets()
	if sets == nil {
		t.Skip("needs two CPUs")
	}
	p := &process{spawn: func(ctx context.Context, _ io.Writer, _ ...string) (*child, error) {
		command := exec.CommandContext(ctx, "sleep", "60")
		if err := command.Start(); err != nil {
			return nil, err
		}
		t.Cleanup(func() {
			command.Process.Kill()
			command.Wait()
		})
		return &child{pid: command.Process.Pid}, nil
	}}
	var children [2]*child
	for k := range children {
		var err error
		if children[k], err = sets.half(p, k).spawn(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	current := func() (sets [2]unix.CPUSet) {
		for k := range children {
			if err := unix.SchedGetaffinity(children[k].pid, &sets[k]); err != nil {
				t.Fatal(err)
			}
		}
		return sets
	}
	before := current()
	all := 0
	for cpu := range 1024 {
		first, second := before[0].IsSet(cpu), before[1].IsSet(cpu)
		if first && second {
			t.Errorf("CPU %d is in both sets", cpu)
		}
		if first || second {
			all++
		}
	}
	if all != sets.all.Count() {
		t.Errorf("the sets contain %d of %d CPUs", all, sets.all.Count())
	}
	sets.swap()
	if after := current(); after != [2]unix.CPUSet{before[1], before[0]} {
		t.Errorf("sets before: %v, after swap: %v", before, after)
	}
	if setCPUs(-1, &sets.sets[0]) {
		t.Error("setCPUs reports that a process without id runs")
	}
	var here unix.CPUSet
	if unix.SchedGetaffinity(0, &here); here != sets.all {
		t.Errorf("the parent's CPUs are %v, were %v", here, sets.all)
	}
}
