package prompt

import "fmt"

// StoryQuestion returns question k of a user in LMBench's synthetic and agentic
// workloads, k counted from 1.
func StoryQuestion(k, user int) string {
	return fmt.Sprintf("Here's question #%d from user %d: can you tell me a new long story with a happy ending?", k, user)
}
