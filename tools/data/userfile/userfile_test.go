package userfile

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestWhole(t *testing.T) {
	tests := []struct {
		why, text string
		want      int64
		fails     bool
	}{
		{"as written by hand", "374", 374, false},
		{"as pandas writes a column with empty cells", "374.0", 374, false},
		{"as pandas writes large floats", "1e3", 1000, false},
		{"an exponent with a sign and a fraction", "1.2E+2", 120, false},
		{"spaces around it", " 7.00 ", 7, false},
		{"below zero", "-1.0", -1, false},
		{"more digits than a float64 holds", "9007199254740993", 9007199254740993, false},
		{"part of a token", "374.5", 0, true},
		{"an exponent below 1", "1e-3", 0, true},
		{"an empty cell", "", 0, true},
		{"pandas' word for an empty cell", "NaN", 0, true},
		{"no finite number", "inf", 0, true},
		{"too large to be exact", "1e300", 0, true},
		{"another base", "0x10", 0, true},
		{"digits in groups", "1_000", 0, true},
	}
	for _, test := range tests {
		got, err := Whole(test.text)
		if got != test.want || (err != nil) != test.fails {
			t.Errorf("%s: %q gives %d, %v", test.why, test.text, got, err)
		}
	}
}

func TestInt(t *testing.T) {
	var line struct {
		A Int  `json:"a"`
		B *Int `json:"b"`
	}
	if err := json.Unmarshal([]byte(`{"a": 12.0, "b": null}`), &line); err != nil || line.A != 12 || line.B != nil {
		t.Errorf("%+v, %v", line, err)
	}
	for _, value := range []string{"1.5", `"12"`, "true", "[1]", `{}`, "1e99"} {
		err := json.Unmarshal([]byte(`{"a": 1, "b": `+value+`}`), &line)
		if err == nil || !strings.Contains(err.Error(), ".b of type int") {
			t.Errorf("%s: error %v, want one that names the field", value, err)
		}
	}
}

func TestWithoutMark(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a": "a", "\ufeff": "", "\ufeff[1]": "[1]", "\ufeff\ufeffa": "\ufeffa", "a\ufeffb": "a\ufeffb", "\xef\xbb": "\xef\xbb",
	} {
		got, err := io.ReadAll(WithoutMark(iotest.OneByteReader(strings.NewReader(text))))
		if err != nil || string(got) != want {
			t.Errorf("%q gives %q, %v, want %q", text, got, err, want)
		}
		if got := string(TrimMark([]byte(text))); got != want {
			t.Errorf("TrimMark: %q gives %q, want %q", text, got, want)
		}
	}
}
