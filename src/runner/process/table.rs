//! What the kernel's table of processes says. Only Linux shows it in `/proc`; elsewhere nothing is found.

use std::path::PathBuf;

/// The numbers of all processes that can be seen.
fn all() -> impl Iterator<Item = i32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// A file of a process.
fn path(id: i32, file: &str) -> PathBuf {
    PathBuf::from(format!("/proc/{id}/{file}"))
}

/// What a file of a process holds; nothing where it has ended, or is not ours to read.
#[expect(clippy::disallowed_methods, reason = "the table of processes is read as files")]
pub(super) fn file(id: i32, file: &str) -> Option<Vec<u8>> {
    std::fs::read(path(id, file)).ok()
}

/// Sets the peak of a process's resident memory to what it has now.
#[expect(clippy::disallowed_methods, reason = "the table of processes is written as files")]
pub(super) fn forget_peak(id: i32) {
    let _gone = std::fs::write(path(id, "clear_refs"), "5");
}

/// The processes of a group.
pub(super) fn group(leader: i32) -> Vec<i32> {
    all().filter(|&id| group_of(id) == Some(leader)).collect()
}

fn group_of(id: i32) -> Option<i32> {
    let stat = String::from_utf8_lossy(&file(id, "stat")?).into_owned();
    // The name, in parentheses, may hold anything. Behind it: state, parent, group.
    let (_, behind) = stat.rsplit_once(')')?;
    behind.split_whitespace().nth(2)?.parse().ok()
}

/// The processes that were started with this `NAME=VALUE` in their environment, or with a longer value.
pub(super) fn with_environment(entry: &str) -> Vec<i32> {
    let has =
        |environment: Vec<u8>| environment.split(|&byte| byte == 0).any(|each| each.starts_with(entry.as_bytes()));
    all().filter(|&id| file(id, "environ").is_some_and(has)).collect()
}
