//! A client of session records: `session-client HOST PORT SESSION N` opens a session, sends N records, checks each that comes back, closes the
//! session, and prints `ok N`.

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;

use framewright_codecs::session_record::{Decoder, Frame, Opcode, OwnedFrame, Serializer};

/// The sizes in which it writes, in turn.
const PIECES: [usize; 6] = [1, 2, 3, 5, 1460, 65_536];

struct Client {
    stream: TcpStream,
    decoder: Decoder,
    /// Bytes that came behind the last frame.
    chunk: Vec<u8>,
    written: usize,
}

impl Client {
    /// Sends a frame in pieces, and gives the one that comes back.
    fn ask(&mut self, frame: Frame<'_>) -> Result<OwnedFrame, Box<dyn Error>> {
        let mut bytes = Vec::new();
        frame.encode(&mut bytes)?;
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let size = PIECES[self.written % PIECES.len()].min(rest.len());
            self.written += 1;
            self.stream.write_all(&rest[..size])?;
            rest = &rest[size..];
        }
        self.receive()
    }

    fn receive(&mut self) -> Result<OwnedFrame, Box<dyn Error>> {
        loop {
            let mut input = self.chunk.as_slice();
            let frame = self.decoder.next(&mut input)?.map(OwnedFrame::from);
            let used = self.chunk.len() - input.len();
            self.chunk.drain(..used);
            if let Some(frame) = frame {
                return Ok(frame);
            }
            let mut more = [0; 4096];
            let size = self.stream.read(&mut more)?;
            if size == 0 {
                self.decoder.finish()?;
                return Err("the server closed the connection without an answer".into());
            }
            self.chunk.extend_from_slice(&more[..size]);
        }
    }
}

fn body(index: usize) -> (Serializer, Vec<u8>) {
    match index % 3 {
        0 => (Serializer::Raw, (0..(index * 7919) % 70_001).map(|at| ((index + at) % 251) as u8).collect()),
        1 => (Serializer::Json, format!("{{\"k\":{index}}}").into_bytes()),
        _ => (Serializer::Msgpack, [&[0xcd], &(index as u16).to_be_bytes()[..]].concat()),
    }
}

fn expect(answer: &OwnedFrame, serializer: Serializer, opcode: Opcode, session: u64, body: &[u8]) -> Result<(), String> {
    let right = answer.version == 1
        && answer.serializer == serializer
        && answer.opcode == opcode
        && answer.session == session
        && answer.body == body;
    if right { Ok(()) } else { Err(format!("an answer to {opcode:?} that is not its own: {:?}", answer.opcode)) }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [host, port, session, count] = args.as_slice() else {
        return Err("usage: session-client HOST PORT SESSION N".into());
    };
    let (session, count): (u64, usize) = (session.parse()?, count.parse()?);
    let stream = TcpStream::connect((host.as_str(), port.parse()?))?;
    stream.set_nodelay(true)?;
    let mut client = Client { stream, decoder: Decoder::new(), chunk: Vec::new(), written: 0 };
    let frame = Frame { version: 1, session, ..Frame::default() };
    let opened = client.ask(Frame { opcode: Opcode::Open, ..frame })?;
    expect(&opened, Serializer::Raw, Opcode::Open, session, b"")?;
    for index in 0..count {
        let (serializer, body) = body(index);
        let answer = client.ask(Frame { opcode: Opcode::Data, serializer, body: &body, ..frame })?;
        expect(&answer, serializer, Opcode::Data, session, &body)?;
    }
    let closed = client.ask(Frame { opcode: Opcode::Close, ..frame })?;
    expect(&closed, Serializer::Raw, Opcode::Close, session, b"")?;
    if !client.chunk.is_empty() || client.stream.read(&mut [0])? != 0 {
        return Err("bytes behind the last answer".into());
    }
    println!("ok {count}");
    Ok(())
}
