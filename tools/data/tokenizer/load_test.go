package tokenizer

import (
	"strings"
	"testing"
)

// small is a minimal model.
const small = `"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}`

func TestUnsupportedComponentsAreRejected(t *testing.T) {
	tests := []struct{ why, json, want string }{
		{"a normalizer", `{"normalizer": {"type": "BertNormalizer"}, ` + small + `}`, `normalizer "BertNormalizer": not supported`},
		{"a normalizer within a sequence", `{"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "StripAccents"}]}, ` + small + `}`, `normalizer "StripAccents"`},
		{"a pre-tokenizer", `{"pre_tokenizer": {"type": "UnicodeScripts"}, ` + small + `}`, `pre-tokenizer "UnicodeScripts"`},
		{"a decoder", `{"decoder": {"type": "CTC"}, ` + small + `}`, `decoder "CTC"`},
		{"a post-processor", `{"post_processor": {"type": "Magic"}, ` + small + `}`, `post-processor "Magic"`},
		{"a model", `{"model": {"type": "WordPiece", "vocab": {"a": 0}}}`, `model "WordPiece"`},
		{"no model", `{}`, `model ""`},
		{"a pre-tokenizer after ByteLevel, which turns bytes into characters", `{"pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "ByteLevel"}, {"type": "Digits"}]}, ` + small + `}`, `pre-tokenizer "Digits" after ByteLevel`},
		{"a regular expression that regexp2 interprets differently", `{"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\w+"}, "behavior": "Isolated"}, ` + small + `}`, `"\\w" is not supported`},
		{"an invalid regular expression", `{"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a"}, "behavior": "Isolated"}, ` + small + `}`, `regular expression "(a"`},
		{"a behavior", `{"pre_tokenizer": {"type": "Split", "pattern": {"String": "a"}, "behavior": "Vanish"}, ` + small + `}`, `behavior "Vanish"`},
		{"a split without a pattern", `{"pre_tokenizer": {"type": "Split", "behavior": "Isolated"}, ` + small + `}`, `no pattern`},
		{"a mark for the first word only, if a normalizer may drop the start", `{"normalizer": {"type": "Strip", "strip_left": true}, "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first"}, ` + small + `}`, `prepend_scheme first`},
		{"random tokens", `{"model": {"type": "BPE", "dropout": 0.1, "vocab": {"a": 0}, "merges": []}}`, `dropout`},
		{"a merge of unknown tokens", `{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}}`, `merge 1, "a" and "b"`},
		{"a merge of three tokens", `{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b c"]}}`, `merge 1, "a b c"`},
		{"an unknown token outside the vocabulary", `{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [], "unk_token": "?"}}`, `"?" is not in the vocabulary`},
		{"an unknown piece outside the vocabulary", `{"model": {"type": "Unigram", "vocab": [["a", -1]], "unk_id": 1}}`, `unk_id 1`},
		{"a truncated precompiled_charsmap", `{"normalizer": {"type": "Precompiled", "precompiled_charsmap": "/////w=="}, ` + small + `}`, `precompiled_charsmap is invalid`},
		{"a template without a text", `{"post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "x"}}], "special_tokens": {"x": {"ids": [1]}}}, ` + small + `}`, `no place for the text`},
		{"not JSON", `not found`, `not a tokenizer.json`},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			if _, err := Parse([]byte(test.json)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestOldFormats(t *testing.T) {
	tokenizer, err := Parse([]byte(`{"model": {"vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["#version: 0.2", "a b"]}}`))
	if err != nil || tokenizer.Count("abab") != 2 {
		t.Errorf("%v; a model without a type was not read as BPE", err)
	}
	tokenizer, err = Parse([]byte(`{"model": {"type": "BPE", "vocab": {"a": 0, " ": 1, "a ": 2}, "merges": [["a", " "]]}}`))
	if err != nil || tokenizer.Count("a a") != 2 {
		t.Errorf("%v; merges given as pairs were not read", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"added_tokens": [{"id": 3, "content": "<s>", "special": true}], ` + small + `}`))
	f.Add([]byte(`{"normalizer": {"type": "Precompiled", "precompiled_charsmap": "CAAAAAEAAAACAAAAYQA="}, ` + small + `}`))
	f.Add([]byte(`{"pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": "a+"}, "behavior": "MergedWithNext"}, {"type": "ByteLevel"}]}, ` + small + `}`))
	f.Add([]byte(`{"decoder": {"type": "Strip", "content": " ", "start": 1}, "model": {"type": "Unigram", "vocab": [["<unk>", 0], ["a", -1.5]], "unk_id": 0}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		tokenizer, err := Parse(data)
		if err != nil {
			return
		}
		ids := tokenizer.Encode("abba <s> \u00e9 12\r\n", true)
		tokenizer.Decode(ids, true)
	})
}
