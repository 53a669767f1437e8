//! Captures made by hand, byte by byte: what each means.

mod decode;
pub(crate) mod scenario;
pub(crate) mod writer;

use std::net::SocketAddr;

use framewright::capture::{Capture, Close, Event, Hole, MOST_CONNECTIONS, MOST_HELD};
use proptest::prelude::*;

use crate::random_specs::tape::Tape;
use scenario::{events, is_orderly, reassembles};
use writer::{FORMS, Flags, Form, LINKS, Writer, ip, tcp};

const PLAIN: Form = Form::Pcap { big: false, nano: false };
const SYN: Flags = Flags { syn: true, fin: false, rst: false, ack: None };
const FIN: Flags = Flags { syn: false, fin: true, rst: false, ack: None };
const RST: Flags = Flags { syn: false, fin: false, rst: true, ack: None };
const NONE: Flags = Flags { syn: false, fin: false, rst: false, ack: None };

fn client() -> SocketAddr {
    "10.0.0.1:41022".parse().unwrap()
}

fn server() -> SocketAddr {
    "10.0.0.2:5432".parse().unwrap()
}

/// What is told, a line an event.
fn lines(file: &[u8]) -> Vec<String> {
    let (events, end) = events(file, usize::MAX);
    let mut lines: Vec<String> = events.iter().map(line).collect();
    lines.extend(end.err().map(|fault| fault.to_string()));
    lines
}

fn line(event: &Event) -> String {
    match event {
        Event::Midstream { flow, packet } => format!("{} {flow} midstream at {packet}", flow.connection),
        Event::Bytes { flow, packet, bytes } => {
            format!("{} {flow} {packet} {}", flow.connection, String::from_utf8_lossy(bytes))
        }
        Event::Missing { flow, hole } => {
            let Hole { at, bytes, after, before, behind, cut } = hole;
            format!("{} {flow} lacks {bytes} at {at}, {after:?} {before:?}, {behind} behind, {cut:?}", flow.connection)
        }
        Event::End { flow, close } => format!("{} {flow} {}", flow.connection, close.word()),
        Event::Skipped { packet, why } => format!("skipped {packet}: {why}"),
    }
}

/// Segments of the client's stream: sequence number, flags, payload, bytes lost.
#[track_caller]
fn check(segments: &[(u32, Flags, &str, usize)], expected: &[&str]) {
    let mut writer = Writer::new(PLAIN, 101);
    for (sequence, flags, payload, lost) in segments {
        writer.tcp(client(), server(), *sequence, *flags, payload.as_bytes(), *lost);
    }
    let expected: Vec<String> =
        expected.iter().map(|line| line.replace("C>S", "10.0.0.1:41022>10.0.0.2:5432")).collect();
    assert_eq!(lines(&writer.bytes), expected);
}

#[test]
fn every_form_and_every_link_layer_tell_the_same() {
    for form in FORMS {
        for (link, tags) in LINKS.into_iter().flat_map(|link| [(link, 0), (link, 1), (link, 2)]) {
            let (from, to): (SocketAddr, SocketAddr) = if link == 229 {
                ("[fe80::1]:41022".parse().unwrap(), "[fe80::2]:5432".parse().unwrap())
            } else {
                (client(), server())
            };
            let mut writer = Writer::new(form, link);
            writer.tags = tags;
            writer.tcp(from, to, 99, SYN, b"", 0);
            writer.tcp(from, to, 100, NONE, b"ab", 0);
            writer.tcp(from, to, 102, FIN, b"c", 0);
            assert!(Capture::is_one(&writer.bytes));
            let told = [format!("1 {from}>{to} 2 ab"), format!("1 {from}>{to} 3 c"), format!("1 {from}>{to} fin")];
            assert_eq!(lines(&writer.bytes), told, "{form:?} {link} {tags}");
        }
    }
}

#[test]
fn what_is_no_capture() {
    for text in [&b""[..], b"\n\r\r\n", b"\n\r\r\nGET / HTTP/1.1\r\n", b"\xa1\xb2\xc3", b"SWOOLE"] {
        assert!(!Capture::is_one(text));
    }
    let (events, end) = events(b"GET / HTTP/1.1\r\n", 3);
    assert_eq!(
        (events.len(), end.unwrap_err().to_string().as_str()),
        (0, "packet 1, at byte 0: neither pcap nor pcapng: its first bytes are of neither")
    );
}

