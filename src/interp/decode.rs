//! The streaming decoder: a buffer of the incomplete frame, the cursor into it, and what the policy says after a reject.

use std::sync::Arc;

use super::cursor::{Cause, Cursor, Refusal, Step};
use super::search::{Search, Searched};
use super::wire::{Window, count, length, part};
use super::{Class, End, Event, Frame, Measure, Outcome, delimiter, expr, frame};
use crate::plan::{OnReject, OpKind, Oversize, Plan};

/// Bytes taken into the buffer at least, where a frame's end is not known: those behind its end are read from the chunk again.
const STRIDE: u64 = 64;

/// What a prefix of a stream says about its first frame.
///
/// A pure function, and monotone: a frame or a reject stays the answer when more bytes come. `policy` does not matter. The session is
/// that at the start of a stream.
#[must_use]
pub fn measure(plan: &Plan, prefix: &[u8]) -> Measure {
    if prefix.is_empty() {
        return Measure::Need(plan.min_frame.max(1));
    }
    match Cursor::default().advance(plan, &plan.session_start(), Window::whole(prefix)) {
        Step::Need(bytes) => Measure::Need(bytes.max(plan.min_frame.saturating_sub(length(prefix)))),
        Step::Done(end) => Measure::Frame(usize::try_from(end).unwrap_or(usize::MAX)),
        Step::Refuse(refusal) => Measure::Reject(refusal.class, usize::try_from(refusal.at).unwrap_or(usize::MAX)),
    }
}

/// All that a whole stream means.
#[must_use]
pub fn decode(plan: &Arc<Plan>, stream: &[u8]) -> Outcome {
    let mut decoder = Decoder::new(Arc::clone(plan));
    let mut events = Vec::new();
    decoder.feed(stream, &mut events);
    Outcome { events, end: decoder.finish() }
}

/// Decodes a stream chunk by chunk.
///
/// Its events do not depend on the chunks: a frame or a reject is reported by the feed that brings the byte that makes it certain.
/// It buffers the bytes of one incomplete frame, never more than `max_frame`, and allocates nothing for bytes that are merely
/// claimed; of a refused frame that is read on until its length, only the bytes of the field at hand. No byte is examined twice, so the work is linear in the bytes however they are cut; whole frames in a chunk are decoded
/// where they lie.
///
/// Equality is observational: two decoders are equal where nothing fed to both can tell them apart and they stand at the same
/// offset. Capacities do not count.
#[derive(Clone, Debug)]
pub struct Decoder {
    plan: Arc<Plan>,
    /// Frames are given their fields.
    with_fields: bool,
    state: State,
    /// What the next frame begins with, or the one at hand began with.
    session: Vec<i128>,
    cursor: Cursor,
    /// Offset in the stream of the frame's first byte; while searching, of the first byte in `buffer`, or of the next to come.
    start: u64,
    /// Bytes at the beginning of a refused frame that are no longer needed to know its size.
    passed: u64,
    /// In a frame: its bytes so far, but for those passed. While searching: the last bytes, as far as what is searched for can still begin in them.
    buffer: Vec<u8>,
    /// A lower bound of the bytes that the frame still needs; 0 at its start.
    need: u64,
    /// For the constant at a frame's start, where it is searched for; follows from the plan.
    search: Search,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At the start of a frame or inside it.
    Frame,
    /// So many bytes of a refused frame are still to be discarded; at least 1.
    Discard(u64),
    /// A refused frame is discarded through its delimiter.
    DiscardDelimited,
    /// The next occurrence of the constant at a frame's start is searched for.
    Resync,
    /// The stream is over.
    Closed,
}

impl PartialEq for Decoder {
    fn eq(&self, other: &Self) -> bool {
        let Self { plan, with_fields, state, session, cursor, start, passed, buffer, need, search: _ } = self;
        (*with_fields, *state, *start, *need) == (other.with_fields, other.state, other.start, other.need)
            && *passed == other.passed
            && *buffer == other.buffer
            && *cursor == other.cursor
            && *session == other.session
            && (Arc::ptr_eq(plan, &other.plan) || **plan == *other.plan)
    }
}

