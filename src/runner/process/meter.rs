//! Time and memory of a process group.

use std::time::Duration;

use crate::runner::process::table;

/// Bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Memory {
    /// The most that was resident since the peak was last forgotten.
    pub(super) resident: u64,
    /// The most that was reserved since the start.
    pub(super) reserved: u64,
}

/// Processor time of the group's processes: unlike the time on the wall it does not grow because others run. Of those that have
/// ended nothing is counted.
pub(super) fn processor(group: i32) -> Option<Duration> {
    let times: Vec<Duration> = table::group(group).into_iter().filter_map(clock).collect();
    if times.is_empty() { None } else { Some(times.into_iter().sum()) }
}

#[cfg(target_os = "linux")]
fn clock(id: i32) -> Option<Duration> {
    use nix::time::ClockId;
    use nix::unistd::Pid;

    let now = ClockId::pid_cpu_clock_id(Pid::from_raw(id)).and_then(ClockId::now).ok()?;
    Some(Duration::from(now))
}

#[cfg(not(target_os = "linux"))]
fn clock(_id: i32) -> Option<Duration> {
    None
}

/// Peaks of the group's processes, added up.
pub(super) fn memory(group: i32) -> Option<Memory> {
    let one = |id: i32| {
        let status = String::from_utf8_lossy(&table::file(id, "status")?).into_owned();
        let bytes = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key))?;
            line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
        };
        Some(Memory { resident: bytes("VmHWM:")?, reserved: bytes("VmPeak:")? })
    };
    let found: Vec<Memory> = table::group(group).into_iter().filter_map(one).collect();
    let sum = |of: &dyn Fn(&Memory) -> u64| found.iter().map(of).fold(0, u64::saturating_add);
    let memory = Memory { resident: sum(&|each| each.resident), reserved: sum(&|each| each.reserved) };
    (!found.is_empty()).then_some(memory)
}

/// From now on the peak of resident memory counts anew.
pub(super) fn forget_peak(group: i32) {
    for id in table::group(group) {
        table::forget_peak(id);
    }
}
