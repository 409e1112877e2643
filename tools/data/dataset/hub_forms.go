package dataset

import (
	"cmp"
	"context"
	"errors"
	"strings"
)

// hubForm makes a request of a row. It reports false for a row that is not usable.
type hubForm func(ctx context.Context, m *Model, row hubRow, outputLen int) (r Request, usable bool, err error)

// hubForms holds the supported data sets of the hub and how vLLM makes prompts of them.
var hubForms = map[string]hubForm{
	"likaixin/InstructCoder":     instructCoder,
	"philschmid/mt-bench":        mtBench,
	"AI-MO/aimo-validation-aime": aimo,
	"AI-MO/NuminaMath-1.5":       aimo,
	"AI-MO/NuminaMath-CoT":       aimo,
	"zed-industries/zeta":        zeta,
}

// instructCoder's prompt contains twelve spaces: vLLM's source continues a string on an
// indented line.
func instructCoder(ctx context.Context, m *Model, row hubRow, outputLen int) (Request, bool, error) {
	const task = " Just output             the code, do not include any explanation."
	return chatRequest(ctx, m, row.Input+"\n\n"+row.Instruction+task, cmp.Or(outputLen, 200))
}

func mtBench(ctx context.Context, m *Model, row hubRow, outputLen int) (Request, bool, error) {
	if len(row.Turns) == 0 {
		return Request{}, false, errors.New("a row without turns")
	}
	return chatRequest(ctx, m, row.Turns[0], cmp.Or(outputLen, 256))
}

func chatRequest(ctx context.Context, m *Model, user string, outputLen int) (r Request, usable bool, err error) {
	r.OutputTokens = outputLen
	if r.Prompt, err = m.chat(user); err != nil {
		return r, false, err
	}
	r.PromptTokens, err = m.count(ctx, r.Prompt)
	return r, true, err
}

// aimo asks for answers as long as the solutions. It then skips requests that are too
// short or too long.
func aimo(ctx context.Context, m *Model, row hubRow, outputLen int) (r Request, usable bool, err error) {
	r = Request{Prompt: row.Problem, OutputTokens: outputLen}
	if r.PromptTokens, err = m.count(ctx, row.Problem); err != nil || outputLen > 0 {
		return r, true, err
	}
	r.OutputTokens, err = m.count(ctx, row.Solution)
	return r, limits{minTokens: 4, maxPrompt: 2048, maxTokens: 32000}.allow(r.PromptTokens, r.OutputTokens), err
}

const zetaTask = `### Instruction:
You are a code completion assistant and your task is to analyze user edits and then rewrite an excerpt that the user provides, suggesting the appropriate edits within the excerpt, taking into account the cursor location.

### User Edits:

{events}

### User Excerpt:

{input}

### Response:

`

// zeta asks for answers as long as the edited region.
func zeta(ctx context.Context, m *Model, row hubRow, _ int) (r Request, usable bool, err error) {
	const start = "<|editable_region_start|>"
	before, after, _ := strings.Cut(zetaTask, "{events}")
	middle, end, _ := strings.Cut(after, "{input}")
	r.Prompt = before + row.Events + middle + row.Input + end
	region := row.Output
	switch at := strings.Index(region, start); {
	case at >= 0:
		region = region[at:]
	case region != "":
		region = region[len(region)-1:] // Python's text[-1:]
	}
	if r.PromptTokens, err = m.count(ctx, r.Prompt); err != nil {
		return r, false, err
	}
	r.OutputTokens, err = m.count(ctx, region)
	return r, true, err
}
