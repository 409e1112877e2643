package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/record"
)

// table is a struct type with a field for each column of a row, built from its csv tags, so
// that a new column is exported too. It has arrivals instead of gaps.
type table struct {
	of     reflect.Type
	fields [][]int // index in record.Row of each field
}

func newTable() table {
	var t table
	var columns []reflect.StructField
	for _, field := range reflect.VisibleFields(reflect.TypeFor[record.Row]()) {
		column, is := field.Tag.Lookup("csv")
		if !is || field.Type == reflect.TypeFor[record.Gaps]() {
			continue
		}
		name, _, _ := strings.Cut(column, ",")
		optional := ""
		if field.Type.Kind() == reflect.Pointer {
			optional = ",omitempty"
		}
		columns = append(columns, reflect.StructField{
			Name: fmt.Sprintf("Column%d", len(columns)), Type: field.Type,
			Tag: reflect.StructTag(fmt.Sprintf(`json:"%s%s" parquet:"%s"`, name, optional, name)),
		})
		t.fields = append(t.fields, field.Index)
	}
	columns = append(columns,
		reflect.StructField{Name: "Arrivals", Type: reflect.TypeFor[[]int64](), Tag: `json:"arrivals_us" parquet:"arrivals_us"`},
		reflect.StructField{Name: "Tokens", Type: reflect.TypeFor[[]int64](), Tag: `json:"chunk_tokens,omitempty" parquet:"chunk_tokens"`})
	t.of = reflect.StructOf(columns)
	return t
}

// line returns a request as a value of that type.
func (t *table) line(r *eventlog.Request) any {
	line, row := reflect.New(t.of), reflect.ValueOf(&r.Row).Elem()
	for i, index := range t.fields {
		line.Elem().Field(i).Set(row.FieldByIndex(index))
	}
	arrivals, tokens := []int64{}, []int64(nil)
	for _, at := range r.Arrivals {
		arrivals = append(arrivals, at.Microseconds())
	}
	for _, n := range r.Tokens {
		tokens = append(tokens, int64(n))
	}
	line.Elem().FieldByName("Arrivals").Set(reflect.ValueOf(arrivals))
	line.Elem().FieldByName("Tokens").Set(reflect.ValueOf(tokens))
	return line.Interface()
}

// writeJSONL writes the header and every event as a line.
func writeJSONL(log *eventlog.Reader, to io.Writer) error {
	buffer := bufio.NewWriter(to)
	out := json.NewEncoder(buffer)
	out.SetEscapeHTML(false)
	type line struct {
		Event string `json:"event"`
		Data  any    `json:"data"`
	}
	table := newTable()
	err := out.Encode(line{"header", log.Header})
	for err == nil {
		var event eventlog.Event
		if event, err = log.Next(); err != nil {
			break
		}
		switch event := event.(type) {
		case *eventlog.Request:
			err = out.Encode(line{"request", table.line(event)})
		case eventlog.Started:
			err = out.Encode(line{"started", map[string]int64{"user_id": int64(event.User), "question_number": int64(event.Question),
				"due_us": event.Due.Microseconds(), "at_us": event.At.Microseconds()}})
		case eventlog.Unrecorded:
			err = out.Encode(line{"unlisted", map[string]int{"user_id": event.User, "question_number": event.Question}})
		case eventlog.Sample:
			var values figures // leaves out infinity, which JSON lacks
			for _, value := range event.Values {
				values.add(value.Name, value.Number)
			}
			err = out.Encode(line{"sample", map[string]any{"at_us": event.At.Microseconds(), "values": values}})
		case eventlog.End:
			err = out.Encode(line{"end", event})
		case eventlog.Result:
			err = out.Encode(line{"result", event})
		}
	}
	if flushed := buffer.Flush(); flushed != nil {
		return flushed
	}
	return atEnd(err)
}

// writeParquet writes the requests.
func writeParquet(log *eventlog.Reader, to io.Writer) error {
	table := newTable()
	out := parquet.NewWriter(to, parquet.SchemaOf(reflect.New(table.of).Interface()), parquet.Compression(&parquet.Zstd))
	var err error
	for err == nil {
		var event eventlog.Event
		if event, err = log.Next(); err != nil {
			break
		}
		if request, is := event.(*eventlog.Request); is {
			err = out.Write(table.line(request))
		}
	}
	if closed := out.Close(); closed != nil {
		return closed
	}
	return atEnd(err)
}

func atEnd(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}
