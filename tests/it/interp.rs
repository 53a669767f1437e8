//! The reference codec on plans written by hand: every offset below is derived from the bytes, not from the code.

use std::sync::Arc;

use framewright::interp::{
    Class, Decoder, EncodeClass, End, Event, Measure, decode, encode, fields_from_json, fields_to_json, inputs, measure,
};
use framewright::plan::{
    Accept, Binary, BitPart, Bound, Codec, Content, Demand, Emit, Endian, EnumDef, EnumId, Expr, IntType, Kind,
    OnReject, Op, OpKind, Oversize, PadSize, Peers, Plan, Policy, Region, RegionId, Size, SizeExpr, SizeTerm, Slot,
    SlotId, Source,
};
use framewright::value::{from_hex, to_hex};
use serde_json::{Value as Json, json};

const R0: RegionId = RegionId(0);
const R1: RegionId = RegionId(1);

fn int(bytes: u8) -> IntType {
    IntType { bytes, signed: false, endian: Endian::Big }
}

fn op(kind: OpKind) -> Op {
    Op { guard: None, kind }
}

fn slot(name: &str, kind: Kind, source: Source) -> Slot {
    Slot { name: name.into(), doc: String::new(), kind, source, names: None, hidden: false, mask: None }
}

fn input(name: &str, kind: Kind) -> Slot {
    slot(name, kind, Source::Input)
}

fn region(what: &str, length: usize, plus: i64, unit: u64) -> Region {
    Region { what: what.into(), length: SlotId(length), plus, unit, sentinel: None }
}

fn read(slot: usize, bytes: u8) -> Op {
    judged(slot, bytes, Accept::Any)
}

fn judged(slot: usize, bytes: u8, accept: Accept) -> Op {
    op(OpKind::Int { slot: SlotId(slot), int: int(bytes), accept })
}

fn constant(slot: usize, bytes: &[u8]) -> Op {
    op(OpKind::Const { slot: SlotId(slot), bytes: bytes.to_vec() })
}

fn rest(slot: usize, region: RegionId, tail: u64, codec: Codec) -> Op {
    let size = Size::Rest(bound(Some(region), tail, vec![]));
    op(OpKind::Bytes { slot: SlotId(slot), size, content: Content::Always(codec) })
}

fn bound(region: Option<RegionId>, fixed: u64, terms: Vec<SizeTerm>) -> Bound {
    Bound { region, tail: SizeExpr { fixed, terms } }
}

fn fit(region: Option<RegionId>, fixed: u64, terms: Vec<SizeTerm>, exact: bool) -> Op {
    op(OpKind::Fit { bound: bound(region, fixed, terms), exact })
}

fn claim(region: RegionId) -> Op {
    op(OpKind::Claim(region))
}

fn open(region: RegionId) -> Op {
    op(OpKind::Open(region))
}

fn close(region: RegionId) -> Op {
    op(OpKind::Close(region))
}

fn value(slot: usize) -> Expr {
    Expr::Slot(SlotId(slot))
}

fn binary(operator: Binary, left: Expr, right: Expr) -> Expr {
    Expr::Binary(operator, Box::new(left), Box::new(right))
}

fn plan(max_frame: u64, min_frame: u64, slots: Vec<Slot>, regions: Vec<Region>, ops: Vec<Op>) -> Plan {
    Plan {
        name: "test".into(),
        doc: String::new(),
        max_frame,
        largest: max_frame,
        min_frame,
        enums: vec![],
        slots,
        regions,
        session: vec![],
        sums: vec![],
        marks: 0,
        ops,
        emit: Emit::Frame,
        policy: Policy { oversize: Oversize::Close, on_reject: OnReject::Close },
        peers: Peers::default(),
    }
}

/// `magic: u16 = 0xCAFE`, `version: u8 in 1..=2`, `codec: u8 as { 0: raw, 1: json, 2: msgpack }`, `length: u8 counts body`,
/// `body: bytes via codec`; at most 12 bytes.
fn record() -> Plan {
    let body = Content::By(SlotId(2), vec![(0, Codec::Raw), (1, Codec::Json), (2, Codec::Msgpack)]);
    let mut plan = plan(
        12,
        5,
        vec![
            slot("magic", Kind::Int(int(2)), Source::Const(0xCAFE)),
            input("version", Kind::Int(int(1))),
            input("codec", Kind::Int(int(1))),
            slot("length", Kind::Int(int(1)), Source::Length(R0)),
            input("body", Kind::Bytes),
        ],
        vec![region("body", 3, 0, 1)],
        vec![
            constant(0, &[0xca, 0xfe]),
            judged(1, 1, Accept::Range(1, 2)),
            judged(2, 1, Accept::Enum(EnumId(0))),
            read(3, 1),
            claim(R0),
            fit(Some(R0), 0, vec![], false),
            fit(None, 0, vec![SizeTerm::Whole(R0)], true),
            open(R0),
            op(OpKind::Bytes { slot: SlotId(4), size: Size::Rest(bound(Some(R0), 0, vec![])), content: body }),
            close(R0),
        ],
    );
    let members = vec![(0, "raw".into()), (1, "json".into()), (2, "msgpack".into())];
    plan.enums = vec![EnumDef { name: "Codec".into(), members, other: None, texts: Vec::new() }];
    plan
}

