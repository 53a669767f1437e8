//go:build ignore

// A server of session records: it answers open, data and close with records of the same kind.
package main

import (
	"fmt"
	"log"
	"net"

	"codecs/generated/sessionrecord"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening", listener.Addr().(*net.TCPAddr).Port)
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(connection)
	}
}

// serve answers until the peer closes the session or sends what is no record.
func serve(connection net.Conn) {
	defer connection.Close()
	records := sessionrecord.NewReader(connection)
	var out []byte
	for {
		record, err := records.ReadFrame()
		if err != nil {
			return
		}
		answer := *record
		if record.Opcode != sessionrecord.OpcodeData {
			answer.Body = empty(record.Serializer)
		}
		if out, err = answer.Encode(out[:0]); err != nil {
			log.Print(err)
			return
		}
		if _, err := connection.Write(out); err != nil || record.Opcode == sessionrecord.OpcodeClose {
			return
		}
	}
}

// empty is the shortest body that a serializer takes.
func empty(serializer sessionrecord.Serializer) []byte {
	switch serializer {
	case sessionrecord.SerializerJSON:
		return []byte("null")
	case sessionrecord.SerializerMsgpack:
		return []byte{0xc0}
	}
	return nil
}
