//! Frames as large as one likes, made from a vector's frame.

use crate::interp::{encode, inputs};
use crate::plan::{OpKind, Plan, Size};
use crate::runner::{Checks, Meaning};
use crate::value::{Fields, Value};
use crate::vector::{Expected, Vector};

/// Content of this size is tried first: who cannot hold it has no large frames.
const PROBE: usize = 1 << 12;
/// So many vectors are searched for a frame that can be made larger.
const VECTORS: usize = 200;

/// What fills a field.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// Letters, and behind them the delimiter, where it is kept.
    Letters(Vec<u8>),
    /// A string of JSON.
    Quoted,
    /// A MessagePack array of nils, its length in 32 bits.
    Array,
}

impl Form {
    fn content(&self, size: usize) -> Vec<u8> {
        let letters = |count: usize| (b'a'..=b'z').cycle().take(count);
        match self {
            Self::Letters(behind) => letters(size.saturating_sub(behind.len())).chain(behind.iter().copied()).collect(),
            Self::Quoted => [b"\"".to_vec(), letters(size.saturating_sub(2)).collect(), b"\"".to_vec()].concat(),
            Self::Array => {
                let items = size.saturating_sub(5);
                let count = u32::try_from(items).unwrap_or(u32::MAX).to_be_bytes();
                [&[0xdd], count.as_slice(), &vec![0xc0; items]].concat()
            }
        }
    }
}

/// A field that can be made larger, in a frame that holds it.
#[derive(Clone, Debug)]
pub(super) struct Large {
    plan: Plan,
    fields: Fields,
    name: String,
    form: Form,
    /// Bytes of the frame besides the field's.
    others: usize,
}

impl Large {
    /// The first field of a vector's frame that can be large.
    pub(super) fn find(meaning: &Meaning, vectors: &[Vector]) -> Option<Self> {
        let frames = vectors.iter().take(VECTORS).filter_map(|vector| first_frame(meaning, &vector.stream));
        frames.flat_map(|(_, fields)| Self::of(meaning.plan(), &fields)).next()
    }

    /// The fields of a frame that can be made larger.
    fn of(plan: &Plan, fields: &Fields) -> Vec<Self> {
        let fields = inputs(plan, fields);
        let mut found = Vec::new();
        for (name, value) in &fields {
            if matches!(value, Value::UInt(_) | Value::Int(_)) {
                continue;
            }
            for form in forms(plan, name) {
                let large = Self { plan: plan.clone(), fields: fields.clone(), name: name.clone(), form, others: 0 };
                if let Some(frame) = large.encoded(PROBE) {
                    found.push(Self { others: frame.len().saturating_sub(PROBE), ..large });
                }
            }
        }
        found
    }

    /// What is at least so many bytes of one frame, more than any may have: behind a length that claims them, or without the
    /// delimiter that they wait for.
    pub(super) fn beyond(&self, size: usize) -> Option<Vec<u8>> {
        if delimiters(&self.plan, &self.name).is_none() {
            let limit = u64::try_from(size).ok()?;
            let roomy = Self { plan: Plan { max_frame: limit, largest: limit, ..self.plan.clone() }, ..self.clone() };
            let mut frame = roomy.frame(size)?;
            frame.pop();
            return Some(frame);
        }
        let mut frame = self.encoded(PROBE)?;
        frame.truncate(PROBE / 2);
        frame.resize(size, b'a');
        Some(frame)
    }

    /// One frame of exactly so many bytes; nothing where there is none.
    pub(super) fn frame(&self, size: usize) -> Option<Vec<u8>> {
        let frame = self.encoded(size.checked_sub(self.others)?)?;
        (frame.len() == size).then_some(frame)
    }

    /// The size of the largest frame up to `most` bytes, which is at least half of what there is.
    pub(super) fn largest(&self, most: usize) -> Option<usize> {
        let limit = usize::try_from(self.plan.largest).unwrap_or(usize::MAX);
        let sizes =
            std::iter::successors(Some(limit.min(most)), |size| Some(size / 2)).take_while(|size| *size > PROBE);
        sizes.flat_map(|size| (0..16).map(move |less| size - less)).find(|size| self.frame(*size).is_some())
    }

    fn encoded(&self, size: usize) -> Option<Vec<u8>> {
        let content = self.form.content(size);
        let field = |(name, value): &(String, Value)| {
            let value = match value {
                _ if *name != self.name => value.clone(),
                Value::Text(_) => Value::Text(String::from_utf8(content.clone()).ok()?),
                Value::UInt(_) | Value::Int(_) | Value::Bytes(_) => Value::Bytes(content.clone()),
            };
            Some((name.clone(), value))
        };
        let fields: Option<Fields> = self.fields.iter().map(field).collect();
        encode(&self.plan, &fields?).ok()
    }
}

fn delimiters<'a>(plan: &'a Plan, name: &str) -> Option<(&'a [Vec<u8>], bool)> {
    plan.ops.iter().find_map(|op| match &op.kind {
        OpKind::Bytes { slot, size: Size::Until { delimiters, kept, .. }, .. }
            if plan.slot(*slot).is_some_and(|slot| slot.name == name) =>
        {
            Some((delimiters.as_slice(), *kept))
        }
        _ => None,
    })
}

fn forms(plan: &Plan, name: &str) -> [Form; 3] {
    let kept = delimiters(plan, name).filter(|(_, kept)| *kept);
    let behind = kept.and_then(|(delimiters, _)| delimiters.first().cloned()).unwrap_or_default();
    [Form::Letters(behind), Form::Quoted, Form::Array]
}

/// The frame that a stream begins with, and its fields.
fn first_frame(meaning: &Meaning, stream: &[u8]) -> Option<(Vec<u8>, Fields)> {
    match meaning.of(stream, Checks::All)?.events.into_iter().next()? {
        Expected::Frame { end, fields, .. } => Some((stream.get(..end)?.to_vec(), fields?)),
        Expected::Reject { .. } => None,
    }
}

/// The first frame of a vector.
pub(super) fn small(meaning: &Meaning, vectors: &[Vector]) -> Option<Vec<u8>> {
    vectors.iter().find_map(|vector| first_frame(meaning, &vector.stream)).map(|(frame, _)| frame)
}
