//! Any streams, cut into any segments, some of them twice, overlapping, out of order, cut short or left out: the capture tells the streams, or what it lacks
//! of them. The expectation is a map of which byte was captured; it knows nothing of sequence numbers.

use std::net::SocketAddr;

use framewright::capture::{Capture, Close, Event, Fault, Flow, Skip};

use super::writer::{FORMS, Flags, LINKS, Writer};
use crate::random_specs::tape::Tape;

/// What a file means, fed in chunks of this size, and how it ends. Memory stays below what was fed.
pub(crate) fn events(file: &[u8], chunk: usize) -> (Vec<Event>, Result<(), Fault>) {
    let (mut capture, mut events, mut fed) = (Capture::new(), Vec::new(), 0_u64);
    for chunk in file.chunks(chunk.max(1)) {
        fed += chunk.len() as u64;
        if capture.feed(chunk, &mut events).is_err() {
            break;
        }
        assert!(capture.buffered() <= fed, "{} bytes held of {fed}", capture.buffered());
    }
    let end = capture.finish(&mut events);
    (events, end)
}

/// A stream as the capture is to hold it.
struct Stream {
    from: SocketAddr,
    to: SocketAddr,
    bytes: Vec<u8>,
    first: u32,
    syn: bool,
    fin: bool,
    segments: Vec<Segment>,
}

#[derive(Clone, Copy)]
struct Segment {
    start: usize,
    end: usize,
    lost: usize,
    syn: bool,
    fin: bool,
}

impl Stream {
    fn new(tape: &mut Tape<'_>, from: SocketAddr, to: SocketAddr) -> Self {
        let bytes: Vec<u8> = (0..tape.below(120)).map(|at| (at * 37 + usize::from(from.port())) as u8).collect();
        // Often so that they wrap within the stream.
        let first =
            if tape.once_in(2) { 0_u32.wrapping_sub(tape.below(100) as u32) } else { tape.below(60_000) as u32 };
        let (syn, fin) = (!tape.once_in(4), !tape.once_in(3));
        let mut segments = Vec::new();
        let mut start = 0;
        while start < bytes.len() {
            let end = (start + 1 + tape.below(40)).min(bytes.len());
            segments.push(Segment { start, end, lost: 0, syn: false, fin: false });
            start = end;
        }
        for _ in 0..tape.below(5) {
            let start = tape.below(bytes.len() + 1);
            let end = start + tape.below(bytes.len() - start + 1);
            let lost = if tape.once_in(4) { tape.below(end - start + 1) } else { 0 };
            segments.push(Segment { start, end, lost, syn: false, fin: false });
        }
        if fin {
            let alone = Segment { start: bytes.len(), end: bytes.len(), lost: 0, syn: false, fin: true };
            segments.push(alone);
            segments.iter_mut().filter(|it| it.end == bytes.len()).for_each(|it| it.fin = true);
        }
        for _ in 0..tape.below(4) {
            let left_out = tape.below(segments.len() + 1);
            if left_out < segments.len() && tape.once_in(2) {
                segments.remove(left_out);
            }
        }
        for at in (1..segments.len()).rev() {
            segments.swap(at, tape.below(at + 1));
        }
        if syn {
            segments.insert(0, Segment { start: 0, end: 0, lost: 0, syn: true, fin: false });
        } else if let Some(begin) = segments.iter().position(|it| it.start == 0 && (it.end > 0 || it.fin)) {
            segments.swap(0, begin);
        } else {
            segments.clear();
        }
        Self { from, to, bytes, first, syn, fin: fin && !segments.is_empty(), segments }
    }

    fn write(&self, writer: &mut Writer, segment: Segment) {
        let flags = Flags { syn: segment.syn, fin: segment.fin, ..Flags::default() };
        let sequence = self.first.wrapping_add(segment.start as u32).wrapping_sub(u32::from(segment.syn));
        let payload = &self.bytes[segment.start..segment.end];
        writer.tcp(self.from, self.to, sequence, flags, payload, segment.lost);
    }

