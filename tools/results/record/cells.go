package record

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gocarina/gocsv"
)

// fieldsOf returns pointers to a row's fields by the column names in their tags.
func fieldsOf(row *Row) map[string]any {
	fields := map[string]any{}
	collect(reflect.ValueOf(row).Elem(), fields)
	return fields
}

func collect(of reflect.Value, fields map[string]any) {
	for i := range of.NumField() {
		if field := of.Type().Field(i); field.Anonymous {
			collect(of.Field(i), fields)
		} else {
			name, _, _ := strings.Cut(field.Tag.Get("csv"), ",")
			fields[name] = of.Field(i).Addr().Interface()
		}
	}
}

// floats allocates numbers, many at a time.
type floats struct{ free []float64 }

func (f *floats) put(v float64) *float64 {
	if len(f.free) == 0 {
		f.free = make([]float64, 1024)
	}
	place := &f.free[0]
	f.free = f.free[1:]
	*place = v
	return place
}

// reader returns a function that sets a field from its cell. It reads what Writer and
// pandas write, and returns an error for anything else.
func reader(field any, numbers *floats) func(cell string) error {
	switch field := field.(type) {
	case *float64:
		empty := *field // 0, or NaN for an instant
		return func(cell string) (err error) {
			if *field = empty; cell != "" {
				*field, err = number(cell)
			}
			return err
		}
	case **float64:
		return func(cell string) error {
			if cell == "" {
				return nil
			}
			v, err := number(cell)
			*field = numbers.put(v)
			return err
		}
	case *int:
		return func(cell string) (err error) {
			if *field = 0; cell != "" {
				*field, err = whole(cell)
			}
			return err
		}
	case *bool:
		return func(cell string) (err error) {
			if *field = false; cell != "" {
				*field, err = strconv.ParseBool(cell)
			}
			return err
		}
	case *string:
		return func(cell string) error { *field = cell; return nil }
	case gocsv.TypeUnmarshaller:
		return field.UnmarshalCSV
	}
	panic(fmt.Sprintf("record: no cell for a %T", field))
}

// appender returns a function that appends a field's cell to a line.
func appender(field any) func(line []byte) []byte {
	switch field := field.(type) {
	case *float64:
		return func(line []byte) []byte { return appendNumber(line, *field) }
	case **float64:
		return func(line []byte) []byte {
			if *field == nil {
				return line
			}
			return appendNumber(line, **field)
		}
	case *int:
		return func(line []byte) []byte { return strconv.AppendInt(line, int64(*field), 10) }
	case *bool:
		return func(line []byte) []byte { return strconv.AppendBool(line, *field) }
	case *string:
		return func(line []byte) []byte { return appendText(line, *field) }
	case *Gaps:
		return func(line []byte) []byte { return field.appendTo(line) }
	}
	panic(fmt.Sprintf("record: no cell for a %T", field))
}

func appendNumber(line []byte, v float64) []byte { return strconv.AppendFloat(line, v, 'f', -1, 64) }

// appendText quotes text where encoding/csv would.
func appendText(line []byte, text string) []byte {
	first, _ := utf8.DecodeRuneInString(text)
	if text == "" || text != `\.` && !strings.ContainsAny(text, ",\"\r\n") && !unicode.IsSpace(first) {
		return append(line, text...)
	}
	line = append(line, '"')
	for i := range len(text) {
		if text[i] == '"' {
			line = append(line, '"')
		}
		line = append(line, text[i])
	}
	return append(line, '"')
}
