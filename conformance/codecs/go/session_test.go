package codecs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"codecs/generated/phases"
)

// `Q` with `odd`, since three frames came before; `X`, behind which the stream closes; `BYE`.
const phased = "Q\x00\x00\x00\x06hi\x07X\x00\x00\x00\x04BYE\x02"

func told(frame *phases.Frame) string {
	return fmt.Sprintln(frame.Phase, frame.Frames, frame.Kind, string(frame.Payload.Value), frame.Odd, frame.Count)
}

// A decoder and a reader begin with the session that they are given.
func TestSession(t *testing.T) {
	session := phases.Session{Phase: phases.PhaseReady, Frames: 3}
	want := "ready 3 {81 true} hi {7 true} {0 false}\n" +
		"ready 0 {88 true}  {0 false} {0 false}\n" +
		"closing 1 {0 false}  {0 false} {2 true}\n"
	for cut := 0; cut <= len(phased); cut++ {
		decoder, got := phases.NewDecoder(session), ""
		for _, chunk := range []string{phased[:cut], phased[cut:]} {
			decoder.Push([]byte(chunk))
			for frame, err := decoder.Next(); frame != nil || err != nil; frame, err = decoder.Next() {
				if err != nil {
					t.Fatal(cut, err)
				}
				got += told(frame)
			}
		}
		if err := decoder.Finish(); got != want || err != nil {
			t.Errorf("cut at %d: %v\n%s", cut, err, got)
		}
	}
	for name, source := range map[string]io.Reader{
		"whole": bytes.NewReader([]byte(phased)), "dripping": &dripping{[]byte(phased)},
	} {
		reader, got := phases.NewSessionReader(source, session), ""
		frame, err := reader.ReadFrame()
		for ; err == nil; frame, err = reader.ReadFrame() {
			got += told(frame)
		}
		if got != want || err != io.EOF {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
	// At the start of a stream the same bytes are the length of a start-up packet.
	var decoder phases.Decoder
	decoder.Push([]byte(phased))
	_, err := decoder.Next()
	var reject phases.Reject
	if !errors.As(err, &reject) || reject.Class != phases.FrameTooLarge || reject.At != 3 {
		t.Error(err)
	}
}
