//! Memory against what was claimed, sent and served.

use std::time::{Duration, Instant};

use crate::plan::Oversize;
use crate::runner::process::Program;
use crate::runner::process::meter::{self, Memory};
use crate::runner::process::resources::{Bench, Judged};
use crate::runner::reply::Reply;
use crate::runner::resources::Outcome;
use crate::segment::{Observed, ObservedEnd, Segmentation};

/// A claim of less is not told from what a runtime takes for itself.
const LEAST_CLAIM: usize = 8 << 20;
/// Claims are not made for more.
const MOST_CLAIM: usize = 64 << 20;
/// The claim that it is compared with.
const MODEST: usize = 8192;
/// Bytes behind the length.
const BROUGHT: usize = 20;
/// So often in a row: a runtime that reuses memory makes it resident only then.
const CLAIMS: usize = 8;
/// In so many processes; the least counts.
const PROCESSES: usize = 3;

/// Bytes sent beyond the largest frame.
const BEYOND: usize = 8 << 20;
/// The largest frame is at most so large, else what may be kept hides what may not.
const MOST_LIMIT: u64 = 4 << 20;
/// How they are cut.
const CHUNK: usize = 4096;

/// Bytes of a case as cases go by, at least.
const CASE: usize = 96;
/// Cases of a round; those of later rounds are more, so that what is only collected late is collected.
const CASES: usize = 8192;
/// Rounds of each size.
const ROUNDS: usize = 6;
/// How often the size doubles.
const DOUBLINGS: u32 = 3;
/// Growth of a round by less than this part of what was fed is none.
const PART: usize = 4;
/// Rounds in a row without growth: it has come to an end.
const FLAT: usize = 2;
/// A program so slow that it takes longer is not judged.
const PATIENCE: Duration = Duration::from_secs(120);

/// A frame's length against a small one, with the same few bytes behind it. What is taken must go with what is claimed: a runtime
/// takes some for itself.
pub(super) fn claim(bench: &mut Bench<'_>) -> Judged {
    let large = bench.large()?;
    let size = large.largest(MOST_CLAIM).unwrap_or(0);
    if size < LEAST_CLAIM {
        return Err(format!("frames of at most {size} bytes claim too little to be told"));
    }
    let half = large.largest(size / 2).unwrap_or(0);
    let frames: Option<Vec<Vec<u8>>> = [MODEST, half, size].map(|size| large.frame(size)).into_iter().collect();
    let mut streams = frames.ok_or_else(|| format!("no frame has {MODEST} bytes"))?;
    for stream in &mut streams {
        stream.truncate(MODEST / 2);
    }
    let [modest, halves, claims] = streams.as_mut_slice() else { return Err("no frame has these sizes".to_owned()) };
    // All have the same letters behind their lengths.
    let Some(length) = claims.iter().zip(&*modest).rposition(|(one, other)| one != other) else {
        return Err("no length is claimed".to_owned());
    };
    for stream in [&mut *modest, &mut *halves, &mut *claims] {
        stream.truncate(length + 1 + BROUGHT);
        bench.rightly(stream, &Segmentation::default())?;
    }
    let (mut half_excess, mut excess) = (u64::MAX, u64::MAX);
    for _ in 0..PROCESSES {
        half_excess = half_excess.min(bench.excess(modest, halves)?);
        excess = excess.min(bench.excess(modest, claims)?);
    }
    let text = format!(
        "{CLAIMS} streams that claim {size} bytes and bring {} took {} KiB more than such as claim {MODEST}; a claim of {half} took {}",
        claims.len(),
        excess >> 10_u32,
        half_excess >> 10_u32
    );
    let size = u64::try_from(size).unwrap_or(u64::MAX);
    let much = excess >= size / 2 && excess.saturating_sub(half_excess) >= size / 4;
    Ok((if much { Outcome::Fail } else { Outcome::Pass }, text))
}

/// Bytes of a frame that is larger than it may be against the same bytes where it may be so large.
pub(super) fn oversize(bench: &mut Bench<'_>) -> Judged {
    let plan = bench.meaning.plan().clone();
    if plan.largest > MOST_LIMIT {
        return Err(format!("frames of {} bytes are allowed", plan.largest));
    }
    let limit = usize::try_from(plan.largest).unwrap_or(usize::MAX);
    let size = limit.saturating_add(BEYOND);
    let stream = bench.large()?.beyond(size).ok_or("no length claims more than is allowed")?;
    let cuts = Segmentation { cuts: (CHUNK..stream.len()).step_by(CHUNK).collect(), glued: false };

    let (reply, strict) = bench.once(&stream, &cuts)?;
    let refused = reply.fed.iter().zip(&reply.seen).find(|(_, seen)| matches!(seen, Observed::Error { .. }));
    if let (Oversize::Close, Some((fed, _))) = (plan.policy.oversize, refused)
        && *fed < limit + BEYOND / 2
    {
        return Ok((Outcome::Pass, format!("refused after {fed} bytes of {size}, where {limit} are allowed")));
    }
    let raised = bench.with_limit(size.saturating_mul(2)).ok_or("the first line has no limit to raise")?;
    let (reply, roomy) = bench.of(&raised).once(&stream, &cuts)?;
    if !matches!(reply, Reply { end: Some(ObservedEnd::Incomplete | ObservedEnd::Unknown), seen, .. } if seen.is_empty())
    {
        return Err("it does not take a larger limit".to_owned());
    }
    let text = format!("{size} bytes took {}, and {} where so many are allowed", shown(strict), shown(roomy));
    let spared = roomy.resident.saturating_sub(strict.resident);
    let kept = spared < u64::try_from(BEYOND / 2).unwrap_or(u64::MAX);
    Ok((if kept { Outcome::Fail } else { Outcome::Pass }, text))
}

