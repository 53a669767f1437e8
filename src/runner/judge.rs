//! What was seen against what the stream means.

use std::ptr;

use crate::interp::{Class, End};
use crate::runner::deviation::{Deviation, Kind};
use crate::runner::fields;
use crate::segment::{Judge, Observed, ObservedEnd};
use crate::value::Fields;
use crate::vector::{Expect, Expected, Level};

/// The class word with which an adapter says that the decoder under test panicked.
pub(crate) const CRASH: &str = "crash";
/// The class word with which an adapter says that the decoder under test would never come to an end.
pub(crate) const HANG: &str = "hang";

/// What is demanded of every segmentation of one stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Bytes of the stream.
    pub n: usize,
    level: Level,
    rule: Rule,
}

#[derive(Clone, Debug, PartialEq)]
enum Rule {
    /// What the stream means.
    Meaning { events: Vec<Want>, end: End },
    /// What the decoder itself did with the uncut stream.
    Control { events: Vec<Observed>, end: Option<ObservedEnd> },
}

#[derive(Clone, Debug, PartialEq)]
enum Want {
    Frame { end: usize, emitted: Vec<u8>, fields: Option<Fields> },
    Reject { class: Class, at: usize },
}

impl Demand {
    /// What a stream of `n` bytes means. No deviation weighs more than `level`.
    #[must_use]
    pub fn meaning(n: usize, level: Level, expect: &Expect) -> Self {
        let events = expect.events.iter().map(|event| match event {
            Expected::Frame { end, emitted, fields } => {
                Want::Frame { end: *end, emitted: emitted.clone(), fields: fields.clone() }
            }
            Expected::Reject { class, at } => Want::Reject { class: *class, at: *at },
        });
        Self { n, level, rule: Rule::Meaning { events: events.collect(), end: expect.end } }
    }

    /// The same frames, errors and end as the uncut stream gave, whenever they come.
    #[must_use]
    pub fn control(n: usize, level: Level, events: Vec<Observed>, end: Option<ObservedEnd>) -> Self {
        Self { n, level, rule: Rule::Control { events, end } }
    }

    /// One past the byte that brings each expected event.
    pub(crate) fn dues(&self) -> Vec<usize> {
        match &self.rule {
            Rule::Meaning { events, .. } => events.iter().map(Want::due).collect(),
            Rule::Control { .. } => Vec::new(),
        }
    }

    /// The judge of one segmentation.
    #[must_use]
    pub fn judge(&self) -> Follower<'_> {
        Follower { demand: self, next: 0, overdue: false, incomplete: false, over: false }
    }
}

impl Want {
    fn due(&self) -> usize {
        match self {
            Self::Frame { end, .. } => *end,
            Self::Reject { at, .. } => at.saturating_add(1),
        }
    }
}

/// Follows one segmentation.
#[derive(Clone, Debug)]
pub struct Follower<'a> {
    demand: &'a Demand,
    /// How many of the expected events were seen.
    next: usize,
    /// The next one was due in a feed that is over.
    overdue: bool,
    /// An `incomplete` error was reported with all bytes fed.
    incomplete: bool,
    /// A frame or an error was wrong: what follows says no more.
    over: bool,
}

impl PartialEq for Follower<'_> {
    fn eq(&self, other: &Self) -> bool {
        let progress = |f: &Self| (f.next, f.overdue, f.incomplete, f.over);
        ptr::eq(self.demand, other.demand) && progress(self) == progress(other)
    }
}

