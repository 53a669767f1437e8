//! Expressions, evaluated in 128 bits.

use framewright::model::{Binary, Expr, Unary};

/// The value of an expression; `slot` gives that of a field, 0 where it is absent.
pub(crate) fn eval(expr: &Expr, slot: &dyn Fn(usize) -> i128) -> i128 {
    match expr {
        Expr::Int(value) => *value,
        Expr::Slot(id) => slot(id.0),
        Expr::Unary(Unary::Neg, inner) => -eval(inner, slot),
        Expr::Unary(Unary::Not, inner) => i128::from(eval(inner, slot) == 0),
        Expr::Unary(Unary::Invert, inner) => -eval(inner, slot) - 1,
        Expr::Binary(operator, left, right) => {
            let (a, b) = (eval(left, slot), eval(right, slot));
            match operator {
                Binary::Mul => a * b,
                Binary::Div => a / b,
                Binary::Rem => a % b,
                Binary::Add => a + b,
                Binary::Sub => a - b,
                Binary::Shl => a * 2_i128.pow(b as u32),
                Binary::Shr => a.div_euclid(2_i128.pow(b as u32)),
                Binary::And => a & b,
                Binary::Xor => a ^ b,
                Binary::Or => a | b,
                Binary::Eq => i128::from(a == b),
                Binary::Ne => i128::from(a != b),
                Binary::Lt => i128::from(a < b),
                Binary::Le => i128::from(a <= b),
                Binary::Gt => i128::from(a > b),
                Binary::Ge => i128::from(a >= b),
                Binary::AndAlso => i128::from(a != 0 && b != 0),
                Binary::OrElse => i128::from(a != 0 || b != 0),
            }
        }
    }
}

/// The slots that an expression reads.
pub(crate) fn reads(expr: &Expr) -> Vec<usize> {
    match expr {
        Expr::Int(_) => Vec::new(),
        Expr::Slot(id) => vec![id.0],
        Expr::Unary(_, inner) => reads(inner),
        Expr::Binary(_, left, right) => [reads(left), reads(right)].concat(),
    }
}
