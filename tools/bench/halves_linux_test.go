package main

import (
	"context"
	"io"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"
)

// Two halves share no processor, have all together, and change places.
func TestHalvesChangePlaces(t *testing.T) {
	s := newSeesaw()
	if s == nil {
		t.Skip("one processor")
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
		if children[k], err = s.half(p, k).spawn(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	places := func() (places [2]unix.CPUSet) {
		for k := range children {
			if err := unix.SchedGetaffinity(children[k].pid, &places[k]); err != nil {
				t.Fatal(err)
			}
		}
		return places
	}
	before := places()
	all := 0
	for cpu := range 1024 {
		here, there := before[0].IsSet(cpu), before[1].IsSet(cpu)
		if here && there {
			t.Errorf("both have processor %d", cpu)
		}
		if here || there {
			all++
		}
	}
	if all != s.all.Count() {
		t.Errorf("together they have %d processors of %d", all, s.all.Count())
	}
	s.change()
	if after := places(); after != [2]unix.CPUSet{before[1], before[0]} {
		t.Errorf("places were %v, are %v", before, after)
	}
	if move(-1, &s.places[0]) {
		t.Error("a process that there is not was moved")
	}
	var here unix.CPUSet
	if unix.SchedGetaffinity(0, &here); here != s.all {
		t.Errorf("whoever started them has %v, had %v", here, s.all)
	}
}
