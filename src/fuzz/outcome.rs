//! What came of a stream, so coarse that many streams share it: a stream is kept where nothing like it came before.

use std::fmt::Write;

use crate::runner::Reply;
use crate::segment::{Observed, ObservedEnd};
use crate::vector::{Expect, Expected};

/// Characters of a testee's own words that count.
const WORDS: usize = 48;

/// What a stream means, and what the testee makes of it uncut, in one word.
pub(super) fn outcome(expect: &Expect, control: Option<&Reply>) -> String {
    let mut word = String::new();
    let (mut frames, mut from) = (0_usize, 0);
    for event in &expect.events {
        match event {
            Expected::Frame { end, .. } => {
                frames += 1;
                from = *end;
            }
            // In which frame does not matter, but at which of its bytes.
            Expected::Reject { class, at } => {
                let _infallible = write!(word, "{}@{} ", class.word(), at.saturating_sub(from).min(64));
            }
        }
    }
    let _infallible = write!(word, "{} {:?}", magnitude(frames), expect.end);
    if let Some(reply) = control {
        theirs(reply, &mut word);
    }
    word
}

fn theirs(reply: &Reply, word: &mut String) {
    let frames = reply.seen.iter().filter(|seen| !matches!(seen, Observed::Error { .. })).count();
    let _infallible = write!(word, " / {}", magnitude(frames));
    for seen in &reply.seen {
        if let Observed::Error { class, text } = seen {
            let text: String = text.chars().filter(|each| !each.is_ascii_digit()).take(WORDS).collect();
            let _infallible = write!(word, " {class} {text}");
        }
    }
    word.push_str(match reply.end {
        Some(ObservedEnd::Clean) => " .",
        Some(ObservedEnd::Incomplete) => " +",
        Some(ObservedEnd::Unknown) => " ?",
        None => "",
    });
}

/// How many times it can be halved.
fn magnitude(count: usize) -> u32 {
    usize::BITS - count.leading_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interp::{Class, End};

    fn frame(end: usize) -> Expected {
        Expected::Frame { end, emitted: Vec::new(), fields: None }
    }

    fn error(text: &str) -> Reply {
        let seen = vec![Observed::Error { class: "error".to_owned(), text: text.to_owned() }];
        Reply { fed: vec![4], seen, end: None }
    }

    #[test]
    fn numbers_in_a_testees_words_do_not_count_and_the_words_do() {
        let expect = Expect { events: vec![frame(4)], end: End::Clean };
        assert_eq!(outcome(&expect, Some(&error("at 17"))), outcome(&expect, Some(&error("at 93"))));
        assert_ne!(outcome(&expect, Some(&error("at 17"))), outcome(&expect, Some(&error("behind 17"))));
        assert_ne!(outcome(&expect, Some(&error("at 17"))), outcome(&expect, None));
    }

    #[test]
    fn the_byte_that_refuses_counts_from_its_frame_on() {
        let refused = |before: &[usize], at| {
            let events = before.iter().map(|end| frame(*end));
            let events = events.chain([Expected::Reject { class: Class::BadConst, at }]).collect();
            outcome(&Expect { events, end: End::Rejected }, None)
        };
        assert_eq!(refused(&[5, 9], 11), refused(&[5, 10, 14], 16));
        assert_ne!(refused(&[5, 9], 11), refused(&[5, 9], 12));
    }
}
