//! Time against size.

use std::time::Duration;

use crate::runner::process::resources::{Bench, Judged};
use crate::runner::resources::Outcome;
use crate::segment::Segmentation;

/// The largest of three sizes is at least so many bytes, or there is no verdict: for less, no bound is worth one.
const LEAST: usize = 32 << 10;
/// Sizes grow until the largest takes so long.
const LONG: Duration = Duration::from_millis(120);
/// Less is too short to be compared.
const SHORT: Duration = Duration::from_millis(4);
/// Sizes do not grow from what takes so long.
const TOO_LONG: Duration = Duration::from_secs(2);
/// Each size is measured so often at least, in turn; the least counts, for whatever disturbs only adds.
const ROUNDS: usize = 4;
/// Short times are measured more often, until they make up so much together.
const ENOUGH: Duration = Duration::from_secs(1);
/// Each size at most.
const MOST_ROUNDS: usize = 16;
/// A size against the one half as large: up to here it is linear.
const LINEAR: f64 = 2.2;
/// From here on the larger part of it is not.
const SUPERLINEAR: f64 = 2.8;

/// One large frame, byte by byte.
pub(super) fn drip(bench: &mut Bench<'_>) -> Judged {
    let large = bench.large()?.clone();
    let most = large.largest(1 << 20).unwrap_or(0);
    let cuts = |size: usize| Segmentation { cuts: (1..size).collect(), glued: false };
    confirmed(bench, LEAST / 4, most, &|size| Some((large.frame(size)?, cuts(size))))
}

/// Many small frames in one chunk.
pub(super) fn coalesced(bench: &mut Bench<'_>) -> Judged {
    let frame = bench.small()?.to_vec();
    let frames = |size: usize| frame.repeat(size.div_ceil(frame.len().max(1)));
    confirmed(bench, LEAST, 4 << 20, &|size| Some((frames(size), Segmentation::default())))
}

/// Three sizes, each twice the one before.
struct Series {
    sizes: [usize; 3],
    least: [Duration; 3],
}

impl Series {
    /// The middle against the first, the last against the middle.
    fn ratios(&self) -> [f64; 2] {
        let [first, middle, last] = self.least;
        [ratio(middle, first), ratio(last, middle)]
    }

    fn text(&self) -> String {
        let [a, b, c] = self.sizes;
        let [x, y, z] = self.least.map(|time| time.as_secs_f64() * 1000.0);
        let [first, second] = self.ratios();
        format!("{a}, {b}, {c} bytes took {x:.1}, {y:.1}, {z:.1} ms of processor: times {first:.2}, times {second:.2}")
    }
}

fn ratio(time: Duration, before: Duration) -> f64 {
    time.as_secs_f64() / before.as_secs_f64().max(1e-9)
}

/// The streams of each size.
type Made<'a> = dyn Fn(usize) -> Option<(Vec<u8>, Segmentation)> + 'a;

/// What a second process does not show was of the first: a runtime that collects its garbage just then.
fn confirmed(bench: &mut Bench<'_>, start: usize, most: usize, case: &Made<'_>) -> Judged {
    let first = growth(bench, start, most, case);
    let Ok((Outcome::Fail, text)) = &first else { return first };
    bench.probe.renew();
    match growth(bench, start, most, case) {
        Ok((Outcome::Fail, _)) => first,
        Ok((Outcome::Pass | Outcome::NotJudged, _)) | Err(_) => {
            Err(format!("a second process did not show it again: {text}"))
        }
    }
}

/// Makes sizes grow until time can be told, and compares.
fn growth(bench: &mut Bench<'_>, start: usize, most: usize, case: &Made<'_>) -> Judged {
    if most < LEAST {
        return Err(format!("frames of at most {most} bytes are too small for time to be told"));
    }
    let mut size = start;
    loop {
        let more = size.saturating_mul(2) <= most;
        let made = case(size).ok_or_else(|| format!("no frame has {size} bytes"))?;
        bench.rightly(&made.0, &made.1)?;
        let time = bench.cost(&made.0, &made.1)?;
        if more && (time < LONG || (size < LEAST && time < TOO_LONG / 8)) {
            size *= 2;
            continue;
        }
        let series = measure(bench, size, case)?;
        let [first, second] = series.ratios();
        let [.., last] = series.least;
        if last < SHORT {
            return Err(format!("too short to be told: {}", series.text()));
        }
        if first.max(second) <= LINEAR && size >= LEAST {
            return Ok((Outcome::Pass, series.text()));
        }
        if second >= SUPERLINEAR && first >= LINEAR {
            return Ok((Outcome::Fail, series.text()));
        }
        if !more || last > TOO_LONG {
            return Err(format!("neither linear nor clearly more: {}", series.text()));
        }
        size *= 2;
    }
}

fn measure(bench: &mut Bench<'_>, last: usize, case: &Made<'_>) -> Result<Series, String> {
    let mut series = Series { sizes: [last / 4, last / 2, last], least: [Duration::MAX; 3] };
    let made = series.sizes.map(case);
    let mut spent = Duration::ZERO;
    for round in 0..MOST_ROUNDS {
        if round >= ROUNDS && spent > ENOUGH {
            break;
        }
        for (made, least) in made.iter().zip(&mut series.least) {
            let (stream, cuts) = made.as_ref().ok_or("no frame has half the size")?;
            let cost = bench.cost(stream, cuts)?;
            spent += cost;
            *least = (*least).min(cost);
        }
    }
    Ok(series)
}
