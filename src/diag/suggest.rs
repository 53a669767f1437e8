//! Did you mean …?

use strsim::osa_distance;

/// Longer words are nobody's slip.
const LONGEST: usize = 64;

/// The candidate that `word` is most likely a slip of: at most a third of its letters differ (one of a short word), case aside.
/// Of equally close ones the first.
#[must_use]
pub fn did_you_mean<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    let most = word.chars().count().div_euclid(3).max(1);
    candidates
        .iter()
        .copied()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (osa_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= most && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[track_caller]
    fn check(word: &str, expected: Option<&str>) {
        assert_eq!(did_you_mean(word, &["frame", "enums", "name", "max_frame", "u8", "u16"]), expected);
    }

    #[test]
    fn slips_are_recognised_and_other_words_are_not() {
        check("frme", Some("frame"));
        check("Frame", Some("frame"));
        check("nmae", Some("name"));
        check("maxframe", Some("max_frame"));
        check("u9", Some("u8"));
        check("fields", None);
        check("", None);
        check(&"frame".repeat(100), None);
    }

    #[test]
    fn of_equally_close_candidates_the_first_wins() {
        assert_eq!(did_you_mean("cat", &["car", "cap"]), Some("car"));
    }
}
