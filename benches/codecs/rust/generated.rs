//! Generated Rust against a decoder by hand, against tokio-util and against nom: nanoseconds a frame, in one process, medians of interleaved cycles.
//!
//! `benches/codecs/rust/run.sh [CYCLES]`. The answer is asserted in every cycle: frames, sessions, opcodes, first and last payload bytes.

mod handwritten;

use std::hint::black_box;
use std::time::Instant;

use bytes::{Buf, BytesMut};
use framewright_codecs::record::OwnedFrame;
use framewright_codecs::{line, record};
use nom::bytes::streaming::take;
use nom::combinator::verify;
use nom::number::streaming::{be_u8, be_u32, be_u64};
use nom::{IResult, Parser as _};
use tokio_util::codec::{Decoder as _, Encoder as _, LengthDelimitedCodec, LinesCodec};

const PAYLOADS: [usize; 6] = [16, 64, 256, 1024, 16_384, 65_536];
const CHUNKS: [usize; 6] = [1, 7, 64, 1460, 16_384, 65_536];

/// Frames of one payload size, and what every decoder must find in them.
struct Load {
    stream: Vec<u8>,
    frames: usize,
    sum: u64,
}

fn load(payload: usize, bytes: usize) -> Load {
    let frames = (bytes / (payload + 13)).max(4);
    let mut stream = Vec::with_capacity(frames * (payload + 13));
    let mut sum = 0_u64;
    for index in 0..frames {
        let body: Vec<u8> = (0..payload).map(|at| (at * 7 + index) as u8).collect();
        let frame = record::Frame { session: index as u64 * 0x0101_0101, opcode: index as u8, payload: &body, ..Default::default() };
        sum = sum.wrapping_add(digest(frame.session, frame.opcode, &body));
        frame.encode(&mut stream).expect("a frame of its size");
    }
    Load { stream, frames, sum }
}

#[inline]
fn digest(session: u64, opcode: u8, payload: &[u8]) -> u64 {
    let ends = u64::from(payload[0]) + u64::from(payload[payload.len() - 1]);
    session.wrapping_add(u64::from(opcode)).wrapping_add(ends)
}

fn generated(load: &Load, chunk: usize) -> (usize, u64) {
    let (mut decoder, mut frames, mut sum) = (record::Decoder::new(), 0, 0_u64);
    for mut part in load.stream.chunks(chunk) {
        while let Some(frame) = decoder.next(&mut part).expect("a good stream") {
            frames += 1;
            sum = sum.wrapping_add(digest(frame.session, frame.opcode, frame.payload));
        }
    }
    (frames, sum)
}

/// As [`generated`], with every payload copied out.
fn owned(load: &Load, chunk: usize) -> (usize, u64) {
    let (mut decoder, mut frames, mut sum) = (record::Decoder::new(), 0, 0_u64);
    for mut part in load.stream.chunks(chunk) {
        while let Some(frame) = decoder.next(&mut part).expect("a good stream") {
            frames += 1;
            let frame = black_box(OwnedFrame::from(frame));
            sum = sum.wrapping_add(digest(frame.session, frame.opcode, &frame.payload));
        }
    }
    (frames, sum)
}

fn by_hand(load: &Load, chunk: usize) -> (usize, u64) {
    let (mut decoder, mut frames, mut sum) = (handwritten::Decoder::default(), 0, 0_u64);
    for mut part in load.stream.chunks(chunk) {
        while let Some(frame) = decoder.next(&mut part).expect("a good stream") {
            frames += 1;
            sum = sum.wrapping_add(digest(frame.session, frame.opcode, frame.payload));
        }
    }
    (frames, sum)
}

fn tokio_util(load: &Load, chunk: usize) -> (usize, u64) {
    let mut codec = LengthDelimitedCodec::builder()
        .length_field_length(4)
        .length_adjustment(9)
        .num_skip(4)
        .max_frame_length(16 << 20)
        .new_codec();
    let (mut buffer, mut frames, mut sum) = (BytesMut::new(), 0, 0_u64);
    for part in load.stream.chunks(chunk) {
        buffer.extend_from_slice(part);
        while let Some(mut frame) = codec.decode(&mut buffer).expect("a good stream") {
            frames += 1;
            let (session, opcode) = (frame.get_u64(), frame.get_u8());
            sum = sum.wrapping_add(digest(session, opcode, &frame));
        }
    }
    (frames, sum)
}

fn nom_frame(input: &[u8]) -> IResult<&[u8], (u64, u8, &[u8])> {
    let (input, length) = verify(be_u32, |length| *length <= (16 << 20) - 13).parse(input)?;
    (be_u64, be_u8, take(length)).parse(input)
}

