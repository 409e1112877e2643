package openai

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const (
	headLimit     = 1 << 20 // bytes of an answer's head, against engines that never stop
	headsAside    = 5       // heads of status 1xx before the answer's
	idleTime      = 90 * time.Second
	readBuffered  = 4 << 10 // of an answer that is not usual
	writtenAtOnce = 64 << 10
)

// direct speaks HTTP/1.1 with the one address of a client. It takes the place
// of http.Transport where there is no proxy, because of what that does beside:
// it has two more goroutines for each connection, and hands each request from
// one to the other and each answer back. Here everything happens in the
// goroutine of the request.
type direct struct {
	stock *stock
	tls   *tls.Config // nil: none

	header atomic.Pointer[http.Header] // see headerOf

	idle stack[link]
}

// link is a connection.
type link struct {
	borrower borrower      // raw, if that can be read so; nil: it cannot
	unread   []byte        // received and not yet taken
	begun    time.Time     // the launch
	at       time.Duration // since then, when the last of it was received
	room     *room         // where it is; nil: nowhere
	allowed  int64         // bytes that may still be read
	answered bool          // something was read since the request
	first    [4]byte       // of the answer
	failed   error         // of reading: a socket tells a reset once, and then EOF

	net.Conn
	raw    net.Conn      // below TLS
	tls    *tls.Conn     // nil: none
	in     *bufio.Reader // of unusual answers; nil: there was none
	reused bool
	since  time.Time // idle
}

// send sends a request and reads the head of its answer. A connection that the
// engine closed while it was idle is no failure: the request goes out again on
// another.
func (d *direct) send(x *exchange) (*http.Response, error) {
	for {
		l, err := d.connect(x)
		if err != nil {
			return nil, err
		}
		x.connected()
		response, err := l.exchange(x)
		if err == nil {
			x.answer = answerBody{ReadCloser: response.Body, x: x, link: l, closes: response.Close}
			x.answer.framed, _ = response.Body.(*framed)
			response.Body = &x.answer
			return response, nil
		}
		x.watch.letGo()
		l.Close()
		if !l.reused || l.answered || x.watch.ctx.Err() != nil {
			return nil, err
		}
	}
}

// connect takes the connection that was used last, or else a new one.
func (d *direct) connect(x *exchange) (*link, error) {
	for l := d.idle.take(); l != nil; l = d.idle.take() {
		if alive(l.raw) {
			l.reused = true
			return l, nil
		}
		l.Close()
	}
	x.watch.connecting()
	ctx := x.watch.ctx
	raw, err := d.stock.connect(ctx, "tcp", d.stock.addr)
	if err != nil {
		return nil, err
	}
	l := &link{raw: newSocket(raw.(connection).Conn)}
	l.Conn = connection{l.raw}
	if d.tls != nil {
		secured := tls.Client(l.Conn, d.tls)
		if err := secured.HandshakeContext(ctx); err != nil {
			raw.Close()
			return nil, unsecured(err)
		}
		l.Conn, l.tls = secured, secured
	} else {
		l.borrower, _ = l.raw.(borrower)
	}
	return l, nil
}

// put keeps a connection for the next request, and gives up those that nobody
// needed for long.
func (d *direct) put(l *link) {
	l.since = time.Now()
	d.idle.put(l)
	for _, unused := range d.idle.shed(func(k *link) bool { return l.since.Sub(k.since) > idleTime }) {
		unused.Close()
	}
}

func (d *direct) close() {
	for l := d.idle.take(); l != nil; l = d.idle.take() {
		l.Close()
	}
}

// Writing takes a large buffer for a short time: a few go round.
var writers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, writtenAtOnce) }}

// exchange sends a request and reads the head of the answer.
func (l *link) exchange(x *exchange) (*http.Response, error) {
	l.answered, l.begun = false, x.watch.begun
	x.watch.hold(l)
	out := writers.Get().(*bufio.Writer)
	defer writers.Put(out)
	out.Reset(l.Conn)
	x.writeHead(out)
	x.body.writeTo(out)
	err := out.Flush() // the first error of all writes
	out.Reset(nil)
	x.reply.Written = x.watch.since()
	if err != nil {
		return nil, err
	}
	l.allowed = headLimit
	if response := l.usualAnswer(x); response != nil {
		l.allowed = 1 << 62
		return response, nil
	}
	if l.in == nil {
		l.in = bufio.NewReaderSize(l, readBuffered)
	}
	for range headsAside {
		response, err := http.ReadResponse(l.in, nil)
		if err != nil && !l.answered && errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF // nothing was cut
		}
		if err != nil {
			return nil, l.otherwise(err)
		}
		if response.StatusCode >= http.StatusOK || response.StatusCode == http.StatusSwitchingProtocols {
			l.allowed = 1 << 62 // the answer has its own limit
			l.frame(x, response)
			return response, nil
		}
	}
	return nil, errors.New("the engine sends one provisional answer after the other")
}

// otherwise names what else than HTTP/1.1 the engine speaks, if its first bytes
// tell: a TLS alert, or the settings that HTTP/2 begins with.
func (l *link) otherwise(err error) error {
	switch {
	case !l.answered:
	case l.first[0] == 0x15 && l.first[1] == 0x03:
		return errors.New("the engine speaks TLS: its URL begins with https://")
	case l.first[0] == 0 && l.first[3] == 4:
		return errors.New("the engine speaks HTTP/2 only, not HTTP/1.1")
	}
	return err
}

// quiet tells whether nothing lies unread above the socket, which alive looks at.
func (l *link) quiet() bool {
	return len(l.unread) == 0 && (l.in == nil || l.in.Buffered() == 0) && (l.tls == nil || probe(l.Conn))
}

// answerBody is an answer's body, which owns the connection until its end.
type answerBody struct {
	io.ReadCloser
	framed *framed // the same, of a usual answer; nil: it is another
	x      *exchange
	link   *link         // nil: it has ended
	at     time.Duration // since the launch, when the last of a usual answer was received
	closes bool          // the engine closes the connection after it
}

func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.met(err)
	return n, err
}

// next is the next piece of a usual answer.
func (b *answerBody) next() ([]byte, error) {
	piece, err := b.framed.next(len(room{}))
	b.met(err)
	return piece, err
}

// met notes when the last bytes were received: what was received together came at
// the same time.
func (b *answerBody) met(err error) {
	if b.framed != nil && b.link != nil {
		b.at = b.link.at
	}
	if err != nil {
		b.end(err == io.EOF)
	}
}

// Close is part of io.Closer: what was not read is not waited for.
func (b *answerBody) Close() error {
	b.end(false)
	return nil
}

// atEnd tells whether the rest of the answer has been received.
func (b *answerBody) atEnd() bool {
	return b.link == nil || b.framed != nil && b.framed.atEnd()
}

func (b *answerBody) end(whole bool) {
	l := b.link
	if l == nil {
		return
	}
	b.link = nil
	if b.x.watch.letGo() && whole && !b.closes && l.quiet() {
		l.release()
		b.x.client.direct.put(l)
		return
	}
	l.Close()
}
