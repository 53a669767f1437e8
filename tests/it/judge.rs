//! What kind of deviation is made of what was seen.

use std::sync::Arc;

use framewright::interp::{Class, End};
use framewright::runner::{Checks, Demand, Kind, Meaning};
use framewright::segment::{Judge, Observed, ObservedEnd};
use framewright::vector::{Expect, Expected, Level};
use framewright::{catalogue, model, plan, vector};

fn frame(end: usize, byte: u8) -> Expected {
    Expected::Frame { end, emitted: vec![byte], fields: None }
}

fn error(class: &str) -> Observed {
    Observed::Error { class: class.to_owned(), text: String::new() }
}

/// Deviations of what was seen after so many bytes of a stream of ten that ends with a reject.
fn judged(events: Vec<Expected>, fed: usize, seen: &[Observed]) -> Vec<(Kind, Level)> {
    let demand = Demand::meaning(10, Level::Must, &Expect { events, end: End::Rejected });
    let (mut judge, mut found) = (demand.judge(), Vec::new());
    judge.step(fed, seen, &mut found);
    if !judge.over() {
        judge.conclude(Some(ObservedEnd::Unknown), &mut found);
    }
    found.into_iter().map(|deviation| (deviation.kind, deviation.level)).collect()
}

#[test]
fn a_later_event_in_place_of_a_frame_says_that_the_frame_is_missing() {
    let events = || vec![frame(2, 1), frame(4, 2), Expected::Reject { class: Class::FrameTooLarge, at: 9 }];
    let missing = [(Kind::MissingFrame, Level::Must)];
    assert_eq!(judged(events(), 10, &[Observed::Frame(vec![2])]), missing);
    assert_eq!(judged(events(), 10, &[Observed::Frame(vec![1]), error("frame-too-large")]), missing);
    // Neither is due yet.
    assert_eq!(judged(events(), 3, &[Observed::Frame(vec![2])]), [(Kind::WrongFrame, Level::Must)]);
    assert_eq!(judged(events(), 4, &[error("frame-too-large")]), [(Kind::FalseReject, Level::Must)]);
    assert_eq!(judged(events(), 10, &[Observed::Frame(vec![3])]), [(Kind::WrongFrame, Level::Must)]);
}

#[test]
fn when_a_delimiter_is_too_far_is_a_convention() {
    let reject = |class| vec![Expected::Reject { class, at: 9 }];
    let early = judged(reject(Class::DelimiterTooFar), 9, &[error("delimiter-too-far")]);
    assert_eq!(early, [(Kind::EarlyReject, Level::May)]);
    let early = judged(reject(Class::FrameTooLarge), 9, &[error("frame-too-large")]);
    assert_eq!(early, [(Kind::EarlyReject, Level::Must)]);
}

/// Rejects of BGP's vectors about lengths, as a decoder of the protocol and a framer are to see them.
#[test]
fn a_framer_is_not_asked_for_a_range_that_it_does_not_know() {
    let spec = catalogue::spec("bgp").unwrap().as_bytes();
    let plan = Arc::new(plan::lower(&model::load(spec).unwrap()));
    let vectors = vector::build(&plan, catalogue::handwritten("bgp", spec)).unwrap();
    let meaning = Meaning::new(plan);
    let long = vectors.tests.iter().find(|test| test.name == "a length above 4096").unwrap();
    for (checks, class) in [(Checks::All, Class::OutOfRange), (Checks::Framing, Class::FrameTooLarge)] {
        let expect = meaning.of_vector(long, checks).unwrap();
        assert_eq!(expect, Expect { events: vec![Expected::Reject { class, at: 17 }], end: End::Rejected });
    }
}
