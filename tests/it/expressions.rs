//! The value of every operator, worked out by hand.

use std::sync::Arc;

use framewright::interp::{End, decode};
use framewright::model::load;
use framewright::plan::lower;

/// How a frame of `a`, `b` and `c` ends the stream if `c` is to be what the expression gives. Divisors and shifts ask for a range of `b`.
#[track_caller]
fn end(expression: &str, range: &str, [a, b]: [i16; 2], c: i32) -> End {
    let text = format!(
        "framewright: 1\nname: test\nframe:\n  - a: i16\n  - b: i16{range}\n  - c: i32\n  - check: ({expression}) == c\n"
    );
    let plan = Arc::new(lower(&load(text.as_bytes()).unwrap_or_else(|errors| panic!("{text}{errors:?}"))));
    let frame = [&a.to_be_bytes()[..], &b.to_be_bytes(), &c.to_be_bytes()].concat();
    decode(&plan, &frame).end
}

#[track_caller]
fn gives(expression: &str, range: &str, operands: [i16; 2], value: i32) {
    for (c, expected) in [(value, End::Clean), (value - 1, End::Rejected), (value + 1, End::Rejected)] {
        assert_eq!(end(expression, range, operands, c), expected, "{expression} of {operands:?} is {c}");
    }
}

#[test]
fn arithmetic_is_exact() {
    gives("a + b", "", [32767, 32767], 65534);
    gives("a - b", "", [-32768, 1], -32769);
    gives("a * b", "", [-300, 300], -90000);
    gives("-a", "", [-32768, 0], 32768);
    gives("~a", "", [5, 0], -6);
    for (a, b, quotient, rest) in [(7, 2, 3, 1), (-7, 2, -3, -1), (6, 3, 2, 0)] {
        gives("a / b", " in 1..=9", [a, b], quotient);
        gives("a % b", " in 1..=9", [a, b], rest);
    }
}

#[test]
fn shifts_keep_the_sign() {
    for (a, b, left, right) in [(3, 4, 48, 0), (-3, 1, -6, -2), (17, 3, 136, 2), (-16, 2, -64, -4), (9, 0, 9, 9)] {
        gives("a << b", " in 0..=9", [a, b], left);
        gives("a >> b", " in 0..=9", [a, b], right);
    }
}

#[test]
fn bits_are_taken_one_by_one() {
    for (expression, value) in [("a & b", 8), ("a ^ b", 6), ("a | b", 14)] {
        gives(expression, "", [12, 10], value);
    }
}

#[test]
fn comparisons_and_conditions_give_0_or_1() {
    // For the operands 1 2, 2 2 and 3 2.
    let comparisons = [
        ("a == b", [0, 1, 0]),
        ("a != b", [1, 0, 1]),
        ("a < b", [1, 0, 0]),
        ("a <= b", [1, 1, 0]),
        ("a > b", [0, 0, 1]),
        ("a >= b", [0, 1, 1]),
    ];
    for (expression, values) in comparisons {
        for (a, value) in (1..).zip(values) {
            gives(expression, "", [a, 2], value);
        }
    }
    // For the operands 0 0, 0 5, 5 0 and 5 7.
    for (expression, values) in [("a && b", [0, 0, 0, 1]), ("a || b", [0, 1, 1, 1]), ("!a", [1, 1, 0, 0])] {
        for (operands, value) in [[0, 0], [0, 5], [5, 0], [5, 7]].into_iter().zip(values) {
            gives(expression, "", operands, value);
        }
    }
}
