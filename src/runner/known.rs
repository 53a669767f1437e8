//! Known failures: deviations of one testee that are recorded with their reason and expire.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::runner::deviation::Kind;
use crate::runner::outcome::{RunReport, Verdict};
use crate::runner::resources::Outcome;
use crate::segment::Tier;
use crate::vector::Level;

/// One recorded deviation, or those of all vectors that a pattern names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// A protocol, `/` and a vector's id, in which `*` stands for any text. The protocol is written out: an entry is judged stale
    /// by the run of its protocol alone.
    pub id: String,
    /// The kind of deviation.
    pub class: String,
    /// Why it is so. Never empty.
    pub reason: String,
    /// Where that can be read; may be empty.
    pub link: String,
}

/// Entries as they are written: what has one cause stands together.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cause {
    id: Ids,
    class: String,
    reason: String,
    #[serde(default)]
    link: String,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Ids {
    One(String),
    Several(Vec<String>),
}

impl Cause {
    fn entries(self) -> Vec<Entry> {
        let Self { id, class, reason, link } = self;
        let ids = match id {
            Ids::One(id) => vec![id],
            Ids::Several(ids) => ids,
        };
        let entry = |id| Entry { id, class: class.clone(), reason: reason.clone(), link: link.clone() };
        ids.into_iter().map(entry).collect()
    }

    /// Takes an entry in, if it has the same cause. An empty reason is no cause.
    fn takes(&mut self, entry: &Entry) -> bool {
        let same = self.class == entry.class && self.reason == entry.reason && self.link == entry.link;
        if !same || entry.reason.is_empty() {
            return false;
        }
        match &mut self.id {
            Ids::One(id) => self.id = Ids::Several(vec![std::mem::take(id), entry.id.clone()]),
            Ids::Several(ids) => ids.push(entry.id.clone()),
        }
        true
    }
}

/// The known failures of one testee.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    entries: Vec<(Entry, Kind)>,
}

