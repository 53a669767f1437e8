//! Segmentations: their text, and the families.

use std::collections::BTreeSet;

use framewright::segment::{BadSegmentation, Family, Rng, Segmentation, Tier, TooLong};

fn cuts(text: &str) -> Segmentation {
    text.parse().unwrap()
}

fn family(family: Family, n: usize, seams: &[usize]) -> Vec<Segmentation> {
    let cases = family.cases(n, seams, Rng::new(7, "id")).unwrap();
    let all: Vec<Segmentation> = cases.iter().collect();
    assert_eq!(all.len(), cases.len());
    all
}

#[test]
fn the_text_is_that_of_the_testee_protocol() {
    let table: [(&str, &[usize], bool); 6] = [
        ("-", &[], false),
        ("~-", &[], true),
        ("3,4,4,9", &[3, 4, 4, 9], false),
        ("~0,7", &[0, 7], true),
        ("0", &[0], false),
        ("18446744073709551615", &[usize::MAX], false),
    ];
    for (text, offsets, glued) in table {
        let segmentation = Segmentation { cuts: offsets.to_vec(), glued };
        assert_eq!(cuts(text), segmentation);
        assert_eq!(segmentation.to_string(), text);
    }
}

#[test]
fn a_text_that_is_no_segmentation_is_refused_with_its_reason() {
    for word in ["", "a", "+1", " 1", "0x1", "18446744073709551616", "-1"] {
        assert_eq!(word.parse::<Segmentation>(), Err(BadSegmentation::NotANumber(word.to_owned())));
    }
    assert_eq!("1,,2".parse::<Segmentation>(), Err(BadSegmentation::NotANumber(String::new())));
    assert_eq!("~3,2".parse::<Segmentation>(), Err(BadSegmentation::Falls(3, 2)));
    assert_eq!(cuts("3,8").of(8), Ok(cuts("3,8")));
    assert_eq!(cuts("3,9").of(8), Err(BadSegmentation::Beyond(9, 8)));
    assert_eq!(BadSegmentation::Falls(3, 2).to_string(), "the cut 2 stands behind 3: cuts never fall");
}

#[test]
fn every_case_of_every_family_is_a_segmentation_of_its_stream_and_the_first_is_uncut() {
    for n in [0, 1, 2, 3, 7, 20, 47, 48, 49, 60, 1000, 5000] {
        for kind in Family::ALL {
            let big = matches!(kind, Family::TwoCuts | Family::Uniform) && n > 100;
            if kind == Family::Exhaustive && n > 12 || big {
                continue;
            }
            let all = family(kind, n, &[0, 4, 7, 1000, n]);
            assert_eq!(all.first(), Some(&Segmentation::default()), "{kind} {n}");
            for case in all {
                assert_eq!(case.clone().of(n), Ok(case), "{kind} {n}");
            }
        }
    }
}

#[test]
fn every_family_has_empty_feeds_in_front_and_behind_and_the_glued_end() {
    for kind in Family::ALL {
        let all = family(kind, 9, &[4]);
        assert!(all.iter().any(|case| case.cuts.first() == Some(&0)), "{kind}");
        assert!(all.iter().any(|case| case.cuts.last() == Some(&9)), "{kind}");
        assert!(all.iter().any(|case| case.glued), "{kind}");
        let between =
            all.iter().any(|case| case.cuts.windows(2).any(|pair| pair[0] == pair[1] && (1..9).contains(&pair[0])));
        assert_eq!(between, kind != Family::Whole, "{kind}");
    }
}

/// The cuts without empty feeds.
fn bare(all: &[Segmentation]) -> BTreeSet<Vec<usize>> {
    let inner = |case: &Segmentation| -> Vec<usize> {
        let inner: BTreeSet<usize> = case.cuts.iter().copied().filter(|cut| (1..6).contains(cut)).collect();
        inner.into_iter().collect()
    };
    all.iter().map(inner).collect()
}

#[test]
fn the_families_of_six_bytes() {
    let all = |list: &[&[usize]]| list.iter().map(|cuts| cuts.to_vec()).collect::<BTreeSet<_>>();
    let bytes: &[usize] = &[1, 2, 3, 4, 5];
    assert_eq!(bare(&family(Family::Whole, 6, &[])), all(&[&[]]));
    assert_eq!(bare(&family(Family::EveryByte, 6, &[])), all(&[&[], bytes]));
    assert_eq!(bare(&family(Family::OneCut, 6, &[])), all(&[&[], &[1], &[2], &[3], &[4], &[5]]));
    let mut two: BTreeSet<Vec<usize>> = all(&[&[], &[1], &[2], &[3], &[4], &[5]]);
    for i in 1..6 {
        two.extend((i + 1..6).map(|j| vec![i, j]));
    }
    assert_eq!(bare(&family(Family::TwoCuts, 6, &[])), two);
    let uniform: [&[usize]; 13] =
        [&[], bytes, &[2, 4], &[1, 3, 5], &[3], &[1, 4], &[2, 5], &[4], &[1, 5], &[2], &[5], &[1], &[3]];
    let mut uniform = all(&uniform);
    // Chunks of 4 at phase 3 and of 5 at phases 3 and 4 have one cut each.
    uniform.extend([vec![3], vec![4]]);
    assert_eq!(bare(&family(Family::Uniform, 6, &[])), uniform);
    assert_eq!(bare(&family(Family::Exhaustive, 6, &[])).len(), 1 << 5);
    // 1, 2 and 3 stand around the seam at 2; 5 next to the end.
    let seams = bare(&family(Family::Seams, 6, &[2, 6]));
    assert_eq!(seams.len(), 1 << 4);
    assert!(seams.iter().flatten().all(|cut| [1, 2, 3, 5].contains(cut)));
}

