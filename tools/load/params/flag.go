package params

import (
	"strconv"
	"strings"
)

// A flagText implements cli.Generic. It keeps the texts of a flag as they were
// given and accepts any, so that Parse can report all faults at once.
type flagText struct {
	texts   []string
	boolean bool
}

// Set is called for each occurrence of the flag.
func (t *flagText) Set(text string) error {
	if value, err := strconv.ParseBool(text); t.boolean && err == nil {
		text = strconv.FormatBool(value) // 1, t, F and the like
	}
	t.texts = append(t.texts, text)
	return nil
}

// IsBoolFlag tells package flag whether the flag needs no value.
func (t *flagText) IsBoolFlag() bool { return t.boolean }

func (t *flagText) String() string { return strings.Join(t.texts, " ") }

// value returns the text that counts: the last one, or all of a repeatable flag.
func (t *flagText) value(repeatable bool) string {
	if repeatable {
		return t.String()
	}
	return t.texts[len(t.texts)-1]
}