/// What nom found incomplete is tried again with the next chunk behind it.
fn with_nom(load: &Load, chunk: usize) -> (usize, u64) {
    let (mut buffer, mut frames, mut sum) = (Vec::new(), 0, 0_u64);
    for part in load.stream.chunks(chunk) {
        buffer.extend_from_slice(part);
        let mut rest = buffer.as_slice();
        loop {
            match nom_frame(rest) {
                Ok((after, (session, opcode, payload))) => {
                    frames += 1;
                    sum = sum.wrapping_add(digest(session, opcode, payload));
                    rest = after;
                }
                Err(nom::Err::Incomplete(_)) => break,
                Err(error) => panic!("a good stream: {error:?}"),
            }
        }
        let used = buffer.len() - rest.len();
        buffer.drain(..used);
    }
    (frames, sum)
}

/// Gives the frames that it found and their digest.
type Run<'a> = &'a dyn Fn(&Load) -> (usize, u64);

/// Nanoseconds a frame. A first run, which does not count, leaves the caches as this decoder has them.
fn time(load: &Load, run: impl Fn(&Load) -> (usize, u64)) -> f64 {
    assert_eq!(run(black_box(load)), (load.frames, load.sum));
    let began = Instant::now();
    let found = run(black_box(load));
    let took = began.elapsed();
    assert_eq!(found, (load.frames, load.sum));
    took.as_nanos() as f64 / load.frames as f64
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The times of runs that were made in turn, a row a cycle.
struct Times(Vec<Vec<f64>>);

impl Times {
    fn measure(load: &Load, cycles: usize, runs: &[Run<'_>]) -> Self {
        Self((0..cycles).map(|_| runs.iter().map(|run| time(load, run)).collect()).collect())
    }

    fn median(&self, run: usize) -> f64 {
        median(self.0.iter().map(|cycle| cycle[run]).collect())
    }

    /// The median of what one run takes by what another takes in the same cycle: other work on the machine slows both.
    fn ratio(&self, run: usize, by: usize) -> f64 {
        median(self.0.iter().map(|cycle| cycle[run] / cycle[by]).collect())
    }
}

fn decoding(cycles: usize) {
    println!("decode, ns a frame; hand: generated / by hand; tokio: tokio-util / generated; owned: tokio-util / generated, payload copied");
    println!("{:>8} {:>6} {:>10} {:>10} {:>10} {:>10} {:>6} {:>6} {:>6}", "payload", "chunk", "generated", "by hand", "owned", "tokio-util", "hand", "tokio", "owned");
    for payload in PAYLOADS {
        let load = load(payload, 1 << 21);
        for chunk in CHUNKS {
            let small = self::load(payload, 1 << 18);
            let load = if chunk < 64 { &small } else { &load };
            let runs: [Run<'_>; 4] = [
                &|load| generated(load, chunk),
                &|load| by_hand(load, chunk),
                &|load| owned(load, chunk),
                &|load| tokio_util(load, chunk),
            ];
            let times = Times::measure(load, cycles, &runs);
            print!("{payload:>8} {chunk:>6}");
            for run in 0..runs.len() {
                print!(" {:>10.1}", times.median(run));
            }
            println!(" {:>6.2} {:>6.2} {:>6.2}", times.ratio(0, 1), times.ratio(3, 0), times.ratio(3, 2));
        }
    }
}

fn nom(cycles: usize) {
    println!("nom, ns a frame; nom / generated");
    for (payload, chunk) in [(16, 1460), (64, 1460), (64, 65_536), (1024, 1460)] {
        let load = load(payload, 1 << 21);
        let runs: [Run<'_>; 2] = [&|load| generated(load, chunk), &|load| with_nom(load, chunk)];
        let times = Times::measure(&load, cycles, &runs);
        println!("{payload:>8} {chunk:>6} {:>10.1} {:>10.1} {:>6.2}", times.median(0), times.median(1), times.ratio(1, 0));
    }
}

/// Bodies as they come: nothing is copied.
fn in_pieces(load: &Load, chunk: usize) -> (usize, u64) {
    let (mut events, mut frames, mut sum) = (record::Events::new(), 0, 0_u64);
    let (mut first, mut last) = (None, 0);
    for mut part in load.stream.chunks(chunk) {
        while let Some(event) = events.next(&mut part).expect("a good stream") {
            match event {
                record::Event::Head(head) => sum = sum.wrapping_add(head.session).wrapping_add(u64::from(head.opcode)),
                record::Event::Body(body) => {
                    first = first.or(body.first().copied());
                    last = body[body.len() - 1];
                }
                record::Event::End => {
                    frames += 1;
                    sum = sum.wrapping_add(u64::from(first.take().unwrap_or(0)) + u64::from(last));
                }
            }
        }
    }
    (frames, sum)
}

fn events(cycles: usize) {
    println!("events, ns a frame; tokio-util / events");
    for (payload, chunk) in [(1024, 1460), (16_384, 1460), (65_536, 1460), (65_536, 65_536)] {
        let load = load(payload, 1 << 22);
        let runs: [Run<'_>; 2] = [&|load| in_pieces(load, chunk), &|load| tokio_util(load, chunk)];
        let times = Times::measure(&load, cycles, &runs);
        println!("{payload:>8} {chunk:>6} {:>10.1} {:>10.1} {:>6.2}", times.median(0), times.median(1), times.ratio(1, 0));
    }
}

fn lines(cycles: usize) {
    println!("lines, ns a line; LinesCodec / generated");
    for (size, chunk) in [(16, 1460), (64, 1460), (256, 1460), (1024, 65_536)] {
        let frames = (1 << 21) / size;
        let text: String = (0..size).map(|at| char::from(b'a' + (at % 26) as u8)).collect();
        let stream = format!("{text}\n").repeat(frames).into_bytes();
        let load = Load { stream, frames, sum: frames as u64 * (size as u64 + u64::from(b'a')) };
        let value = |text: &str| text.len() as u64 + u64::from(text.as_bytes()[0]);
        let runs: [Run<'_>; 2] = [
            &|load| {
                let (mut decoder, mut frames, mut sum) = (line::Decoder::new(), 0, 0);
                for mut part in load.stream.chunks(chunk) {
                    while let Some(frame) = decoder.next(&mut part).expect("a good stream") {
                        frames += 1;
                        sum += value(frame.line);
                    }
                }
                (frames, sum)
            },
            &|load| {
                let mut codec = LinesCodec::new_with_max_length(8192);
                let (mut buffer, mut frames, mut sum) = (BytesMut::new(), 0, 0);
                for part in load.stream.chunks(chunk) {
                    buffer.extend_from_slice(part);
                    while let Some(text) = codec.decode(&mut buffer).expect("a good stream") {
                        frames += 1;
                        sum += value(&text);
                    }
                }
                (frames, sum)
            },
        ];
        let times = Times::measure(&load, cycles, &runs);
        println!("{size:>8} {chunk:>6} {:>10.1} {:>10.1} {:>6.2}", times.median(0), times.median(1), times.ratio(1, 0));
    }
}

fn encoding(cycles: usize) {
    println!("encode, ns a frame; tokio-util / generated");
    for payload in [16, 64, 256, 1024, 16_384] {
        let body = vec![7_u8; payload];
        let frames = (1 << 22) / (payload + 13);
        let load = Load { stream: Vec::new(), frames, sum: (frames * (payload + 13)) as u64 };
        let runs: [Run<'_>; 2] = [
            &|load| {
                let (mut out, mut sum) = (Vec::with_capacity(1 << 17), 0);
                for index in 0..load.frames {
                    if out.len() > 1 << 16 {
                        sum += out.len() as u64;
                        out.clear();
                    }
                    let frame = record::Frame { session: index as u64, opcode: 1, payload: black_box(&body), ..Default::default() };
                    frame.encode(&mut out).expect("a frame of its size");
                }
                (load.frames, sum + out.len() as u64)
            },
            &|load| {
                let mut codec = LengthDelimitedCodec::builder().length_field_length(4).length_adjustment(9).new_codec();
                let (mut out, mut sum) = (BytesMut::with_capacity(1 << 17), 0);
                for index in 0..load.frames {
                    if out.len() > 1 << 16 {
                        sum += out.len() as u64;
                        out.clear();
                    }
                    let mut frame = BytesMut::with_capacity(9 + body.len());
                    bytes::BufMut::put_u64(&mut frame, index as u64);
                    bytes::BufMut::put_u8(&mut frame, 1);
                    frame.extend_from_slice(black_box(&body));
                    codec.encode(frame.freeze(), &mut out).expect("a frame of its size");
                }
                (load.frames, sum + out.len() as u64)
            },
        ];
        let times = Times::measure(&load, cycles, &runs);
        println!("{payload:>8} {:>10.1} {:>10.1} {:>6.2}", times.median(0), times.median(1), times.ratio(1, 0));
    }
}

fn main() {
    let cycles = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(5);
    decoding(cycles);
    nom(cycles);
    events(cycles);
    lines(cycles);
    encoding(cycles);
}
