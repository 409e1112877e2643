package record

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/gocarina/gocsv"
)

// readByGocsv is the slow reference for Read.
func readByGocsv(file string) (rows []Row, err error) {
	lines, err := gocsv.NewUnmarshaller(csv.NewReader(strings.NewReader(file)), Row{})
	if err != nil {
		return nil, err
	}
	if err := missing(plainNames(lines.Headers)); err != nil {
		return nil, err
	}
	for {
		row, err := lines.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row.(Row))
	}
}

const plainHeader = "prompt_tokens,generation_tokens,ttft,generation_time,launch_time,finish_time,error,user_id,simulated_history,itl_us\n"

// odd returns files whose cells or lines differ from what Writer writes.
func odd() map[string]string {
	return map[string]string{
		"plain":                        plainHeader + "1,2,3,4,5,6,,7,true,1 2\n",
		"empty cells":                  plainHeader + ",,,,,,,,,\n",
		"quotes":                       plainHeader + "\"1\",2,3,4,5,6,\"a, \"\"b\"\"\n c\",7,true,1\n1,2,3,4,5,6,x,7,true,1\n",
		"Windows lines":                plainHeader + "1,2,3,4,5,6,x,7,true,1\r\n\r\n1,2,3,4,5,6,\"x\r\ny\",7,true,1\r\n",
		"blank lines":                  "\n\n" + plainHeader + "\n1,2,3,4,5,6,x,7,true,1\n\n\n1,2,3,4,5,6,x,7,true,1",
		"spaces, words, other bases":   plainHeader + " 1,2 ,\"3,5\",4,5,6,x, 0x10 , yes ,1\n1,2,3,4,5,6,x,010,No,1\n",
		"pandas' whole numbers":        plainHeader + "1.0,2.0,3,4,5,6,x,54.0,True,1\n",
		"no number":                    plainHeader + "1,2,3,4,5,6,x,7,true,1\n1,2,fast,4,5,6,x,7,true,1\n",
		"no gap":                       plainHeader + "1,2,3,4,5,6,x,7,true,soon\n",
		"infinite":                     plainHeader + "1,2,inf,NaN,5,1e999,x,7,true,1\n",
		"a cell too few":               plainHeader + "1,2,3,4,5,6,x,7,true\n",
		"a cell too many":              plainHeader + "1,2,3,4,5,6,x,7,true,1,\n",
		"a quote inside":               plainHeader + "1,2,3,4,5,6,x\"y,7,true,1\n1,2,3,4,5,6,x\"y,7,true,1\n",
		"a quote that nothing closes":  plainHeader + "1,2,3,4,5,6,x,7,true,1\n1,2,3,4,5,6,\"x,7,true,1\n1,2,3,4,5,6,x,7,true,1\n",
		"text after a quote":           plainHeader + "1,2,3,4,5,6,\"x\"y,7,true,1\n",
		"a column twice":               "user_id," + plainHeader + "9,1,2,3,4,5,6,x,7,true,1\n",
		"a byte order mark":            "\ufeff" + plainHeader + "1,2,3,4,5,6,x,7,true,1\n",
		"spaces around names":          strings.ReplaceAll(plainHeader, ",", " , ") + "1,2,3,4,5,6,x,7,true,1\n",
		"a column twice, once empty":   "user_id,ttft,error," + plainHeader + "9,9,e,1,2,,4,5,6,,,true,1\n",
		"the header's names in quotes": `"prompt_tokens","generation_tokens","ttft","generation_time","launch_time","finish_time"` + "\n1,2,3,4,5,6\n",
		"nothing":                      "",
		"a header alone":               plainHeader,
		"a header without a line end":  strings.TrimSpace(plainHeader),
		"a broken header":              "a,\"b\n",
	}
}

// sameAsGocsv compares rows by how Writer writes them.
func sameAsGocsv(t *testing.T, file string) {
	t.Helper()
	var got []Row
	var failed error
	for row, err := range Read(strings.NewReader(file)) {
		if failed != nil {
			t.Fatal("yielded after an error")
		}
		if failed = err; err == nil {
			got = append(got, row)
		}
	}
	if errors.Is(failed, errFraction) {
		return // gocsv cuts fractions off
	}
	want, err := readByGocsv(file)
	if (err == nil) != (failed == nil) || len(got) != len(want) {
		t.Fatalf("%q: %d rows, %v; gocsv says %d, %v", file, len(got), failed, len(want), err)
	}
	for i := range got { // for gocsv an empty stamp is 0
		for _, stamps := range [][2]*float64{{&got[i].LaunchTime, &want[i].LaunchTime}, {&got[i].FinishTime, &want[i].FinishTime}} {
			if math.IsNaN(*stamps[0]) && *stamps[1] == 0 {
				*stamps[0] = 0
			}
		}
	}
	if got, want := written(t, got), written(t, want); got != want {
		t.Errorf("%q:\n%s\ngocsv says\n%s", file, got, want)
	}
}