#[test]
fn segments_come_in_any_order_and_more_than_once() {
    let in_order = ["1 C>S 2 abc", "1 C>S 3 def", "1 C>S fin"];
    check(&[(9, SYN, "", 0), (10, NONE, "abc", 0), (13, FIN, "def", 0)], &in_order);
    check(
        &[(9, SYN, "", 0), (10, NONE, "abc", 0), (10, NONE, "abc", 0), (9, SYN, "", 0), (13, FIN, "def", 0)],
        &["1 C>S 2 abc", "1 C>S 5 def", "1 C>S fin"],
    );
    // The first packet of the two holds its bytes, though it can be told only after the second.
    check(&[(9, SYN, "", 0), (13, FIN, "def", 0), (10, NONE, "abc", 0)], &["1 C>S 3 abc", "1 C>S 2 def", "1 C>S fin"]);
    check(
        &[(9, SYN, "", 0), (16, FIN, "", 0), (13, NONE, "def", 0), (10, NONE, "abc", 0)],
        &["1 C>S 4 abc", "1 C>S 3 def", "1 C>S fin"],
    );
}

#[test]
fn of_bytes_that_are_captured_twice_the_first_count() {
    let syn = (9, SYN, "", 0);
    check(&[syn, (10, NONE, "abc", 0), (11, NONE, "XYd", 0)], &["1 C>S 2 abc", "1 C>S 3 d", "1 C>S open"]);
    check(
        &[syn, (12, NONE, "c", 0), (11, NONE, "bXd", 0), (10, NONE, "aYYY", 0)],
        &["1 C>S 4 a", "1 C>S 3 b", "1 C>S 2 c", "1 C>S 3 d", "1 C>S open"],
    );
    // Two pieces and the holes around them are covered by one segment that comes last.
    check(
        &[syn, (12, NONE, "c", 0), (14, NONE, "e", 0), (11, NONE, "bCdEf", 0), (10, NONE, "a", 0)],
        &["1 C>S 5 a", "1 C>S 4 b", "1 C>S 2 c", "1 C>S 4 d", "1 C>S 3 e", "1 C>S 4 f", "1 C>S open"],
    );
}

#[test]
fn sequence_numbers_wrap() {
    let end = u32::MAX;
    check(
        &[(end - 1, SYN, "", 0), (2, FIN, "def", 0), (end, NONE, "abc", 0)],
        &["1 C>S 3 abc", "1 C>S 2 def", "1 C>S fin"],
    );
    check(&[(end, SYN, "", 0), (0, NONE, "abc", 0), (end, SYN, "", 0)], &["1 C>S 2 abc", "1 C>S open"]);
}

#[test]
fn what_is_missing_is_told_with_its_place() {
    let syn = (9, SYN, "", 0);
    check(
        &[syn, (10, NONE, "abc", 0), (20, NONE, "kl", 0), (30, FIN, "u", 0)],
        &["1 C>S 2 abc", "1 C>S lacks 7 at 3, Some(2) Some(3), 3 behind, None", "1 C>S open"],
    );
    // Only the FIN tells of it.
    check(&[syn, (15, FIN, "", 0)], &["1 C>S lacks 5 at 0, None None, 0 behind, None", "1 C>S open"]);
    // The capture kept a part of a packet; then all of it came once more.
    check(
        &[syn, (10, NONE, "abcdef", 2)],
        &["1 C>S 2 abcd", "1 C>S lacks 2 at 4, Some(2) None, 0 behind, Some(2)", "1 C>S open"],
    );
    check(&[syn, (10, NONE, "abcdef", 2), (10, NONE, "abcdef", 0)], &["1 C>S 2 abcd", "1 C>S 3 ef", "1 C>S open"]);
    // So little that the header of TCP is not whole.
    check(
        &[syn, (10, NONE, "abcdef", 8)],
        &["skipped 2: the capture kept too little of it to hold its headers; capture with `-s 0`", "1 C>S open"],
    );
}

