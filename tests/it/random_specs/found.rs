//! What random specs have found, as plain cases. Expectations are read off `spec/README.md`.

use std::sync::Arc;

use framewright::interp::{Class, Decoder, End, Event, decode};
use framewright::model;
use framewright::oracle::{agree, split_invariant};
use framewright::plan::lower;

use crate::naive;

/// `frame end` or `class at` of each event, then how the stream ends.
#[track_caller]
fn means(rest: &str, stream: &[u8], expected: &[Seen], end: End) {
    let text = format!("framewright: 1\nname: found\n{rest}");
    let protocol = model::load(text.as_bytes()).unwrap();
    let plan = Arc::new(lower(&protocol));
    let outcome = decode(&plan, stream);
    let seen: Vec<Seen> = outcome
        .events
        .iter()
        .map(|event| match event {
            Event::Frame(frame) => Seen::Frame(frame.start, frame.end),
            Event::Reject { class, at } => Seen::Reject(*class, *at),
        })
        .collect();
    assert_eq!((seen.as_slice(), outcome.end), (expected, end));
    agree(&naive::decode(&protocol, stream), &outcome).unwrap();
    for cut in 0..=stream.len() {
        split_invariant(&plan, stream, &[cut]).unwrap();
    }
}

#[derive(Debug, PartialEq)]
enum Seen {
    Frame(u64, u64),
    Reject(Class, u64),
}
use Seen::{Frame, Reject};

#[test]
fn a_check_in_front_does_not_hide_the_constant_to_search_for() {
    let spec = "policy: { on_reject: resync }\nframe:\n  - check: kind != 3\n  - mark: bytes = \"ab\"\n  - kind: u8\n";
    means(spec, b"ab\x03ab\x01", &[Reject(Class::BadCheck, 2), Frame(3, 6)], End::Clean);
}

#[test]
fn a_check_behind_does_not_hide_the_delimiter_at_the_end() {
    let spec = "policy: { oversize: skip }
max_frame: 100
frame:
  - kind: u8
  - line: bytes until \"\\n\" max 2
  - check: kind != 3
";
    means(spec, b"\x01abc\n\x01\n", &[Reject(Class::DelimiterTooFar, 3), Frame(5, 7)], End::Clean);
}

#[test]
fn a_length_of_an_absent_body_claims_too_much_at_its_own_last_byte() {
    let spec = "max_frame: 100
frame:
  - flag: u8
  - length: u8 counts more..body
  - more: u16
  - body: bytes when flag == 1
";
    means(spec, &[0, 2, 9, 9], &[Frame(0, 4)], End::Clean);
    means(spec, &[0, 3], &[Reject(Class::OutOfRange, 1)], End::Rejected);
    means(spec, &[1, 3, 9, 9, 9], &[Frame(0, 5)], End::Clean);
}

#[test]
fn an_absent_body_is_told_by_a_flag_behind_the_length() {
    let spec = "max_frame: 100
frame:
  - length: u8 counts flag..body
  - flag: u8
  - more: u16
  - body: bytes when flag == 1
";
    means(spec, &[4, 0], &[Reject(Class::OutOfRange, 1)], End::Rejected);
    means(spec, &[3, 0, 9, 9], &[Frame(0, 4)], End::Clean);
}

#[test]
fn a_length_that_does_not_hold_itself_is_refused_before_checks() {
    let spec = "frame:\n  - length: u8 counts frame\n  - check: length == 5\n  - body: bytes\n";
    means(spec, &[0], &[Reject(Class::LengthTooSmall, 0)], End::Rejected);
    means(spec, &[2], &[Reject(Class::BadCheck, 0)], End::Rejected);
}

#[test]
fn padding_that_its_length_cannot_hold_is_refused_before_it() {
    let spec = "frame:
  - length: u8 counts frame
  - flag: u8
  - wide: pad to 4 when flag == 1
  - narrow: pad to 3
";
    means(spec, &[3, 1, 0, 0], &[Reject(Class::LengthTooSmall, 1)], End::Rejected);
    means(spec, &[6, 1, 0, 0, 0, 0], &[Frame(0, 6)], End::Clean);
}

