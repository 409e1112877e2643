package fingerprint

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// whole reads as much as it can, as other readers do not.
func whole(r io.Reader) io.Reader { return r }

// bodyOf is a body that no other has, some of them long.
func bodyOf(i int) string { return strings.Repeat(fmt.Sprintf(`{"prompt":"%d"}`, i), 1+i%7*100) }

func many(n int, cut func(io.Reader) io.Reader) iter.Seq[Request] {
	return func(yield func(Request) bool) {
		for i := range n {
			if !yield(Request{time.Duration(i) * time.Millisecond, "POST", "/v1/completions", cut(strings.NewReader(bodyOf(i)))}) {
				return
			}
		}
	}
}

func TestIsTheHashOfLines(t *testing.T) {
	const n = 500
	stream := sha256.New()
	bytes := 0
	for i := range n {
		fmt.Fprintf(stream, "%d POST /v1/completions %x\n", i*1_000_000, sha256.Sum256([]byte(bodyOf(i))))
		bytes += len(bodyOf(i))
	}
	want := fmt.Sprintf("%x", stream.Sum(nil))
	for _, processors := range []int{1, 4} {
		before := runtime.GOMAXPROCS(processors)
		for how, cut := range []func(io.Reader) io.Reader{whole, iotest.HalfReader, iotest.OneByteReader, iotest.DataErrReader} {
			load, err := Of(t.Context(), many(n, cut))
			if err != nil || load.Sum.String() != want || load.Requests != n || load.Bytes != int64(bytes) {
				t.Errorf("%d processors, way %d of reading: %v %d %d %v, want %s %d %d", processors, how, load.Sum, load.Requests, load.Bytes, err, want, n, bytes)
			}
		}
		runtime.GOMAXPROCS(before)
	}
}

func TestEveryPartCounts(t *testing.T) {
	of := func(requests ...Request) Sum {
		load, err := Of(t.Context(), func(yield func(Request) bool) {
			for _, r := range requests {
				if !yield(r) {
					return
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return load.Sum
	}
	body := strings.NewReader
	seen := map[Sum]string{}
	for why, sum := range map[string]Sum{
		"nothing":        of(),
		"a request":      of(Request{0, "POST", "/a", body("x")}),
		"a later one":    of(Request{1, "POST", "/a", body("x")}),
		"another method": of(Request{0, "GET", "/a", body("x")}),
		"another path":   of(Request{0, "POST", "/b", body("x")}),
		"another body":   of(Request{0, "POST", "/a", body("y")}),
		"twice":          of(Request{0, "POST", "/a", body("x")}, Request{0, "POST", "/a", body("x")}),
		"two":            of(Request{0, "POST", "/a", body("x")}, Request{0, "POST", "/a", body("y")}),
		"in other order": of(Request{0, "POST", "/a", body("y")}, Request{0, "POST", "/a", body("x")}),
	} {
		if other, known := seen[sum]; known {
			t.Errorf("%s is as %s", why, other)
		}
		seen[sum] = why
	}
}

func TestEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	endless := func(yield func(Request) bool) {
		for n := 0; ; n++ {
			if n == 100 {
				cancel()
			}
			if !yield(Request{0, "POST", "/", strings.NewReader("x")}) {
				return
			}
		}
	}
	if _, err := Of(ctx, endless); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that it was cancelled", err)
	}
	broken := errors.New("broken")
	_, err := Of(t.Context(), func(yield func(Request) bool) {
		for yield(Request{0, "POST", "/", iotest.ErrReader(broken)}) {
		}
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want that of a body", err)
	}
}

func TestParse(t *testing.T) {
	sum := Sum(sha256.Sum256([]byte("x")))
	if got, err := Parse(sum.String()); err != nil || got != sum {
		t.Errorf("%v %v", got, err)
	}
	for _, text := range []string{"", "12", sum.String() + "00", sum.String()[1:] + "g"} {
		if got, err := Parse(text); err == nil {
			t.Errorf("%q was taken for %v", text, got)
		}
	}
}
