package enginemetrics

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseLine(t *testing.T) {
	tests := []struct {
		line  string
		name  string // "": none
		value float64
	}{
		{`a 1`, "a", 1},
		{"  a\t1.5e3  1700000000000\n", "a", 1500},
		{`a{x="y"} 2`, "a", 2},
		{`a{x="y"}2`, "a", 2},
		{`a {x="y"} 2`, "", 0}, // the space ends the name, and {x="y"} is no value
		{`a{x="}",y="\"} 7",} 3`, "a", 3},
		{`a{x="\\"} 4`, "a", 4},
		{`a{} 5`, "a", 5},
		{`{"a.b",x="y"} 6`, "a.b", 6},
		{`{x="y"} 6`, "", 0},
		{`vllm:x_total 7 # {trace_id="q"} 0.5`, "vllm:x_total", 7}, // an exemplar
		{`# TYPE a gauge`, "", 0},
		{`#a 1`, "", 0},
		{``, "", 0},
		{`a`, "", 0},
		{`a{x="y" 1`, "", 0},
		{`a many`, "", 0},
		{`a NaN`, "", 0},
		{`a +Inf`, "", 0},
		{`<p> 3`, "", 0},
	}
	for _, test := range tests {
		name, value, ok := parseLine([]byte(test.line))
		if string(name) != test.name || value != test.value || ok != (test.name != "") {
			t.Errorf("%q: %q %v %v, want %q %v", test.line, name, value, ok, test.name, test.value)
		}
	}
}

// A series on any page must be found, and no other series may result.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		page, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(page), "y", 1.5)
	}
	f.Add("a{x=\"", "\"}\\ \n", -1.0)
	f.Fuzz(func(t *testing.T, page, label string, value float64) {
		if !(math.Abs(value) <= maxValue) {
			t.Skip()
		}
		escaped := strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`).Replace(label)
		before := Parse([]byte(page))
		after := Parse(fmt.Appendf([]byte(page), "\nlmbench_probe{x=%q} 0\nlmbench_probe{x=\"%s\"} %v 17\n", "", escaped, value))
		if got := after["lmbench_probe"]; got.Count != 2+before["lmbench_probe"].Count {
			t.Fatalf("%v of 2 series found after %q with the label %q", got, page, label)
		}
		for name, total := range before {
			if name != "lmbench_probe" && after[name] != total {
				t.Errorf("%s was %v and is %v", name, total, after[name])
			}
			if math.IsNaN(total.Sum) || total.Count < 1 || strings.ContainsAny(name, "{} \"#") {
				t.Errorf("%q: %v", name, total)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	one, err := os.ReadFile("testdata/vllm-v1.txt")
	if err != nil {
		b.Fatal(err)
	}
	page := []byte(strings.Repeat(string(one), 100_000/len(one))) // as large as a busy engine's
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(page); err != nil {
			b.Fatal(err)
		}
	}
}
