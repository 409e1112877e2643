// Package fingerprint identifies the load that a plan sends by a hash of all requests
// and their due times.
//
// A fingerprint is the SHA-256 of one line per request, in the order of sending:
//
//	DUE METHOD PATH BODY
//
// DUE is the time since the start in decimal nanoseconds, PATH is relative to the
// server's root, and BODY is the hexadecimal SHA-256 of the request's body. Fields are
// separated by one space, and each line ends with a newline. So a fingerprint depends
// only on the bytes that are sent, and bodies can be hashed on all CPUs in parallel.
package fingerprint

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"iter"
	"runtime"
	"sync"
	"time"
)

// Sum is a fingerprint.
type Sum [sha256.Size]byte

func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// Parse reads a fingerprint as String writes it.
func Parse(text string) (Sum, error) {
	bytes, err := hex.DecodeString(text)
	if err != nil || len(bytes) != sha256.Size {
		return Sum{}, fmt.Errorf("want %d hexadecimal digits, got %q", 2*sha256.Size, text)
	}
	return Sum(bytes), nil
}

// A Request is one request of a load.
type Request struct {
	Due          time.Duration
	Method, Path string
	Body         io.Reader // read by another goroutine, once
}

// A Load describes the hashed requests.
type Load struct {
	Sum      Sum
	Requests int
	Bytes    int64 // sum over all bodies
}

// Body returns the mean size of a body, in bytes.
func (l Load) Body() int { return int(l.Bytes) / max(1, l.Requests) }

// Of hashes a sequence of requests. It reads bodies while later requests are made, but
// only a few at a time, because they may be large.
func Of(ctx context.Context, requests iter.Seq[Request]) (Load, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	workers := runtime.GOMAXPROCS(0)
	bodies := make(chan *line)
	lines := make(chan *line, 4*workers) // in order
	var hashing, adding sync.WaitGroup
	for range workers {
		hashing.Go(func() {
			h, buffer := sha256.New(), make([]byte, 32<<10)
			for l := range bodies {
				if err := l.read(h, buffer); err != nil {
					stop(err)
				}
				close(l.hashed)
			}
		})
	}
	var load Load
	adding.Go(func() { load = add(lines) })
	for r := range requests {
		if ctx.Err() != nil {
			break
		}
		l := &line{request: r, hashed: make(chan struct{})}
		lines <- l
		bodies <- l
	}
	close(bodies)
	close(lines)
	hashing.Wait()
	adding.Wait()
	return load, context.Cause(ctx)
}

// A line is a request whose body is being hashed.
type line struct {
	request Request
	hashed  chan struct{} // closed when body and bytes are set
	body    [sha256.Size]byte
	bytes   int64
}

func (l *line) read(h hash.Hash, buffer []byte) (err error) {
	h.Reset()
	l.bytes, err = io.CopyBuffer(h, struct{ io.Reader }{l.request.Body}, buffer)
	h.Sum(l.body[:0])
	l.request.Body = nil // free its memory
	return err
}

// add hashes the lines in order.
func add(lines <-chan *line) Load {
	var load Load
	stream := sha256.New()
	for l := range lines {
		<-l.hashed
		fmt.Fprintf(stream, "%d %s %s %x\n", l.request.Due.Nanoseconds(), l.request.Method, l.request.Path, l.body)
		load.Requests++
		load.Bytes += l.bytes
	}
	stream.Sum(load.Sum[:0])
	return load
}
