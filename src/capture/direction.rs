//! One direction of a connection: segments in, the bytes of the stream in order out.
//!
//! Sequence numbers wrap after 4 GiB, so a segment's place is its signed distance from the byte that is due. Places are offsets in the stream, which do not wrap.

use std::collections::BTreeMap;

use super::packet::Segment;
use super::{Close, Event, Flow, Hole, Skip};

/// The largest window of TCP, 65,535 scaled by 14 bits (RFC 7323, section 2.3), is less than this.
const FARTHEST: i64 = 1 << 30;

/// What is known of a stream.
#[derive(Debug, Default)]
pub(super) struct Direction {
    /// The sequence number of the byte at `next`; none before the stream begins.
    due: Option<u32>,
    /// Bytes that were told.
    next: u64,
    /// Bytes that are not told yet, by offset, with the packet that held them. They do not overlap, and none is empty.
    pending: BTreeMap<u64, (u64, Vec<u8>)>,
    /// Bytes in `pending`.
    held: u64,
    /// The offset up to which something told that there are bytes.
    reach: u64,
    /// The same, as acknowledgements of the receiver and empty segments tell it; one of them may be the FIN.
    hinted: u64,
    /// Where the sender's FIN stands.
    fin: Option<u64>,
    midstream: bool,
    /// The packet of the last byte told.
    last: Option<u64>,
    cut: Option<u64>,
    done: Option<Close>,
}

impl Direction {
    pub(super) fn held(&self) -> u64 {
        self.held
    }

    pub(super) fn is_done(&self) -> bool {
        self.done.is_some()
    }

    pub(super) fn has_begun(&self) -> bool {
        self.due.is_some()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.next == 0
    }

    /// Whether a SYN of this sequence number begins another stream than this one.
    pub(super) fn contradicts(&self, syn: u32) -> bool {
        // The low half is what sequence numbers wrap by.
        let told = u32::try_from(self.next & u64::from(u32::MAX)).unwrap_or(0);
        self.due.is_some_and(|due| due.wrapping_sub(told) != syn.wrapping_add(1))
    }

    /// Takes a segment.
    pub(super) fn take(&mut self, flow: Flow, segment: &Segment<'_>, events: &mut Vec<Event>) {
        let first = segment.sequence.wrapping_add(u32::from(segment.syn));
        let size = count(segment.bytes.len()).saturating_add(segment.lost);
        if size == 0 && !segment.syn && !segment.fin {
            if !segment.rst {
                self.hint(first);
            }
            return;
        }
        let due = *self.due.get_or_insert_with(|| {
            self.midstream = !segment.syn;
            if self.midstream {
                events.push(Event::Midstream { flow, packet: segment.packet });
            }
            first
        });
        let ahead = i64::from(first.wrapping_sub(due).cast_signed());
        let mut skip = |why| events.push(Event::Skipped { packet: segment.packet, why });
        if let Some(close) = self.done {
            // Behind a hole that was told, all is told to be lost.
            if size > 0 && close != Close::Full && ahead.saturating_add_unsigned(size) > 0 {
                skip(Skip::Behind(flow));
            }
            return;
        }
        if ahead > FARTHEST {
            return skip(Skip::Outside(flow));
        }
        let behind = ahead.min(0).unsigned_abs();
        if size > 0 && self.midstream && behind > self.next {
            skip(Skip::Before(flow));
        }
        let start = self.next.saturating_add_signed(ahead.max(0));
        let fresh = usize::try_from(behind).ok().and_then(|old| segment.bytes.get(old..)).unwrap_or_default();
        self.keep(start, segment.packet, fresh);
        self.drain(flow, events);
        let end = start.saturating_add(size.saturating_sub(behind));
        self.reach = self.reach.max(end);
        if segment.lost > 0 && end > self.next {
            self.cut.get_or_insert(segment.packet);
        }
        // A FIN in front of bytes that were told is none.
        if segment.fin && behind <= size {
            self.fin.get_or_insert(end);
        }
        if self.fin.is_some_and(|fin| fin <= self.next) {
            self.finish(flow, Close::Fin, events);
        }
    }

    /// The stream has bytes up to this sequence number: the receiver acknowledged them, or the sender is past them.
    pub(super) fn hint(&mut self, number: u32) {
        let ahead = self.due.map_or(0, |due| i64::from(number.wrapping_sub(due).cast_signed()));
        if (0..=FARTHEST).contains(&ahead) {
            self.hinted = self.hinted.max(self.next.saturating_add_signed(ahead));
        }
    }

    /// Ends the stream, once, and tells what is missing of it.
    pub(super) fn finish(&mut self, flow: Flow, close: Close, events: &mut Vec<Event>) {
        if self.done.is_some() || self.due.is_none() {
            return;
        }
        self.done = Some(close);
        if close == Close::Fin {
            for (packet, _) in std::mem::take(&mut self.pending).into_values() {
                events.push(Event::Skipped { packet, why: Skip::Behind(flow) });
            }
        } else {
            // One more may be a FIN that was not captured.
            let unseen = self.fin.is_none() && self.hinted > self.reach.saturating_add(1);
            let reach = if unseen { self.hinted } else { self.reach };
            let first = self.pending.first_key_value();
            let end = first.map_or(reach, |(start, _)| *start);
            if end > self.next {
                let before = first.map(|(_, (packet, _))| *packet);
                let bytes = end.saturating_sub(self.next);
                let (after, behind, cut) = (self.last, self.held, self.cut);
                events.push(Event::Missing { flow, hole: Hole { at: self.next, bytes, after, before, behind, cut } });
            }
            self.pending.clear();
        }
        self.held = 0;
        events.push(Event::End { flow, close });
    }

    fn tell(&mut self, flow: Flow, packet: u64, bytes: Vec<u8>, events: &mut Vec<Event>) {
        self.next = self.next.saturating_add(count(bytes.len()));
        // At most 2^30, and modulo 2^32 in any case.
        let step = u32::try_from(bytes.len() & 0xffff_ffff).unwrap_or(0);
        self.due = self.due.map(|due| due.wrapping_add(step));
        self.last = Some(packet);
        events.push(Event::Bytes { flow, packet, bytes });
    }

    /// Tells what is pending and due.
    fn drain(&mut self, flow: Flow, events: &mut Vec<Event>) {
        while let Some((packet, bytes)) = self.pending.remove(&self.next) {
            self.held = self.held.saturating_sub(count(bytes.len()));
            self.tell(flow, packet, bytes, events);
        }
    }

    /// Keeps bytes, where none are kept yet. Each turn uses up at least one of them.
    fn keep(&mut self, mut start: u64, packet: u64, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let covered = self.pending.range(..=start).next_back();
            let covered =
                covered.map_or(0, |(at, (_, held))| at.saturating_add(count(held.len())).saturating_sub(start));
            let taken = if covered > 0 {
                covered
            } else {
                let room = self.pending.range(start..).next().map_or(u64::MAX, |(at, _)| at.saturating_sub(start));
                let fresh = bytes.get(..usize::try_from(room).unwrap_or(usize::MAX)).unwrap_or(bytes);
                self.pending.insert(start, (packet, fresh.to_vec()));
                self.held = self.held.saturating_add(count(fresh.len()));
                count(fresh.len())
            };
            start = start.saturating_add(taken);
            bytes = usize::try_from(taken).ok().and_then(|taken| bytes.get(taken..)).unwrap_or_default();
        }
    }
}

fn count(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
