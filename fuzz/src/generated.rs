//! Generated Rust against the reference codec.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use framewright::model;
use framewright::plan::lower;
use framewright::runner::{Answer, Checks, Demand, Meaning};
use framewright::segment::Segmentation;
use framewright::vector::Level;
use crate::subjects::ALL;
use crate::targets::case;

static MEANINGS: LazyLock<Vec<Meaning>> = LazyLock::new(|| {
    let plan = |spec: &str| Arc::new(lower(&model::load(spec.as_bytes()).expect("a valid spec")));
    ALL.iter().map(|subject| Meaning::new(plan(subject.spec))).collect()
});

/// The generated decoder of a protocol makes of every stream, however it is cut, what the reference codec makes of it.
pub fn generated_vs_reference(input: &[u8]) {
    let Some(case) = case(input) else { return };
    let number = usize::from(case.protocol) % ALL.len();
    let (subject, meaning) = (&ALL[number], &MEANINGS[number]);
    let stream = case.stream(meaning.plan());
    let mut cuts = case.cuts();
    cuts.retain(|cut| *cut <= stream.len());
    cuts.sort_unstable();
    let cuts = Segmentation { cuts, glued: case.protocol & 0x80 != 0 };
    let expect = meaning.of(&stream, Checks::All).unwrap();
    let demand = Demand::meaning(stream.len(), Level::Must, &expect);
    let reply = (subject.reply)(&stream, &cuts);
    let deviations = Answer::Reply(reply.clone()).judge(&demand, &cuts);
    assert!(deviations.is_empty(), "{}: {deviations:?}\n{stream:02x?} cut at {cuts}: {reply:?}", subject.name);
}

/// The seeds of the catalogue under the numbers that its protocols have here.
pub fn seeds() -> Vec<Vec<u8>> {
    let numbers: BTreeMap<&str, u8> =
        (0..=u8::MAX).zip(MEANINGS.iter()).map(|(number, meaning)| (meaning.plan().name.as_str(), number)).collect();
    let mut inputs = Vec::new();
    for (name, number) in numbers {
        let meaning = MEANINGS.iter().find(|meaning| meaning.plan().name == name).expect("it is one of them");
        for vector in framewright::vector::derive(meaning.plan()).tests {
            if vector.stream.len() <= 1 << 10 {
                inputs.push(framewright::oracle::Case::input(number, &vector.stream, &[1, 3]));
            }
        }
    }
    inputs
}
