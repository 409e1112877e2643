package record

// Lateness is why a request left late, in seconds. The first three add up to
// launch_time - scheduled_time. Waiting for a connection comes after the launch:
// it is ConnectTime.
type Lateness struct {
	Timer       float64 `csv:"lag_timer"`     // the client waited for the due time and woke up late
	Queue       float64 `csv:"lag_queue"`     // from then to the launch: run queue, garbage collection, preparation
	Backlog     float64 `csv:"lag_backlog"`   // the client came to the request late, with others before it
	CarriedOver float64 `csv:"lag_inherited"` // how far scheduled_time itself lies behind the user's own pace, as answers were slow
}
