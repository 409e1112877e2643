package openai

import (
	"bytes"
	"errors"
	"io"
)

const framingLimit = 16 << 10 // bytes that lines may have beyond what chunks need

// framed is the body of a usual answer. http's own reader of chunks has a buffer,
// from which they are copied; this one tells where they are.
type framed struct {
	link    *link
	chunked bool
	left    int64 // of the chunk, or of the body
	begun   bool  // a chunk, whose end has not been read
	over    bool
	excess  int // bytes of lines that were longer than they need be
}

// next is the next piece of the body, at most n bytes and valid until the one
// after it is asked for; io.EOF at its end.
func (f *framed) next(n int) ([]byte, error) {
	for f.left == 0 && !f.over {
		if !f.chunked {
			f.over = true
		} else if err := f.chunk(); err != nil {
			return nil, err
		}
	}
	if f.over {
		return nil, io.EOF
	}
	if len(f.link.unread) == 0 {
		if err := f.link.fill(); err != nil {
			return nil, goesOn(err)
		}
	}
	piece := f.link.take(int(min(f.left, int64(n))))
	f.left -= int64(len(piece))
	f.over = f.left == 0 && !f.chunked
	return piece, nil
}

// chunk reads what stands before the next chunk's data, or after the last.
func (f *framed) chunk() error {
	if f.begun {
		if line, err := f.link.line(); err != nil {
			return err
		} else if len(line) > 0 {
			return errors.New("malformed chunked encoding: a chunk longer than it says")
		}
		f.begun = false
	}
	line, err := f.link.line()
	if err != nil {
		return err
	}
	size, ok := sizeIn(line)
	if !ok {
		return errors.New("malformed chunked encoding: no size of a chunk")
	}
	if f.left = size; size == 0 {
		return f.passTrailer()
	}
	f.begun = true
	// A line needs a few bytes, and large chunks pay for more.
	f.excess = max(0, f.excess+len(line)-16-2*int(min(f.left, framingLimit)))
	if f.excess > framingLimit {
		return errors.New("malformed chunked encoding: too much beside the chunks")
	}
	return nil
}

// sizeIn reads the size of a chunk. What follows a semicolon is an extension.
func sizeIn(line []byte) (size int64, ok bool) {
	digits, _, _ := bytes.Cut(bytes.TrimRight(line, " \t"), []byte{';'})
	for _, c := range digits {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		size = size<<4 | int64(c)
	}
	return size, 0 < len(digits) && len(digits) < 16
}

// passTrailer reads what follows the last chunk, up to an empty line: mostly that
// alone.
func (f *framed) passTrailer() error {
	for passed := 0; passed <= lineLimit; {
		line, err := f.link.line()
		if err != nil {
			return err
		}
		if len(line) == 0 {
			f.over = true
			return nil
		}
		passed += len(line)
	}
	return errors.New("the trailer of the answer does not end")
}

// atEnd tells whether the end of the body has been received, so that reading to
// it does not wait.
func (f *framed) atEnd() bool {
	if f.over || !f.chunked {
		return f.over || f.left == 0
	}
	rest := f.link.unread
	if f.begun {
		rest = bytes.TrimPrefix(rest, []byte("\r\n"))
	}
	return f.left == 0 && string(rest) == "0\r\n\r\n"
}

// Read is part of io.Reader.
func (f *framed) Read(p []byte) (int, error) {
	piece, err := f.next(len(p))
	if err == nil && f.over {
		err = io.EOF
	}
	return copy(p, piece), err
}

// Close is part of io.Closer.
func (f *framed) Close() error { return nil }
