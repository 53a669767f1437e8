//! From the parser's events to the tree. Nothing here recurses: the depth is that of a vector.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError};

use super::place::{BLANK, Places};
use super::{MAX_DEPTH, MAX_NODES, Node, NodeKind, syntax};
use crate::diag::{Diagnostic, Span, yaml};

/// Reads one document.
pub(super) fn read(text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    let mut reader = Reader {
        places: Places::new(text),
        diagnostics: Vec::new(),
        open: Vec::new(),
        nodes: 0,
        first: None,
        root: None,
        last_alias: None,
        sound: true,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let go_on = match event {
            Ok((event, span)) => reader.event(event, span.start, span.end),
            Err(error) => reader.error(&error),
        };
        if !go_on {
            break;
        }
    }
    reader.finish()
}

struct Reader<'t> {
    places: Places<'t>,
    diagnostics: Vec<Diagnostic>,
    open: Vec<Open>,
    /// How many nodes have begun.
    nodes: usize,
    /// Where the first document begins.
    first: Option<Span>,
    root: Option<Node>,
    /// Where the last alias ends.
    last_alias: Option<usize>,
    /// The tree means what it says.
    sound: bool,
}

/// A list or map whose end has not come yet.
struct Open {
    start: usize,
    kind: OpenKind,
}

enum OpenKind {
    Seq(Vec<Node>),
    Map { pairs: Vec<(Node, Node)>, keys: BTreeMap<String, Key>, pending: Pending },
}

/// The first occurrence of a key.
struct Key {
    span: Span,
    /// Which pair it is.
    pair: usize,
}

/// What a map waits for.
enum Pending {
    Key,
    Value(Node),
    /// The value of a key that this pair has already; it stands in for an empty one.
    Again(usize),
    /// The value of a key that was refused.
    Refused,
    /// The value of a merge key: its mistakes, from the so manieth diagnostic on, go with it.
    Merged(usize),
}

