//! The fuzz targets on their seeds, and on every input that once failed.

#[path = "../../fuzz/src/targets.rs"]
#[expect(unreachable_pub, reason = "there it is a library")]
mod targets;

use std::path::Path;

use targets::TARGETS;

/// Seeds of a target at most: every so many of them.
const SEEDS: usize = 400;

fn replay(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty(), "{name} has no seeds");
    seeds.iter().step_by(seeds.len().div_ceil(SEEDS)).for_each(|seed| (target.run)(seed));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions").join(name);
    for entry in folder.read_dir().into_iter().flatten() {
        (target.run)(&std::fs::read(entry.unwrap().path()).unwrap());
    }
}

macro_rules! replayed {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                replay(stringify!($name));
            }
        )*

        #[test]
        fn every_target_is_replayed() {
            let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

replayed! { capture geometry_vs_naive round_trip spec_lower spec_parse split_invariance testee_wire }

/// Every seed of a stream is read as that stream, and as its cuts.
#[test]
fn a_seed_is_read_back() {
    use framewright::oracle::Case;
    let plan = crate::geometry::plan("framewright: 1\nname: t\nframe:\n  - length: u8 counts body\n  - body: bytes\n");
    for (stream, cuts) in [(&b"\x02ab"[..], &[1_u16, 300][..]), (b"", &[]), (b"\0", &[0; 31])] {
        let read = targets::case(&Case::input(7, stream, cuts)).unwrap();
        assert_eq!((read.protocol, read.stream(&plan), read.cuts), (7, stream.to_vec(), cuts.to_vec()));
    }
}