#[test]
fn what_the_receiver_acknowledged_was_sent() {
    let mut writer = Writer::new(PLAIN, 1);
    writer.tcp(client(), server(), 9, SYN, b"", 0);
    writer.tcp(client(), server(), 10, NONE, b"abc", 0);
    let mut whole = writer.clone();
    whole.tcp(server(), client(), 0, Flags { ack: Some(14), ..NONE }, b"", 0);
    let told = ["1 10.0.0.1:41022>10.0.0.2:5432 2 abc", "1 10.0.0.1:41022>10.0.0.2:5432 open"];
    // One more may be the FIN.
    assert_eq!(lines(&whole.bytes), told);
    writer.tcp(server(), client(), 0, Flags { ack: Some(20), ..NONE }, b"", 0);
    assert_eq!(lines(&writer.bytes)[1], "1 10.0.0.1:41022>10.0.0.2:5432 lacks 7 at 3, Some(2) None, 0 behind, None");
}

#[test]
fn a_capture_that_starts_midstream_says_so() {
    check(
        &[(10, NONE, "abc", 0), (5, NONE, "vwxyzab", 0), (13, NONE, "d", 0)],
        &[
            "1 C>S midstream at 1",
            "1 C>S 1 abc",
            "skipped 2: data in front of the first byte captured of C>S; capture from the connection's start",
            "1 C>S 3 d",
            "1 C>S open",
        ],
    );
}

#[test]
fn a_reset_ends_both_streams() {
    let mut writer = Writer::new(PLAIN, 113);
    writer.tcp(client(), server(), 9, SYN, b"", 0);
    writer.tcp(server(), client(), 70, Flags { ack: Some(10), ..SYN }, b"", 0);
    writer.tcp(client(), server(), 10, NONE, b"abc", 0);
    writer.tcp(server(), client(), 71, RST, b"", 0);
    writer.tcp(client(), server(), 10, NONE, b"abcd", 0);
    let told = lines(&writer.bytes).join("\n").replace("10.0.0.1:41022", "C").replace("10.0.0.2:5432", "S");
    assert_eq!(told, "1 C>S 3 abc\n1 C>S reset\n1 S>C reset\nskipped 5: data behind the end of C>S");
}

#[test]
fn addresses_are_used_again() {
    let syn = (9, SYN, "", 0);
    let ended = [syn, (10, FIN, "ab", 0), (900, SYN, "", 0), (901, NONE, "cd", 0)];
    check(&ended, &["1 C>S 2 ab", "1 C>S fin", "2 C>S 4 cd", "2 C>S open"]);
    let open = [syn, (10, NONE, "ab", 0), (20, NONE, "k", 0), (900, SYN, "", 0), (901, NONE, "cd", 0)];
    let lacks = "1 C>S lacks 8 at 2, Some(2) Some(3), 1 behind, None";
    check(&open, &["1 C>S 2 ab", lacks, "1 C>S reused", "2 C>S 5 cd", "2 C>S open"]);
    check(
        &[syn, (10, FIN, "ab", 0), (12, NONE, "c", 0)],
        &["1 C>S 2 ab", "1 C>S fin", "skipped 3: data behind the end of C>S"],
    );
    check(
        &[syn, (0x7000_0000, NONE, "c", 0)],
        &["skipped 2: a sequence number outside every window of C>S", "1 C>S open"],
    );
}

#[test]
fn what_cannot_be_read_is_told_and_what_is_not_tcp_is_passed_over() {
    let segment = tcp(client(), server(), 9, NONE, b"abc");
    let whole = ip(client(), server(), 6, &segment);
    let mut writer = Writer::new(PLAIN, 101);
    writer.ip(&ip(client(), server(), 17, b"a datagram of UDP"), 0);
    let mut fragment = whole.clone();
    fragment[6] = 0x20;
    writer.ip(&fragment, 0);
    let mut short = whole.clone();
    short[32] = 0x10;
    writer.ip(&short, 0);
    let mut version = whole.clone();
    version[0] = 0x95;
    writer.ip(&version, 0);
    writer.ip(&whole, 0);
    let told = lines(&writer.bytes);
    assert_eq!(
        told[0],
        "skipped 2: an IP fragment of TCP, and fragments are not put together; capture where packets are whole"
    );
    assert!(told[1].starts_with("skipped 3: a header that contradicts itself: "), "{told:?}");
    assert!(told[2].starts_with("skipped 4: a header that contradicts itself: "), "{told:?}");
    assert_eq!(told[4], "1 10.0.0.1:41022>10.0.0.2:5432 5 abc");
    assert_eq!(told.len(), 6);

    let mut writer = Writer::new(Form::Pcapng { big: true, simple: false }, 189);
    (0..3).for_each(|_| writer.frame(&[0; 64], 64));
    let told = "skipped 1: link type 189 is not read, here and in what follows; capture Ethernet, raw IP, Linux cooked or loopback";
    assert_eq!(lines(&writer.bytes), [told]);
}

