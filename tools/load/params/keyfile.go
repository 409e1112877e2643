package params

import (
	"fmt"
	"os"
	"strings"

	"github.com/LMCache/LMBench/tools/data/userfile"
)

// KeyFile returns a Value for a file that contains a secret. The secret goes to
// to; the result records the file's name.
func KeyFile(to *string) Value { return &keyFileValue{to: to} }

type keyFileValue struct {
	to   *string
	file string
}

// Set reads the file.
func (v *keyFileValue) Set(text string) error {
	if text == "" {
		return nil
	}
	content, err := os.ReadFile(text)
	if err != nil {
		return err
	}
	key := strings.TrimSpace(string(userfile.TrimMark(content)))
	if key == "" {
		return fmt.Errorf("%s is empty", text)
	}
	*v.to, v.file = key, text
	return nil
}

func (v *keyFileValue) String() string { return orNone(v.file) }
func (v *keyFileValue) Optional() bool { return true }
