//! Streams of several frames, good and bad, and what they mean under the protocol's policy.

use super::draft::Laid;
use super::{Expect, Expected, Mark};
use crate::interp::{Class, End, reads};
use crate::plan::{OnReject, Op, OpKind, Oversize, Plan, SlotId};

/// A frame in which one thing is wrong.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// What the id is made of: the field and what is wrong with it.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) flags: Vec<&'static str>,
    /// The right frame that it was made from, for its fields' places.
    pub(super) laid: Laid,
    /// What is sent.
    pub(super) bytes: Vec<u8>,
    pub(super) class: Class,
    /// Offset in the frame of the byte that makes it certain.
    pub(super) at: usize,
    pub(super) cause: Cause,
}

/// What was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Values, in a frame of right size that is sent whole.
    Value(Refused),
    /// A size that cannot be.
    Size,
    /// A frame that is too large, and how many bytes it claims to have, if that is known.
    Whole(Option<usize>),
    /// A field without its delimiter, and the delimiter.
    Delimiter(Vec<u8>),
}

/// Which values were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// That of a slot.
    Slot(SlotId),
    /// A body's.
    Body,
    /// Those that the check at this op reads.
    Check(usize),
}

/// A stream that is being put together.
#[derive(Clone, Debug)]
pub(super) struct Stream<'a> {
    plan: &'a Plan,
    /// The session that the next frame begins with.
    session: Vec<i128>,
    bytes: Vec<u8>,
    marks: Vec<Mark>,
    events: Vec<Expected>,
    frames: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At the start of a frame.
    Between,
    /// The stream ends inside of a frame.
    Inside,
    /// The stream is over.
    Over,
    /// The constant is searched for from this offset on.
    Seeks(usize),
    /// Nobody can say.
    Unsure,
}

impl<'a> Stream<'a> {
    /// A stream that begins with these right frames.
    pub(super) fn new(plan: &'a Plan, path: &[Laid]) -> Self {
        let empty = Self {
            plan,
            session: plan.session_start(),
            bytes: Vec::new(),
            marks: Vec::new(),
            events: Vec::new(),
            frames: 0,
            state: State::Between,
        };
        path.iter().fold(empty, Self::good)
    }

    /// Only a frame that begins with the session at hand can follow.
    fn enter(&mut self, laid: &Laid) {
        if self.session != laid.session {
            self.state = State::Unsure;
        }
    }

    /// A right frame.
    pub(super) fn good(mut self, laid: &Laid) -> Self {
        self.enter(laid);
        let start = self.bytes.len();
        self.append(laid, &laid.bytes);
        if let (State::Seeks(from), Some((_, constant))) = (self.state, self.plan.first_constant()) {
            self.state = if find(&self.bytes, from, constant) == Some(start) { State::Between } else { State::Unsure };
        }
        match self.state {
            State::Between => {
                self.session.clone_from(&laid.after);
                self.events.push(Expected::Frame {
                    end: self.bytes.len(),
                    emitted: laid.emitted.clone(),
                    fields: Some(laid.fields.clone()),
                });
            }
            State::Inside => self.state = State::Unsure,
            State::Over | State::Seeks(_) | State::Unsure => {}
        }
        self
    }

    /// The first bytes of a right frame; some of it must be missing.
    pub(super) fn cut(mut self, laid: &Laid, have: usize) -> Self {
        self.enter(laid);
        self.append(laid, laid.bytes.get(..have).unwrap_or_default());
        match self.state {
            State::Between if have > 0 => self.state = State::Inside,
            State::Seeks(_) => self.state = State::Unsure,
            State::Between | State::Inside | State::Over | State::Unsure => {}
        }
        self
    }

    /// Bytes after which the decoder waits for more of the same frame.
    pub(super) fn waits(mut self, laid: &Laid, bytes: &[u8]) -> Self {
        self.append(laid, bytes);
        self.state = State::Inside;
        self
    }

