//! Every generated decoder, proved: every vector of its spec under every segmentation.

use framewright::runner::Checks;
use framewright::segment::{Observed, ObservedEnd, Testee};
use framewright_codecs::glue;

macro_rules! proof {
    ($module:ident, $fields:ident, $spec:expr) => {
        #[test]
        fn $module() {
            use framewright_codecs::$module::{Decoder, Reject};

            /// What was told last is kept, for a closed decoder tells it again.
            #[derive(Clone, PartialEq)]
            struct Subject(Decoder, Option<Reject>);

            impl Testee for Subject {
                fn feed(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
                    let mut input = chunk;
                    loop {
                        match self.0.next(&mut input) {
                            Ok(None) => return,
                            Ok(Some(frame)) => out.push(Observed::Fields(glue::$fields(&frame))),
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

            let feeds = framewright::testing::prove(include_str!($spec), Checks::All, || Subject(Decoder::new(), None));
            assert!(feeds.unwrap_or_else(|failures| panic!("{failures}")) > 500);
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/proofs.rs"));
