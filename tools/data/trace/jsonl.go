package trace

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"

	"github.com/LMCache/LMBench/tools/data/userfile"
)

const maxLine = 64 << 20 // bytes

// jsonLine is a line of a JSONL trace. Other members are ignored.
type jsonLine struct {
	Timestamp jsonTimestamp `json:"timestamp"`
	Input     *userfile.Int `json:"input_length"`
	Output    *userfile.Int `json:"output_length"`
	Blocks    hashIDs       `json:"hash_ids"`
	Chat      *userfile.Int `json:"chat_id"`
	Parent    *userfile.Int `json:"parent_chat_id"` // -1 for the first turn
}

func (p *parser) readJSON(r io.Reader) error {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 0, 1<<16), maxLine)
	for number := 1; scanner.Scan(); number++ {
		line := bytes.TrimSpace(scanner.Bytes())
		if len(line) == 0 {
			continue
		}
		request, timestamp, err := parseJSON(line)
		if err != nil {
			p.addInvalid(number, err)
			continue
		}
		request.Line = number
		p.add(request, timestamp)
	}
	if err := scanner.Err(); err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	return nil
}

func parseJSON(line []byte) (r Request, timestamp string, err error) {
	var j jsonLine
	if err := json.Unmarshal(line, &j); err != nil {
		return r, "", explainJSON(err)
	}
	var missing error
	for _, member := range []struct {
		name    string
		present bool
	}{{"timestamp", j.Timestamp != ""}, {"input_length", j.Input != nil}, {"output_length", j.Output != nil}} {
		if !member.present {
			missing = errors.Join(missing, fmt.Errorf("no member %q", member.name))
		}
	}
	if missing != nil {
		return r, "", missing
	}
	r = Request{Input: int(*j.Input), Output: int(*j.Output), Blocks: j.Blocks}
	if j.Chat != nil {
		r.Chat = int64(*j.Chat) + 1
	}
	if j.Parent != nil && *j.Parent >= 0 {
		r.Parent = int64(*j.Parent) + 1
	}
	return r, string(j.Timestamp), nil
}

// explainJSON rewords an error of encoding/json in terms of a trace.
func explainJSON(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return fmt.Errorf("%s is a JSON %s: want a whole number", kind.Field, kind.Value)
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) || kind != nil {
		return fmt.Errorf("not a JSON object: %w", err)
	}
	return err
}

// jsonTimestamp is the text of a JSON number or the value of a string.
type jsonTimestamp string

// UnmarshalJSON implements json.Unmarshaler. It keeps all digits of a number.
func (s *jsonTimestamp) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, (*string)(s))
	}
	if string(data) != "null" {
		*s = jsonTimestamp(data)
	}
	return nil
}

// hashIDs are the ids of a prompt's blocks. A string becomes a number by its
// FNV-1a hash.
type hashIDs []int64

// UnmarshalJSON implements json.Unmarshaler for a list of whole numbers or strings.
func (h *hashIDs) UnmarshalJSON(data []byte) error {
	inside, ok := bytes.CutPrefix(data, []byte("["))
	if !ok {
		if string(data) == "null" {
			return nil
		}
		return fmt.Errorf("hash_ids is %.20q: want a list of whole numbers", data)
	}
	ids := make(hashIDs, 0, bytes.Count(inside, []byte(","))+1)
	for cell := range bytes.SplitSeq(bytes.TrimSuffix(inside, []byte("]")), []byte(",")) {
		text := string(bytes.TrimSpace(cell))
		id, err := userfile.Whole(text)
		switch {
		case text == "" && len(ids) == 0:
			continue
		case err != nil && len(text) > 2 && text[0] == '"' && text[len(text)-1] == '"':
			hash := fnv.New64a()
			hash.Write([]byte(text))
			id = int64(hash.Sum64())
		case err != nil:
			return fmt.Errorf("hash_ids contains %.20q: want whole numbers of 64 bits", text)
		}
		ids = append(ids, id)
	}
	*h = ids
	return nil
}
