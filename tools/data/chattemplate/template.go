// Package chattemplate renders Hugging Face chat templates.
package chattemplate

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/ncruces/go-strftime"
	"github.com/nikolalohinski/gonja/v2/builtins"
	"github.com/nikolalohinski/gonja/v2/config"
	"github.com/nikolalohinski/gonja/v2/exec"
	"github.com/nikolalohinski/gonja/v2/loaders"
	"github.com/nikolalohinski/gonja/v2/logging"
)

// Template is a chat template in Jinja, with the settings of transformers. Goroutines
// may share it.
type Template struct {
	compiled *exec.Template
	tokens   map[string]any
}

// Parse compiles a template. tokens holds the texts of special tokens that the template
// may use, e.g. bos_token.
func Parse(text string, tokens map[string]any) (t *Template, err error) {
	defer recoverError(&err)
	logging.SetEnabled(false)
	settings := config.New()
	settings.TrimBlocks, settings.LeftStripBlocks = true, true
	if err := lexerBugGuard(text, settings); err != nil {
		return nil, fmt.Errorf("unsupported chat template: %w", err)
	}
	// The only file that the template can include is itself.
	const name = "/chat_template"
	loader, err := loaders.NewMemoryLoader(map[string]string{name: text})
	if err != nil {
		return nil, err
	}
	compiled, err := exec.NewTemplate(name, settings, loader, environment())
	if err != nil {
		return nil, fmt.Errorf("unsupported chat template: %w", err)
	}
	return &Template{compiled, tokens}, nil
}

// environment returns Jinja's environment with the functions that transformers adds.
func environment() *exec.Environment {
	context := exec.EmptyContext().Update(builtins.GlobalFunctions).Update(builtins.GlobalVariables)
	context.Set("raise_exception", func(message string) (string, error) { return "", errors.New(message) })
	context.Set("strftime_now", func(format string) string { return strftime.Format(format, time.Now()) })
	return &exec.Environment{
		Context: context, Filters: builtins.Filters, Tests: builtins.Tests,
		ControlStructures: builtins.ControlStructures, Methods: methods(),
	}
}

// User renders a conversation of one message by the user, up to where the model's answer
// starts.
func (t *Template) User(content string) (text string, err error) {
	defer recoverError(&err)
	data := map[string]any{
		"messages":              list{map[string]any{"role": "user", "content": content}},
		"add_generation_prompt": true,
		"tools":                 nil,
		"documents":             nil,
	}
	maps.Copy(data, t.tokens)
	text, err = t.compiled.ExecuteToString(exec.NewContext(data))
	if err != nil {
		return "", fmt.Errorf("applying the chat template: %w", err)
	}
	return text, nil
}

// recoverError turns a panic into an error: gonja panics on some templates.
func recoverError(err *error) {
	if fault := recover(); fault != nil {
		*err = fmt.Errorf("the chat template cannot be applied: %v", fault)
	}
}