#[test]
fn extension_headers_of_ipv6_are_passed_over() {
    let (from, to): (SocketAddr, SocketAddr) = ("[::1]:41022".parse().unwrap(), "[::1]:5432".parse().unwrap());
    let segment = tcp(from, to, 9, NONE, b"abc");
    // Hop-by-hop options and destination options, then an atomic fragment (RFC 6946), which is whole.
    let options = [60, 0, 1, 4, 0, 0, 0, 0, 44, 0, 1, 4, 0, 0, 0, 0];
    let mut writer = Writer::new(PLAIN, 1);
    writer.ip(&ip(from, to, 0, &[&options[..], &[6, 0, 0, 0, 0, 0, 0, 7], &segment].concat()), 0);
    writer.ip(&ip(from, to, 0, &[&options[..], &[6, 0, 0, 1, 0, 0, 0, 7], &segment].concat()), 0);
    let told = lines(&writer.bytes);
    assert_eq!(told[1], "1 [::1]:41022>[::1]:5432 1 abc");
    assert!(told[2].starts_with("skipped 2: an IP fragment of TCP"), "{told:?}");
}

#[test]
fn lengths_that_the_network_card_fills_in_are_those_of_the_packet() {
    let mut whole = ip(client(), server(), 6, &tcp(client(), server(), 9, NONE, b"abcdef"));
    whole[2..4].fill(0);
    let mut writer = Writer::new(PLAIN, 101);
    writer.ip(&whole, 0);
    writer.ip(&whole, 1);
    assert_eq!(lines(&writer.bytes)[1], "1 10.0.0.1:41022>10.0.0.2:5432 1 abcdef");
}

#[test]
fn a_damaged_file_tells_where() {
    let mut writer = Writer::new(PLAIN, 101);
    writer.tcp(client(), server(), 9, SYN, b"", 0);
    writer.tcp(client(), server(), 10, NONE, b"abc", 0);
    let last = |file: &[u8]| lines(file).pop().unwrap();
    let cut = "packet 2, at byte 84: the file ends inside of what begins here, 62 bytes of it are there; what came before is complete, copy the rest";
    assert_eq!(last(&writer.bytes[..writer.bytes.len() - 1]), cut);
    assert_eq!(last(&writer.bytes[..9]), cut.replace("packet 2, at byte 84", "packet 1, at byte 0").replace("62", "9"));
    let mut huge = writer.bytes.clone();
    huge[84 + 8..84 + 12].fill(0x7f);
    assert!(last(&huge).starts_with("packet 2, at byte 84: a record of pcap claims "), "{}", last(&huge));
    let mut version = writer.bytes.clone();
    version[4] = 3;
    assert!(last(&version).starts_with("packet 1, at byte 0: version 3.4 of pcap; "));

    let mut writer = Writer::new(Form::Pcapng { big: false, simple: false }, 101);
    writer.tcp(client(), server(), 9, SYN, b"", 0);
    let at = writer.bytes.len();
    let place = format!("packet 2, at byte {at}: ");
    let with = |kind: u32, body: &[u32]| {
        let mut writer = writer.clone();
        writer.bytes.truncate(at);
        writer.block(kind, &body.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>());
        last(&writer.bytes)
    };
    assert_eq!(
        with(6, &[1, 0, 0, 0, 0]),
        format!("{place}a packet of interface 1, which was not described: the file is damaged")
    );
    assert!(with(6, &[0, 0, 0, 9, 9]).starts_with(&format!("{place}a block of pcapng is malformed (")));
    assert!(with(6, &[0]).starts_with(&format!("{place}a block of pcapng is malformed (")));
    assert!(with(2, &[0, 0]).starts_with(&format!("{place}a packet block of the kind that is obsolete")));
    // Blocks of other kinds are passed over.
    assert_eq!(with(0x0bad, &[1, 2]), "1 10.0.0.1:41022>10.0.0.2:5432 open");
    let mut odd = writer;
    [6, 33].into_iter().for_each(|word| odd.u32(word));
    odd.u32(0);
    assert_eq!(last(&odd.bytes), format!("{place}a block of pcapng claims 33 bytes: the file is damaged"));
}

