//! What the streams of a protocol mean, in full and to a decoder that finds boundaries and checks nothing else.

use std::sync::Arc;

use crate::interp::{Event, decode};
use crate::plan::Plan;
use crate::plan::framing::framing_plan;
use crate::runner::Checks;
use crate::vector::{Expect, Expected, Vector};

/// The meaning of every stream of one protocol, by the reference codec.
#[derive(Clone, Debug)]
pub struct Meaning {
    plan: Arc<Plan>,
    /// Nothing where no one rule splits the stream.
    framing: Option<Arc<Plan>>,
}

impl Meaning {
    /// Of a plan.
    #[must_use]
    pub fn new(plan: Arc<Plan>) -> Self {
        let framing = framing_plan(&plan).map(Arc::new);
        Self { plan, framing }
    }

    /// The protocol.
    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// What a stream means; nothing where a framer cannot split this protocol at all.
    #[must_use]
    pub fn of(&self, stream: &[u8], checks: Checks) -> Option<Expect> {
        let plan = match checks {
            Checks::All => &self.plan,
            Checks::Framing => self.framing.as_ref()?,
        };
        let outcome = decode(plan, stream);
        let events = outcome.events.into_iter().map(|event| match event {
            Event::Frame(frame) => {
                Expected::Frame { end: offset(frame.end), emitted: frame.emitted, fields: Some(frame.fields) }
            }
            Event::Reject { class, at } => Expected::Reject { class, at: offset(at) },
        });
        Some(Expect { events: events.collect(), end: outcome.end })
    }

    /// What a vector means to a testee; nothing where it turns on what the testee does not check. A framer knows a length out of
    /// its field's range for one that is too small or too large.
    #[must_use]
    pub fn of_vector(&self, vector: &Vector, checks: Checks) -> Option<Expect> {
        self.applied(vector.expect.clone(), &vector.stream, checks)
    }

    /// What a stream means to a testee; nothing where it turns on what the testee does not check.
    #[must_use]
    pub fn of_stream(&self, stream: &[u8], checks: Checks) -> Option<Expect> {
        self.applied(self.of(stream, Checks::All)?, stream, checks)
    }

    fn applied(&self, mut expect: Expect, stream: &[u8], checks: Checks) -> Option<Expect> {
        if checks == Checks::Framing {
            let framed = self.of(stream, checks)?;
            if !same(&framed, &expect) {
                return None;
            }
            for (event, framed) in expect.events.iter_mut().zip(framed.events) {
                if matches!(event, Expected::Reject { .. }) {
                    *event = framed;
                }
            }
        }
        Some(expect)
    }
}

/// The same boundaries: what frames hold in fields, and the class of a refusal, do not matter.
fn same(a: &Expect, b: &Expect) -> bool {
    let one = |(a, b): (&Expected, &Expected)| match (a, b) {
        (Expected::Frame { end, emitted, .. }, Expected::Frame { end: other, emitted: others, .. }) => {
            end == other && emitted == others
        }
        (Expected::Reject { at, .. }, Expected::Reject { at: other, .. }) => at == other,
        (Expected::Frame { .. }, Expected::Reject { .. }) | (Expected::Reject { .. }, Expected::Frame { .. }) => false,
    };
    a.end == b.end && a.events.len() == b.events.len() && a.events.iter().zip(&b.events).all(one)
}

fn offset(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}
