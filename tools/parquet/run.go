package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
)

const usage = `usage: parquet FILE [COLUMN...]

Prints the rows of a Parquet file as JSON lines: all columns, or those named as
far as the file has them.
`

// usageError is a mistake on the command line.
type usageError struct{ error }

// run is the whole command.
func run(args []string, stdout io.Writer) error {
	if slices.Contains(args, "--help") || slices.Contains(args, "-h") {
		_, err := io.WriteString(stdout, usage)
		return err
	}
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return usageError{errors.New("want a file")}
	}
	file, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer file.Close()
	out := bufio.NewWriterSize(stdout, 1<<16)
	if err := errors.Join(rows(file, args[1:], out), out.Flush()); err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return nil
}

// rows writes the rows. The library panics at some damaged files.
func rows(file *os.File, columns []string, to io.Writer) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("it is damaged: %v", fault)
		}
	}()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	opened, err := parquet.OpenFile(file, info.Size())
	if err != nil {
		return err
	}
	reader := parquet.NewReader(opened, chosen(opened.Schema(), columns))
	defer reader.Close()
	out := json.NewEncoder(to)
	out.SetEscapeHTML(false)
	for {
		var row any
		if err := reader.Read(&row); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := out.Encode(row); err != nil {
			return err
		}
	}
}

// chosen is the schema with only some columns, so that the others are not read.
func chosen(schema *parquet.Schema, columns []string) *parquet.Schema {
	if len(columns) == 0 {
		return schema
	}
	some := parquet.Group{}
	for _, field := range schema.Fields() {
		if slices.Contains(columns, field.Name()) {
			some[field.Name()] = field
		}
	}
	return parquet.NewSchema(schema.Name(), some)
}

// status is the exit status, and prints why it is not 0.
func status(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "parquet: %v\n", err)
	if wrong := (usageError{}); errors.As(err, &wrong) {
		fmt.Fprint(stderr, usage)
		return 2
	}
	return 1
}
