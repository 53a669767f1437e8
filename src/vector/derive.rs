//! Vectors from a plan alone.

use std::collections::BTreeSet;

use super::compose::{Fault, Stream};
use super::draft::Laid;
use super::faults::{self, Planted};
use super::good::{self, Good};
use super::search::Space;
use super::{Expect, Level, Mark, Vector, Vectors, refusals};
use crate::interp::reads;
use crate::plan::{Carried, OnReject, Plan, SlotId};

/// A frame of more bytes is cut off only around its fields.
const EACH_BYTE: usize = 40;
/// Frames that stand in streams of several have so many bytes at most, where there are such.
const SHORT: usize = 24;
/// Sessions in which frames are shown at most.
const SESSIONS: usize = 16;
/// Of these, such as decide the same of what a frame is made of.
const ALIKE: usize = 2;
/// Bytes of all streams, which may be exceeded by one of them.
const ENOUGH: usize = 16 << 20;

/// The vectors of a protocol, in an order that depends on the plan alone. None where no right frame was found, which can only be
/// because checks leave none that is simple, or none of at most 256 KiB.
#[must_use]
pub fn derive(plan: &Plan) -> Vectors {
    let mut ids = Ids::new(&plan.name);
    let (mut streams, mut tests, mut encode) = (Streams::default(), Vec::new(), Vec::new());
    let mut places = vec![Place { session: plan.session_start(), path: Vec::new(), words: String::new() }];
    let mut next = 0;
    while let Some(place) = places.get(next).cloned() {
        next += 1;
        let Some(space) = Space::new(plan, &place.session) else { continue };
        let good = good::frames(&space);
        let new = |laid: &Laid, places: &[Place]| {
            let alike = places.iter().filter(|known| decisive(plan, &known.session) == decisive(plan, &laid.after));
            places.iter().all(|known| known.session != laid.after) && alike.count() < ALIKE
        };
        let leads = |places: &[Place]| space.find(&[], |laid| laid.is_good() && new(laid, places));
        while let Some((_, laid)) = Some(&places).filter(|all| all.len() < SESSIONS).and_then(|all| leads(all)) {
            places.push(place.behind(plan, &laid));
        }
        let mut all = Collected { plan, place: &place, tests: &mut tests, streams: &mut streams, ids: &mut ids };
        all.of(&good, &faults::all(&space));
        refusals::all(&space, &good, &place.words, &mut ids, &mut encode);
    }
    Vectors::new(plan.name.clone(), tests, encode)
}

/// Those values of a session that decide what a frame is made of.
fn decisive(plan: &Plan, session: &[i128]) -> Vec<i128> {
    let decides = |slot: SlotId| plan.ops.iter().any(|op| op.guard.as_ref().is_some_and(|guard| reads(guard, slot)));
    let values = plan.session.iter().zip(session).filter(|(carried, _)| decides(carried.slot));
    values.map(|(_, value)| *value).collect()
}

/// Where in a stream frames are shown: behind a path of others, where that makes another session.
#[derive(Clone, Debug)]
struct Place {
    session: Vec<i128>,
    /// Right frames from the start of a stream, as few as can be.
    path: Vec<Laid>,
    /// What keys and names begin with: nothing at the start of a stream.
    words: String,
}

impl Place {
    /// Behind a right frame at this place.
    fn behind(&self, plan: &Plan, laid: &Laid) -> Self {
        let name = |carried: &Carried| plan.slot(carried.slot).map_or("", |slot| &slot.name);
        let values = plan.session.iter().zip(&laid.after).map(|(carried, value)| format!("{} {value}", name(carried)));
        let words = format!("at {}: ", values.collect::<Vec<String>>().join(", "));
        Self { session: laid.after.clone(), path: [self.path.as_slice(), std::slice::from_ref(laid)].concat(), words }
    }
}

/// The ids of one protocol's vectors, each given once.
#[derive(Debug)]
pub(super) struct Ids<'a> {
    protocol: &'a str,
    given: BTreeSet<String>,
}

impl<'a> Ids<'a> {
    pub(super) fn new(protocol: &'a str) -> Self {
        Self { protocol, given: BTreeSet::new() }
    }