/// `total: u16 counts kind..body`, `kind: u8`, `header_length: u8 counts header`, `header: bytes`, `body: bytes`; at most 40 bytes.
fn nested() -> Plan {
    plan(
        40,
        4,
        vec![
            slot("total", Kind::Int(int(2)), Source::Length(R0)),
            input("kind", Kind::Int(int(1))),
            slot("header_length", Kind::Int(int(1)), Source::Length(R1)),
            input("header", Kind::Bytes),
            input("body", Kind::Bytes),
        ],
        vec![region("kind..body", 0, 0, 1), region("header", 2, 0, 1)],
        vec![
            read(0, 2),
            claim(R0),
            fit(Some(R0), 2, vec![], false),
            fit(None, 0, vec![SizeTerm::Whole(R0)], true),
            open(R0),
            read(1, 1),
            read(2, 1),
            claim(R1),
            fit(Some(R1), 0, vec![], false),
            fit(None, 0, vec![SizeTerm::Rest(R0)], true),
            fit(Some(R0), 0, vec![SizeTerm::Whole(R1)], false),
            open(R1),
            rest(3, R1, 0, Codec::Raw),
            close(R1),
            rest(4, R0, 0, Codec::Raw),
            close(R0),
        ],
    )
}

/// `length: u8 counts frame plus -1`, `payload: bytes`, `end: u8 = 0xCE`: value × 1 = counted − 1. At most 20 bytes.
fn trailer() -> Plan {
    plan(
        20,
        2,
        vec![
            slot("length", Kind::Int(int(1)), Source::Length(R0)),
            input("payload", Kind::Bytes),
            slot("end", Kind::Int(int(1)), Source::Const(0xCE)),
        ],
        vec![region("frame", 0, -1, 1)],
        vec![
            open(R0),
            read(0, 1),
            claim(R0),
            fit(Some(R0), 1, vec![], false),
            fit(None, 0, vec![SizeTerm::Rest(R0)], true),
            rest(1, R0, 1, Codec::Raw),
            constant(2, &[0xCE]),
            close(R0),
        ],
    )
}

fn until(delimiters: &[&str], kept: bool, max: Option<u64>, room: Vec<Bound>) -> Size {
    let delimiters = delimiters.iter().map(|each| each.as_bytes().to_vec()).collect();
    Size::Until { delimiters, kept, max, room }
}

/// `line: str until DELIMITERS max MAX`, emitted.
fn line(delimiters: &[&str], kept: bool, max: Option<u64>) -> Plan {
    let size = until(delimiters, kept, max, vec![bound(None, 0, vec![])]);
    let content = Content::Always(Codec::Utf8);
    let bytes = op(OpKind::Bytes { slot: SlotId(0), size, content });
    let mut plan = plan(16, 1, vec![input("line", Kind::Text)], vec![], vec![bytes]);
    plan.emit = Emit::Value(SlotId(0));
    plan
}

/// `object: msgpack`; at most 12 bytes.
fn object() -> Plan {
    let kind = OpKind::Msgpack { slot: SlotId(0), room: vec![bound(None, 0, vec![])] };
    plan(12, 1, vec![input("object", Kind::Bytes)], vec![], vec![op(kind)])
}

