// Two Go frame decoders behind FWT/1: `testee go-netty` and `testee goframe`. Both pull from a reader, so a cut is where
// a Read comes back short; an empty feed is no Read at all, as with a socket.
package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

// conn hands out one chunk at a time and remembers how far it has come.
type conn struct {
	net.Conn
	stream   []byte
	cuts     []int // offsets where chunks end, the last one the stream's length
	at       int   // bytes read
	fed      int   // the end of the chunk that was last read from
	buffered bool  // the library reads ahead of the frame it is asked for
}

func (c *conn) Read(p []byte) (int, error) {
	for len(c.cuts) > 0 && c.cuts[0] == c.at {
		c.cuts = c.cuts[1:]
	}
	if len(c.cuts) == 0 {
		c.fed = len(c.stream)
		return 0, io.EOF
	}
	c.fed = c.cuts[0]
	n := copy(p, c.stream[c.at:c.fed])
	c.at += n
	return n, nil
}

// A library opens a reader of frames on a connection, or says what keeps it from serving the geometry.
type library func(g geometry) (open func(*conn) func() ([]byte, error), err error)

type geometry map[string]string

func (g geometry) int(key string) int { n, _ := strconv.Atoi(g[key]); return n }

func unhex(text string) string {
	raw, err := hex.DecodeString(text)
	if err != nil {
		panic(fmt.Errorf("one delimiter only"))
	}
	return string(raw)
}

// class finds the protocol's word for what a library says in prose. A panic of Go's runtime is no error that a library reports.
func class(err error) string {
	var panicked runtime.Error
	switch text := err.Error(); {
	case errors.As(err, &panicked):
		return "crash"
	case strings.Contains(text, "too large") && strings.Contains(text, "readBuffLength"):
		return "delimiter-too-far"
	case strings.Contains(text, "too large"):
		return "frame-too-large"
	case strings.Contains(text, "less than") || strings.Contains(text, "negative"):
		return "length-too-small"
	}
	return "error"
}

// try turns the libraries' panics into errors.
func try(read func() ([]byte, error)) (frame []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			var ok bool
			if err, ok = p.(error); !ok {
				err = fmt.Errorf("%v", p)
			}
		}
	}()
	return read()
}

func decode(out *bytes.Buffer, open func(*conn) func() ([]byte, error), c *conn) {
	next := open(c)
	for {
		start := c.at
		frame, err := try(next)
		switch {
		case errors.Is(err, io.EOF) && c.buffered:
			out.WriteString("?\n") // the same io.EOF at a boundary and after a length field
			return
		case errors.Is(err, io.EOF) && c.at == start:
			out.WriteString(".\n")
			return
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			out.WriteString("+\n")
			return
		case err != nil:
			fmt.Fprintf(out, "%d!%s %s\n", c.fed, class(err), strings.ReplaceAll(err.Error(), "\n", " "))
			return
		}
		fmt.Fprintf(out, "%d:", c.fed)
		if len(frame) == 0 {
			out.WriteByte('_')
		}
		out.WriteString(hex.EncodeToString(frame))
		out.WriteByte('\t')
	}
}

func main() {
	lib := map[string]library{"go-netty": goNetty, "goframe": goFrame}[os.Args[1]]
	debug.SetGCPercent(1000) // go-netty takes a 32 KiB buffer for each frame
	info, _ := debug.ReadBuildInfo()
	version := "unknown"
	for _, dep := range info.Deps {
		if strings.HasSuffix(dep.Path, "/"+os.Args[1]) {
			version = strings.TrimPrefix(dep.Version, "v")
		}
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	var open func(*conn) func() ([]byte, error)
	var out bytes.Buffer
	served := 0
	for {
		line, err := in.ReadString('\n')
		words := strings.Fields(line)
		if err != nil || len(words) == 0 {
			return
		}
		switch words[0] {
		case "fwt":
			g := geometry{}
			for _, word := range words[2:] {
				key, value, _ := strings.Cut(word, "=")
				g[key] = value
			}
			if open, err = lib(g); err != nil {
				fmt.Fprintf(&out, "skip %s\n", err)
			} else {
				fmt.Fprintf(&out, "fwt 1 name=%s version=%s language=go emits=frame ops=d checks=framing\n", os.Args[1], version)
			}
		case "d":
			stream, _ := hex.DecodeString(strings.Trim(words[1], "_"))
			for _, seg := range words[2:] {
				c := conn{stream: stream}
				for _, cut := range strings.Split(strings.Trim(seg, "~-"), ",") {
					if n, err := strconv.Atoi(cut); err == nil {
						c.cuts = append(c.cuts, n)
					}
				}
				c.cuts = append(c.cuts, len(stream))
				decode(&out, open, &c)
			}
			served += len(words) - 2
		case "q":
			fmt.Fprintf(&out, "bye %d\n", served)
		}
		os.Stdout.Write(out.Bytes())
		if words[0] == "q" {
			return
		}
		out.Reset()
	}
}
