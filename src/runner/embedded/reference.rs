//! The reference decoder as a testee.

use std::sync::Arc;

use crate::interp::{Decoder, End, Event};
use crate::plan::Plan;
use crate::segment::{Observed, ObservedEnd, Testee};

/// The reference decoder. Emits what a frame-level user is handed.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference(Decoder);

impl Reference {
    /// At the start of a stream.
    #[must_use]
    pub fn new(plan: Arc<Plan>) -> Self {
        Self(Decoder::without_fields(plan))
    }
}

impl Testee for Reference {
    fn feed(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
        let mut events = Vec::new();
        self.0.feed(chunk, &mut events);
        out.extend(events.into_iter().map(|event| match event {
            Event::Frame(frame) => Observed::Frame(frame.emitted),
            Event::Reject { class, at } => {
                Observed::Error { class: class.word().to_owned(), text: format!("at byte {at}") }
            }
        }));
    }

    fn finish(&mut self, last: &[u8], out: &mut Vec<Observed>) -> ObservedEnd {
        self.feed(last, out);
        match self.0.finish() {
            End::Clean => ObservedEnd::Clean,
            End::Incomplete => ObservedEnd::Incomplete,
            End::Rejected => ObservedEnd::Unknown,
        }
    }
}
