//! The answers to all cases of one vector.

use crate::runner::deviation::{Deviation, Kind};
use crate::runner::judge::Demand;
use crate::runner::reply::{Answer, Reply, Template};
use crate::runner::show;
use crate::segment::{Counter, Segmentation};
use crate::vector::{Expect, Level, Vector};

/// What was found out about one vector so far. The first case is the uncut control.
#[derive(Debug)]
pub(crate) struct Tally<'a> {
    pub(crate) vector: &'a Vector,
    pub(crate) expect: Expect,
    pub(crate) demand: Demand,
    /// What the decoder itself makes of the uncut stream, where that is wrong already.
    pub(crate) own: Option<Demand>,
    /// The fewest cuts for each kind of deviation.
    pub(crate) found: Vec<Counter<Deviation>>,
    /// The reply to the uncut stream.
    pub(crate) control: Option<Reply>,
    /// Cases answered.
    pub(crate) cases: usize,
    /// The testee broke down: its other cases are not run.
    pub(crate) broken: bool,
    template: Option<Template>,
    line: Vec<u8>,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(vector: &'a Vector, expect: Expect) -> Self {
        let demand = Demand::meaning(vector.stream.len(), vector.level, &expect);
        Self {
            vector,
            expect,
            demand,
            own: None,
            found: Vec::new(),
            control: None,
            cases: 0,
            broken: false,
            template: None,
            line: Vec::new(),
        }
    }

    /// What the cases after the control are held against.
    pub(crate) fn demand(&self) -> &Demand {
        self.own.as_ref().unwrap_or(&self.demand)
    }

    /// Takes the line that answers the next case.
    pub(crate) fn line(&mut self, cuts: &Segmentation, line: &[u8]) -> Option<Kind> {
        if let Some(template) = &self.template {
            template.write(cuts, &mut self.line);
            if self.line == line {
                self.cases += 1;
                return None;
            }
        }
        match Reply::parse(line) {
            Ok(reply) => {
                let control = self.cases == 0;
                let answer = Answer::Reply(reply);
                let failed = self.answer(cuts, &answer);
                if let (true, true, Answer::Reply(reply)) = (control, self.found.is_empty(), &answer) {
                    self.template = Some(Template::new(line, reply, &self.demand));
                }
                failed
            }
            Err(text) => self.answer(cuts, &Answer::Broken(Kind::ProtocolError, text)),
        }
    }

    /// Takes the answer to the next case; the first must be that of the uncut stream. Gives its kind where it is a breakdown, or
    /// the vector's first deviation of level must.
    pub(crate) fn answer(&mut self, cuts: &Segmentation, answer: &Answer) -> Option<Kind> {
        let control = self.cases == 0;
        let must = |counter: &Counter<Deviation>| counter.deviation.kind.level() == Level::Must;
        let clean = !self.found.iter().any(must);
        self.cases += 1;
        let deviations = answer.judge(self.demand(), cuts);
        if control {
            let failed = deviations.iter().any(|deviation| deviation.kind.level() == Level::Must);
            if let Answer::Reply(reply) = answer {
                self.control = Some(reply.clone());
                let Reply { seen, end, .. } = reply.clone();
                let own = || Demand::control(self.vector.stream.len(), self.vector.level, seen, end);
                self.own = failed.then(own);
            }
        }
        let broken = matches!(answer, Answer::Broken(..));
        self.broken |= broken;
        let gravest = deviations.iter().map(|deviation| deviation.kind).find(|kind| kind.level() == Level::Must);
        for deviation in deviations {
            self.keep(Counter { cuts: cuts.clone(), deviation });
        }
        gravest.filter(|_| clean || broken)
    }

    /// Whether a case that deviated among others does not by itself: then how it differs, in words.
    pub(crate) fn unlike(&self, kind: Kind, alone: &Answer, cuts: &Segmentation) -> Option<String> {
        let demand = if kind == Kind::CutDependent { self.demand() } else { &self.demand };
        let again = alone.judge(demand, cuts).iter().any(|deviation| deviation.kind == kind);
        let same = again || matches!(alone, Answer::Broken(..));
        let text =
            self.found.iter().find(|counter| counter.deviation.kind == kind).map(|counter| &*counter.deviation.text);
        let text = text.filter(|text| !text.is_empty()).map_or_else(String::new, |text| format!(" ({text})"));
        (!same).then(|| format!("{kind} among other cases{text}; alone the reply is {}", show::answer(alone)))
    }

    /// Keeps a deviation where no case with fewer cuts has shown its kind.
    pub(crate) fn keep(&mut self, counter: Counter<Deviation>) {
        let weight = |cuts: &Segmentation| (cuts.cuts.len(), cuts.glued);
        match self.found.iter_mut().find(|other| other.deviation.kind == counter.deviation.kind) {
            Some(other) if weight(&counter.cuts) < weight(&other.cuts) => *other = counter,
            Some(_) => {}
            None => self.found.push(counter),
        }
    }
}
