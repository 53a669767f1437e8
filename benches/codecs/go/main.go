// Decoding records (conformance/codecs/specs/record.yaml): the generated reader and decoder against a loop over bufio as
// it is usually written. All get the same chunks; each cell is the median of interleaved cycles; the answer is compared.
package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"syscall"
	"time"

	"codecs/generated/record"
)

const cycles = 5

// chunks is a source that gives at most size bytes a time.
type chunks struct {
	rest []byte
	size int
}

func (c *chunks) Read(p []byte) (int, error) {
	if len(c.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), c.size)], c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// answer is what a consumer makes of a frame: its header, and the ends of its payload.
func answer(session uint64, opcode uint8, payload []byte) uint64 {
	return session + uint64(opcode) + uint64(len(payload)) + uint64(payload[0]) + uint64(payload[len(payload)-1])
}

// byHand is the usual loop: a header, a length that is looked at, a payload into a buffer that is kept.
func byHand(source io.Reader) (sum uint64, err error) {
	input := bufio.NewReaderSize(source, 1<<16)
	var header [13]byte
	var payload []byte
	for {
		if _, err := io.ReadFull(input, header[:]); err == io.EOF {
			return sum, nil
		} else if err != nil {
			return 0, err
		}
		length := binary.BigEndian.Uint32(header[:])
		if length > record.MaxFrame-uint32(len(header)) {
			return 0, errors.New("too large")
		}
		if int(length) > cap(payload) {
			payload = make([]byte, length)
		}
		payload = payload[:length]
		if _, err := io.ReadFull(input, payload); err != nil {
			return 0, err
		}
		sum += answer(binary.BigEndian.Uint64(header[4:]), header[12], payload)
	}
}

func byReader(source io.Reader) (sum uint64, err error) {
	input := record.NewReader(source)
	for {
		frame, err := input.ReadFrame()
		if err == io.EOF {
			return sum, nil
		} else if err != nil {
			return 0, err
		}
		sum += answer(frame.Session, frame.Opcode, frame.Payload)
	}
}

// byDecoder gives the chunks where they lie, as an event loop does with what it has read.
func byDecoder(stream []byte, size int) (sum uint64, err error) {
	var decoder record.Decoder
	for len(stream) > 0 {
		n := min(size, len(stream))
		decoder.Push(stream[:n])
		stream = stream[n:]
		for {
			frame, err := decoder.Next()
			if err != nil {
				return 0, err
			}
			if frame == nil {
				break
			}
			sum += answer(frame.Session, frame.Opcode, frame.Payload)
		}
	}
	return sum, decoder.Finish()
}

// spent is the processor time of this process so far: other processes do not count.
func spent() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// nanoseconds is the time of a frame, from as many runs as take 10 ms.
func nanoseconds(frames int, want uint64, run func() (uint64, error)) float64 {
	start, runs := spent(), 0
	for ; runs == 0 || spent()-start < 10*time.Millisecond; runs++ {
		if sum, err := run(); sum != want || err != nil {
			fmt.Fprintln(os.Stderr, "wrong answer:", sum, "for", want, err)
			os.Exit(1)
		}
	}
	return float64((spent() - start).Nanoseconds()) / float64(runs) / float64(frames)
}

func main() {
	fmt.Println("payload  chunk  bufio ns  Reader ns  ratio  Decoder ns  ratio")
	for _, size := range []int{16, 64, 256, 1024, 16384, 65536} {
		for _, chunk := range []int{1, 7, 64, 1460, 65536} {
			cell(size, chunk)
		}
	}
}

func cell(size, chunk int) {
	var stream []byte
	var want uint64
	frames := max(1<<20/(size+13), 16)
	for i := 0; i < frames; i++ {
		frame := record.Frame{Session: uint64(i) << 20, Opcode: uint8(i), Payload: make([]byte, size)}
		for at := range frame.Payload {
			frame.Payload[at] = byte(i + at)
		}
		want += answer(frame.Session, frame.Opcode, frame.Payload)
		stream, _ = frame.Encode(stream)
	}
	var times [3][]float64
	for range [cycles]struct{}{} {
		runs := []func() (uint64, error){
			func() (uint64, error) { return byHand(&chunks{stream, chunk}) },
			func() (uint64, error) { return byReader(&chunks{stream, chunk}) },
			func() (uint64, error) { return byDecoder(stream, chunk) },
		}
		for i, run := range runs {
			times[i] = append(times[i], nanoseconds(frames, want, run))
		}
	}
	var medians [3]float64
	for i := range times {
		slices.Sort(times[i])
		medians[i] = times[i][cycles/2]
	}
	fmt.Printf("%7d  %5d  %8.1f  %9.1f  %5.2f  %10.1f  %5.2f\n", size, chunk,
		medians[0], medians[1], medians[0]/medians[1], medians[2], medians[0]/medians[2])
}