    /// An id that depends on the protocol and on what is shown, and, only where another vector already has that, on the order.
    pub(super) fn of(&mut self, key: &str) -> String {
        let mut id = id(self.protocol, key);
        let mut again = 1_u32;
        while !self.given.insert(id.clone()) {
            again += 1;
            id = self::id(self.protocol, &format!("{key}\0{again}"));
        }
        id
    }
}

fn id(protocol: &str, key: &str) -> String {
    // FNV-1a, folded to 32 bits.
    let bytes = protocol.bytes().chain([0]).chain(key.bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{:08x}", (hash >> 32) ^ (hash & 0xffff_ffff))
}

/// The streams of one protocol, each shown once.
#[derive(Debug, Default)]
struct Streams {
    known: BTreeSet<Vec<u8>>,
    /// Of all of them.
    bytes: usize,
}

struct Collected<'a, 'i> {
    plan: &'a Plan,
    place: &'a Place,
    tests: &'a mut Vec<Vector>,
    streams: &'a mut Streams,
    ids: &'a mut Ids<'i>,
}

impl<'a> Collected<'a, '_> {
    fn of(&mut self, good: &[Good], planted: &[Planted]) {
        self.add("nothing", "no bytes at all".to_owned(), &["truncated"], self.stream());
        for frame in good {
            let stream = self.stream().good(&frame.laid);
            self.add(&format!("frame/{}", frame.key), frame.name.clone(), &frame.flags, stream);
        }
        let staying: Vec<&Good> = good.iter().filter(|frame| frame.laid.after == self.place.session).collect();
        self.coalesced(&staying);
        self.truncated(good, &staying);
        self.planted(good, &staying, planted);
    }

    /// The stream up to where the frames are shown.
    fn stream(&self) -> Stream<'a> {
        Stream::new(self.plan, &self.place.path)
    }

    fn add(&mut self, key: &str, name: String, flags: &[&'static str], stream: Stream) {
        let Some((stream, marks, expect)) = stream.finish() else { return };
        if self.streams.bytes < ENOUGH && self.streams.known.insert(stream.clone()) {
            self.streams.bytes += stream.len();
            let words = &self.place.words;
            self.push(&format!("{words}{key}"), format!("{words}{name}"), flags, stream, marks, expect);
        }
    }

    fn push(
        &mut self,
        key: &str,
        name: String,
        flags: &[&'static str],
        stream: Vec<u8>,
        marks: Vec<Mark>,
        expect: Expect,
    ) {
        let id = self.ids.of(key);
        self.tests.push(Vector {
            id,
            name,
            level: Level::Must,
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            source: None,
            derived: true,
            stream,
            marks,
            expect,
        });
    }

    fn coalesced(&mut self, good: &[&Good]) {
        let (Some(usual), Some(short), Some(long)) = (good.first(), shortest(good), longest(good)) else { return };
        let (usual, short, long) = (&usual.laid, &short.laid, &long.laid);
        let place = self.place;
        let new = || Stream::new(self.plan, &place.path);
        let streams = [
            ("two", "two equal frames", new().good(usual).good(usual)),
            ("long-short", "a long frame, then a short one", new().good(long).good(short)),
            ("short-long", "a short frame, then a long one", new().good(short).good(long)),
            ("three-short", "three frames as short as can be", new().good(short).good(short).good(short)),
            (
                "long-three-short",
                "a long frame, then three short ones",
                new().good(long).good(short).good(short).good(short),
            ),
        ];
        let largest = good.iter().filter(|frame| frame.flags.contains(&"largest")).map(|frame| &frame.laid);
        let largest: Vec<Stream> = largest.take(1).map(|laid| new().good(short).good(laid).good(short)).collect();
        for (key, name, stream) in streams {
            self.add(&format!("coalesced/{key}"), name.to_owned(), &["coalesced"], stream);
        }
        for stream in largest {
            let name = "the largest frame between two short ones".to_owned();
            self.add("coalesced/largest", name, &["coalesced", "largest"], stream);
        }
    }

    fn truncated(&mut self, good: &[Good], staying: &[&Good]) {
        let Some(usual) = good.first() else { return };
        let laid = &usual.laid;
        for have in places(laid) {
            let stream = self.stream().cut(laid, have);
            let name = format!("a frame of {} bytes cut off after {have}", laid.bytes.len());
            self.add(&format!("cut/{have}"), name, &["truncated"], stream);
        }
        let Some(short) = shortest(staying) else { return };
        for have in [1, laid.bytes.len().saturating_sub(1)] {
            let stream = self.stream().good(&short.laid).cut(laid, have);
            let name = format!("a frame, and another cut off after {have} of {} bytes", laid.bytes.len());
            self.add(&format!("good-cut/{have}"), name, &["truncated", "coalesced"], stream);
        }
    }

    fn planted(&mut self, good: &[Good], staying: &[&Good], planted: &[Planted]) {
        let (before, behind) = (shortest(staying), shortest(&good.iter().collect::<Vec<&Good>>()));
        let mut shown = BTreeSet::new();
        for each in planted {
            match each {
                Planted::Waits { key, name, laid, bytes } => {
                    let stream = self.stream().waits(laid, bytes);
                    self.add(&format!("length/{key}"), format!("{name}, and nothing behind it"), &["length"], stream);
                }
                Planted::Fault(fault) => {
                    let stream = self.stream().bad(fault);
                    self.add(&format!("fault/{}", fault.key), fault.name.clone(), &fault.flags, stream);
                    let field = fault.key.split(['/', '=']).next().unwrap_or_default().to_owned();
                    let first = shown.insert((field, fault.class));
                    if let Some(behind) = behind.filter(|_| first || self.plan.policy.on_reject == OnReject::Resync) {
                        self.recovery(before.map(|frame| &frame.laid), &behind.laid, fault);
                    }
                }
            }
        }
    }

    /// A refused frame changes nothing of the session: what can stand in its place can follow it. In front of it stands what leads to
    /// the same session again, if anything does.
    fn recovery(&mut self, before: Option<&Laid>, behind: &Laid, fault: &Fault) {
        let stream = before.into_iter().fold(self.stream(), Stream::good).bad(fault).good(behind);
        let flags: Vec<&'static str> = fault.flags.iter().copied().chain(["recovery"]).collect();
        let place = if before.is_some() { "between two right frames" } else { "in front of a right frame" };
        let name = format!("{}, {place}", fault.name);
        self.add(&format!("recovery/{}", fault.key), name, &flags, stream);
    }
}

fn shortest<'g>(good: &[&'g Good]) -> Option<&'g Good> {
    good.iter().copied().min_by_key(|frame| frame.laid.bytes.len())
}