#[test]
fn padding_never_leaves_the_largest_frame() {
    let spec = "max_frame: 5\nframe:\n  - one: u8\n  - name: bytes u8\n  - _: pad to 4\n";
    means(spec, &[9, 2, 1, 1], &[Frame(0, 4)], End::Clean);
    means(spec, &[9, 3, 1, 1, 1], &[Reject(Class::FrameTooLarge, 4)], End::Rejected);
}

const NESTED: &str = "policy: { on_reject: skip, oversize: skip }
max_frame: 20
frame:
  - kind: u8 in 1..=9
  - total: u8 counts inner..text
  - inner: u8 counts name
  - name: bytes
  - text: bytes until \"\\r\\n\" max 2
";

#[test]
fn a_refused_frame_is_discarded_by_its_first_length_whatever_else_it_claims() {
    let good = [1, 4, 1, b'n', b'\r', b'\n'];
    let bad_inner = [0, 4, 200, b'n', b'\r', b'\n'];
    means(NESTED, &[bad_inner, good].concat(), &[Reject(Class::OutOfRange, 0), Frame(6, 12)], End::Clean);
    let too_large = [0, 200, 1];
    means(NESTED, &too_large, &[Reject(Class::OutOfRange, 0)], End::Incomplete);
    let too_small = [0, 0, 1];
    means(NESTED, &too_small, &[Reject(Class::OutOfRange, 0)], End::Rejected);
}

#[test]
fn a_missing_delimiter_discards_the_frame_by_its_first_length() {
    let far = [1, 6, 0, b'a', b'b', b'c', b'd', b'e', 1, 3, 0, b'\r', b'\n'];
    means(NESTED, &far, &[Reject(Class::DelimiterTooFar, 6), Frame(8, 13)], End::Clean);
}

#[test]
fn a_refused_msgpack_object_is_discarded_by_the_length_around_it() {
    let spec = "policy: { on_reject: skip }
max_frame: 20
frame:
  - length: u8 counts object
  - object: msgpack
";
    means(spec, &[3, 0x91, 0xc1, 0, 1, 5], &[Reject(Class::BadBody, 2), Frame(4, 6)], End::Clean);
}

#[test]
fn a_frame_too_large_before_its_length_is_discarded_once_that_is_read() {
    let spec = "policy: { oversize: skip }
max_frame: 4
frame:
  - flag: u8
  - length: u8 counts extra..body
  - extra: u24 when flag == 1
  - body: bytes
";
    means(spec, &[1, 5, 0, 0, 0, 0, 0, 0, 1, 7], &[Reject(Class::FrameTooLarge, 0), Frame(7, 10)], End::Clean);
}

/// Its length claims 9 bytes of 11 that it must hold: no size to discard it by, whatever `on_reject` says.
#[test]
fn a_discarded_frame_of_an_impossible_size_ends_the_stream() {
    let spec = "policy: { oversize: skip, on_reject: resync }
max_frame: 19
frame:
  - mark: bytes = \"aab\"
  - flag: u16
  - length: u32 counts body..more
  - body: bytes
  - zero: u48 = 0
  - more: u40 when flag > 7
";
    let good = b"aab\0\0\0\0\0\x09aaa\0\0\0\0\0\0";
    let bad = b"aab\x01\x07\0\0\0\x09aaa\0\0\0\0\0\0";
    let stream = [&good[..], bad, good].concat();
    means(spec, &stream, &[Frame(0, 18), Reject(Class::FrameTooLarge, 22)], End::Rejected);
}