/// `bits: { order: msb, of: [ { flag: b1 in 0..=1 }, { stream: b7 counts body unit 2 } ] }`, `extra: u8 when flag`, `pad to 4`,
/// `body: bytes`, `check: extra < 8`; at most 30 bytes.
fn bits() -> Plan {
    let accept = Accept::Any;
    let flag = BitPart { slot: SlotId(0), shift: 7, width: 1, accept };
    let stream = BitPart { slot: SlotId(1), shift: 0, width: 7, accept };
    let padding = Slot { hidden: true, ..slot("pad", Kind::Bytes, Source::Zero) };
    plan(
        30,
        4,
        vec![
            input("flag", Kind::Bits(1)),
            slot("stream", Kind::Bits(7), Source::Length(R0)),
            input("extra", Kind::Int(int(1))),
            padding,
            input("body", Kind::Bytes),
        ],
        vec![region("body", 1, 0, 2)],
        vec![
            op(OpKind::Bits { int: int(1), parts: vec![flag, stream] }),
            claim(R0),
            fit(None, 3, vec![SizeTerm::Whole(R0)], true),
            Op { guard: Some(value(0)), kind: read(2, 1).kind },
            op(OpKind::Check(binary(Binary::Lt, value(2), Expr::Int(8)), Demand::Check)),
            op(OpKind::Pad { slot: SlotId(3), size: PadSize::Align(4), room: Vec::new() }),
            open(R0),
            rest(4, R0, 0, Codec::Raw),
            close(R0),
        ],
    )
}

fn bytes(hex: &str) -> Vec<u8> {
    from_hex(&hex.replace(' ', "")).expect("hex")
}

fn show(events: &[Event], end: End) -> String {
    let mut words: Vec<String> = events
        .iter()
        .map(|event| match event {
            Event::Frame(frame) => format!("{}..{}:{}", frame.start, frame.end, to_hex(&frame.emitted)),
            Event::Reject { class, at } => format!("{class}@{at}"),
        })
        .collect();
    words.push(match end {
        End::Clean => ".".into(),
        End::Incomplete => "+".into(),
        End::Rejected => "x".into(),
    });
    words.join(" ")
}

/// The stream means this, however it is cut.
#[track_caller]
fn check(plan: Plan, stream: &str, expected: &str) {
    let (plan, stream) = (Arc::new(plan), bytes(stream));
    let whole = decode(&plan, &stream);
    assert_eq!(show(&whole.events, whole.end), expected);
    means_the_same_however_cut(&plan, &stream, 1 << 13);
    first_frame_is_monotone(&plan, &stream);
}

/// Every event comes with its byte; in so many segmentations, all of them if there are no more, the events are the same, and so is
/// the state of the decoder at each cut.
#[track_caller]
pub(crate) fn means_the_same_however_cut(plan: &Arc<Plan>, stream: &[u8], segmentations: usize) {
    let whole = decode(plan, stream);
    let mut drip = Decoder::new(Arc::clone(plan));
    let mut states = vec![drip.clone()];
    for (at, byte) in stream.iter().enumerate() {
        let mut events = Vec::new();
        drip.feed(&[*byte], &mut events);
        drip.feed(&[], &mut events);
        for event in events {
            let last = match event {
                Event::Frame(frame) => frame.end - 1,
                Event::Reject { at, .. } => at,
            };
            assert_eq!(last, at as u64, "the event of byte {at}");
        }
        states.push(drip.clone());
    }
    let places = stream.len().saturating_sub(1);
    let all = 1_usize.checked_shl(u32::try_from(places).expect("a short stream")).unwrap_or(usize::MAX);
    for index in 0..all.min(segmentations) {
        let cuts = if all <= segmentations { index } else { index.wrapping_mul(0x9E37_79B9_7F4A_7C15) };
        let (mut decoder, mut events, mut from) = (Decoder::new(Arc::clone(plan)), Vec::new(), 0);
        for to in 1..=stream.len() {
            if to == stream.len() || cuts.rotate_right(u32::try_from(to - 1).expect("a short stream")) & 1 == 1 {
                decoder.feed(&stream[from..to], &mut events);
                assert!(decoder == states[to], "the state at {to} with cuts {cuts:b}");
                from = to;
            }
        }
        assert_eq!((events, decoder.finish()), (whole.events.clone(), whole.end), "cuts {cuts:b}");
    }
}

#[track_caller]
pub(crate) fn first_frame_is_monotone(plan: &Plan, stream: &[u8]) {
    let answers: Vec<Measure> = (0..=stream.len()).map(|to| measure(plan, &stream[..to])).collect();
    let settled = answers.iter().position(|answer| !matches!(answer, Measure::Need(_))).unwrap_or(answers.len());
    assert!(answers[settled..].iter().all(|answer| *answer == answers[settled]), "an answer never changes");
    for (have, answer) in answers.iter().enumerate() {
        match *answer {
            Measure::Need(more) => {
                let end = have + usize::try_from(more).expect("a small frame");
                let lower_bound =
                    more > 0 && !matches!(answers.get(settled), Some(Measure::Frame(frame)) if end > *frame);
                assert!(lower_bound, "{more} more at {have}");
            }
            Measure::Frame(end) => assert_eq!(end, settled, "known by the feed of its last byte"),
            Measure::Reject(_, at) => assert_eq!(at + 1, settled, "known by the feed of its byte"),
        }
    }
}

