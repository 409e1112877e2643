package http1

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/textproto"
)

const framingLimit = 16 << 10 // bytes that lines may have beyond what chunks need

// framing is how the end of a body is found.
type framing int

const (
	byLength framing = iota
	inChunks
	untilEOF
)

// chunkedBody finds the pieces of a body, in chunks or not, where they were received.
// net/http's reader of chunks copies them from a buffer of its own.
type chunkedBody struct {
	conn    *conn
	framing framing
	left    int64        // of the chunk, or of the body
	inChunk bool         // the end of a chunk has not been read
	done    bool         // the end of the body has been read
	excess  int          // bytes of lines that were longer than they need be
	trailer *http.Header // to be filled if it is announced; nil: it is passed over
}

// next returns the next piece of the body, which has at most n bytes and is valid
// until the one after it is asked for, or io.EOF.
func (f *chunkedBody) next(n int) ([]byte, error) {
	for f.left == 0 && !f.done && f.framing != untilEOF {
		if f.framing == byLength {
			f.done = true
		} else if err := f.chunk(); err != nil {
			return nil, err
		}
	}
	if f.done {
		return nil, io.EOF
	}
	if len(f.conn.unread) == 0 {
		if err := f.conn.fill(); err != nil {
			if f.framing == untilEOF {
				f.done = err == io.EOF
				return nil, err
			}
			return nil, unexpectedEOF(err)
		}
	}
	if f.framing == untilEOF {
		return f.conn.take(n), nil
	}
	piece := f.conn.take(int(min(f.left, int64(n))))
	f.left -= int64(len(piece))
	f.done = f.left == 0 && f.framing == byLength
	return piece, nil
}

// chunk reads the lines before the next chunk's data, or after the last.
func (f *chunkedBody) chunk() error {
	if f.inChunk {
		if line, err := f.conn.line(); err != nil {
			return err
		} else if len(line) > 0 {
			return errors.New("malformed chunked encoding: chunk longer than its size")
		}
		f.inChunk = false
	}
	line, err := f.conn.line()
	if err != nil {
		return err
	}
	size, ok := chunkSize(line)
	if !ok {
		return errors.New("malformed chunked encoding: invalid chunk size")
	}
	if f.left = size; size == 0 {
		return f.readTrailer()
	}
	f.inChunk = true
	// A line needs a few bytes, and large chunks pay for more.
	f.excess = max(0, f.excess+len(line)-16-2*int(min(f.left, framingLimit)))
	if f.excess > framingLimit {
		return errors.New("malformed chunked encoding: too many bytes between chunks")
	}
	return nil
}

// chunkSize reads the size of a chunk. An extension may follow after a semicolon.
func chunkSize(line []byte) (size int64, ok bool) {
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

// readTrailer reads what follows the last chunk: usually just an empty line.
func (f *chunkedBody) readTrailer() error {
	for passed := 0; passed <= lineLimit; {
		line, err := f.conn.line()
		if err != nil {
			return err
		}
		if len(line) == 0 {
			f.done = true
			return nil
		}
		passed += len(line)
		if name, value, found := bytes.Cut(line, []byte{':'}); found && f.trailer != nil {
			key := textproto.CanonicalMIMEHeaderKey(string(name))
			if _, announced := (*f.trailer)[key]; announced {
				f.trailer.Add(key, textproto.TrimString(string(value)))
			}
		}
	}
	return errors.New("malformed chunked encoding: trailer too long")
}

// atEnd reports whether the end of the body has been received, so that reading to
// it does not wait.
func (f *chunkedBody) atEnd() bool {
	if f.done || f.framing != inChunks {
		return f.done || f.framing == byLength && f.left <= int64(len(f.conn.unread))
	}
	rest := f.conn.unread
	if f.inChunk {
		rest = bytes.TrimPrefix(rest, []byte("\r\n"))
	}
	return f.left == 0 && string(rest) == "0\r\n\r\n"
}