impl Decoder {
    /// A decoder at the start of a stream.
    #[must_use]
    pub fn new(plan: Arc<Plan>) -> Self {
        let search = match (plan.policy.on_reject, plan.first_constant()) {
            (OnReject::Resync, Some((_, constant))) => Search::new(constant),
            _ => Search::default(),
        };
        Self {
            session: plan.session_start(),
            plan,
            search,
            with_fields: true,
            state: State::Frame,
            cursor: Cursor::default(),
            start: 0,
            passed: 0,
            buffer: Vec::new(),
            need: 0,
        }
    }

    /// A decoder whose frames have no [`Frame::fields`], for those who only use what is emitted. All else is the same.
    #[must_use]
    pub fn without_fields(plan: Arc<Plan>) -> Self {
        Self { with_fields: false, ..Self::new(plan) }
    }

    /// Takes the next bytes of the stream, none or many, and appends what they mean.
    pub fn feed(&mut self, chunk: &[u8], out: &mut Vec<Event>) {
        let mut rest = chunk;
        while !rest.is_empty() {
            let taken = match self.state {
                State::Frame => self.frame(rest, out),
                State::Discard(left) => self.discard(left, rest),
                State::DiscardDelimited => self.discard_delimited(rest),
                State::Resync => self.resync(rest),
                State::Closed => return,
            };
            rest = rest.get(taken..).unwrap_or_default();
        }
    }

    /// How the stream ends if it ends here.
    #[must_use]
    pub fn finish(&self) -> End {
        match self.state {
            State::Closed => End::Rejected,
            State::Frame | State::Resync if self.buffer.is_empty() && self.passed == 0 => End::Clean,
            State::Frame | State::Resync | State::Discard(_) | State::DiscardDelimited => End::Incomplete,
        }
    }

    /// Bytes held back for the frame at hand; at most [`Decoder::most_buffered`].
    #[must_use]
    pub fn buffered(&self) -> usize {
        self.buffer.len()
    }

    /// `max_frame`; or, of a frame that is discarded through its delimiter, all but one byte of a delimiter that is longer.
    #[must_use]
    pub fn most_buffered(&self) -> u64 {
        let tail = self.plan.last_delimiters().map_or(0, |delimiters| delimiter::longest(delimiters).saturating_sub(1));
        self.plan.max_frame.max(count(tail))
    }

    /// A lower bound of the bytes to the end of the frame at hand; 0 where the stream is over.
    #[must_use]
    pub fn need(&self) -> u64 {
        match self.state {
            State::Frame => {
                let have = self.passed.saturating_add(length(&self.buffer));
                self.need.max(self.plan.min_frame.saturating_sub(have)).max(1)
            }
            State::Discard(left) => left,
            State::DiscardDelimited | State::Resync => 1,
            State::Closed => 0,
        }
    }

