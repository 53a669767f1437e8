//! The oracles let the reference pass, and each finds a fault.

use std::sync::Arc;

use framewright::catalogue;
use framewright::interp::{Class, Decoder, End, Event, Frame, Outcome, decode};
use framewright::model::load;
use framewright::oracle::{
    Case, Piece, agree, encodes_again, measures, round_trips, segmented, split_invariant, splits_by_numbers,
};
use framewright::plan::{OpKind, Plan, lower};
use framewright::value::Value;

const SPEC: &[u8] =
    b"framewright: 1\nname: test\nframe:\n  - mark: u8 = 7\n  - length: u8 counts body\n  - body: bytes\n";
const STREAM: &[u8] = &[7, 1, 0xaa, 7, 0, 8];

fn plan() -> Arc<Plan> {
    Arc::new(lower(&load(SPEC).unwrap()))
}

#[test]
fn the_reference_passes() {
    let plan = plan();
    split_invariant(&plan, STREAM, &[5, 1, 2, 2, 99]).unwrap();
    measures(&plan, STREAM).unwrap();
    let body = vec![("body".to_owned(), Value::Bytes(vec![1, 2]))];
    assert_eq!(round_trips(&plan, &body), Ok(Ok(vec![7, 2, 1, 2])));
}

/// Drives a decoder that is spoiled by `change`, which sees the events of one feed.
fn spoiled(cuts: &[usize], mut change: impl FnMut(usize, &mut Vec<Event>)) -> Result<(), String> {
    let plan = plan();
    let mut decoder = Decoder::new(Arc::clone(&plan));
    let mut feeds = 0;
    segmented(&decode(&plan, STREAM), STREAM, cuts, |chunk, events| {
        let mut new = Vec::new();
        decoder.feed(chunk, &mut new);
        change(feeds, &mut new);
        feeds += 1;
        events.append(&mut new);
        decoder.finish()
    })
}

#[test]
fn a_frame_that_comes_late_is_found() {
    let mut held = Vec::new();
    let late = spoiled(&[3], |_, new| std::mem::swap(&mut held, new));
    assert!(late.unwrap_err().starts_with("after 3 of 6 bytes, cut at [3]: event 0 is None, expected Some(Frame("));
}

#[test]
fn a_frame_that_is_lost_in_one_cut_is_found() {
    let lose = |feed, new: &mut Vec<Event>| {
        if feed == 1 {
            new.clear()
        }
    };
    assert_eq!(spoiled(&[], lose), Ok(()));
    assert!(spoiled(&[4], lose).is_err());
}

#[test]
fn an_offset_that_depends_on_the_cut_is_found() {
    let shift = |_, new: &mut Vec<Event>| {
        for event in new {
            if let Event::Reject { at, .. } = event {
                *at = 0;
            }
        }
    };
    assert!(spoiled(&[4], shift).unwrap_err().contains("event 2 is Some(Reject { class: BadConst, at: 0 })"));
}

#[test]
fn decoders_that_differ_are_told_apart() {
    let got = Outcome { events: vec![Event::Reject { class: Class::BadConst, at: 3 }], end: End::Rejected };
    let later = Outcome { events: vec![Event::Reject { class: Class::BadConst, at: 4 }], end: End::Rejected };
    let open = Outcome { end: End::Incomplete, ..got.clone() };
    assert_eq!(agree(&got, &got), Ok(()));
    assert!(agree(&got, &later).is_err());
    assert_eq!(agree(&got, &open), Err("the end is Incomplete, expected Rejected".to_owned()));
}

#[test]
fn values_that_do_not_come_back_are_found() {
    let plan = plan();
    let both = vec![("body".to_owned(), Value::Bytes(vec![1])), ("body".to_owned(), Value::Bytes(vec![2]))];
    assert!(!matches!(round_trips(&plan, &both), Ok(Ok(_))));
    let frame = Frame { start: 0, end: 3, emitted: Vec::new(), fields: Vec::new() };
    assert!(encodes_again(&plan, &frame).unwrap_err().contains("MissingField"));
}

