package tokenizer_test

import (
	"fmt"
	"log"

	"github.com/LMCache/LMBench/tools/data/tokenizer"
)

func Example() {
	t, err := tokenizer.Load("testdata/llama3.json")
	if err != nil {
		log.Fatal(err)
	}
	const text = "Hello! How can I help you today?"
	ids := t.Encode(text, true) // with the token that begins every text
	fmt.Println(t.Count(text), len(ids))
	fmt.Println(t.Decode(ids, true))
	fmt.Println(t.Decode(ids, false))
	// Output:
	// 13 14
	// <|begin_of_text|>Hello! How can I help you today?
	// Hello! How can I help you today?
}
