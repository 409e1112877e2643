package spec

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var exactly = cmp.Options{
	cmp.Comparer(func(a, b *big.Int) bool { return a.Cmp(b) == 0 }),
	cmpopts.EquateNaNs(),
}

// TestScalars compares with what PyYAML 6.0.3 reads.
func TestScalars(t *testing.T) {
	huge, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
	tests := []struct {
		text string
		want any
		why  string
	}{
		{"yes", true, "YAML 1.1 has six booleans"},
		{"No", false, ""},
		{"ON", true, ""},
		{"off", false, ""},
		{"oN", "oN", "in three spellings"},
		{"y", "y", "but not these"},
		{"~", nil, ""},
		{"", nil, ""},
		{"NULL", nil, ""},
		{"nULL", "nULL", ""},
		{"017", int64(15), "octal"},
		{"08", "08", "not octal"},
		{"0o17", "0o17", "YAML 1.2's octal is text"},
		{"0x1F", int64(31), ""},
		{"0X1F", "0X1F", ""},
		{"-0b1_1", int64(-3), ""},
		{"1_000", int64(1000), ""},
		{"_1", "_1", ""},
		{"1:30", int64(90), "base 60"},
		{"190:20:30", int64(685230), ""},
		{"-1:30", int64(-90), ""},
		{"1:60", "1:60", "there is no second 60"},
		{"190:20:30.15", 685230.15, ""},
		{"123456789012345678901234567890", huge, ""},
		{"1e5", "1e5", "a float needs a point"},
		{"1.0e5", "1.0e5", "and a sign in its exponent"},
		{"1.0e+5", 100000.0, ""},
		{".5", 0.5, ""},
		{"+.5", "+.5", "PyYAML's slip"},
		{"1.", 1.0, ""},
		{"6.8523_015e+5", 685230.15, ""},
		{"-.inf", math.Inf(-1), ""},
		{".nan", math.NaN(), ""},
		{"inf", "inf", ""},
		{"2024-01-01", "2024-01-01", "JSON has no dates; the text is kept"},
		{"'5'", "5", "quotes make text"},
		{"!!str 5", "5", "so does a tag"},
		{`!!int "5"`, int64(5), ""},
		{`!!float "5"`, 5.0, ""},
		{"!!bool yes", true, ""},
		{"!!null x", nil, ""},
		{"http://localhost:80", "http://localhost:80", ""},
		{"<YOUR_HF_TOKEN>", "<YOUR_HF_TOKEN>", ""},
		{"=", "=", "PyYAML gives up"},
		{"|-\n  a\n  b", "a\nb", ""},
	}
	for _, test := range tests {
		got, err := Parse([]byte("k: " + test.text + "\n"))
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
			continue
		}
		if diff := cmp.Diff(Map{{"k", test.want}}, got, exactly); diff != "" {
			t.Errorf("%q %s (-want +got)\n%s", test.text, test.why, diff)
		}
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		why  string
		text string
		want Map
		err  string
	}{
		{"in the order written", "b: 1\na: [x, {c: 2}]\n", Map{{"b", int64(1)}, {"a", []any{"x", Map{{"c", int64(2)}}}}}, ""},
		{"a key again: first place, last value", "a: 1\nb: 2\na: 3\n", Map{{"a", int64(3)}, {"b", int64(2)}}, ""},
		{"keys as Python's json writes them", "1: a\non: b\n~: c\n1.50: d\n", Map{{"1", "a"}, {"true", "b"}, {"null", "c"}, {"1.5", "d"}}, ""},
		{"an alias", "a: &x [1]\nb: *x\n", Map{{"a", []any{int64(1)}}, {"b", []any{int64(1)}}}, ""},
		{"merged keys come first, what is written wins", "b: &b {x: 1, y: 2}\nd:\n  z: 4\n  <<: *b\n  y: 3\n",
			Map{{"b", Map{{"x", int64(1)}, {"y", int64(2)}}}, {"d", Map{{"x", int64(1)}, {"y", int64(3)}, {"z", int64(4)}}}}, ""},
		{"of merged mappings the first wins", "d:\n  <<: [{x: 1}, {x: 2, y: 3}]\n", Map{{"d", Map{{"x", int64(1)}, {"y", int64(3)}}}}, ""},
		{"a quoted << is a key", `"<<": 1`, Map{{"<<", int64(1)}}, ""},
		{"empty", "", nil, "empty"},
		{"only a comment", "# nothing\n", nil, "empty"},
		{"a list", "- 1\n", nil, "not a mapping"},
		{"two documents", "a: 1\n---\nb: 2\n", nil, "more than one document"},
		{"broken", "a: [1\n", nil, "line "},
		{"a tag only Python knows", "a: !!python/object:os.system x\n", nil, "unknown tag"},
		{"an unknown tag", "b: 1\na: !env x\n", nil, "line 2: unknown tag"},
		{"a tagged number that is not one", "a: !!int x\n", nil, "not an integer"},
		{"a merge of a scalar", "a:\n  <<: 5\n", nil, "<< needs a mapping"},
		{"a list as a key", "? [1]\n: 2\n", nil, "must be a scalar"},
		{"an alias inside itself", "a: &a [*a]\n", nil, "inside itself"},
		{"nine levels of nine aliases", "a: &a [x,x,x,x,x,x,x,x,x]\n" + bomb(), nil, "too many values"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			got, err := Parse([]byte(test.text))
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Fatalf("error %v, want %q", err, test.err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// bomb returns a short file that expands to nine to the ninth values.
func bomb() string {
	var text strings.Builder
	for level := 'b'; level <= 'i'; level++ {
		below := "*" + string(level-1)
		text.WriteString(string(level) + ": &" + string(level) + " [" + strings.Repeat(below+",", 8) + below + "]\n")
	}
	return text.String()
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a: 1\n", "a: &x {<<: {b: 2}}\nc: *x\n", "a: 1:30.5\nb: 0x_\n", "? - 1\n", "a: !!set {x}\n", "%YAML 1.1\n---\nTrue: .nan\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		mapping, err := Parse(text)
		if err != nil {
			return
		}
		for i, entry := range mapping {
			if value, there := mapping.Get(entry.Key); !there || value == nil != (entry.Value == nil) {
				t.Errorf("key %q, entry %d, is there twice", entry.Key, i)
			}
		}
		Serving(mapping, 0) // must not panic for any file
	})
}
