//! Diagnostics as a person reads them.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Span};

/// Whether the text has ANSI escape sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Never,
    /// With escape sequences.
    Always,
}

/// Lines between two places up to which they are shown in one excerpt.
const NEAR: usize = 6;
/// The same for bytes in one line.
const BESIDE: usize = 100;
/// Bytes of a long line that are looked at before and after a place.
const AROUND: usize = 2000;

/// Renders diagnostics of one file, in the order given. `file` is its name; `source` may be any bytes, and spans may lie
/// outside it. Columns count characters from 1.
#[must_use]
pub fn render(file: &str, source: &[u8], diagnostics: &[Diagnostic], colour: Colour) -> String {
    let renderer = match colour {
        Colour::Never => Renderer::plain(),
        Colour::Always => Renderer::styled(),
    };
    let page = Page { file, source, lines: line_starts(source) };
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&renderer.render(&[page.report(diagnostic)]));
        text.push_str("\n\n");
    }
    text
}

fn line_starts(source: &[u8]) -> Vec<usize> {
    let after = source.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at.saturating_add(1));
    std::iter::once(0).chain(after).collect()
}

struct Page<'s> {
    file: &'s str,
    source: &'s [u8],
    /// Where each line begins.
    lines: Vec<usize>,
}

/// A place with what to say at it.
struct Mark<'d> {
    kind: AnnotationKind,
    span: Span,
    label: &'d str,
}

impl<'s> Page<'s> {
    fn report<'d>(&self, diagnostic: &'d Diagnostic) -> Group<'d>
    where
        's: 'd,
    {
        let culprit = self.mark(AnnotationKind::Primary, diagnostic.span, &diagnostic.label);
        let second = diagnostic.second.as_ref();
        let second = second.map(|(span, label)| self.mark(AnnotationKind::Context, *span, label));
        let title = Level::ERROR.primary_title(diagnostic.message.as_str()).id(diagnostic.code.id());
        let group = match second {
            None => self.show(Group::with_title(title), &[culprit]),
            Some(second) if self.near(culprit.span, second.span) => {
                let both = if culprit.span <= second.span { [culprit, second] } else { [second, culprit] };
                self.show(Group::with_title(title), &both)
            }
            Some(second) => {
                let group = self.show(Group::with_title(title), &[culprit]);
                self.show(group, &[second])
            }
        };
        if diagnostic.help.is_empty() { group } else { group.element(Level::HELP.message(diagnostic.help.as_str())) }
    }

    /// The place, put inside the file.
    fn mark<'d>(&self, kind: AnnotationKind, span: Span, label: &'d str) -> Mark<'d> {
        let start = span.start.min(self.source.len());
        Mark { kind, span: Span { start, end: span.end.clamp(start, self.source.len()) }, label }
    }

    /// The line, from 0, that a byte stands in.
    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).saturating_sub(1)
    }

    fn line_start(&self, line: usize) -> usize {
        self.lines.get(line).copied().unwrap_or(self.source.len())
    }

    fn near(&self, a: Span, b: Span) -> bool {
        let apart = a.start.abs_diff(b.start);
        match self.line(a.start).abs_diff(self.line(b.start)) {
            0 => apart <= BESIDE,
            lines => lines <= NEAR && apart <= AROUND,
        }
    }

    fn text(&self, from: usize, to: usize) -> String {
        String::from_utf8_lossy(self.source.get(from..to).unwrap_or_default()).into_owned()
    }

    /// Adds the lines of some places that follow each other; of very long lines what is near.
    fn show<'d>(&self, group: Group<'d>, marks: &[Mark<'d>]) -> Group<'d>
    where
        's: 'd,
    {
        let first = marks.first().map_or(0, |mark| mark.span.start);
        let last =
            marks.iter().map(|mark| mark.span.end.min(mark.span.start.saturating_add(AROUND))).max().unwrap_or(first);
        let line = self.line(first);
        let line_start = self.line_start(line);
        let from = line_start.max(first.saturating_sub(AROUND));
        let to = self.line_start(self.line(last).saturating_add(1)).min(last.saturating_add(AROUND));
        let mut text = self.text(from, first);
        let mut at = first;
        let mut annotations = Vec::new();
        for mark in marks {
            let start = mark.span.start.max(at).min(to);
            let end = mark.span.end.max(start).min(to);
            text.push_str(&self.text(at, start));
            let begin = text.len();
            text.push_str(&self.text(start, end));
            at = end;
            let annotation = mark.kind.span(begin..text.len());
            annotations.push(if mark.label.is_empty() { annotation } else { annotation.label(mark.label) });
        }
        text.push_str(&self.text(at, to));
        let line_number = line.saturating_add(1);
        let snippet = Snippet::source(text).line_start(line_number).annotations(annotations);
        if from == line_start {
            return group.element(snippet.path(self.file));
        }
        // The snippet would count columns from where the line was cut.
        let culprit = marks.iter().find(|mark| mark.kind == AnnotationKind::Primary).or(marks.first());
        let before = self.text(line_start, culprit.map_or(first, |mark| mark.span.start));
        let column = before.chars().count().saturating_add(1);
        group.element(Origin::path(self.file).line(line_number).char_column(column)).element(snippet)
    }
}