/// The longest that is still short; the usual one where all are long.
fn longest<'g>(good: &[&'g Good]) -> Option<&'g Good> {
    let fits = good.iter().copied().filter(|frame| frame.laid.bytes.len() <= SHORT);
    fits.max_by_key(|frame| frame.laid.bytes.len()).or(good.first().copied())
}

/// Where a frame is cut off.
fn places(laid: &Laid) -> Vec<usize> {
    let size = laid.bytes.len();
    if size <= EACH_BYTE {
        return (1..size).collect();
    }
    let seams = laid.pieces.iter().flat_map(|piece| [piece.start, piece.end]);
    let seams = seams.flat_map(|at| [at.wrapping_sub(1), at, at + 1]).chain((1..8).map(|eighth| size * eighth / 8));
    let places: BTreeSet<usize> = seams.filter(|at| (1..size).contains(at)).collect();
    places.into_iter().take(EACH_BYTE).collect()
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn an_id_is_given_once() {
        let all = |keys: &[&str]| {
            let mut ids = Ids::new("record");
            keys.iter().map(|key| ids.of(key)).collect::<Vec<_>>()
        };
        let [first, second, other, third] = all(&["cut/1", "cut/1", "cut/2", "cut/1"]).try_into().unwrap();
        let distinct = std::collections::BTreeSet::from([&first, &second, &other, &third]);
        assert_eq!(distinct.len(), 4);
        assert_eq!(all(&["cut/2", "cut/1", "cut/1"]), [other, first, second]);
    }
}
