package trace

import (
	"strings"
	"testing"
	"time"
)

func TestGuessUnit(t *testing.T) {
	tests := []struct {
		why        string
		timestamps string
		want       Unit
	}{
		{"since 1970 in seconds", "1753694362 1753694372", Second},
		{"since 1970 in seconds with a fraction", "1753694362.5 1753694372.25", Second},
		{"since 1970 in milliseconds", "1753694362340 1753694372340", Millisecond},
		{"since 1970 in microseconds", "1753694362340138 1753694372340138", Microsecond},
		{"since 1970 in nanoseconds", "1753694362340138614 1753694372340138614", Nanosecond},
		{"whole offsets are milliseconds, as in Mooncake's trace", "0 3000 6000", Millisecond},
		{"whole offsets are seconds if milliseconds would give 1,000 requests/s", "0 1 2 3", Second},
		{"offsets with a fraction are seconds, as in Bailian's traces", "0.25 1.5 61.114", Second},
		{"offsets with a fraction are milliseconds if seconds would give a request a day", "0.5 100000.5 200000.5", Millisecond},
		{"nanoseconds if milliseconds would give a request a year", "0 30000000000 60000000000", Nanosecond},
		{"microsecond offsets", "0 30000000 60000000", Microsecond},
		{"one request: the default", "0", Millisecond},
		{"equal times: the default", "7 7 7", Millisecond},
		{"a date", "2024-05-10T00:00:00Z", Nanosecond},
	}
	for _, test := range tests {
		var timestamps []timestamp
		for text := range strings.FieldsSeq(test.timestamps) {
			s, err := parseTimestamp(text)
			if err != nil {
				t.Fatal(err)
			}
			timestamps = append(timestamps, s)
		}
		if got, _ := guessUnit(timestamps); got != test.want {
			t.Errorf("%s: %v, want %v", test.why, got, test.want)
		}
	}
}

func TestParseUnit(t *testing.T) {
	for _, name := range []string{"auto", "s", "ms", "us", "ns"} {
		unit, err := ParseUnit(name)
		if err != nil || unit.String() != name {
			t.Errorf("%s: %v, %v", name, unit, err)
		}
	}
	if _, err := ParseUnit("min"); err == nil || err.Error() != `want auto, s, ms, us or ns, got "min"` {
		t.Error(err)
	}
}

func TestTimestampsAreExact(t *testing.T) {
	tests := []struct {
		first, second string
		unit          Unit
		want          time.Duration
	}{
		{"1753694362340138614", "1753694362340138615", Nanosecond, 1},
		{"0.1", "0.3", Second, 200 * time.Millisecond},
		{"0.9", "1.1", Second, 200 * time.Millisecond},
		{"-0.5", "0.25", Second, 750 * time.Millisecond},
		{"-1", "1", Millisecond, 2 * time.Millisecond},
		{"0.000001", "0.0000015", Second, 500},
		{"1e3", "2e3", Millisecond, time.Second},
		{"1.5", "2", Microsecond, 500},
		{"2024-05-10 00:00:00.1", "2024-05-10 02:00:00.1+02:00", Nanosecond, 0},
	}
	for _, test := range tests {
		a, errA := parseTimestamp(test.first)
		b, errB := parseTimestamp(test.second)
		if errA != nil || errB != nil {
			t.Errorf("%v %v", errA, errB)
			continue
		}
		if got, err := b.since(a, test.unit); got != test.want || err != nil {
			t.Errorf("%s - %s = %v, %v, want %v", test.second, test.first, got, err, test.want)
		}
	}
	first, _ := parseTimestamp("0")
	if last, _ := parseTimestamp("9223372036854775807"); true {
		if _, err := last.since(first, Millisecond); err == nil {
			t.Error("since accepts a time of 300 million years")
		}
	}
	for _, text := range []string{"", "now", "1.2.3", "NaN", "inf", "1e400", "+5x", "2024-13-10 00:00:00", "0x10"} {
		if s, err := parseTimestamp(text); err == nil {
			t.Errorf("%q: %+v", text, s)
		}
	}
}
