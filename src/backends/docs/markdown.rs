//! Text that a stranger wrote, as Markdown that shows just that text.

/// A name or a sentence in a paragraph or in a cell of a table. Addresses on the web become links.
pub(super) fn text(words: &str) -> String {
    linked(words, |address| format!("<{address}>"))
}

/// The same where there is little room: links have the name of their site.
pub(super) fn brief(words: &str) -> String {
    linked(words, |address| {
        let host = address.split('/').nth(2).unwrap_or_default();
        format!("[{}](<{address}>)", escaped(host.trim_start_matches("www.")))
    })
}

fn linked(words: &str, link_to: impl Fn(&str) -> String) -> String {
    let clean = clean(words);
    let mut out = String::new();
    let mut rest = clean.as_str();
    while let Some(at) = ["http://", "https://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
        let (before, link) = rest.split_at(at);
        let end = link.find(|each: char| !in_address(each)).unwrap_or(link.len());
        let (address, after) = link.split_at(end);
        let address = address.trim_end_matches(['.', ',', ';', ':', '?', '!', '&']);
        let whole = address.split_once("//").is_some_and(|(_, host)| !host.is_empty());
        out += &escaped(before);
        let taken = if whole { link_to(address) } else { escaped(link.split_at(end).0) };
        out += &taken;
        rest = if whole { link.get(address.len()..).unwrap_or(after) } else { after };
    }
    out += &escaped(rest);
    at_start(&out)
}

/// Words of the language, in the type of code.
pub(super) fn code(words: &str) -> String {
    let clean = clean(words);
    match clean.as_str() {
        "" => String::new(),
        // What a table or the code's own quotes would cut.
        plain if plain.contains(['`', '|', '\\']) => format!("<code>{}</code>", escaped(plain)),
        plain => format!("`{plain}`"),
    }
}

/// A block of code.
pub(super) fn block(language: &str, lines: &str) -> String {
    let longest = lines.split(|each| each != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.saturating_add(1).max(3));
    format!("{fence}{language}\n{}\n{fence}", lines.trim_end())
}

fn in_address(each: char) -> bool {
    each.is_ascii_alphanumeric() || "-._~/?#%&=+:,;@!".contains(each)
}

/// One line; neither control characters nor those that turn the direction of what follows.
fn clean(words: &str) -> String {
    let turns = |each: char| matches!(each, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let visible: String =
        words.chars().filter(|each| !turns(*each)).map(|each| if each.is_control() { ' ' } else { each }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escaped(words: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    let mut letters = words.chars().peekable();
    while let Some(each) = letters.next() {
        let special = match each {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '&' | '~' | '$' => true,
            '_' => !(before.is_alphanumeric() && letters.peek().is_some_and(|next| next.is_alphanumeric())),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(each);
        before = each;
    }
    out
}

/// What would begin a list, a heading or a rule does not.
fn at_start(words: &str) -> String {
    let digits = words.find(|each: char| !each.is_ascii_digit()).unwrap_or(words.len());
    let (number, rest) = words.split_at(digits);
    match rest.chars().next() {
        Some('-' | '+' | '=' | '#') if number.is_empty() => format!("\\{words}"),
        Some('.' | ')') if !number.is_empty() => format!("{number}\\{rest}"),
        _ => words.to_owned(),
    }
}