    /// Goes on with a frame, to its end at most, and says how many bytes it took.
    fn frame(&mut self, chunk: &[u8], out: &mut Vec<Event>) -> usize {
        let before = self.buffer.len();
        if before > 0 {
            let room = self.plan.max_frame.saturating_sub(count(before)).max(1);
            let wanted = usize::try_from(self.need.max(STRIDE).min(room)).unwrap_or(usize::MAX);
            self.buffer.extend_from_slice(chunk.get(..wanted).unwrap_or(chunk));
        }
        loop {
            let passed = self.passed;
            let bytes = Window { start: passed, bytes: if before == 0 { chunk } else { &self.buffer } };
            let used = match self.cursor.advance(&self.plan, &self.session, bytes) {
                Step::Need(need) => {
                    let have = bytes.have();
                    let held = self.cursor.held(&self.plan).clamp(passed, have);
                    if before == 0 {
                        self.buffer.extend_from_slice(Window { start: passed, bytes: chunk }.part(held, have));
                    } else {
                        let needless = usize::try_from(held.saturating_sub(passed)).unwrap_or(usize::MAX);
                        self.buffer.drain(..needless.min(self.buffer.len()));
                    }
                    self.need = need;
                    self.passed = held;
                    have
                }
                Step::Done(end) => {
                    let end = end.max(1);
                    let used = end.min(bytes.have());
                    if !self.cursor.muted() {
                        out.push(Event::Frame(self.make_frame(bytes.part(0, end))));
                        self.session = self.plan.session_after(&|slot| self.cursor.value(slot));
                    }
                    self.buffer.clear();
                    self.skip_to(end, used);
                    used
                }
                Step::Refuse(refusal) => {
                    if !self.cursor.muted() {
                        out.push(Event::Reject { class: refusal.class, at: self.start.saturating_add(refusal.at) });
                    }
                    if self.mutes(refusal) {
                        self.cursor.mute(&self.plan);
                        continue;
                    }
                    let used = refusal.at.saturating_add(1);
                    let buffer = std::mem::take(&mut self.buffer);
                    let bytes = Window { start: passed, bytes: if before == 0 { chunk } else { &buffer } };
                    self.buffer = self.refused(refusal, bytes, used);
                    used
                }
            };
            let used = usize::try_from(used.saturating_sub(passed)).unwrap_or(usize::MAX);
            return used.saturating_sub(before);
        }
    }

    fn make_frame(&self, bytes: &[u8]) -> Frame {
        Frame {
            start: self.start,
            end: self.start.saturating_add(length(bytes)),
            emitted: frame::emitted(&self.plan, &self.cursor, bytes).into_owned(),
            fields: if self.with_fields { frame::fields(&self.plan, &self.cursor, bytes) } else { Vec::new() },
        }
    }

    /// So many bytes are used up, and a new state begins behind them.
    fn begin(&mut self, state: State, used: u64) {
        self.state = state;
        self.start = self.start.saturating_add(used);
        self.passed = 0;
        self.need = 0;
        self.cursor.reset();
    }

    /// Whether the refused frame is still measured, without a further judgement, so that it can be discarded by its size.
    fn mutes(&self, refusal: Refusal) -> bool {
        let policy = self.plan.policy;
        match refusal.cause {
            Cause::Value(slot) => {
                policy.on_reject == OnReject::Skip && !slot.is_some_and(|slot| expr::decides_size(&self.plan, slot))
            }
            // The smallest frame is too large already; how large it is, its length will tell.
            Cause::Size => {
                let fit = self.plan.ops.get(refusal.op).is_some_and(|op| matches!(op.kind, OpKind::Fit { .. }));
                refusal.class == Class::FrameTooLarge
                    && fit
                    && self.cursor.whole().is_none()
                    && (self.cursor.muted() || policy.oversize == Oversize::Skip)
            }
        }
    }

    /// Goes over to what the policy says after a reject that ends the frame, of which so many bytes are used up. Gives the last of
    /// them, as far as what is then searched for can begin there.
    fn refused(&mut self, refusal: Refusal, bytes: Window<'_>, used: u64) -> Vec<u8> {
        if matches!(refusal.class, Class::FrameTooLarge | Class::DelimiterTooFar) {
            return match (self.plan.policy.oversize, self.cursor.whole(), self.plan.last_delimiters()) {
                (Oversize::Skip, Some(whole), _) => self.skip_to(whole, used),
                (Oversize::Skip, None, Some(delimiters)) => {
                    let field = bytes.part(self.cursor.field_start(), used);
                    if delimiter::ending(delimiters, field).is_some() {
                        self.begin(State::Frame, used);
                        return Vec::new();
                    }
                    let keep = delimiter::longest(delimiters).saturating_sub(1).min(field.len());
                    let tail = part(field, length(field).saturating_sub(count(keep)), length(field)).to_vec();
                    self.begin(State::DiscardDelimited, used.saturating_sub(count(keep)));
                    tail
                }
                (Oversize::Skip | Oversize::Close, _, _) => self.close(used),
            };
        }
        match (self.plan.policy.on_reject, self.plan.first_constant(), self.cursor.whole()) {
            // An object that cannot be read to its end.
            (OnReject::Skip, _, Some(whole)) if (refusal.class, refusal.cause) == (Class::BadBody, Cause::Size) => {
                self.skip_to(whole, used)
            }
            // Of a frame that is discarded already, an impossible size ends the stream.
            (OnReject::Resync, Some((op, constant)), _) if !self.cursor.muted() => {
                let inside = if refusal.op == op { bytes.part(1, used) } else { &[] };
                // Too few to hold all of the constant.
                let matched = match self.search.advance(constant, 0, inside) {
                    Searched::Begun(matched) => matched,
                    Searched::Found(_) => 0,
                };
                let tail = constant.get(..matched).unwrap_or_default().to_vec();
                self.begin(State::Resync, used.saturating_sub(count(matched)));
                tail
            }
            (OnReject::Resync | OnReject::Skip | OnReject::Close, _, _) => self.close(used),
        }
    }

