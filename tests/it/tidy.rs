//! The structure of the source: who may use whom, and what no file does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each module and those that it may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("backends", &["plan", "value", "vector"]),
    ("build", &["backends", "diag", "model", "plan"]),
    ("capture", &[]),
    ("catalogue", &[]),
    (
        "cli",
        &[
            "backends",
            "capture",
            "catalogue",
            "diag",
            "fuzz",
            "interp",
            "model",
            "oracle",
            "plan",
            "report",
            "runner",
            "schema",
            "segment",
            "value",
            "vector",
        ],
    ),
    ("diag", &[]),
    ("fuzz", &["interp", "oracle", "plan", "runner", "segment", "vector"]),
    ("interp", &["plan", "value"]),
    ("model", &["diag", "yaml"]),
    ("oracle", &["interp", "plan", "value"]),
    ("plan", &["model", "value"]),
    ("report", &["runner", "segment", "value", "vector"]),
    ("runner", &["interp", "plan", "segment", "value", "vector"]),
    ("schema", &["model"]),
    ("segment", &[]),
    ("testing", &["catalogue", "diag", "model", "plan", "report", "runner", "segment", "vector"]),
    ("value", &[]),
    ("vector", &["interp", "plan", "value"]),
    ("yaml", &["diag"]),
];

fn sources() -> Vec<(String, PathBuf, String)> {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|it| it == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let module = |path: &Path| {
        let below = path.strip_prefix(&root).unwrap();
        below.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
    };
    paths.into_iter().map(|path| (module(&path), path.clone(), std::fs::read_to_string(&path).unwrap())).collect()
}

/// The modules that a source names after `crate::`, one by one or in braces. Comments do not count.
fn used(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let name = |text: &str| {
        let end = text.find(|each: char| !each.is_ascii_alphanumeric() && each != '_').unwrap_or(text.len());
        text[..end].to_owned()
    };
    let mut used = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            used.push(name(rest));
            continue;
        };
        let (mut depth, mut start) = (0, 0);
        for (at, each) in group.char_indices() {
            match each {
                '{' => depth += 1,
                ',' | '}' if depth == 0 => {
                    used.push(name(group[start..at].trim()));
                    start = at + 1;
                }
                '}' => depth -= 1,
                _ => {}
            }
            if each == '}' && depth == 0 && start > at {
                break;
            }
        }
    }
    used.retain(|used| !used.is_empty() && used.starts_with(|first: char| first.is_ascii_lowercase()));
    used
}

#[test]
fn every_module_uses_only_those_below_it() {
    let mut faults = Vec::new();
    let (mut seen, mut uses) = (BTreeSet::new(), BTreeSet::new());
    for (module, path, text) in sources() {
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        seen.insert(module.clone());
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module) else {
            faults.push(format!("{module} has no row in the table of layers"));
            continue;
        };
        for used in used(&text).into_iter().filter(|used| *used != module) {
            if !allowed.contains(&used.as_str()) {
                faults.push(format!("{}: {module} may not use {used}", path.display()));
            }
            uses.insert((module.clone(), used));
        }
    }
    for (module, allowed) in LAYERS {
        for used in *allowed {
            if !uses.contains(&((*module).to_owned(), (*used).to_owned())) {
                faults.push(format!("{module} does not use {used}: take it out of the table"));
            }
        }
    }
    let rows: BTreeSet<String> = LAYERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(rows, seen, "the table of layers and the modules differ");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_file_is_named_for_nothing_and_main_is_short() {
    for (_, path, text) in sources() {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        assert!(!matches!(stem, "utils" | "util" | "helpers" | "helper" | "common" | "misc"), "{}", path.display());
        if path.ends_with("src/main.rs") {
            assert!(text.lines().count() <= 20);
        }
    }
}
