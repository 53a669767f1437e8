package codecs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"codecs/generated/frames"
	"codecs/generated/sessionrecord"
)

// The code of docs/codecs/go.md; TestDocs compares.

func receive(connection io.Reader) error {
	records := sessionrecord.NewReader(connection)
	for {
		record, err := records.ReadFrame()
		if err == io.EOF {
			return nil
		}
		var reject sessionrecord.Reject
		if errors.As(err, &reject) {
			return fmt.Errorf("the peer sent %s at byte %d", reject.Class, reject.At)
		}
		if err != nil {
			return err
		}
		fmt.Println(record.Opcode, record.Session, string(record.Body))
	}
}

func feed(chunks [][]byte) error {
	var decoder sessionrecord.Decoder
	for _, chunk := range chunks {
		decoder.Push(chunk)
		for {
			record, err := decoder.Next()
			if err != nil {
				return err
			}
			if record == nil {
				break
			}
			fmt.Println(record.Opcode, len(record.Body))
		}
	}
	return decoder.Finish()
}

func send(connection io.Writer) error {
	record := sessionrecord.Frame{
		Version:    1,
		Serializer: sessionrecord.SerializerJSON,
		Opcode:     sessionrecord.OpcodeData,
		Session:    7,
		Body:       []byte(`{"k":1}`),
	}
	encoded, err := record.Encode(nil)
	var refused sessionrecord.EncodeError
	if errors.As(err, &refused) {
		return fmt.Errorf("%s of %s", refused.Class, refused.Field)
	}
	_, err = connection.Write(encoded)
	return err
}

func Example() {
	var wire bytes.Buffer
	fmt.Println(send(&wire))
	sent := wire.Bytes()
	fmt.Println(receive(&wire))
	fmt.Println(feed([][]byte{sent[:3], sent[3:20], sent[20:]}))
	fmt.Println(receive(bytes.NewReader(sent[:10])))
	fmt.Println(receive(strings.NewReader("\xca\xfe\xf0\x0d\x03")))
	err := feed([][]byte{sent[:10]})
	fmt.Println(errors.Is(err, io.ErrUnexpectedEOF), err)
	// Output:
	// <nil>
	// data 7 {"k":1}
	// <nil>
	// data 7
	// <nil>
	// the peer sent incomplete at byte 10
	// the peer sent out-of-range at byte 4
	// true session-record: incomplete at byte 10
}

// dripping gives one byte a time, and its end with the last one.
type dripping struct{ rest []byte }

func (d *dripping) Read(p []byte) (int, error) {
	n := copy(p[:1], d.rest)
	d.rest = d.rest[n:]
	if len(d.rest) == 0 {
		return n, io.EOF
	}
	return n, nil
}

// A reader's frames do not depend on how the bytes come, and the kept ones stay as they are.
func TestReader(t *testing.T) {
	var stream []byte
	var want []sessionrecord.Frame
	for _, size := range []int{0, 1, 100, 20_000, 70_000, 3} {
		record := sessionrecord.Frame{Version: 2, Opcode: 9, Session: 1<<64 - 1, Length: uint32(size)}
		record.Body = bytes.Repeat([]byte{byte(size)}, size)
		encoded, err := record.Encode(stream)
		if err != nil {
			t.Fatal(err)
		}
		stream, want = encoded, append(want, record)
	}
	for name, source := range map[string]io.Reader{
		"whole":    bytes.NewReader(stream),
		"dripping": &dripping{stream},
		"halves":   io.MultiReader(bytes.NewReader(stream[:len(stream)/2]), bytes.NewReader(stream[len(stream)/2:])),
	} {
		records := sessionrecord.NewReader(source)
		var got []sessionrecord.Frame
		for {
			record, err := records.ReadFrame()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(name, err)
			}
			got = append(got, record.Clone())
		}
		if len(got) != len(want) {
			t.Fatalf("%s: %d frames", name, len(got))
		}
		for i := range got {
			if !bytes.Equal(got[i].Body, want[i].Body) || got[i].Session != want[i].Session || got[i].Length != want[i].Length {
				t.Errorf("%s: frame %d differs", name, i)
			}
		}
	}
}

// A reader finds frames inside frames, however the bytes come; where the stream ends inside of one, it is incomplete.
func TestReaderInside(t *testing.T) {
	one := []byte{1, 2, 1, 1, 0, 7, 0, 3, 3, 'a', 'b', 'c'}
	stream := append(bytes.Repeat(one, 3), one[:9]...)
	for cut := range stream {
		for name, source := range map[string]io.Reader{
			"dripping": &dripping{stream},
			"in two":   io.MultiReader(bytes.NewReader(stream[:cut]), bytes.NewReader(stream[cut:])),
		} {
			reader := frames.NewReader(source)
			for i := 0; i < 3; i++ {
				frame, err := reader.ReadFrame()
				if err != nil {
					t.Fatal(name, cut, err)
				}
				if frame.Count.Value != 2 || !bytes.Equal(frame.Items.Value, one[2:]) {
					t.Fatal(name, cut, frame)
				}
			}
			_, err := reader.ReadFrame()
			if (err != frames.Reject{Class: frames.Incomplete, At: uint64(len(stream))}) {
				t.Fatal(name, cut, err)
			}
		}
	}
}

// A claimed length of 16 MiB takes no memory before its bytes come.
func TestClaimedLength(t *testing.T) {
	header := []byte("\xca\xfe\xf0\x0d\x01\x00\x02\x00\x00\x00\x00\x00\x00\x00\x07\x00\xff\x00\x00")
	result := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; i < b.N; i++ {
			var decoder sessionrecord.Decoder
			decoder.Push(header)
			if record, err := decoder.Next(); record != nil || err != nil {
				b.Fatal(record, err)
			}
		}
	})
	if bytes := result.AllocedBytesPerOp(); bytes > 100_000 {
		t.Errorf("%d bytes are allocated", bytes)
	}
}

// What the page shows is what is compiled here.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile("../../../docs/codecs/go.md")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(page), "```go\n")[1:]
	if len(blocks) != 3 {
		t.Errorf("%d blocks of code", len(blocks))
	}
	for _, block := range blocks {
		block, _, _ = strings.Cut(block, "```")
		if !strings.Contains(string(code), block) {
			t.Errorf("not in example_test.go:\n%s", block)
		}
	}
}