    /// Discards a frame of this size, of which so many bytes are used up.
    fn skip_to(&mut self, whole: u64, used: u64) -> Vec<u8> {
        let left = whole.saturating_sub(used);
        self.begin(if left == 0 { State::Frame } else { State::Discard(left) }, used);
        Vec::new()
    }

    fn close(&mut self, used: u64) -> Vec<u8> {
        self.begin(State::Closed, used);
        Vec::new()
    }

    fn discard(&mut self, left: u64, chunk: &[u8]) -> usize {
        let taken = left.min(length(chunk));
        let left = left.saturating_sub(taken);
        self.begin(if left == 0 { State::Frame } else { State::Discard(left) }, taken);
        usize::try_from(taken).unwrap_or(usize::MAX)
    }

    fn discard_delimited(&mut self, chunk: &[u8]) -> usize {
        let plan = Arc::clone(&self.plan);
        let delimiters = plan.last_delimiters().unwrap_or_default();
        let tail = delimiter::longest(delimiters).saturating_sub(1);
        let before = self.buffer.len();
        // A delimiter that begins in the bytes before this chunk ends in these; the others lie in the chunk.
        let seam = chunk.get(..tail).unwrap_or(chunk);
        self.buffer.extend_from_slice(seam);
        let in_seam = delimiter::find(delimiters, &self.buffer, before).map(|(end, _)| end.saturating_sub(before));
        let found = in_seam.or_else(|| delimiter::find(delimiters, chunk, tail).map(|(end, _)| end));
        if let Some(end) = found {
            self.buffer.clear();
            self.begin(State::Frame, count(before.saturating_add(end)));
            return end;
        }
        if chunk.len() > tail {
            self.buffer.clear();
            self.buffer.extend_from_slice(chunk);
        }
        self.buffer.drain(..self.buffer.len().saturating_sub(tail));
        let dropped = before.saturating_add(chunk.len()).saturating_sub(self.buffer.len());
        self.start = self.start.saturating_add(count(dropped));
        chunk.len()
    }

    /// Takes bytes up to the last of the constant's next occurrence, which it leaves to the frame that begins there.
    fn resync(&mut self, chunk: &[u8]) -> usize {
        let plan = Arc::clone(&self.plan);
        let Some((_, constant)) = plan.first_constant() else { return chunk.len() };
        let before = self.buffer.len();
        let searched = self.search.advance(constant, before, chunk);
        let (taken, matched) = match searched {
            Searched::Found(last) => (last, constant.len().saturating_sub(1)),
            Searched::Begun(matched) => (chunk.len(), matched),
        };
        self.buffer.truncate(matched);
        self.buffer.extend_from_slice(constant.get(self.buffer.len()..matched).unwrap_or_default());
        let dropped = before.saturating_add(taken).saturating_sub(matched);
        self.start = self.start.saturating_add(count(dropped));
        if matches!(searched, Searched::Found(_)) {
            self.begin(State::Frame, 0);
            if let Step::Need(need) = self.cursor.advance(&plan, &self.session, Window::whole(&self.buffer)) {
                self.need = need;
            }
        }
        taken
    }
}
