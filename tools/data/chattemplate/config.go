package chattemplate

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/LMCache/LMBench/tools/data/userfile"
)

// Config holds the fields of a tokenizer_config.json that affect prompts.
type Config struct {
	Template string         // empty if the model has no template
	Tokens   map[string]any // texts of the special tokens by name, e.g. bos_token
	CleanUp  bool           // clean_up_tokenization_spaces
}

// Load reads the tokenizer_config.json at path.
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
	if err := json.Unmarshal(userfile.TrimMark(data), &members); err != nil {
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

// tokenText returns the text of a special token, given as a string or in an object.
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

// templateText returns the template. Of several it returns the one named default.
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
		return "", errors.New("chat_template: want a string or a list of named templates")
	}
	for _, one := range several {
		if one.Name == "default" {
			return one.Template, nil
		}
	}
	return "", errors.New("chat_template: want a template named default")
}