    /// Asserts that this is told of it.
    fn told(&self, told: &[&Event]) {
        if self.segments.iter().all(|it| !it.syn && !it.fin && it.start == it.end) {
            assert!(told.is_empty(), "{told:?}");
            return;
        }
        let mut captured = vec![false; self.bytes.len()];
        let (mut reach, mut hint) = (0, 0);
        let fin = self.segments.iter().any(|it| it.fin);
        assert!(self.fin || !fin);
        for segment in &self.segments {
            captured[segment.start..segment.end - segment.lost].fill(true);
            let empty = segment.start == segment.end && !segment.syn && !segment.fin;
            let claim = if empty { &mut hint } else { &mut reach };
            *claim = segment.end.max(*claim);
        }
        // One byte more may be a FIN.
        if !fin && hint > reach + 1 {
            reach = hint;
        }
        let whole = captured.iter().position(|here| !here).unwrap_or(captured.len());
        let mut bytes: Vec<u8> = Vec::new();
        let mut midstream = false;
        let mut missing = None;
        for (at, event) in told.iter().enumerate() {
            match event {
                Event::Midstream { .. } => {
                    assert_eq!(at, 0);
                    midstream = true;
                }
                Event::Bytes { bytes: more, .. } => {
                    assert!(!more.is_empty());
                    bytes.extend(more);
                }
                Event::Missing { hole, .. } => missing = Some((hole.at, hole.bytes, hole.behind)),
                Event::End { close, .. } => {
                    assert_eq!(at, told.len() - 1);
                    let ended = fin && whole == self.bytes.len();
                    assert_eq!(*close, if ended { Close::Fin } else { Close::Open });
                }
                Event::Skipped { .. } => panic!("{event:?}"),
            }
        }
        assert_eq!(midstream, !self.syn);
        assert_eq!(bytes, &self.bytes[..whole]);
        let expected = (whole < reach).then(|| {
            let end = (whole..reach).find(|at| captured[*at]).unwrap_or(reach);
            let behind = captured[whole..].iter().filter(|here| **here).count();
            (whole as u64, (end - whole) as u64, behind as u64)
        });
        assert_eq!(missing, expected);
        assert!(matches!(told.last(), Some(Event::End { .. })));
    }
}

/// Reads a capture off the tape and asserts what it means.
pub(crate) fn reassembles(tape: &mut Tape<'_>) {
    let form = tape.pick(&FORMS);
    let link = tape.pick(&LINKS);
    let v6 = if link == 229 { true } else { link != 228 && tape.once_in(2) };
    let ends = |port: u16| -> (SocketAddr, SocketAddr) {
        let address = if v6 { "[::1]" } else { "127.0.0.1" };
        (format!("{address}:5432").parse().unwrap(), format!("{address}:{port}").parse().unwrap())
    };
    let mut writer = Writer::new(form, link);
    writer.tags = tape.below(3);
    let mut streams = Vec::new();
    for port in [41_022, 999] {
        let (server, client) = ends(port);
        streams.push(Stream::new(tape, client, server));
        streams.push(Stream::new(tape, server, client));
    }
    // A SYN comes before all that the other end says.
    let mut at = [0; 4];
    for (at, stream) in at.iter_mut().zip(&streams).filter(|(_, stream)| stream.syn) {
        stream.write(&mut writer, stream.segments[0]);
        *at = 1;
    }
    while let Some(first) = (0..4).find(|it| at[*it] < streams[*it].segments.len()) {
        let picked = tape.below(4);
        let picked = if at[picked] < streams[picked].segments.len() { picked } else { first };
        streams[picked].write(&mut writer, streams[picked].segments[at[picked]]);
        at[picked] += 1;
    }
    let (told, end) = events(&writer.bytes, usize::MAX);
    assert_eq!(end, Ok(()));
    for stream in &streams {
        let of = told.iter().filter(|event| flow(event).is_some_and(|it| (it.from, it.to) == (stream.from, stream.to)));
        stream.told(&of.collect::<Vec<_>>());
    }
    assert_eq!(events(&writer.bytes, 1 + tape.below(70)), (told, Ok(())));
}

/// Whatever a file holds, it means the same however it is fed, and a stream has one end, behind which nothing of it comes.
pub(crate) fn is_orderly(file: &[u8], chunk: usize) {
    let whole = events(file, usize::MAX);
    assert_eq!(events(file, chunk), whole);
    let mut ended = std::collections::BTreeSet::new();
    let (mut bytes, mut packet) = (0, 0);
    for event in &whole.0 {
        if let Some(flow) = flow(event) {
            assert!(!ended.contains(&flow), "{event:?}");
        }
        match event {
            Event::Bytes { bytes: more, .. } => bytes += more.len(),
            Event::End { flow, .. } => assert!(ended.insert(*flow)),
            Event::Missing { hole, .. } => assert!(hole.bytes > 0),
            Event::Midstream { .. } => {}
            Event::Skipped { packet: now, why: Skip::Behind(_) } => packet = packet.max(*now),
            Event::Skipped { packet: now, .. } => {
                assert!(*now >= 1);
                packet = packet.max(*now);
            }
        }
    }
    assert!(bytes <= file.len(), "{bytes} bytes told of a file of {}", file.len());
    for event in &whole.0 {
        let (Event::Midstream { flow, .. } | Event::Bytes { flow, .. } | Event::Missing { flow, .. }) = event else {
            continue;
        };
        assert!(ended.contains(flow), "{flow} has no end");
    }
}

/// Of which stream an event tells.
pub(crate) fn flow(event: &Event) -> Option<Flow> {
    match event {
        Event::Midstream { flow, .. }
        | Event::Bytes { flow, .. }
        | Event::Missing { flow, .. }
        | Event::End { flow, .. } => Some(*flow),
        Event::Skipped { .. } => None,
    }
}
