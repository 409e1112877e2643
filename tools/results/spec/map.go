package spec

import "iter"

// Map is a mapping in the order of the file. Its values are nil, bool, int64,
// *big.Int where int64 is too small, float64, string, []any and Map.
type Map []Entry

// Entry is one key and its value. A key that is not a string has the text that Python's
// json gives it.
type Entry struct {
	Key   string
	Value any
}

// Members yields the keys and values in order. It implements pyjson.Object.
func (m Map) Members() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, entry := range m {
			if !yield(entry.Key, entry.Value) {
				return
			}
		}
	}
}

// Get returns the value of a key and reports whether the key exists.
func (m Map) Get(key string) (any, bool) {
	for _, entry := range m {
		if entry.Key == key {
			return entry.Value, true
		}
	}
	return nil, false
}

// Set sets a value. A key that exists keeps its position, as in Python's dict.
func (m *Map) Set(key string, value any) {
	for i := range *m {
		if (*m)[i].Key == key {
			(*m)[i].Value = value
			return
		}
	}
	*m = append(*m, Entry{key, value})
}
