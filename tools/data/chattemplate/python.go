package chattemplate

import (
	"reflect"
	"strings"

	"github.com/nikolalohinski/gonja/v2/builtins"
	"github.com/nikolalohinski/gonja/v2/exec"
)

// list is a list that accepts the index -1 even if it has a single element, which gonja's
// own lists reject.
type list []any

// GetItem implements gonja's ItemGetter.
func (l list) GetItem(key any) (*exec.Value, bool) {
	i, ok := key.(int)
	if i < 0 {
		i += len(l)
	}
	if !ok || i < 0 || i >= len(l) {
		return exec.AsValue(nil), false
	}
	return exec.AsValue(l[i]), true
}

// methods returns gonja's methods, with strings split into a list.
func methods() exec.Methods {
	all := builtins.Methods
	ofText := map[string]exec.Method[string]{}
	for name := range strings.FieldsSeq(`capitalize capwords casefold center count encode endswith expandtabs find format
		format_map isalnum isalpha isascii isdecimal isdigit islower isnumeric isprintable isspace istitle isupper join
		ljust lower lstrip partition removeprefix removesuffix replace rfind rjust rpartition rsplit rstrip split
		splitlines startswith strip swapcase title upper zfill`) {
		method, known := all.Str.Get(name)
		if !known {
			continue
		}
		if strings.Contains(name, "split") {
			method = splitting(method)
		}
		ofText[name] = method
	}
	all.Str = exec.NewMethodSet(ofText)
	return all
}

// splitting makes a method of strings return a list.
func splitting(method exec.Method[string]) exec.Method[string] {
	return func(self string, value *exec.Value, arguments *exec.VarArgs) (any, error) {
		result, err := method(self, value, arguments)
		parts := reflect.ValueOf(result) // a slice of some type of strings
		if err != nil || parts.Kind() != reflect.Slice {
			return result, err
		}
		l := make(list, parts.Len())
		for i := range l {
			l[i] = parts.Index(i).String()
		}
		return l, nil
	}
}
