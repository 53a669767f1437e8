//! Documentation: a page a protocol with its packet diagram, and an index.

mod checksum;
mod examples;
mod markdown;
mod packet;
mod page;
mod refusals;
mod strip;
mod svg;

use serde::Serialize;

use self::markdown::brief;
use super::{Extras, File, GenerateError, Language, template};
use crate::plan::{Plan, words};
use crate::vector;

pub(super) const LANGUAGE: Language = Language { name: "docs", extras: &[], generate };

const VERSION: &str = env!("CARGO_PKG_VERSION");
const INDEX: &str = include_str!("templates/index.md.j2");
const PAGE: &str = include_str!("templates/page.md.j2");
/// Characters of a summary at most.
const SUMMARY: usize = 160;

#[derive(Serialize)]
struct Index {
    version: &'static str,
    protocols: Vec<Entry>,
}

/// A protocol in the index, in Markdown.
#[derive(Serialize)]
struct Entry {
    name: String,
    summary: String,
    sizes: String,
    framing: &'static str,
    members: String,
}

fn generate(plans: &[Plan], extras: &Extras<'_>) -> Result<Vec<File>, GenerateError> {
    let mut files = Vec::new();
    for plan in plans {
        let name = &plan.name;
        if name == "readme" {
            let why = "a page for a protocol named readme would be written over the index on many systems: rename it";
            return Err(GenerateError(why.to_owned()));
        }
        let vectors = vector::build(plan, extras.handwritten(name));
        let vectors = vectors.map_err(|why| GenerateError(format!("vectors of {name} made by hand: {why}")))?;
        let (examples, strips) = examples::examples(plan, &vectors);
        files.push(File::text(format!("{name}.md"), rendered(PAGE, &page::page(plan, examples))?));
        files.push(File::text(format!("{name}.svg"), packet::svg(plan)));
        for (number, strip) in strips.into_iter().enumerate() {
            files.push(File::text(examples::file(name, number), strip));
        }
    }
    let mut protocols: Vec<Entry> = plans.iter().map(entry).collect();
    protocols.sort_by(|a, b| a.name.cmp(&b.name));
    files.push(File::text("README.md".to_owned(), rendered(INDEX, &Index { version: VERSION, protocols })?));
    Ok(files)
}

fn rendered(source: &'static str, context: &impl Serialize) -> Result<String, GenerateError> {
    template::render(&[("file", source)], "file", context)
}

fn entry(plan: &Plan) -> Entry {
    let sizes = if plan.min_frame == plan.largest {
        words::bytes(plan.largest)
    } else {
        format!("{} to {}", plan.min_frame, words::bytes(plan.largest))
    };
    Entry {
        name: plan.name.clone(),
        summary: brief(&summary(&plan.doc)),
        sizes,
        framing: page::framing(plan),
        members: page::kinds(plan),
    }
}

/// The first sentence.
fn summary(doc: &str) -> String {
    let first = doc.find(". ").map_or(doc, |end| doc.split_at(end + 1).0);
    if first.chars().count() <= SUMMARY {
        return first.to_owned();
    }
    let cut: String = first.chars().take(SUMMARY).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words))
}
