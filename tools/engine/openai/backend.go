package openai

// A Backend is an API of engines: where its requests go, what they hold, and how its
// answers are read. Each has a file of its own. To add one, write such a file and, if
// all workloads are to offer it, a line in Backends.
type Backend interface {
	// Path returns where requests go, below the server's root.
	Path() string

	// Form returns what requests and answers are like.
	Form() Form

	// Body returns the JSON of a request.
	Body(r *Request) Body

	// Decode reads an event of a stream, or a whole answer, into d, which is empty.
	// An error means that the data is malformed.
	Decode(data []byte, d *Delta) error
}

// Form is what an API's requests and answers are like.
type Form struct {
	Messages bool   // requests hold the messages of a conversation; otherwise one prompt
	Document bool   // answers are one document; otherwise streams of events
	End      string // what complete streams have, to be named when it is missing; empty: nothing
}

// Delta is what an event adds to an answer.
type Delta struct {
	Text         string
	Reasoning    bool   // there is text that is not of the answer itself
	Part         bool   // the event is a part of the answer, be it without text
	FinishReason string // empty: the event has none
	Usage        Usage
	HasUsage     bool // Usage is set
	Complete     bool // the stream may end after this event
	Last         bool // the stream is not read beyond this event
	Failed       bool // the event reports an error of the engine

	inPlace *quoted // Text, as it lies in the data; nil: Text holds it
	scanned scanned
}

// reset empties a delta. What was scanned is reset by the next scan.
func (d *Delta) reset() {
	d.Text, d.Reasoning, d.Part, d.FinishReason, d.inPlace = "", false, false, "", nil
	d.Usage, d.HasUsage, d.Complete, d.Last, d.Failed = Usage{}, false, false, false, false
}

// hasTokens reports whether there is text or reasoning.
func (d *Delta) hasTokens() bool {
	return d.Reasoning || d.Text != "" || d.inPlace != nil && len(d.inPlace.raw) > 0
}

func (d *Delta) writeTo(out *text) {
	if d.inPlace != nil {
		d.inPlace.writeTo(out)
		return
	}
	out.WriteString(d.Text)
}

// Backends returns the APIs that all workloads offer, by their names.
func Backends() []NamedBackend {
	return []NamedBackend{
		{"completions", Completions()},
		{"chat", Chat()},
	}
}

// NamedBackend is an API with the name by which it is chosen.
type NamedBackend struct {
	Name string
	Backend
}

// BackendNames returns the names in Backends.
func BackendNames() (names []string) {
	for _, b := range Backends() {
		names = append(names, b.Name)
	}
	return names
}

// BackendOf returns the API of a name in Backends, or that of completions.
func BackendOf(name string) Backend {
	for _, b := range Backends() {
		if b.Name == name {
			return b.Backend
		}
	}
	return Completions()
}