#[test]
fn a_refused_frame_is_passed_over_without_being_held() {
    let text = "framewright: 1
name: found
policy: { oversize: skip }
max_frame: 1000
frame:
  - flags: u8
  - blob: bytes[300000000] when flags
  - gap: pad[3] when flags
  - length: u16 counts body
  - body: bytes
";
    let mut decoder = Decoder::new(Arc::new(lower(&model::load(text.as_bytes()).unwrap())));
    let mut events = Vec::new();
    decoder.feed(&[1], &mut events);
    assert_eq!(events, [Event::Reject { class: Class::FrameTooLarge, at: 0 }]);
    let zeros = vec![0; 100_000];
    for left in (0..3000).rev() {
        decoder.feed(&zeros, &mut events);
        assert_eq!((decoder.buffered(), decoder.finish()), (0, End::Incomplete), "{left} more to come");
    }
    for (byte, held) in [(0, 0), (0, 0), (0, 0), (0, 1), (2, 0), (8, 0)] {
        assert_eq!(decoder.finish(), End::Incomplete);
        decoder.feed(&[byte], &mut events);
        assert_eq!(decoder.buffered(), held);
    }
    decoder.feed(&[9, 0, 0, 1, 7], &mut events);
    assert_eq!(decoder.finish(), End::Clean);
    let ends: Vec<u64> = events
        .iter()
        .filter_map(|event| if let Event::Frame(frame) = event { Some(frame.end) } else { None })
        .collect();
    assert_eq!(ends, [300_000_000 + 1 + 3 + 2 + 2 + 4]);
}

#[test]
fn a_refused_frame_without_a_length_is_passed_over_up_to_its_delimiter() {
    let spec = "max_frame: 12
policy: { on_reject: skip, oversize: skip }
frame:
  - kind: u8 in 1..=9
  - id: bytes[5]
  - line: bytes until \"\\r\\n\"
";
    let good = b"\x01abcdex\r\n".as_slice();
    let refused = b"\x00abcdexy\r\n".as_slice();
    means(spec, &[refused, good].concat(), &[Reject(Class::OutOfRange, 0), Frame(10, 19)], End::Clean);
    let far = b"\x00abcdexyzuvw\r\r\n".as_slice();
    means(spec, &[far, good].concat(), &[Reject(Class::OutOfRange, 0), Frame(15, 24)], End::Clean);
}

/// A constant or a delimiter of which the stream repeats nearly all.
fn repetitive(spec: &str) -> Decoder {
    let text = format!("framewright: 1\nname: found\n{spec}");
    Decoder::new(Arc::new(lower(&model::load(text.as_bytes()).unwrap())))
}

#[test]
fn searches_are_linear_in_the_bytes_however_they_repeat_and_are_cut() {
    let mark = format!("{}b", "a".repeat(2000));
    let marked = format!(
        "max_frame: 4000\npolicy: {{ on_reject: resync }}\nframe:\n  - mark: bytes = \"{mark}\"\n  - kind: u8 in 1..=2\n"
    );
    let ended = format!(
        "max_frame: 4000\npolicy: {{ oversize: skip }}\nframe:\n  - kind: u8\n  - line: bytes until \"{mark}\" max 5\n"
    );
    for (spec, bad, good) in [
        (marked, format!("{mark}\0"), format!("{mark}\x01")),
        (ended, format!("\x01{}", "x".repeat(2500)), format!("\x01x{mark}")),
    ] {
        for chunk in [1, 999, usize::MAX] {
            let mut decoder = repetitive(&spec);
            let mut events = Vec::new();
            let resume = if spec.contains("resync") { "" } else { &mark };
            let stream = [&bad, "a".repeat(300_000).as_str(), "c", resume, &good].concat();
            let began = std::time::Instant::now();
            for part in stream.as_bytes().chunks(chunk.min(stream.len())) {
                decoder.feed(part, &mut events);
            }
            assert!(began.elapsed().as_secs() < 5, "{:?} by {chunk} bytes", began.elapsed());
            let [Event::Reject { .. }, Event::Frame(frame)] = events.as_slice() else { panic!("{}", events.len()) };
            assert_eq!((frame.start, frame.end), ((stream.len() - good.len()) as u64, stream.len() as u64));
        }
    }
}
