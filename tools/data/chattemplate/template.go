// Package template is a model's chat template: how it is told a conversation.
package chattemplate

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nikolalohinski/gonja/v2/builtins"
	"github.com/nikolalohinski/gonja/v2/config"
	"github.com/nikolalohinski/gonja/v2/exec"
	"github.com/nikolalohinski/gonja/v2/loaders"
	"github.com/nikolalohinski/gonja/v2/logging"
)

// Template is a chat template in Jinja, as transformers reads it. Any number
// of goroutines may use it.
type Template struct {
	compiled *exec.Template
	tokens   map[string]any // bos_token, eos_token …
}

// Config is the part of a tokenizer_config.json that matters here.
type Config struct {
	Template string         // ""; it has none
	Tokens   map[string]any // texts of special tokens by name
	CleanUp  bool           // clean_up_tokenization_spaces
}

// Load reads a tokenizer_config.json.
func Load(path string) (Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Config{}, err
	}
	c, err := ParseConfig(data)
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// ParseConfig reads the content of a tokenizer_config.json.
func ParseConfig(data []byte) (Config, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return Config{}, fmt.Errorf("not a tokenizer_config.json: %w", err)
	}
	c := Config{Tokens: map[string]any{}}
	for key, value := range members {
		if strings.HasSuffix(key, "_token") {
			if text, ok := tokenText(value); ok {
				c.Tokens[key] = text
			}
		}
	}
	if cleanUp := members["clean_up_tokenization_spaces"]; cleanUp != nil && json.Unmarshal(cleanUp, &c.CleanUp) != nil {
		return Config{}, errors.New("clean_up_tokenization_spaces: want true or false")
	}
	var err error
	c.Template, err = templateText(members["chat_template"])
	return c, err
}

// tokenText is a special token's text, given as such or in an object.
func tokenText(value json.RawMessage) (string, bool) {
	var text string
	if json.Unmarshal(value, &text) == nil && string(value) != "null" {
		return text, true
	}
	var object struct{ Content *string }
	if json.Unmarshal(value, &object) == nil && object.Content != nil {
		return *object.Content, true
	}
	return "", false
}

// templateText is the template, or that named default of several.
func templateText(value json.RawMessage) (string, error) {
	if len(value) == 0 || string(value) == "null" {
		return "", nil
	}
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text, nil
	}
	var several []struct{ Name, Template string }
	if err := json.Unmarshal(value, &several); err != nil {
		return "", errors.New("chat_template: want a text or a list of named ones")
	}
	for _, one := range several {
		if one.Name == "default" {
			return one.Template, nil
		}
	}
	return "", errors.New("chat_template: none of its templates is named default")
}

// Parse reads a template. What it cannot do is an error that says so.
func Parse(text string, tokens map[string]any) (t *Template, err error) {
	defer recovered(&err)
	logging.SetEnabled(false)
	settings := config.New()
	settings.TrimBlocks, settings.LeftStripBlocks = true, true
	if err := endless(text, settings); err != nil {
		return nil, fmt.Errorf("the chat template has what is not supported: %w", err)
	}
	// A template from the hub may include nothing of this machine.
	const name = "/chat_template"
	loader, err := loaders.NewMemoryLoader(map[string]string{name: text})
	if err != nil {
		return nil, err
	}
	compiled, err := exec.NewTemplate(name, settings, loader, environment())
	if err != nil {
		return nil, fmt.Errorf("the chat template has what is not supported: %w", err)
	}
	return &Template{compiled, tokens}, nil
}

// environment is what transformers gives a template beyond Jinja.
func environment() *exec.Environment {
	context := exec.EmptyContext().Update(builtins.GlobalFunctions).Update(builtins.GlobalVariables)
	context.Set("raise_exception", func(message string) (string, error) { return "", errors.New(message) })
	context.Set("strftime_now", func(format string) (string, error) { return strftime(time.Now(), format) })
	return &exec.Environment{
		Context: context, Filters: builtins.Filters, Tests: builtins.Tests,
		ControlStructures: builtins.ControlStructures, Methods: methods(),
	}
}

// User is the text of a conversation whose only message is the user's, up to
// where the model answers.
func (t *Template) User(content string) (text string, err error) {
	defer recovered(&err)
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

// recovered makes an error of a panic: the library panics at some templates.
func recovered(err *error) {
	if fault := recover(); fault != nil {
		*err = fmt.Errorf("the chat template cannot be applied: %v", fault)
	}
}

// strftime knows the directives that templates use.
func strftime(now time.Time, format string) (string, error) {
	layouts := map[byte]string{
		'd': "02", 'm': "01", 'Y': "2006", 'y': "06", 'b': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday",
		'H': "15", 'M': "04", 'S': "05", 'I': "03", 'p': "PM", 'j': "002",
	}
	var text strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			text.WriteByte(format[i])
			continue
		}
		i++
		layout, known := layouts[format[i]]
		switch {
		case format[i] == '%':
			text.WriteByte('%')
		case known:
			text.WriteString(now.Format(layout))
		default:
			known := slices.Sorted(maps.Keys(layouts))
			return "", fmt.Errorf("strftime_now: %%%c is not supported, only %s", format[i], known)
		}
	}
	return text.String(), nil
}
