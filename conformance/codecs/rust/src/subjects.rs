//! The generated decoders as decoders under test.

use framewright::runner::Reply;
use framewright::segment::{Observed, ObservedEnd, Segmentation, Testee};

/// A generated decoder.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// The module's name.
    pub name: &'static str,
    /// The spec's text.
    pub spec: &'static str,
    /// What a fresh decoder makes of a stream.
    pub reply: fn(&[u8], &Segmentation) -> Reply,
}

macro_rules! subjects {
    ($($module:ident $fields:ident $spec:literal;)*) => {
        $(
            #[doc = concat!("The decoder of ", stringify!($module), ".")]
            pub mod $module {
                use super::{Observed, ObservedEnd, Testee};
                use crate::$module::{Decoder, Reject};

                /// The spec's text.
                pub const SPEC: &str = include_str!($spec);

                /// What was told last is kept, for a closed decoder tells it again.
                #[derive(Clone, PartialEq)]
                pub struct Generated(Decoder, Option<Reject>);

                impl Generated {
                    /// At the beginning of a stream.
                    pub fn new() -> Self {
                        Self(Decoder::new(), None)
                    }
                }

                impl Testee for Generated {
                    fn feed(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
                        let mut input = chunk;
                        loop {
                            match self.0.next(&mut input) {
                                Ok(None) => return,
                                Ok(Some(frame)) => out.push(Observed::Fields(crate::glue::$fields(&frame))),
                                Err(reject) => {
                                    if self.1 != Some(reject) {
                                        let text = format!("at byte {}", reject.at);
                                        out.push(Observed::Error { class: reject.class.word().to_owned(), text });
                                    }
                                    self.1 = Some(reject);
                                    if self.0.is_closed() {
                                        return;
                                    }
                                }
                            }
                        }
                    }

                    fn finish(&mut self, last: &[u8], out: &mut Vec<Observed>) -> ObservedEnd {
                        self.feed(last, out);
                        match self.0.finish() {
                            Ok(()) => ObservedEnd::Clean,
                            Err(_) if self.0.is_closed() => ObservedEnd::Unknown,
                            Err(_) => ObservedEnd::Incomplete,
                        }
                    }
                }
            }
        )*

        /// Every generated decoder, in the order of the specs' paths.
        pub const ALL: &[Subject] = &[$(Subject {
            name: stringify!($module),
            spec: $module::SPEC,
            reply: |stream, cuts| Reply::record($module::Generated::new(), stream, cuts),
        }),*];
    };
}

include!(concat!(env!("OUT_DIR"), "/subjects.rs"));
