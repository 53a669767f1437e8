//! A protocol for tests of the runner, u32 little-endian length and body, and a decoder of it with faults to order.

use std::sync::Arc;

use framewright::interp::{Class, End};
use framewright::runner::Meaning;
use framewright::segment::{Observed, ObservedEnd, Testee};
use framewright::vector::{Expect, Expected, Level, Mark, Vector};
use framewright::{model, plan};

/// Longer bodies are refused.
pub(crate) const MAX: usize = 300;

/// What is wrong with a decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// A header that does not arrive whole is forgotten.
    ForgetsCutHeader,
    /// Of a header that was cut, only the last piece and the one before count.
    HeaderInThreePieces,
    /// One frame a feed; the others wait for the next feed.
    OneFrameAFeed,
    /// What follows a frame in the same chunk is lost.
    LosesTheRest,
    /// An empty chunk is taken for the end of the stream.
    EmptyIsEnd,
    /// The last chunk is not looked at when the end comes with it.
    GluedEndDrops,
    /// The third piece of a frame replaces the second.
    ThirdPieceReplaces,
    /// A frame is emitted when one byte is missing, if the chunk ends there.
    OneByteEarly,
    /// A frame that ends with its chunk is emitted by the next feed, or at the end.
    WaitsForMore,
    /// The header of a frame is forgotten after its fifth chunk.
    GivesUpAfterFive,
    /// A chunk of exactly five bytes that begins inside a header is dropped.
    FiveBytesInHeader,
    /// It panics where the second byte of a frame comes by itself, as the first did.
    PanicsOnOneByte,
    /// A length too large is noticed only if the header came whole.
    ChecksWholeHeaders,
    /// It never notices a length too large.
    ChecksNothing,
}

/// The decoder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toy {
    fault: Fault,
    buf: Vec<u8>,
    /// Where the pieces of the frame at hand begin.
    pieces: Vec<usize>,
    dead: bool,
}

impl Toy {
    pub(crate) fn new(fault: Fault) -> Self {
        Self { fault, buf: Vec::new(), pieces: Vec::new(), dead: false }
    }

    fn take(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
        if self.dead {
            return;
        }
        if chunk.is_empty() && self.fault == Fault::EmptyIsEnd {
            self.dead = true;
            return;
        }
        let in_header = !self.buf.is_empty() && self.buf.len() < 4;
        if self.fault == Fault::FiveBytesInHeader && chunk.len() == 5 && in_header {
            return;
        }
        if self.fault == Fault::PanicsOnOneByte && self.buf.len() == 1 && chunk.len() == 1 {
            panic!("index out of range");
        }
        let had = self.buf.len();
        if !chunk.is_empty() {
            self.pieces.push(had);
        }
        self.buf.extend_from_slice(chunk);
        match (self.fault, self.pieces.as_slice()) {
            (Fault::ThirdPieceReplaces, &[_, second, third]) => {
                self.buf.drain(second..third);
                self.pieces.pop();
            }
            (Fault::HeaderInThreePieces, &[0, second, third]) if third < 4 => {
                self.buf.drain(..second);
                self.pieces = vec![0, third - second];
            }
            (Fault::GivesUpAfterFive, pieces) if pieces.len() > 5 => {
                self.buf.clear();
                self.pieces.clear();
            }
            _ => {}
        }
        if self.fault == Fault::WaitsForMore && self.frame_end() == Some(self.buf.len()) && !chunk.is_empty() {
            return;
        }
        while let Some(end) = self.frame_end() {
            if end > 4 + MAX && self.refuses(had) {
                self.dead = true;
                out.push(Observed::Error { class: "frame-too-large".into(), text: format!("{} bytes", end - 4) });
                return;
            }
            let early = self.fault == Fault::OneByteEarly && self.buf.len() + 1 == end;
            if self.buf.len() < end && !early {
                break;
            }
            if early {
                self.buf.push(0);
            }
            out.push(Observed::Frame(self.buf[..end].to_vec()));
            self.buf.drain(..end);
            self.pieces = if self.buf.is_empty() { vec![] } else { vec![0] };
            match self.fault {
                Fault::LosesTheRest => {
                    self.buf.clear();
                    self.pieces.clear();
                }
                Fault::OneFrameAFeed => return,
                Fault::WaitsForMore if self.frame_end() == Some(self.buf.len()) => return,
                _ => {}
            }
        }
        if self.fault == Fault::ForgetsCutHeader && self.buf.len() < 4 {
            self.buf.clear();
            self.pieces.clear();
        }
    }

    fn refuses(&self, had: usize) -> bool {
        match self.fault {
            Fault::ChecksNothing => false,
            Fault::ChecksWholeHeaders => had == 0,
            _ => true,
        }
    }

    fn frame_end(&self) -> Option<usize> {
        let header = self.buf.first_chunk::<4>()?;
        Some(4 + u32::from_le_bytes(*header) as usize)
    }
}

impl Testee for Toy {
    fn feed(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
        self.take(chunk, out);
    }

    fn finish(&mut self, last: &[u8], out: &mut Vec<Observed>) -> ObservedEnd {
        if !last.is_empty() && self.fault != Fault::GluedEndDrops {
            self.take(last, out);
        }
        if self.fault == Fault::WaitsForMore {
            self.take(&[], out);
        }
        if self.buf.is_empty() { ObservedEnd::Clean } else { ObservedEnd::Incomplete }
    }
}

/// A frame.
pub(crate) fn frame(body: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(body.len()).unwrap().to_le_bytes().to_vec();
    frame.extend_from_slice(body);
    frame
}

/// What a stream means: written for whole streams, unlike the decoder.
pub(crate) fn meaning(stream: &[u8]) -> Expect {
    let (mut at, mut events) = (0, Vec::new());
    while let Some(header) = stream[at..].first_chunk::<4>() {
        let body = u32::from_le_bytes(*header) as usize;
        if body > MAX {
            events.push(Expected::Reject { class: Class::FrameTooLarge, at: at + 3 });
            return Expect { events, end: End::Rejected };
        }
        let end = at + 4 + body;
        let Some(frame) = stream.get(at..end) else { break };
        events.push(Expected::Frame { end, emitted: frame.to_vec(), fields: None });
        at = end;
    }
    let end = if at == stream.len() { End::Clean } else { End::Incomplete };
    Expect { events, end }
}

/// The protocol as a spec.
pub(crate) fn protocol() -> Meaning {
    let spec = "framewright: 1\nname: toy\nendian: little\nmax_frame: 304\nframe:\n  - length: u32 counts body\n  - body: bytes\n";
    Meaning::new(Arc::new(plan::lower(&model::load(spec.as_bytes()).unwrap())))
}

/// A vector with the meaning of its stream, and the marks of its frames.
pub(crate) fn vector(id: &str, stream: Vec<u8>) -> Vector {
    let expect = meaning(&stream);
    let (mut marks, mut start) = (Vec::new(), 0);
    for (index, event) in expect.events.iter().enumerate() {
        if let Expected::Frame { end, .. } = event {
            marks.push(Mark { offset: start, length: 4, path: format!("{index}.length") });
            marks.push(Mark { offset: start + 4, length: end - start - 4, path: format!("{index}.body") });
            start = *end;
        }
    }
    let name = format!("{} bytes", stream.len());
    let (id, level) = (id.to_owned(), Level::Must);
    Vector { id, name, level, flags: vec![], source: None, derived: false, stream, marks, expect }
}