fn with(mut plan: Plan, oversize: Oversize, on_reject: OnReject) -> Plan {
    plan.policy = Policy { oversize, on_reject };
    plan
}

fn skip(plan: Plan) -> Plan {
    with(plan, Oversize::Skip, OnReject::Skip)
}

fn resync(plan: Plan) -> Plan {
    with(plan, Oversize::Close, OnReject::Resync)
}

#[test]
fn frames_come_out_however_they_are_coalesced() {
    check(record(), "", ".");
    check(record(), "cafe 01 00 02 aabb", "0..7:cafe010002aabb .");
    check(record(), "cafe 01 00 00 cafe 02 00 00", "0..5:cafe010000 5..10:cafe020000 .");
    check(record(), "cafe 01 00 00 cafe 02", "0..5:cafe010000 +");
    check(record(), "cafe 01 00 01", "+");
}

#[test]
fn each_value_is_refused_at_its_byte() {
    check(record(), "cb", "bad-const@0 x");
    check(record(), "ca ff 01 00 00", "bad-const@1 x");
    check(record(), "cafe 00", "out-of-range@2 x");
    check(record(), "cafe 03 09", "out-of-range@2 x");
    check(record(), "cafe 01 03", "bad-enum@3 x");
    check(record(), "cafe 01 00 08", "frame-too-large@4 x");
    check(record(), "cafe 01 00 07 01020304050607", "0..12:cafe01000701020304050607 .");
    check(record(), "cafe 01 00 00 cafe 01 00 01 aa cb", "0..5:cafe010000 5..11:cafe010001aa bad-const@11 x");
}

#[test]
fn a_body_is_judged_at_its_last_byte() {
    check(record(), "cafe 01 01 02 7b7d", "0..7:cafe0101027b7d .");
    check(record(), "cafe 01 01 02 7b7b", "bad-body@6 x");
    check(record(), "cafe 01 01 00", "bad-body@4 x");
    check(record(), "cafe 01 02 03 92c0c0", "0..8:cafe01020392c0c0 .");
    check(record(), "cafe 01 02 03 91c0c0", "bad-body@7 x");
    check(record(), "cafe 01 02 02 92c0", "bad-body@6 x");
}