/// Whether memory stops to grow while the same case goes by again and again.
#[expect(clippy::disallowed_methods, reason = "patience needs the clock")]
pub(super) fn cases(bench: &mut Bench<'_>) -> Judged {
    let frame = bench.small()?;
    let mut stream = frame.repeat(CASE.div_ceil(frame.len().max(1)));
    // And a part of a frame, which nobody ever asks for.
    stream.extend_from_slice(frame.get(..frame.len() / 2).unwrap_or_default());
    let until = Instant::now() + PATIENCE;
    bench.renew(&stream, CASES)?;
    let (mut stages, mut flat, mut served) = (Vec::new(), 0, 0);
    for cases in (0..=DOUBLINGS).map(|doubling| CASES << doubling) {
        let fed = u64::try_from(cases * stream.len() / PART).unwrap_or(u64::MAX);
        let mut stage: u64 = 0;
        for _ in 0..ROUNDS {
            let growth = bench.growth(&stream, cases)?.resident;
            stage = stage.saturating_add(growth);
            served += cases;
            flat = if growth < fed { flat + 1 } else { 0 };
            if flat >= FLAT {
                let text = format!("no growth any more after {served} cases of {} bytes", stream.len());
                return Ok((Outcome::Pass, text));
            }
            if Instant::now() > until {
                return Err(format!("it still grew after {served} cases, when patience ended"));
            }
        }
        stages.push(stage);
    }
    let text = format!(
        "{served} cases of {} bytes; rounds of once, twice, … as many took {} KiB more",
        stream.len(),
        stages.iter().map(|stage| (stage >> 10_u32).to_string()).collect::<Vec<_>>().join(", ")
    );
    // What is never given back goes with the cases: twice as many take twice as much. The peaks of a heap that is collected late
    // rise more and more slowly.
    let keeps_up = |(before, stage): (&u64, &u64)| stage.saturating_mul(2) >= before.saturating_mul(3);
    if stages.iter().zip(stages.iter().skip(1)).skip(1).all(keeps_up) {
        Ok((Outcome::Fail, text))
    } else {
        Err(format!("it grows, but not with the cases: {text}"))
    }
}

fn shown(memory: Memory) -> String {
    format!("{} KiB resident and {} reserved", memory.resident >> 10_u32, memory.reserved >> 10_u32)
}

impl Bench<'_> {
    /// A new process, with this behind it already. Its peaks count from here on, once and for all: what falls and rises again, as a heap
    /// that is collected now and then, does not grow.
    fn renew(&mut self, stream: &[u8], cases: usize) -> Result<(), String> {
        self.probe.renew();
        self.serve(stream, cases)?;
        meter::forget_peak(self.probe.live()?.group());
        Ok(())
    }

    /// By how much the peaks rise while so many cases are served.
    fn growth(&mut self, stream: &[u8], cases: usize) -> Result<Memory, String> {
        self.rise(|bench| bench.serve(stream, cases)).map(|((), memory)| memory)
    }

    /// By how much the peaks rise more under one stream than under the other, in a new process.
    fn excess(&mut self, modest: &[u8], claims: &[u8]) -> Result<u64, String> {
        self.renew(modest, CLAIMS)?;
        let without = self.growth(modest, CLAIMS)?;
        let with = self.growth(claims, CLAIMS)?;
        let resident = with.resident.saturating_sub(without.resident);
        Ok(resident.max(with.reserved.saturating_sub(without.reserved)))
    }

    /// One case in a new process: the reply, and by how much the peaks rise.
    fn once(&mut self, stream: &[u8], cuts: &Segmentation) -> Result<(Reply, Memory), String> {
        self.renew(&[], 1)?;
        self.rise(|bench| bench.reply(stream, cuts))
    }

    fn rise<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<(T, Memory), String> {
        let before = self.memory()?;
        let done = act(self)?;
        let after = self.memory()?;
        let resident = after.resident.saturating_sub(before.resident);
        let reserved = after.reserved.saturating_sub(before.reserved);
        Ok((done, Memory { resident, reserved }))
    }

    /// The program under another limit on the size of frames; nothing where its first line names none.
    fn with_limit(&self, limit: usize) -> Option<Program> {
        let word = |word: &str| if word.starts_with("max=") { format!("max={limit}") } else { word.to_owned() };
        let hello = self.program.hello.split(' ').map(word).collect::<Vec<_>>().join(" ");
        (hello != self.program.hello).then(|| Program { hello, ..self.program.clone() })
    }
}