func written(t *testing.T, rows []Row) string {
	t.Helper()
	var out strings.Builder
	w, err := NewWriter(&out, everything(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(rows...); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// everything returns a layout of all columns, in the order of the fields.
func everything(t *testing.T) Layout {
	t.Helper()
	header, err := gocsv.MarshalString([]Row{})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(header), ",")
}

func TestReadEqualsGocsv(t *testing.T) {
	for why, file := range odd() {
		t.Run(why, func(t *testing.T) { sameAsGocsv(t, file) })
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range odd() {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file string) {
		for _, word := range naValues() { // which gocsv does not read
			if strings.Contains(file, word) {
				return
			}
		}
		if wholeAsFloat.MatchString(file) {
			return
		}
		sameAsGocsv(t, file)
	})
}

// wholeAsFloat matches cells that gocsv cannot read in a column of whole numbers, or
// reads as another number.
var wholeAsFloat = regexp.MustCompile(`(?i)[0-9.]e[-+]?[0-9]|nan`)

func TestWriterEqualsGocsv(t *testing.T) {
	all := rows()
	for _, text := range []string{``, `a b`, ` a`, `a,b`, `a"b`, "a\nb", "a\rb", `\.`, "\u00a0x", "é\xff"} {
		row := all[0]
		row.Error, row.Gaps, row.Agent, row.SlotWait = text, nil, -3, seconds(1e-9)
		all = append(all, row)
	}
	want, err := gocsv.MarshalString(all)
	if err != nil {
		t.Fatal(err)
	}
	if got := written(t, all); got != want {
		t.Errorf("\n%s\ngocsv says\n%s", got, want)
	}
}

// Every column must have a cell: a field of a new type would be lost.
func TestEveryFieldIsReadAndWritten(t *testing.T) {
	row := new(Row)
	fields := fieldsOf(row)
	for _, name := range everything(t) {
		if fields[name] == nil {
			t.Fatalf("no field for %q", name)
		}
		cell := "1"
		if err := reader(fields[name], new(floats))(cell); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if reflect.ValueOf(fields[name]).Elem().IsZero() {
			t.Errorf("%s stays empty", name)
		}
		if got := string(appender(fields[name])(nil)); got != "1" && got != "true" {
			t.Errorf("%s is written as %q", name, got)
		}
	}
}

// Chunks end at records, also if a quoted cell is larger than a chunk.
func TestReadAcrossChunks(t *testing.T) {
	var file bytes.Buffer
	w, err := NewWriter(&file, Agentic())
	if err != nil {
		t.Fatal(err)
	}
	const n = 600
	for i := range n {
		row := rows()[i%2]
		row.UserID = i
		row.Output = strings.Repeat("said \"x\",\n", i)
		if i == n/2 {
			row.Output = strings.Repeat("\n", 3*chunkSize)
		}
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	next := 0
	for row, err := range Read(iotest.HalfReader(bytes.NewReader(file.Bytes()))) {
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.Repeat("said \"x\",\n", next); row.UserID != next || next != n/2 && row.Output != want {
			t.Fatalf("row %d is %d with %d bytes of output, want %d", next, row.UserID, len(row.Output), len(want))
		}
		next++
	}
	if next != n {
		t.Errorf("%d rows, want %d", next, n)
	}
}

// An error far into the file names its line; the rows before it are yielded.
func TestReadFailsLate(t *testing.T) {
	const n = 20000
	file := plainHeader + strings.Repeat("1,2,3,4,5,6,\"a\nb\",7,true,1\n", n)
	for why, test := range map[string]struct {
		rest string
		read error
		want string
	}{
		"a cell":            {"1,2,fast,4,5,6,,7,true,1\n", nil, fmt.Sprintf(`line %d: column "ttft"`, 2*n+2)},
		"a cell too few":    {"1,2\n", nil, fmt.Sprintf("line %d", 2*n+2)},
		"a quote left open": {"1,2,3,4,5,6,\"a", nil, fmt.Sprintf("line %d", 2*n+2)},
		"the disk":          {"", io.ErrNoProgress, io.ErrNoProgress.Error()},
	} {
		t.Run(why, func(t *testing.T) {
			var in io.Reader = strings.NewReader(file + test.rest)
			if test.read != nil {
				in = io.MultiReader(in, iotest.ErrReader(test.read))
			}
			got := 0
			var failed error
			for _, err := range Read(in) {
				if failed = err; err == nil {
					got++
				}
			}
			if got != n || failed == nil || !strings.Contains(failed.Error(), test.want) {
				t.Errorf("%d rows, %v; want %d, %q", got, failed, n, test.want)
			}
		})
	}
}

// A caller that stops early leaves no goroutine behind.
func TestReadStops(t *testing.T) {
	file := plainHeader + strings.Repeat("1,2,3,4,5,6,,7,true,1\n", 100000)
	in := strings.NewReader(file)
	for range Read(in) {
		break
	}
	left := in.Len()
	if left == 0 || left != in.Len() {
		t.Errorf("%d bytes left", left)
	}
}

// At 10,000 requests per second a row that costs 1 µs is 1 % of a CPU. gocsv took 18 µs.
func BenchmarkWriter(b *testing.B) {
	for _, gaps := range []int{0, 100} {
		b.Run(fmt.Sprintf("gaps=%d", gaps), func(b *testing.B) {
			w, err := NewWriter(io.Discard, Conversation())
			if err != nil {
				b.Fatal(err)
			}
			row := rows()[0]
			row.Gaps = make(Gaps, gaps)
			for i := range row.Gaps {
				row.Gaps[i] = time.Duration(20000+37*i) * time.Microsecond
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := w.Write(row); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	var file bytes.Buffer
	w, err := NewWriter(&file, Conversation())
	if err != nil {
		b.Fatal(err)
	}
	const n = 50000
	for i := range n {
		row := rows()[0]
		row.LaunchTime += float64(i) / 1000
		if err := w.Write(row); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		for _, err := range Read(bytes.NewReader(file.Bytes())) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