impl Known {
    /// Reads a list in YAML.
    ///
    /// # Errors
    /// The syntax, an unknown kind, an entry without a protocol or a reason, or one that occurs twice, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let causes: Option<Vec<Cause>> = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        let mut known = Self::default();
        for entry in causes.unwrap_or_default().into_iter().flat_map(Cause::entries) {
            let Entry { id, class, reason, .. } = &entry;
            let kind = Kind::from_str(class).map_err(|()| format!("{id}: `{class}` is no kind of deviation"))?;
            if !id.split_once('/').is_some_and(|(protocol, _)| !protocol.is_empty() && !protocol.contains('*')) {
                return Err(format!("{id}: {class} names no protocol; write PROTOCOL/ and the vector's id"));
            }
            if reason.trim().is_empty() {
                return Err(format!("{id}: {class} has no reason; say why the testee does this"));
            }
            if known.entries.iter().any(|(other, _)| other.id == *id && other.class == *class) {
                return Err(format!("{id}: {class} occurs twice"));
            }
            known.entries.push((entry, kind));
        }
        Ok(known)
    }

    /// The list that would make these reports pass, as YAML. Entries that hold are kept; each new one has an empty reason, which
    /// is refused until somebody fills it in.
    #[must_use]
    pub fn updated(&self, reports: &[RunReport]) -> String {
        let mut entries: Vec<Entry> = self.entries.iter().map(|(entry, _)| entry.clone()).collect();
        for report in reports {
            let stale = |entry: &Entry| report.stale.contains(&name(entry));
            entries.retain(|entry| !stale(entry));
            for vector in &report.vectors {
                for finding in vector.findings.iter().filter(|finding| finding.known.is_none()) {
                    if finding.level == Level::Must {
                        let id = qualified(&report.protocol, &vector.id);
                        let class = finding.kind.word().to_owned();
                        entries.push(Entry { id, class, reason: String::new(), link: String::new() });
                    }
                }
            }
        }
        entries.sort_by(|a, b| (&a.id, &a.class).cmp(&(&b.id, &b.class)));
        entries.dedup_by(|a, b| a.id == b.id && a.class == b.class);
        let mut causes: Vec<Cause> = Vec::new();
        for entry in entries {
            if !causes.iter_mut().any(|cause| cause.takes(&entry)) {
                let Entry { id, class, reason, link } = entry;
                causes.push(Cause { id: Ids::One(id), class, reason, link });
            }
        }
        serde_yaml::to_string(&causes).unwrap_or_default()
    }

    /// Every entry, in the order of the list.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(|(entry, _)| entry)
    }

    /// Marks what is known in a report, sets the verdicts and lists the entries that did not happen. `all`: every vector of
    /// the protocol was run, so that a pattern that matches no failure is stale.
    pub(crate) fn apply(&self, report: &mut RunReport, all: bool) {
        // For each entry: it happened; it should have.
        let mut uses = vec![(false, false); self.entries.len()];
        for vector in &mut report.vectors {
            let ran = !matches!(vector.verdict, Verdict::NotApplicable | Verdict::NotRun);
            // A weaker family may well miss what only some cut shows.
            let decided = ran && (vector.encodes || vector.tier >= Tier::SquareSeams);
            for ((entry, kind), (happened, due)) in self.entries.iter().zip(&mut uses) {
                if kind.is_of_resources() || !entry.names(&report.protocol, &vector.id) {
                    continue;
                }
                let finding = vector.findings.iter_mut().find(|finding| finding.kind == *kind);
                if let Some(finding) = finding {
                    finding.known = Some(entry.reason.clone());
                    *happened = true;
                }
                *due |= decided && (all || !entry.id.contains('*'));
            }
            if ran {
                vector.verdict =
                    verdict(vector.findings.iter().map(|finding| (finding.level, finding.known.is_some())));
            }
        }
        let stale = self.entries.iter().zip(uses).filter(|(_, (happened, due))| *due && !happened);
        report.stale = stale.map(|((entry, _), _)| name(entry)).collect();
    }
}

impl Known {
    /// The same for time and memory. What was not judged makes no entry stale.
    pub(crate) fn apply_to_resources(&self, report: &mut RunReport) {
        for (entry, kind) in self.entries.iter().filter(|(_, kind)| kind.is_of_resources()) {
            let (mut happened, mut due) = (false, false);
            for resource in report.resources.iter_mut().filter(|resource| resource.check.kind() == *kind) {
                if !entry.names(&report.protocol, resource.check.id()) || resource.outcome == Outcome::NotJudged {
                    continue;
                }
                due = true;
                if resource.outcome == Outcome::Fail {
                    resource.known = Some(entry.reason.clone());
                    happened = true;
                }
            }
            if due && !happened {
                report.stale.push(name(entry));
            }
        }
    }
}

fn verdict(findings: impl Iterator<Item = (Level, bool)> + Clone) -> Verdict {
    let unknown = findings.clone().filter(|(_, known)| !known).map(|(level, _)| level).max();
    match (unknown, findings.clone().next()) {
        (Some(level), _) => Verdict::Fail(level),
        (None, Some(_)) => Verdict::Known,
        (None, None) => Verdict::Pass,
    }
}

impl Entry {
    /// Whether it names a vector of a protocol.
    #[must_use]
    pub fn names(&self, protocol: &str, id: &str) -> bool {
        matches(&self.id, &qualified(protocol, id))
    }
}

fn name(entry: &Entry) -> String {
    format!("{} {}", entry.id, entry.class)
}

/// The id with its protocol in front, unless it stands there already.
fn qualified(protocol: &str, id: &str) -> String {
    if id.contains('/') { id.to_owned() } else { format!("{protocol}/{id}") }
}

/// Whether a pattern, in which `*` stands for any text, names an id. Linear in the product of both lengths at most.
fn matches(pattern: &str, id: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| id.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    true
}
