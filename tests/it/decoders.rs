//! The reference decoder's equality, on which proofs of it rest, and what it makes of frames that are refused.

use std::sync::Arc;

use framewright::interp::{Class, Decoder, End, Event, decode};
use framewright::model::load;
use framewright::plan::{Plan, lower};

/// Of fields, each as a spec has it.
fn plan(fields: &[&str], more: &str) -> Arc<Plan> {
    let fields = fields.join("\n  - ");
    let text = format!("framewright: 1\nname: test\nmax_frame: 64\nframe:\n  - {fields}\n{more}");
    Arc::new(lower(&load(text.as_bytes()).unwrap_or_else(|_| panic!("{text}"))))
}

const SHORT: [&str; 2] = ["length: u8 counts body", "body: bytes"];

fn fed(mut decoder: Decoder, chunks: &[&[u8]]) -> Decoder {
    for chunk in chunks {
        decoder.feed(chunk, &mut Vec::new());
    }
    decoder
}

/// Rejects as class and offset, frames as their end.
fn events(plan: &Arc<Plan>, stream: &[u8]) -> (Vec<Result<u64, (Class, u64)>>, End) {
    let outcome = decode(plan, stream);
    let event = |event: Event| match event {
        Event::Frame(frame) => Ok(frame.end),
        Event::Reject { class, at } => Err((class, at)),
    };
    (outcome.events.into_iter().map(event).collect(), outcome.end)
}

#[test]
fn decoders_are_equal_however_the_same_bytes_came() {
    let plan = plan(&SHORT, "");
    let fresh = || Decoder::new(Arc::clone(&plan));
    assert_eq!(fed(fresh(), &[&[2, 1], &[]]), fed(fresh(), &[&[2], &[1]]));
    assert_eq!(fed(fresh(), &[&[1, 7, 2, 1]]), fed(fresh(), &[&[1], &[7, 2], &[1]]));
    assert_eq!(fresh(), Decoder::new(Arc::new((*plan).clone())));
}

/// Each pair differs in one thing alone.
#[test]
fn decoders_that_can_be_told_apart_are_not_equal() {
    let short = plan(&SHORT, "");
    let fresh = || Decoder::new(Arc::clone(&short));
    let pairs = [
        ("bytes", fed(fresh(), &[&[2, 1]]), fed(fresh(), &[&[2, 0]])),
        ("offset", fed(fresh(), &[&[0]]), fresh()),
        ("length", fed(fresh(), &[&[2, 1]]), fed(fresh(), &[&[3, 1]])),
        ("fields", fresh(), Decoder::without_fields(Arc::clone(&short))),
        ("plan", fresh(), Decoder::new(plan(&["length: u8 counts text", "text: bytes"], ""))),
    ];
    for (what, a, b) in pairs {
        assert!(a != b, "{what}: {a:?} {b:?}");
    }
}

#[test]
fn of_a_frame_that_is_refused_nothing_more_is_judged() {
    let marked =
        plan(&["mark: u8 = 7", "length: u8 in 0..=3 counts body", "body: bytes"], "policy: { on_reject: skip }\n");
    // The length is out of its range too, and what it says counts all the same.
    let stream = [8, 4, 0, 0, 0, 0, 7, 0];
    assert_eq!(events(&marked, &stream), (vec![Err((Class::BadConst, 0)), Ok(8)], End::Clean));
}

#[test]
fn what_a_decoder_needs_is_what_lengths_have_told() {
    let short = plan(&SHORT, "policy: { oversize: skip }\n");
    let need = |chunks: &[&[u8]]| fed(Decoder::new(Arc::clone(&short)), chunks).need();
    assert_eq!([need(&[]), need(&[&[5]]), need(&[&[5, 1, 2]]), need(&[&[0, 1]])], [1, 5, 3, 1]);
    // 200 bytes of a frame that is too large are still to be discarded, then 190.
    assert_eq!([need(&[&[200]]), need(&[&[200], &[0; 10]]), need(&[&[200], &[0; 200]])], [200, 190, 1]);
    let closing = fed(Decoder::new(plan(&SHORT, "")), &[&[200]]);
    assert_eq!(closing.need(), 0);
    let lengths = Decoder::new(plan(&["a: u32", "b: u16"], ""));
    assert_eq!([lengths.need(), fed(lengths, &[&[1]]).need()], [6, 5]);
}
