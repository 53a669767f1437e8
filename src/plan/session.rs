//! The session: values that live from frame to frame, without bytes.

use super::{Carried, Integer, Plan, SlotId};

impl Plan {
    /// The same protocol where these values of the session are others at the start of a stream.
    ///
    /// # Errors
    ///
    /// A sentence that names a value which is none of the session's, or which it does not take.
    pub fn starting(&self, session: &[(String, i128)]) -> Result<Self, String> {
        let mut plan = self.clone();
        for (name, value) in session {
            let of = |carried: &&mut Carried| self.slot(carried.slot).is_some_and(|slot| slot.name == *name);
            let Some(carried) = plan.session.iter_mut().find(of) else {
                let known = self.session.iter().filter_map(|carried| self.slot(carried.slot));
                let known: Vec<&str> = known.map(|slot| slot.name.as_str()).collect();
                let known = if known.is_empty() { "no value".to_owned() } else { known.join(", ") };
                return Err(format!("`{name}` is no value of the session, which has {known}"));
            };
            let mut integers = self.ops.iter().flat_map(|op| op.kind.integers());
            let own = integers.find(|integer| integer.slot == carried.slot);
            if !own.is_some_and(|own| self.takes(&own, *value)) {
                return Err(format!("`{name}` does not take {value}"));
            }
            carried.from = *value;
        }
        Ok(plan)
    }

    /// The same as a person writes it, `phase=ready,limit=3`: numbers, or members of the value's enum. The protocol's name goes on with
    /// the values: it is a protocol of its own to whoever keeps several.
    ///
    /// # Errors
    ///
    /// A sentence that names what is none of the session's.
    pub fn starting_with(&self, words: &str) -> Result<Self, String> {
        let mut session = Vec::new();
        let mut told = self.name.clone();
        for word in words.split(',') {
            let (name, text) = word.split_once('=').ok_or_else(|| format!("`{word}` is no `name=value`"))?;
            let slot = self.slots.iter().find(|slot| slot.name == name);
            let named = slot.and_then(|slot| self.enums.get(slot.names?.0));
            let member = named.and_then(|named| named.members.iter().find(|(_, member)| member == text));
            let value = member.map(|(value, _)| *value).or_else(|| text.parse().ok());
            session.push((name.to_owned(), value.ok_or_else(|| format!("`{name}` does not take {text}"))?));
            told = format!("{told}-{}", text.replace('_', "-"));
        }
        Ok(Self { name: told, ..self.starting(&session)? })
    }

    fn takes(&self, integer: &Integer, value: i128) -> bool {
        let (least, most) = integer.bounds;
        (least..=most).contains(&value) && integer.accept.takes(&self.enums, value, value)
    }

    /// The session after a frame, from the values of its slots.
    pub(crate) fn session_after(&self, value: &impl Fn(SlotId) -> i128) -> Vec<i128> {
        let after = |each: &Carried| each.then.as_ref().map_or_else(|| value(each.slot), |then| then.eval(value));
        self.session.iter().map(after).collect()
    }

    /// The session before the first frame.
    pub(crate) fn session_start(&self) -> Vec<i128> {
        self.session.iter().map(|each| each.from).collect()
    }
}
