//! Names in the cases of languages.

/// The words of a name of the spec: of `session_id`, `session-record`, `SessionId`, `DataXXL` or `type2`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let next_is_lower = letters.peek().is_some_and(char::is_ascii_lowercase);
        let begins = !before.is_ascii_alphanumeric()
            || (letter.is_ascii_uppercase() && (before.is_ascii_lowercase() || next_is_lower));
        if letter.is_ascii_alphanumeric() {
            match words.last_mut() {
                Some(word) if !begins => word.push(letter.to_ascii_lowercase()),
                Some(_) | None => words.push(letter.to_ascii_lowercase().to_string()),
            }
        }
        before = letter;
    }
    words
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// `session_id`
pub(super) fn snake(name: &str) -> String {
    words(name).join("_")
}

/// `SESSION_ID`
pub(super) fn upper(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

/// `SessionId`
pub(super) fn pascal(name: &str) -> String {
    words(name).iter().map(|word| capitalised(word)).collect()
}

/// `sessionId`
pub(super) fn camel(name: &str) -> String {
    let words = words(name);
    let rest = words.iter().skip(1).map(|word| capitalised(word));
    words.first().cloned().into_iter().chain(rest).collect()
}