#[test]
fn a_smallest_frame_that_is_told_too_large_is_found() {
    let told = Plan { min_frame: 4, ..(*plan()).clone() };
    assert_eq!(measures(&told, STREAM), Err("0 bytes give Need(4), all 6 give Frame(3)".to_owned()));
}

#[test]
fn more_bytes_than_allowed_are_found() {
    let mut small = (*plan()).clone();
    small.max_frame = 2;
    small.ops.retain(|op| !matches!(op.kind, OpKind::Fit { .. }));
    let found = split_invariant(&Arc::new(small), &[7, 9, 1, 1, 1, 1], &[1, 2, 3, 4, 5]);
    assert!(found.unwrap_err().ends_with("bytes were buffered, of 2 allowed"));
}

#[test]
fn a_fuzz_case_makes_frames_of_every_protocol() {
    for (name, text) in catalogue::specs() {
        let plan = Arc::new(lower(&load(text.as_bytes()).unwrap()));
        let choices =
            |first: u8| (0..40_u8).map(move |at| (first | 1).wrapping_mul(at.wrapping_mul(57)).wrapping_add(first));
        let frames = (0..=255).map(|first| Piece::Frame(choices(first).collect()));
        let case = Case { protocol: 0, pieces: frames.collect(), cuts: vec![3, 200] };
        let stream = case.stream(&plan);
        let outcome = decode(&plan, &stream);
        let whole = outcome.events.iter().all(|event| matches!(event, Event::Frame(_)));
        // A header block that one frame leaves open goes on in the same stream, whose number chance does not hit. The choices are used up by
        // the arms of other phases.
        let enough = if ["http2-connection", "postgres-connection"].contains(&name.as_str()) { 3 } else { 20 };
        assert!(whole && outcome.events.len() >= enough && outcome.end == End::Clean, "{name}: {outcome:?}");
        split_invariant(&plan, &stream, &case.cuts()).unwrap();
    }
}

#[test]
fn a_fuzz_case_makes_frames_inside_frames() {
    let text = include_bytes!("../../conformance/codecs/specs/frames.yaml");
    let plan = Arc::new(lower(&load(text).unwrap()));
    let depth = |frame: &Frame| {
        let mut inside = frame.fields.clone();
        for depth in 0.. {
            let Some((_, Value::Bytes(bytes))) = inside.iter().find(|(name, _)| name == "items") else { return depth };
            let outcome = decode(&plan, bytes);
            let first = outcome.events.into_iter().next();
            let Some(Event::Frame(frame)) = first else { panic!("{first:?}") };
            inside = frame.fields;
        }
        unreachable!("frames are nested three deep")
    };
    for (choices, deep) in [(&[1, 2, 0, 0, 0, 0, 0, 0], 1), (&[5, 2, 4, 4, 4, 4, 4, 4], 2)] {
        let pieces = vec![Piece::Frame(choices.to_vec())];
        let stream = Case { protocol: 0, pieces, cuts: Vec::new() }.stream(&plan);
        match decode(&plan, &stream).events.as_slice() {
            [Event::Frame(frame)] => assert_eq!(depth(frame), deep),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_wrong_adjustment_is_found() {
    use framewright::plan::peers::netty::Settings;
    use framewright::plan::{Endian, import};
    let settings =
        |adjustment| Settings::LengthField { max: 100, offset: 1, length: 2, adjustment, strip: 3, order: Endian::Big };
    let plan = |settings: &Settings| Arc::new(lower(&load(import::netty("t", settings).unwrap().as_bytes()).unwrap()));
    let stream = [9, 0, 3, 1, 2, 9, 0, 200];
    assert_eq!(splits_by_numbers(&settings(-1), &plan(&settings(-1)), &stream), Ok(()));
    assert!(splits_by_numbers(&settings(-1), &plan(&settings(0)), &stream).is_err());
}
