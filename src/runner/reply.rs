//! Replies of a testee.

use std::str;

use crate::runner::deviation::{Deviation, Kind};
use crate::runner::judge::Demand;
use crate::runner::wire;
use crate::segment::{Judge, Observed, ObservedEnd, Segmentation, Testee};
use crate::vector::Level;

/// What a testee did in one case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// After how many bytes each event came.
    pub fed: Vec<usize>,
    /// The events.
    pub seen: Vec<Observed>,
    /// What was said at the end; nothing where an error ended it.
    pub end: Option<ObservedEnd>,
}

/// What came of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A reply.
    Reply(Reply),
    /// None, or one that cannot be read: the testee crashed, hung or broke the protocol.
    Broken(Kind, String),
}

impl Reply {
    /// Reads one line, without its end.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(line: &[u8]) -> Result<Self, String> {
        let text = str::from_utf8(line).map_err(|_| "the reply is not UTF-8".to_owned())?;
        let mut reply = Self::default();
        let mut words = text.split('\t').peekable();
        while let Some(word) = words.next() {
            let last = words.peek().is_none();
            match word {
                "." | "+" | "?" if last => {
                    reply.end = Some(match word {
                        "." => ObservedEnd::Clean,
                        "+" => ObservedEnd::Incomplete,
                        _ => ObservedEnd::Unknown,
                    });
                }
                _ => reply.event(word, last)?,
            }
        }
        Ok(reply)
    }

    fn event(&mut self, word: &str, last: bool) -> Result<(), String> {
        let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (fed, rest) = word.split_at_checked(digits).unwrap_or_default();
        let wrong = || format!("`{}` is neither an event nor an end", clip(word));
        let fed: usize = fed.parse().map_err(|_| wrong())?;
        let mut chars = rest.chars();
        let seen = match (chars.next(), chars.as_str()) {
            (Some(':'), hex) => Observed::Frame(wire::bytes(hex).ok_or_else(wrong)?),
            (Some('='), json) => Observed::Fields(json.to_owned()),
            (Some('!'), text) => {
                let (class, text) = text.split_once(' ').unwrap_or((text, ""));
                Observed::Error { class: class.to_owned(), text: text.to_owned() }
            }
            _ => return Err(wrong()),
        };
        if last && !matches!(seen, Observed::Error { .. }) {
            return Err("the reply has no end: one of `.` `+` `?`, or an error".to_owned());
        }
        self.fed.push(fed);
        self.seen.push(seen);
        Ok(())
    }

    /// What a decoder in this process does.
    pub fn record<T: Testee>(mut testee: T, stream: &[u8], cuts: &Segmentation) -> Self {
        let mut reply = Self::default();
        let mut from = 0;
        for &cut in &cuts.cuts {
            testee.feed(stream.get(from..cut).unwrap_or_default(), &mut reply.seen);
            reply.fed.resize(reply.seen.len(), cut);
            from = cut;
        }
        let mut last = stream.get(from..).unwrap_or_default();
        if !cuts.glued {
            testee.feed(last, &mut reply.seen);
            last = &[];
        }
        reply.end = Some(testee.finish(last, &mut reply.seen));
        reply.fed.resize(reply.seen.len(), stream.len());
        reply
    }
}

impl Answer {
    /// Judges it: every deviation of this case.
    #[must_use]
    pub fn judge(&self, demand: &Demand, cuts: &Segmentation) -> Vec<Deviation> {
        let mut found = Vec::new();
        let broken = |kind: Kind, text: String| Deviation { kind, level: Level::Must, event: 0, fed: 0, text };
        let reply = match self {
            Self::Reply(reply) => reply,
            Self::Broken(kind, text) => return vec![broken(*kind, text.clone())],
        };
        let mut judge = demand.judge();
        let mut at = 0;
        for end in cuts.ends(demand.n) {
            let events = reply.fed.iter().skip(at).take_while(|fed| **fed == end).count();
            judge.step(end, reply.seen.get(at..at + events).unwrap_or_default(), &mut found);
            at += events;
        }
        if let Some(fed) = reply.fed.get(at) {
            let text = format!("an event after {fed} bytes: no chunk of {cuts} ends there, or one after it came first");
            return vec![broken(Kind::ProtocolError, text)];
        }
        if !judge.over() {
            judge.conclude(reply.end, &mut found);
        }
        found
    }
}

/// The reply lines that are right, known beforehand from a first right one, so that most replies need no parsing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    /// One past the byte that brings each event, and the line from behind the FED of one to that of the next.
    events: Vec<(usize, Vec<u8>)>,
    /// What stands behind them: the end.
    tail: Vec<u8>,
    n: usize,
}

impl Template {
    /// From a reply without any deviation.
    pub(crate) fn new(line: &[u8], reply: &Reply, demand: &Demand) -> Self {
        let dues = demand.dues().into_iter().chain(std::iter::repeat(demand.n));
        let mut words = line.split(|&byte| byte == b'\t');
        let mut events: Vec<(usize, Vec<u8>)> = Vec::new();
        for (due, word) in dues.zip(words.by_ref().take(reply.fed.len())) {
            let digits = word.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let mut suffix = word.get(digits..).unwrap_or_default().to_vec();
            suffix.push(b'\t');
            events.push((due, suffix));
        }
        let tail = words.next().unwrap_or_default().to_vec();
        if tail.is_empty()
            && let Some((_, suffix)) = events.last_mut()
        {
            suffix.pop();
        }
        Self { events, tail, n: demand.n }
    }

    /// The line for a segmentation, over what the buffer holds.
    pub(crate) fn write(&self, cuts: &Segmentation, line: &mut Vec<u8>) {
        line.clear();
        let mut ends = cuts.ends(self.n);
        let mut end = ends.next().unwrap_or(self.n);
        for (due, suffix) in &self.events {
            while end < *due {
                let Some(next) = ends.next() else { break };
                end = next;
            }
            crate::segment::write_number(end, line);
            line.extend_from_slice(suffix);
        }
        line.extend_from_slice(&self.tail);
    }
}

/// The beginning of what may be very long.
pub(crate) fn clip(text: &str) -> String {
    let mut clipped: String = text.chars().take(80).collect();
    if clipped.len() < text.len() {
        clipped.push('…');
    }
    clipped
}
