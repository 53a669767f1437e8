//! The connections of a capture: which segment belongs to which stream.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use super::direction::Direction;
use super::packet::Segment;
use super::{Close, Event, Flow, MOST_HELD};

/// Connections that are followed at once. A new one takes the place of the oldest that has ended, or else of the oldest.
pub const MOST_CONNECTIONS: usize = 1 << 16;

/// Both ends, the smaller first.
type Ends = (SocketAddr, SocketAddr);

#[derive(Debug, Default)]
pub(super) struct Connections {
    by_ends: BTreeMap<Ends, Connection>,
    by_number: BTreeMap<u64, Ends>,
    /// Those of which both streams have ended. They stay for segments that come late.
    ended: BTreeSet<u64>,
    begun: u64,
    /// Bytes behind holes.
    held: u64,
}

#[derive(Debug)]
struct Connection {
    number: u64,
    /// From the smaller end, and to it.
    directions: [Direction; 2],
}

impl Connection {
    fn held(&self) -> u64 {
        self.directions.iter().map(Direction::held).fold(0, u64::saturating_add)
    }

    fn is_done(&self) -> bool {
        self.directions.iter().all(Direction::is_done)
    }

    fn finish(&mut self, ends: Ends, close: Close, events: &mut Vec<Event>) {
        let [up, down] = &mut self.directions;
        up.finish(Flow { connection: self.number, from: ends.0, to: ends.1 }, close, events);
        down.finish(Flow { connection: self.number, from: ends.1, to: ends.0 }, close, events);
    }
}

impl Connections {
    pub(super) fn take(&mut self, from: SocketAddr, to: SocketAddr, segment: &Segment<'_>, events: &mut Vec<Event>) {
        let ends = (from.min(to), from.max(to));
        if self.by_ends.get_mut(&ends).is_some_and(|it| begins_another(split(it, from <= to), segment)) {
            self.remove(ends, Close::Reused, events);
        }
        let begins = segment.syn || segment.fin || !segment.bytes.is_empty() || segment.lost > 0;
        if !self.by_ends.contains_key(&ends) {
            if !begins {
                return;
            }
            self.begin(ends, events);
        }
        let Some(connection) = self.by_ends.get_mut(&ends) else { return };
        let (held, was_done) = (connection.held(), connection.is_done());
        let flow = Flow { connection: connection.number, from, to };
        let (forth, back) = split(connection, from <= to);
        forth.take(flow, segment, events);
        if let Some(number) = segment.acknowledged.filter(|_| !segment.rst) {
            back.hint(number);
        }
        if self.held.saturating_sub(held).saturating_add(forth.held()).saturating_add(back.held()) > MOST_HELD {
            forth.finish(flow, Close::Full, events);
        }
        if segment.rst {
            connection.finish(ends, Close::Reset, events);
        }
        self.held = self.held.saturating_sub(held).saturating_add(connection.held());
        if connection.is_done() && !was_done {
            self.ended.insert(connection.number);
        }
    }

    pub(super) fn held(&self) -> u64 {
        self.held
    }

    /// Ends every stream.
    pub(super) fn finish(&mut self, events: &mut Vec<Event>) {
        while let Some((_, ends)) = self.by_number.pop_first() {
            self.remove(ends, Close::Open, events);
        }
    }

    fn begin(&mut self, ends: Ends, events: &mut Vec<Event>) {
        if self.by_ends.len() >= MOST_CONNECTIONS {
            let ended = self.ended.first().and_then(|number| self.by_number.get(number));
            let oldest = ended.or_else(|| self.by_number.values().next()).copied();
            if let Some(ends) = oldest {
                self.remove(ends, Close::Dropped, events);
            }
        }
        self.begun = self.begun.saturating_add(1);
        self.by_number.insert(self.begun, ends);
        self.by_ends.insert(ends, Connection { number: self.begun, directions: Default::default() });
    }

    fn remove(&mut self, ends: Ends, close: Close, events: &mut Vec<Event>) {
        let Some(mut connection) = self.by_ends.remove(&ends) else { return };
        self.held = self.held.saturating_sub(connection.held());
        self.by_number.remove(&connection.number);
        self.ended.remove(&connection.number);
        connection.finish(ends, close, events);
    }
}

/// The direction of a segment and the opposite one.
fn split(connection: &mut Connection, up: bool) -> (&mut Direction, &mut Direction) {
    let [first, second] = &mut connection.directions;
    if up { (first, second) } else { (second, first) }
}

/// Whether a segment is the SYN of another connection than this one of the same addresses.
fn begins_another((forth, back): (&mut Direction, &mut Direction), segment: &Segment<'_>) -> bool {
    let opens = segment.acknowledged.is_none() && !forth.has_begun() && !back.is_empty();
    segment.syn && (opens || forth.contradicts(segment.sequence))
}
