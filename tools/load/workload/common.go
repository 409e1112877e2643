package workload

import (
	"cmp"
	"crypto/tls"
	"net/http"
	"net/netip"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/fingerprint"
)

// Common are the parameters that every workload has.
type Common struct {
	Model, BaseURL, APIType     string
	Key, Name                   string // of the result: baseline and suite
	ServingIndex, Spec, Session string
	Output                      string
	APIKey                      string
	Timeout, StallTimeout       time.Duration
	Time, Cooldown, LogInterval time.Duration
	InitUserID                  int
	WithUserID, IgnoreEOS       bool
	Insecure, StrictVerdict     bool
	Pages                       []string // of counters to sample
	PagesInterval               time.Duration
	CAs                         Certificates
	Sources                     []netip.Addr
	Quiet                       bool
	Listen                      string // address of the live page; empty: there is none
	ProcessSummary              string
	Resume                      bool              // pass over points that an earlier run has measured
	Verify                      []fingerprint.Sum // what may be sent; none: anything
	Fingerprint                 bool              // tell it and send nothing
	NoCalibration               bool
}

// common are their declarations.
func (w *Workload) common() []Param {
	c := w.Common
	params := []Param{
		{Name: "MODEL", Flag: "model", Value: Text(&c.Model), More: w.MoreModels, Help: "model name, as the engine knows it"},
		{Name: "BASE_URL", Flag: "base-url", Value: BaseURL(&c.BaseURL), Help: "the engine's URL, with or without /v1"},
		{Name: "KEY", Value: FileWord(&c.Key), Help: "name of the baseline; part of file names"},
		{Name: "NAME", Value: FileWord(&c.Name), Help: "name of the suite; results go to 4-latest-results/NAME"},
		{Name: "SERVING_INDEX", Value: Text(&c.ServingIndex), Help: "index of the baseline in the spec, or None"},
		{Name: "SPEC_FILE_PATH", Value: Text(&c.Spec), Help: "the spec file, relative to LMBench's root"},
		{Name: "LMBENCH_SESSION_ID", Value: Text(&c.Session), Help: "id of the run-bench.py session"},
		{Name: "API_TYPE", Flag: "api-type", Value: Choice(&c.APIType, "completions", "chat"), Default: "completions", Help: "completions or chat"},
		{Flag: "output", Value: Text(&c.Output), Default: "summary.csv", Aside: true, Help: "CSV to write (flags door only)"},
		{Flag: "time", Value: Limit(&c.Time), Sweep: w.Time, Help: "seconds after which nothing more is sent"},
		{Flag: "init-user-id", Value: Int(&c.InitUserID, 0), Default: "0", Sweep: cmp.Or(w.FirstUser, "1"), Help: "user ids start after this"},
		{Flag: "request-with-user-id", Value: Bool(&c.WithUserID), Default: "true", Help: "send the header x-user-id"},
		{Flag: "ignore-eos", Value: Bool(&c.IgnoreEOS), Default: "false", Help: "ask for answers of full length"},
		{Flag: "timeout", Value: Limit(&c.Timeout), Help: "seconds an answer may take"},
		{Flag: "stall-timeout", Value: Limit(&c.StallTimeout), Default: "300", Help: "seconds a stream may send nothing"},
		{Flag: "cooldown", Value: Seconds(&c.Cooldown), Default: "0", Sweep: cmp.Or(w.Cooldown, "10"), Help: "seconds to wait after a point"},
		{Flag: "log-interval", Value: Seconds(&c.LogInterval), Default: "30", Help: "seconds between log lines when stderr is no terminal"},
		{Flag: "quiet", Value: Bool(&c.Quiet), Default: "false", Aside: true, Help: "show no progress: only notes, failures and results"},
		{Flag: "listen", Value: Listen(&c.Listen), Aside: true, Help: "port or address to serve a live page at, and metrics for Prometheus (default: none)"},
		{Flag: "metrics-url", Value: Pages(&c.Pages), Default: ownPage, Many: true, Help: "page of an engine's or router's counters to sample, also several times; engine: /metrics beside /v1; none: no page"},
		{Flag: "metrics-interval", Value: Above(&c.PagesInterval), Default: "1", Help: "seconds between two samples of a page"},
		{Flag: "source-addresses", Value: Addresses(&c.Sources), Help: "local addresses to connect from in turn, for more than 28,000 connections: 127.0.0.2,127.0.0.3"},
		{Flag: "ca-file", Value: &c.CAs, Help: "PEM certificates that vouch for the engine's, beside the system's"},
		{Flag: "insecure", Value: Bool(&c.Insecure), Default: "false", Help: "do not verify the engine's TLS certificate"},
		{Flag: "api-key", Value: OptionalText(&c.APIKey), Default: "vllm_xxxxxxxxxxxxx", Secret: true, Help: "bearer token; never shown or stored"},
		{Flag: "api-key-file", Value: KeyFile(&c.APIKey), Secret: true, Help: "file that holds the bearer token, in its place"},
		{Flag: "fingerprint", Value: Bool(&c.Fingerprint), Default: "false", Aside: true, Help: "print what identifies the load, and end: nothing is sent"},
		{Flag: "verify", Value: fingerprints(&c.Verify), Help: "FINGERPRINT[,FINGERPRINT...]: send no other load"},
		{Flag: "no-calibration", Value: Bool(&c.NoCalibration), Default: "false", Help: "do not measure, after a point, what the client itself adds to its figures"},
		{Flag: "strict-verdict", Value: Bool(&c.StrictVerdict), Default: "false", Help: "exit with 3 unless every point's verdict is VALID"},
		{Flag: "resume", Value: Bool(&c.Resume), Default: "false", Aside: true, Help: "pass over the points of a sweep that an earlier run has measured with the same arguments"},
		{Flag: "process-summary", Value: OptionalText(&c.ProcessSummary), Aside: true, Help: "print the figures of an existing CSV and end"},
	}
	for i, p := range params {
		if text, differs := w.Defaults[p.Flag]; differs && p.Flag != "" {
			params[i].Default = text
		}
	}
	return params
}

// client is for the engine that the parameters name. It sends nothing yet.
func (c *Common) client(world World) (*openai.Client, error) {
	return openai.New(c.engine(world))
}

// Transport is for what else is asked of the engine: it believes the certificates
// that the client believes.
func (c *Common) Transport() http.RoundTripper {
	return &http.Transport{Proxy: http.ProxyFromEnvironment, IdleConnTimeout: time.Minute, TLSClientConfig: &tls.Config{RootCAs: c.CAs.Pool, InsecureSkipVerify: c.Insecure}}
}

// engine is where it is and how long it may take.
func (c *Common) engine(world World) openai.Config {
	return openai.Config{
		BaseURL: c.BaseURL, APIKey: c.APIKey, CAs: c.CAs.Pool, Insecure: c.Insecure, Sources: c.Sources, Dial: world.Dial,
		Timeout: c.Timeout, StallTimeout: c.StallTimeout,
	}
}

// Request is the request for a conversation, by the chosen API.
func (c *Common) Request(conversation []chat.Message, user string, maxTokens int) openai.Request {
	r := openai.Request{Model: c.Model, MaxTokens: maxTokens, IgnoreEOS: c.IgnoreEOS}
	if c.WithUserID {
		r.UserID = user
	}
	if c.APIType == "chat" {
		r.Messages = conversation
	} else {
		r.Prompt = chat.Flatten(conversation)
	}
	return r
}