#[test]
fn a_section_of_the_other_byte_order_may_follow() {
    let mut first = Writer::new(Form::Pcapng { big: false, simple: false }, 101);
    first.tcp(client(), server(), 9, SYN, b"", 0);
    let mut second = Writer::new(Form::Pcapng { big: true, simple: true }, 1);
    second.tcp(client(), server(), 10, FIN, b"abc", 0);
    first.bytes.extend(second.bytes);
    let told = ["1 10.0.0.1:41022>10.0.0.2:5432 2 abc", "1 10.0.0.1:41022>10.0.0.2:5432 fin"];
    assert_eq!(lines(&first.bytes), told);
}

/// Each of the connections but the last has a SYN and nothing else.
#[test]
fn the_oldest_connection_makes_room() {
    let mut writer = Writer::new(PLAIN, 101);
    for number in 0..=MOST_CONNECTIONS {
        let from = SocketAddr::new([10, 1, (number >> 8) as u8, number as u8].into(), 1 + (number >> 16) as u16);
        writer.tcp(from, server(), 9, SYN, b"", 0);
    }
    let (events, end) = events(&writer.bytes, 1 << 16);
    assert_eq!((events.len(), end), (MOST_CONNECTIONS + 1, Ok(())));
    let closes: Vec<(u64, Close)> = events
        .iter()
        .map(|event| match event {
            Event::End { flow, close } => (flow.connection, *close),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(closes[0], (1, Close::Dropped));
    assert!(closes[1..].iter().zip(2..).all(|(told, number)| *told == (number, Close::Open)));
}

#[test]
fn what_is_behind_a_hole_is_bounded() {
    let mut capture = Capture::new();
    let (mut events, payload) = (Vec::new(), vec![7; 60_000]);
    let mut most = 0;
    for number in 0..=MOST_HELD as u32 / 60_000 + 2 {
        let mut writer = Writer::new(PLAIN, 101);
        if number > 0 {
            writer.bytes.clear();
        }
        let flags = if number == 0 { SYN } else { NONE };
        writer.tcp(client(), server(), 9 + number * 60_000, flags, if number == 0 { b"" } else { &payload }, 0);
        capture.feed(&writer.bytes, &mut events).unwrap();
        most = most.max(capture.buffered());
    }
    assert!(most <= MOST_HELD, "{most}");
    let told: Vec<String> = events.iter().map(line).collect();
    let behind = (MOST_HELD / 60_000 + 1) * 60_000;
    let flow = "1 10.0.0.1:41022>10.0.0.2:5432";
    assert_eq!(told, [format!("{flow} lacks 59999 at 0, None Some(2), {behind} behind, None"), format!("{flow} full")]);
    assert_eq!(capture.buffered(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_stream_in_any_segments_comes_back(tape in proptest::collection::vec(any::<u8>(), 0..400)) {
        reassembles(&mut Tape::new(&tape));
    }

    #[test]
    fn any_damage_is_met_in_order(
        (form, link, cut) in (0..FORMS.len(), 0..LINKS.len(), 1..200_usize),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut writer = Writer::new(FORMS[form], if LINKS[link] == 229 { 1 } else { LINKS[link] });
        writer.tcp(client(), server(), 9, SYN, b"", 0);
        writer.tcp(client(), server(), 13, NONE, b"def", 0);
        writer.tcp(client(), server(), 10, NONE, b"abc", 0);
        writer.tcp(server(), client(), 1, FIN, b"xyz", 0);
        for (at, byte) in damage {
            let at = at.index(writer.bytes.len());
            writer.bytes[at] = byte;
        }
        is_orderly(&writer.bytes, cut);
    }
}
