package main

import (
	"encoding/binary"
	"fmt"

	"github.com/go-netty/go-netty"
	"github.com/go-netty/go-netty/codec/frame"
	"github.com/go-netty/go-netty/utils"
	"github.com/smallnest/goframe"
)

func (g geometry) order() binary.ByteOrder {
	if g["endian"] == "little" {
		return binary.LittleEndian
	}
	return binary.BigEndian
}

// refuse names what neither library has a setting for.
func (g geometry) refuse() error {
	switch {
	case g["signed"] == "1":
		return fmt.Errorf("length fields are read unsigned")
	case g["oversize"] == "skip" || g["reject"] == "skip" || g["reject"] == "resync":
		return fmt.Errorf("an error closes the connection")
	}
	return nil
}

// goNetty runs a codec in a pipeline, which is told to read as go-netty's channel tells it, and takes what
// comes out with utils.MustToBytes, as go-netty's own text codec does.
func goNetty(g geometry) (open func(*conn) func() ([]byte, error), err error) {
	codec := func() netty.Handler {
		switch {
		case g["framing"] == "length-field" && g.int("offset")+g.int("width") <= g.int("max"):
			return frame.LengthFieldCodec(g.order(), g.int("max"), g.int("offset"), g.int("width"), g.int("adjust"), g.int("strip"))
		case g["framing"] == "delimiter" && len(g["delimiters"]) > 0:
			return frame.DelimiterCodec(g.int("max")+len(unhex(g["delimiters"])), unhex(g["delimiters"]), g["strip"] == "1")
		}
		panic(fmt.Errorf("no codec for framing=%s", g["framing"]))
	}
	if err := g.refuse(); err != nil {
		return nil, err
	}
	if g["framing"] == "fixed" {
		return nil, fmt.Errorf("FixedLengthCodec hands on empty frames for ever once the stream has ended")
	}
	if _, err := try(func() ([]byte, error) { codec(); return nil, nil }); err != nil {
		return nil, err
	}
	return func(c *conn) func() ([]byte, error) {
		var got []byte
		pipeline := netty.NewPipeline().AddLast(codec(), netty.InboundHandlerFunc(
			func(_ netty.InboundContext, message netty.Message) { got = utils.MustToBytes(message) }))
		return func() ([]byte, error) {
			pipeline.FireChannelRead(c)
			return got, nil
		}
	}, nil
}

func goFrame(g geometry) (open func(*conn) func() ([]byte, error), err error) {
	if err := g.refuse(); err != nil {
		return nil, err
	}
	var wrap func(*conn) goframe.FrameConn
	switch g["framing"] {
	case "length-field":
		if g.int("width") > 2 {
			return nil, fmt.Errorf("no limit on a frame: what a longer length field claims is allocated at once")
		}
		config := goframe.DecoderConfig{ByteOrder: g.order(), LengthFieldOffset: g.int("offset"), LengthFieldLength: g.int("width"),
			LengthAdjustment: g.int("adjust"), InitialBytesToStrip: g.int("strip")}
		wrap = func(c *conn) goframe.FrameConn {
			return goframe.NewLengthFieldBasedFrameConn(goframe.EncoderConfig{}, config, c)
		}
	case "fixed":
		wrap = func(c *conn) goframe.FrameConn { return goframe.NewFixedLengthFrameConn(g.int("size"), c) }
	default:
		return nil, fmt.Errorf("no frame connection for framing=%s", g["framing"])
	}
	return func(c *conn) func() ([]byte, error) {
		c.buffered = true
		return wrap(c).ReadFrame
	}, nil
}