impl Follower<'_> {
    fn note(&mut self, kind: Kind, fed: usize, found: &mut Vec<Deviation>) {
        self.over |= kind.level() == Level::Must;
        self.note_at(kind.level(), kind, fed, found);
    }

    fn note_at(&self, level: Level, kind: Kind, fed: usize, found: &mut Vec<Deviation>) {
        let level = level.min(self.demand.level);
        found.push(Deviation { kind, level, event: self.next, fed, text: String::new() });
    }

    fn meaning(&mut self, events: &[Want], end: End, fed: usize, seen: &Observed, found: &mut Vec<Deviation>) {
        let want = events.get(self.next);
        match (seen, want) {
            (Observed::Frame(_) | Observed::Fields(_), Some(Want::Frame { end, emitted, fields })) => {
                if !holds(seen, emitted, fields) {
                    let kind = if self.skipped(events, fed, seen) { Kind::MissingFrame } else { Kind::WrongFrame };
                    return self.note(kind, fed, found);
                }
                if fed < *end {
                    return self.note(Kind::EarlyFrame, fed, found);
                }
                if self.overdue {
                    self.note(Kind::LateFrame, fed, found);
                }
                self.pass();
            }
            (Observed::Frame(_) | Observed::Fields(_), Some(Want::Reject { at, .. })) => {
                let kind = if fed > *at { Kind::MissedReject } else { Kind::ExtraFrame };
                self.note(kind, fed, found);
            }
            (Observed::Frame(_) | Observed::Fields(_), None) => self.note(Kind::ExtraFrame, fed, found),
            (Observed::Error { class, text }, _) if class == CRASH || class == HANG => {
                self.note(if class == CRASH { Kind::Crash } else { Kind::Hang }, fed, found);
                if let Some(deviation) = found.last_mut() {
                    deviation.text.clone_from(text);
                }
            }
            (Observed::Error { class: name, .. }, Some(Want::Reject { class, at })) => {
                if fed <= *at && *class == Class::DelimiterTooFar {
                    // It may be certain before the last byte at which a delimiter could have ended, which is a convention. Whoever
                    // refuses content that has its delimiter in time shows that on a stream where it has.
                    self.note_at(Level::May, Kind::EarlyReject, fed, found);
                } else if fed <= *at {
                    return self.note(Kind::EarlyReject, fed, found);
                }
                if self.overdue {
                    self.note(Kind::LateReject, fed, found);
                }
                if name != "error" && name != class.word() {
                    self.note(Kind::WrongClass, fed, found);
                }
                self.pass();
            }
            // A decoder may repeat the error that ended the stream.
            (Observed::Error { .. }, None) if end == End::Rejected => {}
            (Observed::Error { class, .. }, None)
                if end == End::Incomplete && fed == self.demand.n && class == Class::Incomplete.word() =>
            {
                self.incomplete = true;
            }
            (Observed::Error { .. }, Some(Want::Frame { .. })) if self.skipped(events, fed, seen) => {
                self.note(Kind::MissingFrame, fed, found);
            }
            (Observed::Error { .. }, Some(Want::Frame { .. }) | None) => self.note(Kind::FalseReject, fed, found),
        }
    }

    /// Whether what was seen in place of the next event is a later one that is due too: what lies between was lost.
    fn skipped(&self, events: &[Want], fed: usize, seen: &Observed) -> bool {
        let mut later = events.iter().skip(self.next.saturating_add(1)).filter(|want| want.due() <= fed);
        later.any(|want| match want {
            Want::Frame { emitted, fields, .. } => holds(seen, emitted, fields),
            Want::Reject { .. } => matches!(seen, Observed::Error { .. }),
        })
    }

    fn pass(&mut self) {
        self.next += 1;
        self.overdue = false;
    }

    fn same(&mut self, events: &[Observed], fed: usize, seen: &Observed, found: &mut Vec<Deviation>) {
        let same = match (seen, events.get(self.next)) {
            (Observed::Error { class, .. }, Some(Observed::Error { class: other, .. })) => class == other,
            (seen, Some(other)) => seen == other,
            (_, None) => false,
        };
        if same { self.pass() } else { self.note(Kind::CutDependent, fed, found) }
    }
}

/// Whether a frame has these bytes, or these fields.
fn holds(seen: &Observed, emitted: &[u8], fields: &Option<Fields>) -> bool {
    match seen {
        Observed::Frame(bytes) => bytes == emitted,
        Observed::Fields(json) => fields.as_ref().is_none_or(|fields| fields::same(json, fields)),
        Observed::Error { .. } => false,
    }
}

impl Judge for Follower<'_> {
    type Deviation = Deviation;

    fn step(&mut self, fed: usize, seen: &[Observed], found: &mut Vec<Deviation>) {
        let demand = self.demand;
        for seen in seen {
            if self.over {
                return;
            }
            match &demand.rule {
                Rule::Meaning { events, end } => self.meaning(events, *end, fed, seen, found),
                Rule::Control { events, .. } => self.same(events, fed, seen, found),
            }
        }
        if let Rule::Meaning { events, .. } = &demand.rule {
            self.overdue = events.get(self.next).is_some_and(|want| want.due() <= fed);
        }
    }

    fn conclude(&mut self, end: Option<ObservedEnd>, found: &mut Vec<Deviation>) {
        let demand = self.demand;
        match &demand.rule {
            Rule::Meaning { events, end: meant } => match (events.get(self.next), meant, end) {
                (Some(Want::Frame { .. }), ..) => self.note(Kind::MissingFrame, demand.n, found),
                (Some(Want::Reject { .. }), ..) => self.note(Kind::MissedReject, demand.n, found),
                (None, End::Clean, Some(ObservedEnd::Incomplete)) => self.note(Kind::WrongEnd, demand.n, found),
                (None, End::Incomplete, Some(ObservedEnd::Clean)) if !self.incomplete => {
                    self.note(Kind::WrongEnd, demand.n, found);
                }
                (None, End::Clean | End::Incomplete | End::Rejected, _) => {}
            },
            Rule::Control { events, end: meant } => {
                if self.next < events.len() || *meant != end {
                    self.note(Kind::CutDependent, demand.n, found);
                }
            }
        }
    }

    fn over(&self) -> bool {
        self.over
    }

    fn alike(a: &Deviation, b: &Deviation) -> bool {
        a.kind == b.kind
    }
}
