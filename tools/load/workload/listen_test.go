package workload

import "testing"

func TestListen(t *testing.T) {
	tests := []struct{ text, want string }{ // want: "": an error
		{"8000", "127.0.0.1:8000"},
		{":8000", "127.0.0.1:8000"},
		{"0", "127.0.0.1:0"},
		{"127.0.0.1:8000", "127.0.0.1:8000"},
		{"0.0.0.0:8000", "0.0.0.0:8000"}, // said in so many words
		{"[::1]:8000", "[::1]:8000"},
		{"", "None"},
		{"localhost", ""},
		{"8000:", ""},
		{"127.0.0.1:http", ""},
		{"99999", ""},
		{"-1", ""},
	}
	for _, test := range tests {
		var to string
		value := Listen(&to)
		if err := value.Set(test.text); (err == nil) != (test.want != "") || err == nil && value.String() != test.want {
			t.Errorf("%q: %v, %v; want %q", test.text, value, err, test.want)
		}
	}
}