#[test]
fn square_has_the_four_shapes_for_every_two_places() {
    let n = 9;
    let square: BTreeSet<Vec<usize>> = family(Family::Square, n, &[]).into_iter().map(|case| case.cuts).collect();
    for i in 1..n {
        for j in i + 1..n {
            let shapes = [
                vec![i, j],
                std::iter::once(i).chain(j..n).collect(),
                (1..=i).chain([j]).collect(),
                (i..=j).collect::<Vec<usize>>(),
            ];
            for shape in shapes {
                assert!(square.contains(&shape), "{shape:?}");
            }
        }
    }
    // About 2n² of these for a stream of 48 bytes: 4 · 49 · 48 / 2, and the smaller families.
    let count = family(Family::Square, 48, &[]).len();
    assert!((4704..6500).contains(&count), "{count}");
}

#[test]
fn on_long_streams_square_takes_the_seams_and_stays_small() {
    for n in [49, 300, 4096, 65_536, 1 << 20] {
        let seams: Vec<usize> = (0..n).step_by(n / 40).collect();
        let cases = Family::Square.cases(n, &seams, Rng::new(7, "id")).unwrap();
        assert_eq!(cases.tier(), Tier::SquareSeams);
        assert!(cases.len() < 5000, "{n}: {}", cases.len());
    }
    let few = family(Family::Square, 300, &[100]);
    assert_eq!(Family::Square.cases(48, &[], Rng::new(7, "id")).unwrap().tier(), Tier::Square);
    for place in [99, 100, 101] {
        assert!(few.contains(&Segmentation { cuts: vec![place], glued: false }));
    }
}

/// Where there is a segmentation of a single cut.
fn one_cuts(all: &[Segmentation]) -> BTreeSet<usize> {
    all.iter().filter(|case| case.cuts.len() == 1 && !case.glued).map(|case| case.cuts[0]).collect()
}

#[test]
fn as_many_places_as_square_takes_of_a_long_stream_are_all_taken() {
    // Three places around each of nine seams, and the one in front of the end: 28.
    let seams: Vec<usize> = (1..10).map(|seam| 30 * seam).chain([300]).collect();
    let near = |seam: &usize| [seam - 1, *seam, seam + 1];
    let places: BTreeSet<usize> = seams.iter().flat_map(near).filter(|&at| at < 300).collect();
    assert_eq!(places.len(), 28);
    assert!(places.is_subset(&one_cuts(&family(Family::Square, 300, &seams[..]))));
}

#[test]
fn seams_at_both_ends_are_no_places() {
    // 1 and 8 alone: all four subsets, plain and glued, and the one cuts in five dresses, behind the five of `whole`.
    assert_eq!(family(Family::Seams, 9, &[0, 9]).len(), 5 + 2 * 5 + 4 * 2);
}

#[test]
fn chunks_of_long_streams_grow_by_half() {
    let expect = |n: usize, chunks: &[(usize, usize)]| {
        let all = family(Family::Square, n, &[]);
        // The last 220 are drawn at random.
        let sizes = &all[all.len() - 220 - chunks.len() - 1..all.len() - 220];
        let cuts = |&(first, size): &(usize, usize)| (first..n).step_by(size).collect::<Vec<usize>>();
        let expected: Vec<Vec<usize>> = chunks.iter().map(cuts).collect();
        let cuts: Vec<Vec<usize>> = sizes.iter().map(|case| case.cuts.clone()).collect();
        assert_eq!(cuts[1..], expected, "{n}");
        // In front of them stands a shape of the square.
        assert!(!expected.contains(&cuts[0]), "{n}");
    };
    let small =
        [(1, 1), (2, 2), (1, 2), (3, 3), (1, 3), (4, 4), (1, 4), (2, 4), (6, 6), (1, 6), (3, 6), (9, 9), (1, 9)];
    let large = [(4, 9), (13, 13), (1, 13), (6, 13), (19, 19), (1, 19), (9, 19), (28, 28), (1, 28), (14, 28)];
    // No chunk is as large as the stream, and none smaller than n/1024 bytes.
    for n in [54, 63] {
        expect(n, &[&small[..], &large, &[(42, 42), (1, 42), (21, 42)]].concat());
    }
    expect(4096, &{
        let sizes = [4, 6, 9, 13, 19, 28, 42, 63, 94, 141, 211, 316, 474, 711, 1066, 1599, 2398, 3597];
        sizes.iter().flat_map(|&size| [(size, size), (1, size), (size / 2, size)]).collect::<Vec<_>>()
    });
}

