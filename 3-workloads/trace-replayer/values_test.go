package main

import "testing"

func TestSignificant(t *testing.T) {
	for f, want := range map[float64]string{
		3.4013: "3.401", 0.022389: "0.02239", 16: "16.00", 10.2: "10.20", 123.456: "123.5", 99999.9: "100000.0", 1234.5: "1234.0", 0.0000123456: "0.00001235", 0: "0.0",
	} {
		if got := significant(f); got != want {
			t.Errorf("%v: %s, want %s", f, got, want)
		}
	}
}

func TestValuesAreFormattedForTheResult(t *testing.T) {
	r := newReplayer()
	tests := []struct {
		name        string
		given, want string
	}{
		{"START_TIME", "0", "0.0"}, {"START_TIME", "1.5", "1.5"},
		{"DURATION", "-1", "-1"}, {"DURATION", "FULL", "-1"}, {"DURATION", "60", "60.0"},
		{"MAX_DELAY", "None", "None"}, {"MAX_DELAY", "2", "2.0"},
	}
	for _, test := range tests {
		for _, p := range r.params() {
			if p.Name != test.name {
				continue
			}
			if err := p.Value.Set(test.given); err != nil || p.Value.String() != test.want {
				t.Errorf("%s %s: %s, %v; want %s", test.name, test.given, p.Value.String(), err, test.want)
			}
		}
	}
}
