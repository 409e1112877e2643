package params

import "github.com/LMCache/LMBench/tools/load/schedule"

// Process returns a Value for an arrival process.
func Process(to *schedule.Process) Value { return &processValue{to} }

type processValue struct{ to *schedule.Process }

func (v *processValue) Set(text string) (err error) {
	*v.to, err = schedule.ParseProcess(text)
	return err
}

func (v *processValue) String() string { return (*v.to).String() }
func (v *processValue) Optional() bool { return false }
