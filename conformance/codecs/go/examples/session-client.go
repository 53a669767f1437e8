//go:build ignore

// A client of session records: session-client HOST PORT SESSION N opens a session, sends N records in pieces of odd
// sizes and checks that each comes back as it is.
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"

	"codecs/generated/sessionrecord"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: session-client HOST PORT SESSION N")
		os.Exit(1)
	}
	session, err := strconv.ParseUint(os.Args[3], 10, 64)
	count, countErr := strconv.Atoi(os.Args[4])
	if err = errors.Join(err, countErr); err == nil {
		err = talk(net.JoinHostPort(os.Args[1], os.Args[2]), session, count)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ok", count)
}

func talk(address string, session uint64, count int) error {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer connection.Close()
	records := sessionrecord.NewReader(connection)
	pieces := pieces{to: connection}
	asked := sessionrecord.Frame{Version: 1, Serializer: sessionrecord.SerializerRaw, Session: session}

	asked.Opcode = sessionrecord.OpcodeOpen
	if err := exchange(&asked, &pieces, records); err != nil {
		return fmt.Errorf("open: %w", err)
	}
	asked.Opcode = sessionrecord.OpcodeData
	for k := 0; k < count; k++ {
		asked.Serializer, asked.Body = body(k)
		if err := exchange(&asked, &pieces, records); err != nil {
			return fmt.Errorf("record %d: %w", k, err)
		}
	}
	asked.Opcode, asked.Serializer, asked.Body = sessionrecord.OpcodeClose, sessionrecord.SerializerRaw, nil
	if err := exchange(&asked, &pieces, records); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	if _, err := records.ReadFrame(); err != io.EOF {
		return fmt.Errorf("after close: %v", err)
	}
	return nil
}

// body is the k-th record's.
func body(k int) (sessionrecord.Serializer, []byte) {
	switch serializer := sessionrecord.Serializer(k % 3); serializer {
	case sessionrecord.SerializerJSON:
		return serializer, fmt.Appendf(nil, `{"k":%d}`, k)
	case sessionrecord.SerializerMsgpack:
		return serializer, binary.BigEndian.AppendUint16([]byte{0xcd}, uint16(k))
	default:
		raw := make([]byte, k*7919%70001)
		for i := range raw {
			raw[i] = byte((k + i) % 251)
		}
		return serializer, raw
	}
}

// exchange sends a record and checks that the answer is the same.
func exchange(asked *sessionrecord.Frame, to *pieces, records *sessionrecord.Reader) error {
	encoded, err := asked.Encode(nil)
	if err != nil {
		return err
	}
	sent := make(chan error, 1)
	go func() { sent <- to.write(encoded) }()
	answer, err := records.ReadFrame()
	if err = errors.Join(err, <-sent); err != nil {
		return err
	}
	same := answer.Version == asked.Version && answer.Serializer == asked.Serializer &&
		answer.Opcode == asked.Opcode && answer.Session == asked.Session && bytes.Equal(answer.Body, asked.Body)
	if !same {
		return fmt.Errorf("%v record of %d bytes came back for %d", answer.Opcode, len(answer.Body), len(asked.Body))
	}
	return nil
}

// pieces writes in pieces of odd sizes.
type pieces struct {
	to   io.Writer
	next int
}

func (p *pieces) write(encoded []byte) error {
	sizes := [...]int{1, 2, 3, 5, 1460, 65536}
	for len(encoded) > 0 {
		size := min(sizes[p.next%len(sizes)], len(encoded))
		p.next++
		if _, err := p.to.Write(encoded[:size]); err != nil {
			return err
		}
		encoded = encoded[size:]
	}
	return nil
}
