package eventlog

import "github.com/LMCache/LMBench/tools/results/record"

// The functions below list all fields of a row except its gaps, by how they are written.
// Files identify a field by its position: append new fields to their list, and never move
// or remove one.

// stamps returns the instants, in an order in which neighbours are close.
func stamps(r *record.Row) [4]*float64 {
	return [...]*float64{&r.ScheduledTime, &r.LaunchTime, &r.Timestamp, &r.FinishTime}
}

// cells returns the cells that may be empty.
func cells(r *record.Row) [13]**float64 {
	return [...]**float64{
		&r.PromptTokens, &r.GenerationTokens, &r.TTFT, &r.GenerationTime,
		&r.Latency, &r.CompletionTokens, &r.TotalTokens, &r.ConnectTime, &r.CachedTokens,
		&r.SlotWait, &r.EventTTFT, &r.EventTPOT, &r.EventE2EL,
	}
}

// floats returns the numbers that are mostly 0.
func floats(r *record.Row) [6]*float64 {
	return [...]*float64{&r.TraceOffset, &r.Lateness.Timer, &r.Lateness.Queue, &r.Lateness.Backlog, &r.Lateness.CarriedOver, &r.UncachedShare}
}

func numbers(r *record.Row) [9]*int {
	return [...]*int{
		&r.UserID, &r.QuestionID, &r.Attempts, &r.QuestionNumber, &r.Agent,
		&r.TraceLine, &r.RequestedPromptTokens, &r.RequestedGenerationTokens, &r.IdealCachedTokens,
	}
}

func flags(r *record.Row) [1]*bool { return [...]*bool{&r.SimulatedHistory} }

// textFields is the number of text fields.
const textFields = 8

// texts returns the texts, which mostly repeat those of the previous row.
func texts(r *record.Row) [textFields]*string {
	return [...]*string{
		&r.RequestID, &r.TokensFrom, &r.FinishReason, &r.Error,
		&r.RecordStats, &r.Model, &r.Input, &r.Output,
	}
}