impl Reader<'_> {
    /// Takes an event; false ends the reading.
    fn event(&mut self, event: Event<'_>, start: Marker, end: Marker) -> bool {
        let at = self.places.byte(start.index());
        match event {
            Event::DocumentStart(_) => self.document(at),
            Event::Alias(_) => self.alias(at),
            Event::Scalar(text, style, anchor, tag) => {
                let end = self.places.byte(end.index());
                self.scalar(&text, style, at, end, anchor > 0 || tag.is_some())
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(at, anchor > 0 || tag.is_some(), true, OpenKind::Seq(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                let map = OpenKind::Map { pairs: Vec::new(), keys: BTreeMap::new(), pending: Pending::Key };
                self.begin(at, anchor > 0 || tag.is_some(), false, map)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(at, start != end),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => true,
        }
    }

    fn document(&mut self, at: usize) -> bool {
        let span = self.places.word_at(at);
        match self.first {
            None => {
                self.first = Some(span);
                true
            }
            Some(first) => {
                self.diagnostics.push(yaml::second_document(span, first));
                false
            }
        }
    }

    fn alias(&mut self, at: usize) -> bool {
        let span = self.places.word_at(at);
        self.diagnostics.push(yaml::alias(span));
        self.last_alias = Some(span.end);
        self.sound = false;
        let text = self.places.text.get(span.start..span.end).unwrap_or_default().to_owned();
        self.node(Node { span, kind: NodeKind::Scalar { text, quoted: false, text_start: None } })
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, at: usize, end: usize, properties: bool) -> bool {
        let start = if properties { self.properties(at) } else { at };
        let places = &self.places;
        let (span, verbatim) = match style {
            ScalarStyle::Plain if text.is_empty() => {
                self.sound &= !properties;
                let colon = places.rest(start).starts_with(':');
                (Span { start, end: start.saturating_add(colon.into()) }, None)
            }
            ScalarStyle::Plain => (Span { start, end }, Some(start)),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                (places.quoted_at(start), Some(start.saturating_add(1)))
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let block = places.text.get(start..end).unwrap_or_default().trim_end_matches(BLANK);
                (Span { start, end: start.saturating_add(block.len()) }, None)
            }
        };
        let text_start = verbatim.filter(|at| {
            let inside = at.saturating_sub(span.start).saturating_mul(2);
            places.rest(*at).starts_with(text)
                && span.end.saturating_sub(span.start) == text.len().saturating_add(inside)
        });
        let quoted = style != ScalarStyle::Plain;
        self.node(Node { span, kind: NodeKind::Scalar { text: text.to_owned(), quoted, text_start } })
    }

    /// Reports what stands before a node and says where the node begins.
    fn properties(&mut self, at: usize) -> usize {
        let found = self.places.properties(at);
        self.diagnostics.extend(found.anchor.map(yaml::anchor));
        self.diagnostics.extend(found.tag.map(yaml::tag));
        found.node
    }

    fn begin(&mut self, at: usize, properties: bool, list: bool, kind: OpenKind) -> bool {
        let start = if properties { self.properties(at) } else { at };
        if self.open.len() >= MAX_DEPTH {
            return self.stop(yaml::too_deep(self.places.char_at(start), MAX_DEPTH));
        }
        let start = if list && !self.places.rest(start).starts_with(['[', '-']) {
            self.places.dash_before(start)
        } else {
            start
        };
        self.open.push(Open { start, kind });
        self.count(start)
    }

    /// The innermost list or map ends; `bracket`: with the bracket at `at`, else with its last entry.
    fn end(&mut self, at: usize, bracket: bool) -> bool {
        let Some(Open { start, kind }) = self.open.pop() else { return false };
        let (kind, last) = match kind {
            OpenKind::Seq(entries) => {
                let last = entries.last().map(|entry| entry.span.end);
                (NodeKind::Seq(entries), last)
            }
            OpenKind::Map { pairs, .. } => {
                let last = pairs.last().map(|(key, value)| value.span.end.max(key.span.end));
                (NodeKind::Map(pairs), last)
            }
        };
        let end = if bracket { at.saturating_add(1) } else { last.unwrap_or(start) };
        self.place(Node { span: Span { start, end: end.max(start) }, kind });
        true
    }

    /// A scalar, counted and placed.
    fn node(&mut self, node: Node) -> bool {
        let start = node.span.start;
        self.place(node);
        self.count(start)
    }

    fn count(&mut self, at: usize) -> bool {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > MAX_NODES {
            return self.stop(yaml::too_many_nodes(self.places.char_at(at), MAX_NODES));
        }
        true
    }

    /// Puts a complete node where it belongs: into the innermost open list or map, or at the root.
    fn place(&mut self, node: Node) {
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.root = Some(node),
            Some(OpenKind::Seq(entries)) => entries.push(node),
            Some(OpenKind::Map { pairs, keys, pending }) => match std::mem::replace(pending, Pending::Key) {
                Pending::Key => *pending = key(node, keys, pairs.len(), &mut self.diagnostics, &mut self.sound),
                Pending::Again(pair) => {
                    if let Some((_, value)) = pairs.get_mut(pair).filter(|(_, value)| is_empty(value)) {
                        *value = node;
                    }
                }
                Pending::Value(key) => pairs.push((key, node)),
                Pending::Refused => {}
                Pending::Merged(before) => self.diagnostics.truncate(before),
            },
        }
    }

    /// A syntax error ends the reading, unless it is an alias to nothing, which is an alias.
    fn error(&mut self, error: &ScanError) -> bool {
        let at = self.places.byte(error.marker().index());
        if error.info() == "while parsing node, found unknown anchor" {
            return self.alias(at);
        }
        let reason = error.info();
        let tab = self.places.tab_before(at).filter(|_| reason.contains("tab"));
        let span = self.places.char_at(tab.unwrap_or(at));
        if reason == "recursion limit exceeded" {
            return self.stop(yaml::too_deep(span, MAX_DEPTH));
        }
        if reason == "the handle wasn't declared" {
            return self.stop(yaml::tag(self.places.word_at(at)));
        }
        if self.last_alias.is_some_and(|alias| !self.places.text.get(alias..at).unwrap_or_default().contains('\n')) {
            // What follows an alias on its line is no YAML because of the alias.
            return false;
        }
        let bracket = |open: &Open| Some(self.places.char_at(open.start)).filter(|_| self.in_brackets(open));
        let open = self.open.last().and_then(bracket);
        self.stop(syntax::explain(span, reason, open))
    }

    fn in_brackets(&self, open: &Open) -> bool {
        self.places.rest(open.start).starts_with(['[', '{'])
    }

    fn stop(&mut self, diagnostic: Diagnostic) -> bool {
        self.diagnostics.push(diagnostic);
        self.sound = false;
        false
    }

    fn finish(mut self) -> (Option<Node>, Vec<Diagnostic>) {
        if self.sound && self.root.as_ref().is_none_or(is_empty) {
            self.diagnostics.push(yaml::no_document(Span::default()));
            self.sound = false;
        }
        (self.root.filter(|_| self.sound), self.diagnostics)
    }
}

/// Nothing was written: `key:` or an empty file.
fn is_empty(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Scalar { text, quoted, .. } => text.is_empty() && !quoted,
        NodeKind::Seq(_) | NodeKind::Map(_) => false,
    }
}

/// Judges a key and says what its map waits for next.
fn key(
    node: Node,
    keys: &mut BTreeMap<String, Key>,
    pair: usize,
    diagnostics: &mut Vec<Diagnostic>,
    sound: &mut bool,
) -> Pending {
    let NodeKind::Scalar { text, quoted, .. } = &node.kind else {
        *sound = false;
        diagnostics.push(yaml::key_not_text(node.span));
        return Pending::Refused;
    };
    if text == "<<" && !quoted {
        *sound = false;
        diagnostics.push(yaml::merge_key(node.span));
        return Pending::Merged(diagnostics.len());
    }
    match keys.get(text) {
        Some(first) => {
            diagnostics.push(yaml::duplicate_key(node.span, first.span, text));
            Pending::Again(first.pair)
        }
        None => {
            keys.insert(text.clone(), Key { span: node.span, pair });
            Pending::Value(node)
        }
    }
}
