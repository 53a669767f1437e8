//! Where things stand: the parser counts characters, spans count bytes; and its marks of quoted and tagged nodes are wide.

use crate::diag::Span;

/// White space and line breaks; YAML knows no others.
pub(super) const BLANK: [char; 4] = [' ', '\t', '\r', '\n'];

/// The text, and the byte at which each of its characters begins.
pub(super) struct Places<'t> {
    pub(super) text: &'t str,
    /// None for ASCII: there character and byte are the same.
    starts: Option<Vec<usize>>,
}

/// What stands before a node: `&anchor` and `!tag`.
#[derive(Default)]
pub(super) struct Properties {
    pub(super) anchor: Option<Span>,
    pub(super) tag: Option<Span>,
    /// First byte of the node itself; of an empty one the end of the last property.
    pub(super) node: usize,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let starts = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect());
        Self { text, starts }
    }

    /// The byte at which the character of this index begins; the end of the text if there is none.
    pub(super) fn byte(&self, index: usize) -> usize {
        match &self.starts {
            None => index.min(self.text.len()),
            Some(starts) => starts.get(index).copied().unwrap_or(self.text.len()),
        }
    }

    pub(super) fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    /// The character at a byte; nothing at the end of a line.
    pub(super) fn char_at(&self, at: usize) -> Span {
        let width = self.rest(at).chars().next().filter(|c| !matches!(c, '\r' | '\n')).map_or(0, char::len_utf8);
        Span { start: at, end: at.saturating_add(width) }
    }

    /// The word at a byte, such as `&anchor`: up to white space or, in brackets, what ends an entry.
    pub(super) fn word_at(&self, at: usize) -> Span {
        let rest = self.rest(at);
        let end = rest.find([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}']).unwrap_or(rest.len());
        Span { start: at, end: at.saturating_add(end) }
    }

    /// The quoted scalar that begins at a byte, with its quotes.
    pub(super) fn quoted_at(&self, at: usize) -> Span {
        let mut chars = self.rest(at).char_indices();
        let quote = chars.next().map(|(_, c)| c);
        let mut end = self.text.len();
        while let Some((offset, c)) = chars.next() {
            if c == '\\' && quote == Some('"') {
                chars.next();
            } else if Some(c) == quote {
                let mut ahead = chars.clone();
                if c == '\'' && ahead.next().is_some_and(|(_, next)| next == '\'') {
                    chars = ahead;
                } else {
                    end = at.saturating_add(offset).saturating_add(1);
                    break;
                }
            }
        }
        Span { start: at, end }
    }

    /// The properties from a byte on, and where the node begins behind them.
    pub(super) fn properties(&self, mut at: usize) -> Properties {
        let mut found = Properties { node: at, ..Properties::default() };
        loop {
            let span = match self.rest(at).bytes().next() {
                Some(b'&') if found.anchor.is_none() => *found.anchor.insert(self.word_at(at)),
                Some(b'!') if found.tag.is_none() => *found.tag.insert(self.tag_at(at)),
                _ => break,
            };
            at = self.skip_blank(span.end);
            found.node = at;
        }
        found
    }

    fn tag_at(&self, at: usize) -> Span {
        let verbatim = self.rest(at).strip_prefix("!<").and_then(|rest| rest.find('>'));
        verbatim
            .map_or_else(|| self.word_at(at), |end| Span { start: at, end: at.saturating_add(end).saturating_add(3) })
    }

    /// Past white space, line breaks and comments.
    fn skip_blank(&self, mut at: usize) -> usize {
        loop {
            let rest = self.rest(at);
            let blank = rest.len().saturating_sub(rest.trim_start_matches(BLANK).len());
            at = at.saturating_add(blank);
            if !self.rest(at).starts_with('#') {
                return at;
            }
            at = at.saturating_add(self.rest(at).find(['\n', '\r']).unwrap_or(self.rest(at).len()));
        }
    }

    /// The first tab in the white space that the line of this place begins with.
    pub(super) fn tab_before(&self, at: usize) -> Option<usize> {
        let start = self.text.get(..at)?.rfind('\n').map_or(0, |end| end.saturating_add(1));
        let line = self.rest(start);
        let blank = line.len().saturating_sub(line.trim_start_matches([' ', '\t']).len());
        line.get(..blank)?.find('\t').map(|tab| start.saturating_add(tab))
    }

    /// The `-` of the list entry whose content begins here, if it stands on the same line.
    pub(super) fn dash_before(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default().trim_end_matches([' ', '\t']);
        if before.ends_with('-') { before.len().saturating_sub(1) } else { at }
    }
}
