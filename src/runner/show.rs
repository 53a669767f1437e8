//! Replies as people read them: in the words of the testee protocol.

use crate::interp::End;
use crate::runner::reply::{Answer, Reply};
use crate::runner::wire::word;
use crate::segment::{Observed, ObservedEnd, Segmentation};
use crate::vector::{Expect, Expected};

/// The right reply of a testee that emits frames.
pub(crate) fn expect(expect: &Expect, n: usize, cuts: &Segmentation) -> String {
    let fed = |due: usize| cuts.ends(n).find(|&end| end >= due).unwrap_or(n);
    let mut words: Vec<String> = Vec::new();
    for event in &expect.events {
        words.push(match event {
            Expected::Frame { end, emitted, .. } => format!("{}:{}", fed(*end), word(emitted)),
            Expected::Reject { class, at } => format!("{}!{}", fed(at.saturating_add(1)), class.word()),
        });
    }
    words.extend(match expect.end {
        End::Clean => Some(".".to_owned()),
        End::Incomplete => Some("+".to_owned()),
        End::Rejected => None,
    });
    words.join("  ")
}

/// What was replied.
pub(crate) fn answer(answer: &Answer) -> String {
    match answer {
        Answer::Reply(reply) => self::reply(reply),
        Answer::Broken(kind, text) => format!("{kind}: {text}"),
    }
}

fn reply(reply: &Reply) -> String {
    let mut words: Vec<String> = Vec::new();
    for (fed, seen) in reply.fed.iter().zip(&reply.seen) {
        words.push(match seen {
            Observed::Frame(frame) => format!("{fed}:{}", word(frame)),
            Observed::Fields(json) => format!("{fed}={json}"),
            Observed::Error { class, text } => format!("{fed}!{class} {text}").trim_end().to_owned(),
        });
    }
    words.extend(reply.end.map(|end| {
        match end {
            ObservedEnd::Clean => ".",
            ObservedEnd::Incomplete => "+",
            ObservedEnd::Unknown => "?",
        }
        .to_owned()
    }));
    words.join("  ")
}