#[test]
fn a_stream_that_cannot_be_cut_has_the_cases_of_the_whole_one() {
    use Family::{EveryByte, OneCut, Random, TwoCuts, Uniform, Whole};
    for kind in [Whole, EveryByte, OneCut, TwoCuts, Uniform, Random] {
        for n in [0, 1] {
            let cases = kind.cases(n, &[], Rng::new(7, "id")).unwrap();
            assert_eq!((cases.len(), cases.is_empty()), (5, false), "{kind} {n}");
        }
    }
}

#[test]
fn what_is_drawn_depends_on_seed_and_name_alone() {
    let draw = |seed, name| -> Vec<Segmentation> {
        Family::Random.cases(300, &[], Rng::new(seed, name)).unwrap().iter().collect()
    };
    assert_eq!(draw(1, "a"), draw(1, "a"));
    assert_ne!(draw(1, "a"), draw(2, "a"));
    assert_ne!(draw(1, "a"), draw(1, "b"));
}

#[test]
fn few_cuts_are_drawn_about_as_often_as_many_and_the_end_is_glued_by_lot() {
    let all = family(Family::Random, 300, &[]);
    // In front of the 200 stand the five of `whole`.
    let drawn = &all[5..205];
    let count = |range: std::ops::Range<usize>| drawn.iter().filter(|case| range.contains(&case.cuts.len())).count();
    let counts = [count(0..4), count(4..17), count(17..300)];
    assert!(counts.iter().all(|count| *count > 40), "{counts:?}");
    let glued = drawn.iter().filter(|case| case.glued).count();
    assert!((70..130).contains(&glued), "{glued}");
}

#[test]
fn cutting_long_streams_to_bytes_stays_near_its_ends() {
    let n = 4096;
    let all = family(Family::Square, n, &[1000, 3000]);
    // Single bytes in five dresses, and chunks of at least n/1024 bytes.
    let (bytes, others): (Vec<usize>, Vec<usize>) =
        all.iter().map(|case| case.cuts.len()).partition(|cuts| *cuts >= n - 1);
    assert_eq!((bytes.len(), others.into_iter().max()), (5, Some(n / 4)));
}

#[test]
fn numbers_are_those_of_splitmix64_behind_fnv_1a() {
    // Behind the hash of no bytes stands the generator with the seed 1234567, whose numbers are published:
    // https://rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64.
    let mut rng = Rng::new(1_234_567 ^ 0xcbf2_9ce4_8422_2325, "");
    let numbers = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
    assert_eq!([rng.bits(), rng.bits(), rng.bits()], numbers);
    // The hash of `a`: http://www.isthe.com/chongo/src/fnv/test_fnv.c.
    assert_eq!(Rng::new(0xcbf2_9ce4_8422_2325, ""), Rng::new(0xaf63_dc4c_8601_ec8c, "a"));
    // The number of a case times an odd constant, and one number left out.
    assert_eq!(Rng::new(7, "id").for_case(3).bits(), 18_037_417_492_640_128_403);
    assert_eq!((Rng::new(7, "id").for_case(3).below(100), Rng::new(7, "id").below(0)), (3, 0));
}

#[test]
fn exhaustive_ends_at_twenty_bytes() {
    let rng = || Rng::new(0, "");
    assert_eq!(Family::Exhaustive.cases(21, &[], rng()), Err(TooLong(21)));
    assert!(Family::Exhaustive.cases(20, &[], rng()).unwrap().len() > 1 << 19);
}

#[test]
fn family_names_are_read_back() {
    for family in Family::ALL {
        assert_eq!(family.name().parse(), Ok(family));
    }
    assert_eq!(
        (Family::EveryByte.to_string(), Tier::SquareSeams.to_string()),
        ("every-byte".into(), "square/seams".into())
    );
    assert!(TooLong(21).to_string().contains("at most 20 bytes, this one has 21"), "{}", TooLong(21));
    let error = "sqare".parse::<Family>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no family `sqare`; there are whole, every-byte, one-cut, two-cuts, uniform, seams, random, sample, exhaustive, \
         square, proof"
    );
}

#[test]
fn of_a_stream_without_a_place_to_cut_the_sample_is_the_uncut_stream() {
    for n in [0, 1] {
        assert_eq!(family(Family::Sample, n, &[]), family(Family::Whole, n, &[]));
    }
}
