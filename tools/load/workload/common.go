package workload

import (
	"cmp"
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/fingerprint"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/schedule"
)

// Common holds the parameters that every workload has.
type Common struct {
	Model, BaseURL, APIType     string
	Key, Name                   string // of the result: baseline and suite
	ServingIndex, Spec, Session string
	Output                      string // CSV of a single run
	APIKey                      string
	CAs                         params.Certificates
	Insecure                    bool
	Sources                     []netip.Addr // local addresses to connect from
	Timeout, StallTimeout       time.Duration
	Time, Cooldown, LogInterval time.Duration
	InitUserID                  int
	Arrivals                    schedule.Process // of an open loop
	WithUserID, IgnoreEOS       bool
	MetricsPages                []string // to sample; see params.MetricsPages
	MetricsInterval             time.Duration
	Quiet                       bool
	Listen                      string            // address of the live page; empty: no live page
	Verify                      []fingerprint.Sum // loads that may be sent; empty: any
	Fingerprint                 bool              // print it and send nothing
	NoCalibration               bool
	StrictVerdict               bool
	Resume                      bool // skip points that an earlier run has measured
	ProcessSummary              string
	HTTPTransport               string // openai.HTTP1 or openai.NetHTTP
}

// declare returns the declarations of the parameters that every workload has.
func (w *Workload) declare() []params.Param {
	c := w.Common
	declared := []params.Param{
		{Name: "MODEL", Flag: "model", Value: params.Text(&c.Model), AcceptsMore: w.MoreModels, Help: "model name, as the engine knows it"},
		{Name: "BASE_URL", Flag: "base-url", Value: params.BaseURL(&c.BaseURL), Help: "the engine's URL, with or without /v1"},
		{Name: "KEY", Value: params.FileNamePart(&c.Key), Help: "name of the baseline; part of file names"},
		{Name: "NAME", Value: params.FileNamePart(&c.Name), Help: "name of the suite; results go to 4-latest-results/NAME"},
		{Name: "SERVING_INDEX", Value: params.Text(&c.ServingIndex), Help: "index of the baseline in the spec, or None"},
		{Name: "SPEC_FILE_PATH", Value: params.Text(&c.Spec), Help: "the spec file, relative to LMBench's root"},
		{Name: "LMBENCH_SESSION_ID", Value: params.Text(&c.Session), Help: "id of the run-bench.py session"},
		{Name: "API_TYPE", Flag: "api-type", Value: params.Choice(&c.APIType, openai.BackendNames()...), Default: "completions", EnvWins: thirdStage, Help: strings.Join(openai.BackendNames(), " or ")},
		{Flag: "output", Value: params.Text(&c.Output), Default: "summary.csv", NotRecorded: true, SingleOnly: true, Help: "CSV to write"},
		{Flag: "time", Value: params.TimeLimit(&c.Time), SweepDefault: w.Time, Help: "stop sending after this many seconds"},
		{Flag: "init-user-id", Value: params.Int(&c.InitUserID, 0), Default: "0", SweepDefault: cmp.Or(w.FirstUser, "1"), Help: "user ids start after this"},
		{Flag: "request-with-user-id", Value: params.Bool(&c.WithUserID), Default: "true", Help: "send the header x-user-id"},
		{Flag: "ignore-eos", Value: params.Bool(&c.IgnoreEOS), Default: "false", Help: "ask for answers of full length"},
		{Flag: "timeout", Value: params.TimeLimit(&c.Timeout), Help: "seconds until a request is given up"},
		{Flag: "stall-timeout", Value: params.TimeLimit(&c.StallTimeout), Default: "300", Help: "seconds a stream may send nothing"},
		{Flag: "cooldown", Value: params.Seconds(&c.Cooldown), Default: "0", SweepDefault: cmp.Or(w.Cooldown, "10"), Help: "seconds to wait after a point"},
		{Flag: "log-interval", Value: params.Seconds(&c.LogInterval), Default: "30", Help: "seconds between log lines when stderr is not a terminal"},
		{Flag: "quiet", Value: params.Bool(&c.Quiet), Default: "false", NotRecorded: true, Help: "show no progress: only notes, failures and results"},
		{Flag: "listen", Value: params.ListenAddress(&c.Listen), NotRecorded: true, Help: "port or address of a live page and of metrics for Prometheus"},
		{Flag: "metrics-url", Value: params.MetricsPages(&c.MetricsPages), Default: params.OwnPage, Repeatable: true, Help: "metrics page of an engine or router to sample; may be repeated; engine: /metrics beside /v1; none: no page"},
		{Flag: "metrics-interval", Value: params.PositiveSeconds(&c.MetricsInterval), Default: "1", Help: "seconds between two samples of a metrics page"},
		{Flag: "source-addresses", Value: params.Addresses(&c.Sources), Help: "local addresses to connect from in turn, for more than 28,000 connections: 127.0.0.2,127.0.0.3"},
		{Flag: "ca-file", Value: &c.CAs, Help: "PEM file of certificate authorities to trust beside the system's"},
		{Flag: "transport", Value: params.Choice(&c.HTTPTransport, openai.HTTP1, openai.NetHTTP), Default: openai.HTTP1, NotRecorded: c.HTTPTransport != openai.NetHTTP, Help: "HTTP transport: http1 stamps bytes as they are received; net/http is the Go standard library"},
		{Flag: "insecure", Value: params.Bool(&c.Insecure), Default: "false", Help: "do not verify the engine's TLS certificate"},
		{Flag: "api-key", Value: params.OptionalText(&c.APIKey), Default: "vllm_xxxxxxxxxxxxx", Secret: true, Help: "bearer token; never shown or stored"},
		{Flag: "api-key-file", Value: params.KeyFile(&c.APIKey), Secret: true, Help: "file that contains the bearer token"},
		{Flag: "fingerprint", Value: params.Bool(&c.Fingerprint), Default: "false", NotRecorded: true, Help: "print the fingerprint of the load and exit; nothing is sent"},
		{Flag: "verify", Value: params.Fingerprints(&c.Verify), Help: "FINGERPRINT[,FINGERPRINT...]: send no other load"},
		{Flag: "no-calibration", Value: params.Bool(&c.NoCalibration), Default: "false", Help: "do not measure, after a point, what the client itself adds to its figures"},
		{Flag: "strict-verdict", Value: params.Bool(&c.StrictVerdict), Default: "false", Help: "exit with 3 unless every point's verdict is VALID"},
		{Flag: "resume", Value: params.Bool(&c.Resume), Default: "false", NotRecorded: true, Help: "skip the points of a sweep that an earlier run measured with the same arguments"},
		{Flag: "process-summary", Value: params.OptionalText(&c.ProcessSummary), NotRecorded: true, Help: "print the figures of an existing CSV and exit"},
	}
	if w.OpenLoop {
		declared = append(declared, params.Param{Flag: "arrivals", Value: params.Process(&c.Arrivals), Default: "constant", Help: "how requests arrive: " + schedule.ProcessUsage() + " (below 1: burstier than poisson)"})
	}
	for i, p := range declared {
		if text, differs := w.Defaults[p.Flag]; differs && p.Flag != "" {
			declared[i].Default = text
		}
	}
	return declared
}

