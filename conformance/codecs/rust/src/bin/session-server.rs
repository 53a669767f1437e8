//! A server of session records: answers `open` and `close`, and sends `data` back. Prints `listening PORT`, and serves until it is killed.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use framewright_codecs::session_record::{Decoder, Frame, Opcode, Serializer};

fn main() -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    println!("listening {}", listener.local_addr()?.port());
    io::stdout().flush()?;
    for stream in listener.incoming() {
        std::thread::spawn(move || {
            if let Err(error) = stream.and_then(serve) {
                eprintln!("session-server: {error}");
            }
        });
    }
    Ok(())
}

/// Serves one connection, until the client closes the session or is refused.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    let (mut decoder, mut chunk, mut out) = (Decoder::new(), [0; 4096], Vec::new());
    loop {
        let size = stream.read(&mut chunk)?;
        if size == 0 {
            return decoder.finish().map_err(io::Error::other);
        }
        let mut input = &chunk[..size];
        while let Some(frame) = decoder.next(&mut input).map_err(io::Error::other)? {
            let closes = frame.opcode == Opcode::Close;
            let answer = if frame.opcode == Opcode::Data { frame } else { Frame { body: empty(frame.serializer), ..frame } };
            answer.encode(&mut out).map_err(io::Error::other)?;
            if closes {
                return stream.write_all(&out);
            }
        }
        stream.write_all(&out)?;
        out.clear();
    }
}

/// The least body that a serializer takes.
fn empty(serializer: Serializer) -> &'static [u8] {
    match serializer {
        Serializer::Raw => b"",
        Serializer::Json => b"null",
        Serializer::Msgpack => b"\xc0",
    }
}