#[test]
fn json_is_a_text_of_the_grammar_at_most_128_deep() {
    let mut plan = record();
    plan.max_frame = 1000;
    plan.regions[0].unit = 2;
    let deep = |string: &str, depth| format!("[{string},{}{}]", "[".repeat(depth), "]".repeat(depth));
    for (text, passes) in [
        ("[1e999]", true),
        (r#"["\ud800"]"#, true),
        (r#"["[\"["] "#, true),
        ("[01]", false),
        ("[1] 2", false),
        ("\u{feff}[]", false),
        (&format!("{}{}", "[".repeat(128), "]".repeat(128)), true),
        (&format!("{}{}", "[".repeat(129), "]".repeat(129)), false),
        (&format!("[{}0]", "[],".repeat(129)), true),
        (&format!(r#"["{}"]"#, "[".repeat(129)), true),
        (&format!(r#"["\"{}"]"#, "[".repeat(129)), true),
        // A string ends at its quote, whatever its length, and behind an escaped backslash.
        (&deep(r#""""#, 127), true),
        (&deep(r#""""#, 128), false),
        (&deep(r#""a""#, 128), false),
        (&deep(r#""ab""#, 128), false),
        (&deep(r#""\\""#, 128), false),
        (&deep(r#""\\a""#, 128), false),
        (&deep(r#""\n""#, 128), false),
    ] {
        let text = if text.len() % 2 == 0 { text.to_owned() } else { format!("{text} ") };
        let units = u8::try_from(text.len() / 2).expect("a short text");
        let mut frame = vec![0xca, 0xfe, 1, 1, units];
        frame.extend_from_slice(text.as_bytes());
        let expected =
            if passes { Measure::Frame(frame.len()) } else { Measure::Reject(Class::BadBody, frame.len() - 1) };
        assert_eq!(measure(&plan, &frame), expected, "{text}");
    }
}

#[test]
fn nested_lengths_are_refused_as_soon_as_they_cannot_be() {
    check(nested(), "0005 00 02 7b7d 68", "0..7:000500027b7d68 .");
    check(nested(), "0002 00 00 0003 01 01 aa", "0..4:00020000 4..9:00030101aa .");
    check(nested(), "0001", "length-too-small@1 x");
    check(nested(), "0003 00 02", "length-too-small@3 x");
    check(nested(), "0026 00 00", "+");
    check(nested(), "0027", "frame-too-large@1 x");
}

#[test]
fn a_length_may_count_itself_and_a_trailer() {
    check(trailer(), "01 ce 03 aabb ce", "0..2:01ce 2..6:03aabbce .");
    check(trailer(), "00", "length-too-small@0 x");
    check(trailer(), "02 aa cd", "bad-const@2 x");
    check(trailer(), "13", "+");
    check(trailer(), "14", "frame-too-large@0 x");
}

#[test]
fn a_negative_length_is_too_small() {
    let mut plan = trailer();
    plan.ops[1] = op(OpKind::Int { slot: SlotId(0), int: IntType { signed: true, ..int(1) }, accept: Accept::Any });
    check(plan.clone(), "80", "length-too-small@0 x");
    check(plan, "ff", "length-too-small@0 x");
}

#[test]
fn the_delimiter_that_ends_first_wins_and_of_two_the_longer() {
    check(line(&["\n", "\r\n"], false, Some(4)), "61 0d0a 0a 62 0a 63", "0..3:61 3..4: 4..6:62 +");
    check(line(&["\n", "\r\n"], true, Some(4)), "61 0d0a 0a", "0..3:610d0a 3..4:0a .");
    check(line(&["ab", "b", "xx"], false, Some(4)), "7878 6162 62 7a62", "0..2: 2..4: 4..5: 5..7:7a .");
    check(line(&["aab"], false, None), "6161 6162", "0..4:61 .");
}

#[test]
fn a_delimiter_is_too_far_where_the_longest_could_last_have_ended() {
    check(line(&["\r\n"], false, Some(3)), "616161 0d0a", "0..5:616161 .");
    check(line(&["\r\n"], false, Some(3)), "61616161 0d0a", "delimiter-too-far@4 x");
    check(line(&["\n", "\r\n"], false, Some(3)), "6161 61 61 0a", "delimiter-too-far@4 x");
    check(line(&["\n"], false, None), "61616161616161616161616161616161", "delimiter-too-far@15 x");
    check(line(&["\n"], false, None), "6161616161616161616161616161610a", "0..16:616161616161616161616161616161 .");
}

#[test]
fn a_delimiter_found_behind_the_maximum_refuses_the_frame() {
    check(line(&["\n", "abcde"], false, Some(1)), "7878 0a", "delimiter-too-far@2 x");
    let plan = with(line(&["\n", "abcde"], false, Some(1)), Oversize::Skip, OnReject::Close);
    check(plan, "7878 0a 78 0a", "delimiter-too-far@2 3..5:78 .");
}

#[test]
fn text_is_utf_8() {
    check(line(&["\n"], false, None), "c3a9 0a c3 0a", "0..3:c3a9 bad-body@4 x");
}

#[test]
fn messagepack_objects_end_themselves() {
    check(object(), "c0 93 01 a161 90 cd0102 c40100", "0..1:c0 1..6:9301a16190 6..9:cd0102 9..12:c40100 .");
    check(object(), "c7 02 05 aabb d4 01 02 81 a0 c2", "0..5:c70205aabb 5..8:d40102 8..11:81a0c2 .");
    check(object(), "c1", "bad-body@0 x");
    check(object(), "92 c0 c1", "bad-body@2 x");
    check(object(), "dc0002 c0", "+");
}

#[test]
fn a_messagepack_object_is_refused_where_it_claims_too_much() {
    check(object(), "ab", "+");
    check(object(), "ac", "frame-too-large@0 x");
    check(object(), "c40a", "+");
    check(object(), "c40b", "frame-too-large@1 x");
    check(object(), "df80000000", "frame-too-large@4 x");
    check(object(), "9b", "+");
    check(object(), "9b cc", "frame-too-large@1 x");
    check(object(), "dd0000000c", "frame-too-large@4 x");
}

#[test]
fn messagepack_inside_a_region_is_bounded_by_it() {
    let kind = OpKind::Msgpack { slot: SlotId(1), room: vec![bound(Some(R0), 0, vec![])] };
    let plan = plan(
        20,
        2,
        vec![slot("length", Kind::Int(int(1)), Source::Length(R0)), input("object", Kind::Bytes)],
        vec![region("object", 0, 0, 1)],
        vec![
            read(0, 1),
            claim(R0),
            fit(Some(R0), 1, vec![], false),
            fit(None, 0, vec![SizeTerm::Whole(R0)], false),
            open(R0),
            op(kind),
            fit(Some(R0), 0, vec![], true),
            close(R0),
        ],
    );
    check(plan.clone(), "03 92c0c0 01 c0", "0..4:0392c0c0 4..6:01c0 .");
    check(plan.clone(), "02 92", "length-too-small@1 x");
    check(plan.clone(), "03 91c0", "out-of-range@2 x");
    check(plan, "00", "length-too-small@0 x");
}

#[test]
fn bit_groups_conditions_and_padding() {
    check(bits(), "00 000000", "0..4:00000000 .");
    check(bits(), "81 07 0000 aabb", "0..6:81070000aabb .");
    check(bits(), "80 08", "bad-check@1 x");
    check(bits(), "0d", "+");
    check(bits(), "0e", "frame-too-large@0 x");
}

#[test]
fn skip_discards_a_frame_that_is_too_large_by_its_claim() {
    check(skip(record()), "cafe0100 08 0102030405060708 cafe010000", "frame-too-large@4 13..18:cafe010000 .");
    check(skip(record()), "cafe0100 ff 01", "frame-too-large@4 +");
    check(skip(nested()), "ffff 00", "frame-too-large@1 +");
    let plan = with(line(&["\r\n"], false, Some(2)), Oversize::Skip, OnReject::Close);
    check(plan.clone(), "616161 0d0a 62 0d0a", "delimiter-too-far@3 5..8:62 .");
    check(plan.clone(), "61616161 0d 0d0a 62 0d0a", "delimiter-too-far@3 7..10:62 .");
    check(plan, "61616161 0d", "delimiter-too-far@3 +");
}

#[test]
fn skip_discards_a_refused_frame_by_its_size() {
    check(skip(record()), "cbff 09 09 02 aabb cafe010000", "bad-const@0 7..12:cafe010000 .");
    check(skip(record()), "cafe 00 01 02 7b7b cafe010000", "out-of-range@2 7..12:cafe010000 .");
    check(skip(record()), "cafe 01 01 02 7b7b cafe010000", "bad-body@6 7..12:cafe010000 .");
    check(skip(record()), "cafe 01 05 01 aa", "bad-enum@3 .");
    check(skip(record()), "cafe 01 05 01", "bad-enum@3 +");
    check(skip(record()), "cafe 01 05 08 0102030405060708 cafe010000", "bad-enum@3 13..18:cafe010000 .");
    check(skip(bits()), "80 08 0000 80 07 0000", "bad-check@1 4..8:80070000 .");
    let closes_when_oversize = with(record(), Oversize::Close, OnReject::Skip);
    check(closes_when_oversize, "cafe 01 05 08 01 cafe010000", "bad-enum@3 x");
}

#[test]
fn skip_closes_where_the_size_depends_on_what_was_refused() {
    let mut length = record();
    length.ops[3] = judged(3, 1, Accept::Range(0, 3));
    check(skip(length), "cafe 01 00 04 01020304", "out-of-range@4 x");
    check(skip(nested()), "0001 00", "length-too-small@1 x");
    let mut condition = bits();
    let OpKind::Bits { parts, .. } = &mut condition.ops[0].kind else { unreachable!() };
    parts[0].accept = Accept::Const(0);
    check(skip(condition), "80 00", "bad-const@0 x");
    check(skip(object()), "c1 c0", "bad-body@0 x");
}

#[test]
fn resync_searches_the_constant() {
    check(resync(record()), "00 cafe010000", "bad-const@0 1..6:cafe010000 .");
    check(resync(record()), "ca cafe010000", "bad-const@1 1..6:cafe010000 .");
    check(resync(record()), "cafe 00 00 cafe010000", "out-of-range@2 4..9:cafe010000 .");
    check(resync(record()), "cafe 01 ca fe 010000", "bad-enum@3 .");
    check(resync(record()), "00 ca", "bad-const@0 +");
    check(resync(record()), "00 ca 00", "bad-const@0 .");
    check(resync(record()), "00 cacafe 03 cafe010000", "bad-const@0 out-of-range@4 5..10:cafe010000 .");
    check(resync(record()), "cafe0100 08 00", "frame-too-large@4 x");
}

#[test]
fn resync_finds_a_constant_that_begins_inside_its_own_prefix() {
    let mut plan = record();
    plan.ops[0] = constant(0, &[1, 1, 2]);
    check(resync(plan.clone()), "0101 0102 01 00 00", "bad-const@2 1..7:010102010000 .");
    check(resync(plan), "05 01010101", "bad-const@0 +");
}

#[test]
fn every_emitted_part() {
    let emitted = |emit| {
        let mut plan = bits();
        plan.emit = emit;
        let frame = decode(&Arc::new(plan), &bytes("81 07 0000 aabb"));
        show(&frame.events, frame.end)
    };
    assert_eq!(emitted(Emit::Value(SlotId(4))), "0..6:aabb .");
    assert_eq!(emitted(Emit::Span(SlotId(2), SlotId(4))), "0..6:070000aabb .");
    assert_eq!(emitted(Emit::Strip(4)), "0..6:aabb .");
    let mut plan = line(&["\r\n"], false, None);
    plan.emit = Emit::Span(SlotId(0), SlotId(0));
    check(plan, "61 0d0a", "0..3:610d0a .");
}

fn fields(plan: &Plan, stream: &str) -> Vec<Json> {
    let outcome = decode(&Arc::new(plan.clone()), &bytes(stream));
    let frames = outcome.events.iter().filter_map(|event| match event {
        Event::Frame(frame) => Some(fields_to_json(plan, &frame.fields)),
        Event::Reject { .. } => None,
    });
    frames.collect()
}

#[test]
fn fields_are_all_that_has_a_name() {
    let record = fields(&record(), "cafe 01 00 02 aabb");
    assert_eq!(record, [json!({"magic": 0xCAFE, "version": 1, "codec": 0, "length": 2, "body": "aabb"})]);
    let optional = fields(&bits(), "00 000000 81 07 0000 aabb");
    let (without, with) =
        (json!({"flag": 0, "stream": 0, "body": ""}), json!({"flag": 1, "stream": 1, "extra": 7, "body": "aabb"}));
    assert_eq!(optional, [without, with]);
    assert_eq!(fields(&line(&["\n"], false, None), "c3a9 0a"), [json!({"line": "é"})]);
}

#[test]
fn wide_and_signed_integers() {
    let signed = |bytes, endian| IntType { bytes, signed: true, endian };
    let (a, b, c) = (signed(3, Endian::Little), signed(8, Endian::Big), IntType { bytes: 7, ..int(7) });
    let plan = plan(
        18,
        18,
        vec![input("a", Kind::Int(a)), input("b", Kind::Int(b)), input("c", Kind::Int(c))],
        vec![],
        [a, b, c]
            .into_iter()
            .enumerate()
            .map(|(slot, int)| op(OpKind::Int { slot: SlotId(slot), int, accept: Accept::Any }))
            .collect(),
    );
    let stream = "feffff 8000000000000000 ffffffffffffff";
    let expected = json!({"a": -2, "b": "-9223372036854775808", "c": "72057594037927935"});
    assert_eq!(fields(&plan, stream), std::slice::from_ref(&expected));
    let read = fields_from_json(&plan, &expected).expect("fields");
    assert_eq!(encode(&plan, &read), Ok(bytes(stream)));
    let numbers = json!({"c": 72_057_594_037_927_935_u64, "b": i64::MIN, "a": "-2"});
    assert_eq!(fields_from_json(&plan, &numbers), Ok(read));
}

#[track_caller]
fn encodes(plan: &Plan, value: Json, expected: Result<&str, (EncodeClass, Option<&str>)>) {
    let got = fields_from_json(plan, &value).and_then(|fields| encode(plan, &fields));
    if let Ok(frame) = &got {
        assert_eq!(measure(plan, frame), Measure::Frame(frame.len()));
        let outcome = decode(&Arc::new(plan.clone()), frame);
        let Event::Frame(decoded) = &outcome.events[0] else { panic!("no frame") };
        let again = inputs(plan, &decoded.fields);
        assert_eq!(encode(plan, &again), Ok(frame.clone()));
    }
    let got = got.map(|frame| to_hex(&frame)).map_err(|error| (error.class, error.field));
    let expected = expected.map(|hex| hex.replace(' ', "")).map_err(|(class, field)| (class, field.map(str::to_owned)));
    assert_eq!(got, expected);
}

#[test]
fn the_encoder_computes_constants_and_lengths() {
    encodes(&record(), json!({"version": 1, "codec": 0, "body": "aabb"}), Ok("cafe 01 00 02 aabb"));
    encodes(
        &record(),
        json!({"body": {"json": {"a": 1}}, "codec": 1, "version": 2}),
        Ok("cafe 02 01 07 7b2261223a317d"),
    );
    encodes(
        &record(),
        json!({"body": {"msgpack": [1, -1, "é"]}, "codec": 2, "version": 2}),
        Ok("cafe 02 02 06 9301ffa2c3a9"),
    );
    encodes(
        &nested(),
        json!({"kind": 1, "header": "7b7d", "body": {"text": "hello"}}),
        Ok("0009 01 02 7b7d 68656c6c6f"),
    );
    encodes(&trailer(), json!({"payload": "aabb"}), Ok("03 aabb ce"));
    encodes(&bits(), json!({"flag": 1, "extra": 7, "body": "aabb"}), Ok("81 07 0000 aabb"));
    encodes(&bits(), json!({"flag": 0, "body": ""}), Ok("00 000000"));
    encodes(&line(&["\r\n", "\n"], false, None), json!({"line": "é"}), Ok("c3a9 0d0a"));
    encodes(&line(&["\r\n", "\n"], true, None), json!({"line": "a\n"}), Ok("610a"));
    encodes(&object(), json!({"object": {"msgpack": {"a": null}}}), Ok("81 a161 c0"));
}

#[test]
fn the_encoder_refuses_what_does_not_make_a_frame() {
    use EncodeClass as C;
    let record = record();
    let no = |class, field| Err((class, Some(field)));
    encodes(&record, json!({"version": 1, "codec": 0}), no(C::MissingField, "body"));
    encodes(&record, json!({"version": 1, "codec": 0, "body": "", "x": 0}), no(C::UnknownField, "x"));
    encodes(&record, json!({"version": 1, "codec": 0, "body": "", "length": 0}), no(C::UnknownField, "length"));
    encodes(&record, json!({"version": "one", "codec": 0, "body": ""}), no(C::WrongType, "version"));
    encodes(&record, json!({"version": 1.5, "codec": 0, "body": ""}), no(C::WrongType, "version"));
    encodes(&record, json!({"version": 1, "codec": 0, "body": "a"}), no(C::WrongType, "body"));
    encodes(&record, json!({"version": 256, "codec": 0, "body": ""}), no(C::DoesNotFit, "version"));
    encodes(&record, json!({"version": 3, "codec": 0, "body": ""}), no(C::OutOfRange, "version"));
    encodes(&record, json!({"version": 1, "codec": 3, "body": ""}), no(C::BadEnum, "codec"));
    encodes(&record, json!({"version": 1, "codec": 1, "body": "7b"}), no(C::BadBody, "body"));
    encodes(&record, json!({"version": 1, "codec": 0, "body": "0102030405060708"}), Err((C::FrameTooLarge, None)));
    encodes(&record, json!({"version": 1, "codec": 0, "body": "00".repeat(256)}), no(C::DoesNotFit, "length"));
    encodes(&bits(), json!({"flag": 0, "extra": 1, "body": ""}), no(C::UnknownField, "extra"));
    encodes(&bits(), json!({"flag": 2, "body": ""}), no(C::DoesNotFit, "flag"));
    encodes(&bits(), json!({"flag": 0, "body": "aa"}), no(C::WrongSize, "stream"));
    encodes(&bits(), json!({"flag": 1, "extra": 8, "body": ""}), Err((C::BadCheck, None)));
    encodes(&line(&["\r\n"], false, Some(2)), json!({"line": "abc"}), no(C::WrongSize, "line"));
    encodes(&line(&["\r\n", "\n"], false, None), json!({"line": "a\nb"}), no(C::ContainsDelimiter, "line"));
    encodes(&line(&["\n", "\r\n"], false, None), json!({"line": "a\r"}), no(C::ContainsDelimiter, "line"));
    encodes(&line(&["aab"], false, None), json!({"line": "a"}), Ok("61616162"));
    encodes(&line(&["\n"], true, None), json!({"line": "a"}), no(C::WrongSize, "line"));
    encodes(&object(), json!({"object": "c0c0"}), no(C::BadBody, "object"));
    encodes(&object(), json!({"object": "c1"}), no(C::BadBody, "object"));
}

#[test]
fn the_words_of_the_classes_can_be_read_back() {
    assert!(Class::ALL.iter().all(|class| Class::parse(class.word()) == Some(*class)));
    assert!(EncodeClass::ALL.iter().all(|class| EncodeClass::parse(class.word()) == Some(*class)));
    assert_eq!((Class::parse("error"), Class::NonMinimal.word()), (None, "non-minimal"));
}

#[test]
fn the_largest_claims_overflow_nothing() {
    let mut plan = trailer();
    plan.regions[0] = region("frame", 0, i64::MIN, u64::MAX);
    plan.ops[1] = read(0, 8);
    plan.ops[3] = fit(Some(R0), 1, vec![], false);
    let stream = bytes("ffffffffffffffff");
    assert_eq!(measure(&plan, &stream), Measure::Reject(Class::FrameTooLarge, 7));
    let mut decoder = Decoder::new(Arc::new(skip(plan)));
    let mut events = Vec::new();
    decoder.feed(&stream, &mut events);
    decoder.feed(&[0; 100], &mut events);
    assert_eq!(
        (events, decoder.finish()),
        (vec![Event::Reject { class: Class::FrameTooLarge, at: 7 }], End::Incomplete)
    );
}