// thirdStage reports whether run-bench.py's third stage runs the script. That
// stage knows no serving config and always passes completions as API_TYPE, so
// that the environment decides.
func thirdStage(positional map[string]string) bool { return positional["SERVING_INDEX"] == "None" }

// AllParams returns all parameters of the workload but the swept one.
func (w *Workload) AllParams() []params.Param {
	return append(w.declare(), w.Params...)
}

// CommandLine declares the workload's command line.
func (w *Workload) CommandLine() *params.Command {
	return &params.Command{
		Version: command.Version(),
		Binary:  cmp.Or(w.Command, strings.ReplaceAll(w.Name, "_", "-")), Script: w.Script, About: w.About, Example: w.Example,
		Positional: w.Positional, Point: w.Point, Points: w.Points, Trailing: w.Trailing, Params: w.AllParams(),
		Instead:   "process-summary",
		FixedSeed: func() bool { return w.Common.Fingerprint || len(w.Common.Verify) > 0 },
		Check:     w.Check,
	}
}

// TakesPosition reports whether a sweep takes a parameter by position.
func (w *Workload) TakesPosition(p *params.Param) bool { return slices.Contains(w.Positional, p.Name) }

// Engine returns the configuration of a client for the engine. A nil dial connects
// to the network.
func (c *Common) Engine(dial Dialer) openai.Config {
	return openai.Config{
		BaseURL: c.BaseURL, APIKey: c.APIKey, CAs: c.CAs.Pool, Insecure: c.Insecure, Sources: c.Sources, Dial: dial,
		Transport: c.HTTPTransport, Timeout: c.Timeout, StallTimeout: c.StallTimeout,
	}
}

// A Dialer opens a connection, as net.Dialer.DialContext does.
type Dialer = func(ctx context.Context, network, address string) (net.Conn, error)

// Request returns the request for a conversation, for the chosen API.
func (c *Common) Request(conversation []chat.Message, user string, maxTokens int) openai.Request {
	backend := openai.BackendOf(c.APIType)
	r := openai.Request{Backend: backend, Model: c.Model, MaxTokens: maxTokens, IgnoreEOS: c.IgnoreEOS}
	if c.WithUserID {
		r.UserID = user
	}
	if backend.Form().Messages {
		r.Messages = conversation
	} else {
		r.Prompt = chat.Flatten(conversation)
	}
	return r
}
