package sharegpt

import (
	"strings"
	"testing"
)

// run.json may have been saved again by pandas.
func TestReadRequestsOfPandas(t *testing.T) {
	file := "\ufeff" + `[{"input": "a", "output_length": 20.0, "conversation_id": 1e0, "round_num": 2.0}, {"input": "b", "output_length": null}]`
	got, err := ReadRequests(strings.NewReader(file))
	if err != nil || len(got) != 2 || *got[0].OutputLength != 20 || *got[0].Conversation != 1 || got[0].Round != 2 || got[1].OutputLength != nil {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = ReadRequests(strings.NewReader(`[{"input": "a", "output_length": 20.5}]`))
	if err == nil || !strings.Contains(err.Error(), "20.5") || !strings.Contains(err.Error(), "output_length") {
		t.Errorf("error %v, want one that names output_length and 20.5", err)
	}
}
