package openai

import (
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	parts := []string{"", "a", "ä中😀", strings.Repeat("b", 100), strings.Repeat("c", pieceSize-1), strings.Repeat("d", pieceSize), strings.Repeat("e", 3*pieceSize+1)}
	for first := range parts {
		var got text
		var want strings.Builder
		for range 3 {
			for i := range parts {
				part := parts[(first+i)%len(parts)]
				got.Write([]byte(part))
				got.WriteString(part)
				got.WriteRune('ö')
				want.WriteString(part + part + "ö")
			}
		}
		if got.take() != want.String() {
			t.Errorf("from part %d on: another text", first)
		}
		if got.take() != "" {
			t.Error("it can be taken twice")
		}
	}
	unread := text{unread: true}
	unread.Grow(1)
	unread.WriteString(parts[6])
	unread.WriteRune('ö')
	if unread.take() != "" || unread.full != nil {
		t.Error("text that is not needed is kept")
	}
}
