//! A protocol for tests of the runner, u32 little-endian length and body, and a decoder of it with faults to order.

use std::sync::Arc;

use framewright::interp::{Class, End};
use framewright::runner::Meaning;
use framewright::segment::{Observed, ObservedEnd, Testee};
use framewright::vector::{Expect, Expected, Level, Mark, Vector};
use framewright::{model, plan};

/// Longer bodies are refused.
pub(crate) const MAX: usize = 300;

/// What is wrong with a decoder. Many more faults stand in `mutants`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// A header that does not arrive whole is forgotten.
    ForgetsCutHeader,
    /// What follows a frame in the same chunk is lost.
    LosesTheRest,
    /// A frame that ends with its chunk is emitted by the next feed, or at the end.
    WaitsForMore,
    /// It panics where the second byte of a frame comes by itself, as the first did.
    PanicsOnOneByte,
    /// It never notices a length too large.
    ChecksNothing,
}

/// The decoder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toy {
    fault: Fault,
    buf: Vec<u8>,
    dead: bool,
}

impl Toy {
    pub(crate) fn new(fault: Fault) -> Self {
        Self { fault, buf: Vec::new(), dead: false }
    }

    fn take(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
        if self.dead {
            return;
        }
        if self.fault == Fault::PanicsOnOneByte && self.buf.len() == 1 && chunk.len() == 1 {
            panic!("index out of range");
        }
        self.buf.extend_from_slice(chunk);
        while let Some(end) = self.frame_end() {
            if end > 4 + MAX && self.fault != Fault::ChecksNothing {
                self.dead = true;
                out.push(Observed::Error { class: "frame-too-large".into(), text: format!("{} bytes", end - 4) });
                return;
            }
            let waits = self.fault == Fault::WaitsForMore && self.buf.len() == end && !chunk.is_empty();
            if self.buf.len() < end || waits {
                break;
            }
            out.push(Observed::Frame(self.buf.drain(..end).collect()));
            if self.fault == Fault::LosesTheRest {
                self.buf.clear();
            }
        }
        if self.fault == Fault::ForgetsCutHeader && self.buf.len() < 4 {
            self.buf.clear();
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
        if !last.is_empty() {
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
