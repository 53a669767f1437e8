//! What a testee needs to know of a protocol to find its frames, and the protocol as such a framer sees it.

use super::geometry::{Geometry, LengthField, geometry};
use super::{Endian, OnReject, Oversize, Plan, import};
use crate::value::to_hex;

/// The line of the testee protocol that says what is spoken, without its newline.
#[must_use]
pub fn hello(plan: &Plan) -> String {
    let framing = match geometry(plan) {
        Ok(Geometry::LengthField(field)) => {
            let LengthField { offset, width, endian, signed, adjust, strip, max_frame } = field;
            let endian = match endian {
                Endian::Big => "big",
                Endian::Little => "little",
            };
            format!(
                "framing=length-field offset={offset} width={width} endian={endian} signed={} adjust={adjust} \
                 strip={strip} max={max_frame}",
                u8::from(signed)
            )
        }
        Ok(Geometry::Fixed { size, strip }) => format!("framing=fixed size={size} strip={strip} max={size}"),
        Ok(Geometry::Delimiter { delimiters, emit_stripped, max_content }) => {
            let hex: Vec<String> = delimiters.iter().map(|delimiter| to_hex(delimiter)).collect();
            format!(
                "framing=delimiter delimiters={} strip={} max={max_content}",
                hex.join(","),
                u8::from(emit_stripped)
            )
        }
        Ok(Geometry::Msgpack { max }) => format!("framing=msgpack strip=0 max={max}"),
        Err(_) => format!("framing=other max={}", plan.max_frame),
    };
    let oversize = match plan.policy.oversize {
        Oversize::Close => "close",
        Oversize::Skip => "skip",
    };
    let reject = match plan.policy.on_reject {
        OnReject::Close => "close",
        OnReject::Skip => "skip",
        OnReject::Resync => "resync",
    };
    format!("fwt 1 protocol={} {framing} oversize={oversize} reject={reject}", plan.name)
}

/// The protocol as a framer sees it that knows its geometry alone: a length and bytes, without constants or inner lengths.
/// Nothing where no one rule splits the stream.
#[must_use]
pub fn framing_plan(plan: &Plan) -> Option<Plan> {
    let text = import::spec(&plan.name, "", &geometry(plan).ok()?, None).ok()?;
    let protocol = crate::model::load(text.as_bytes()).ok()?;
    let mut framing = super::lower(&protocol);
    framing.policy.oversize = plan.policy.oversize;
    Some(framing)
}
