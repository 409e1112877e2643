package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/command"
)

// printParquet prints the rows of a Parquet file as JSON lines: all columns, or those
// named as far as the file has them. vllm-benchmark-serving reads data sets with it, so
// that no workload has to link the library, which weighs 7 MB.
func printParquet(c *cli.Context, s command.Streams) error {
	if c.NArg() == 0 {
		return command.Usagef("parquet: want a FILE")
	}
	file, err := os.Open(c.Args().First())
	if err != nil {
		return err
	}
	defer file.Close()
	out := bufio.NewWriterSize(s.Out, 1<<16)
	if err := errors.Join(printRows(c.Context, file, c.Args().Tail(), out), out.Flush()); err != nil {
		return fmt.Errorf("%s: %w", c.Args().First(), err)
	}
	return nil
}

// printRows writes the rows. The library panics at some damaged files.
func printRows(ctx context.Context, file *os.File, columns []string, to io.Writer) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("damaged file: %v", fault)
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
	reader := parquet.NewReader(opened, withColumns(opened.Schema(), columns))
	defer reader.Close()
	out := json.NewEncoder(to)
	out.SetEscapeHTML(false)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
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

// withColumns returns the schema with only some columns, so that the others are not
// read.
func withColumns(schema *parquet.Schema, columns []string) *parquet.Schema {
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