    /// A wrong frame.
    pub(super) fn bad(mut self, fault: &Fault) -> Self {
        self.enter(&fault.laid);
        let start = self.bytes.len();
        self.append(&fault.laid, &fault.bytes);
        if self.state != State::Between {
            self.state = State::Unsure;
            return self;
        }
        self.events.push(Expected::Reject { class: fault.class, at: start + fault.at });
        let policy = self.plan.policy;
        self.state = match (&fault.cause, policy.oversize, policy.on_reject) {
            (Cause::Whole(_) | Cause::Delimiter(_), Oversize::Close, _) => State::Over,
            (Cause::Whole(None), Oversize::Skip, _) => State::Unsure,
            (Cause::Whole(Some(whole)), Oversize::Skip, _) => self.discard(start, *whole),
            // A length tells the size of what is discarded, and it was laid out for a field that has its delimiter.
            (Cause::Delimiter(_), Oversize::Skip, _) if !self.plan.regions.is_empty() => State::Unsure,
            (Cause::Delimiter(delimiter), Oversize::Skip, _) => {
                self.bytes.extend(delimiter);
                State::Between
            }
            // An object that cannot be read is discarded by the length in front of it, which was laid out for another.
            (Cause::Size, _, OnReject::Skip) if fault.class == Class::BadBody => {
                self.discard(start, fault.laid.bytes.len())
            }
            (Cause::Value(_) | Cause::Size, _, OnReject::Close) | (Cause::Size, _, OnReject::Skip) => State::Over,
            (Cause::Value(refused), _, OnReject::Skip) => self.skip(*refused),
            (Cause::Value(_) | Cause::Size, _, OnReject::Resync) => match self.plan.first_constant() {
                Some((_, constant)) if fault.at < constant.len() => State::Seeks(start + 1),
                Some(_) => State::Seeks(start + fault.at + 1),
                None => State::Unsure,
            },
        };
        self
    }

    /// The bytes, where the fields stand in them, and what they mean; nothing where that is not certain.
    pub(super) fn finish(self) -> Option<(Vec<u8>, Vec<Mark>, Expect)> {
        let end = match self.state {
            State::Between => End::Clean,
            State::Inside => End::Incomplete,
            State::Over => End::Rejected,
            State::Seeks(_) | State::Unsure => return None,
        };
        Some((self.bytes, self.marks, Expect { events: self.events, end }))
    }

    fn append(&mut self, laid: &Laid, bytes: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend(bytes);
        self.marks.extend(laid.marks(self.plan, self.frames, start, bytes.len()));
        self.frames += 1;
    }

    /// Discards a frame by its claim, of which a small one is sent whole.
    fn discard(&mut self, start: usize, whole: usize) -> State {
        const SENT: usize = 4096;
        if whole > SENT {
            return State::Inside;
        }
        self.bytes.resize(start + whole, b'x');
        State::Between
    }

    /// Discards a refused frame by its size, which must not depend on what was refused.
    fn skip(&self, refused: Refused) -> State {
        let sizes = |slot: SlotId| {
            let guards = |op: &Op| op.kind.has_bytes() && op.guard.as_ref().is_some_and(|guard| reads(guard, slot));
            self.plan.regions.iter().any(|region| region.length == slot) || self.plan.ops.iter().any(guards)
        };
        match refused {
            Refused::Slot(slot) if sizes(slot) => State::Over,
            Refused::Slot(_) | Refused::Body => State::Between,
            Refused::Check(op) => match self.plan.ops.get(op).map(|op| &op.kind) {
                Some(OpKind::Check(expr, _)) => {
                    let any = (0..self.plan.slots.len()).map(SlotId).any(|slot| reads(expr, slot) && sizes(slot));
                    if any { State::Unsure } else { State::Between }
                }
                _ => State::Unsure,
            },
        }
    }
}

fn find(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(wanted.len().max(1)).position(|window| window == wanted).map(|at| from + at)
}
