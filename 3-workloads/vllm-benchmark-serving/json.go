package main

import "encoding/json"

// member is a member of a JSON object. Values are written as vLLM writes them, e.g. 0.0,
// and members keep vLLM's order, which encoding/json cannot do.
type member struct{ name, value string }

// appendMembers appends members to the text of an object.
func appendMembers(text string, list ...member) string {
	for _, m := range list {
		text += `,"` + m.name + `":` + m.value
	}
	return text
}

// quoted returns a text as a JSON string.
func quoted(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		return `""` // cannot happen: every string can be encoded
	}
	return string(data)
}
