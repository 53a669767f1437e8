//! The headers in front of a TCP segment: link layer, VLAN tags, IPv4 or IPv6 with its extensions, TCP.

use std::net::SocketAddr;

use etherparse::{LaxIpSlice, LenSource, TcpSlice, ip_number};

use super::Skip;
use super::file::Packet;

/// A segment of TCP.
#[derive(Debug)]
pub(super) struct Segment<'p> {
    /// The packet that holds it.
    pub packet: u64,
    pub sequence: u32,
    pub acknowledged: Option<u32>,
    pub syn: bool,
    pub fin: bool,
    pub rst: bool,
    pub bytes: &'p [u8],
    /// Bytes of its end that the capture did not keep.
    pub lost: u64,
}

/// What a packet is.
#[derive(Debug)]
pub(super) enum Read<'p> {
    Tcp {
        from: SocketAddr,
        to: SocketAddr,
        segment: Segment<'p>,
    },
    /// Not TCP.
    Other,
    Skip(Skip),
}

const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
/// 802.1Q, 802.1ad and what came before that.
const VLAN: [u16; 3] = [0x8100, 0x88a8, 0x9100];

/// Reads the headers.
pub(super) fn read<'p>(packet: &Packet<'p>) -> Read<'p> {
    let ip = match network(packet.link, packet.data) {
        Ok(Some(ip)) => ip,
        Ok(None) => return Read::Other,
        Err(skip) => return Read::Skip(skip),
    };
    let kept_whole = packet.original <= length(packet.data);
    let wrong = |kept: bool, error: &dyn std::fmt::Display| {
        Read::Skip(if kept { Skip::Header(format!("a header that contradicts itself: {error}")) } else { Skip::Cut })
    };
    let (slice, stopped) = match LaxIpSlice::from_slice(ip) {
        Ok(read) => read,
        Err(error) => return wrong(kept_whole, &error),
    };
    if let Some((error, _)) = stopped {
        return wrong(kept_whole, &error);
    }
    let payload = slice.payload();
    if payload.ip_number != ip_number::TCP {
        return Read::Other;
    }
    if payload.fragmented {
        return Read::Skip(Skip::Fragment);
    }
    let claimed = match &slice {
        LaxIpSlice::Ipv4(it) => u64::from(it.header().total_len()),
        LaxIpSlice::Ipv6(it) => u64::from(it.header().payload_length()).saturating_add(40),
    };
    let lost = match (payload.incomplete, payload.len_source) {
        (true, _) => claimed.saturating_sub(length(ip)),
        // The length was left to the network card to fill in.
        (false, LenSource::Slice) => packet.original.saturating_sub(length(packet.data)),
        (false, _) => 0,
    };
    let tcp = match TcpSlice::from_slice(payload.payload) {
        Ok(tcp) => tcp,
        Err(error) => return wrong(lost == 0, &error),
    };
    let segment = Segment {
        packet: packet.number,
        sequence: tcp.sequence_number(),
        acknowledged: tcp.ack().then(|| tcp.acknowledgment_number()),
        syn: tcp.syn(),
        fin: tcp.fin(),
        rst: tcp.rst(),
        bytes: tcp.payload(),
        lost,
    };
    let from = SocketAddr::new(slice.source_addr(), tcp.source_port());
    let to = SocketAddr::new(slice.destination_addr(), tcp.destination_port());
    Read::Tcp { from, to, segment }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// The IP packet of a frame of this link layer; nothing where it holds something else.
fn network(link: u32, frame: &[u8]) -> Result<Option<&[u8]>, Skip> {
    let (kind, rest) = match link {
        // Null and loopback: the address family, in the byte order of a machine.
        0 | 108 => {
            let (family, rest) = frame.split_first_chunk::<4>().ok_or(Skip::Cut)?;
            let families = [u32::from_le_bytes(*family), u32::from_be_bytes(*family)];
            // AF_INET everywhere; AF_INET6 of Linux, NetBSD, FreeBSD and macOS.
            let ip = families.iter().any(|family| [2, 10, 24, 28, 30].contains(family));
            return Ok(ip.then_some(rest));
        }
        // Raw IP: the version is in the packet.
        12 | 14 | 101 | 228 | 229 => return Ok(Some(frame)),
        1 => typed(frame, 12, 14)?,
        // Linux cooked, version 1 and 2.
        113 => typed(frame, 14, 16)?,
        276 => typed(frame, 0, 20)?,
        other => return Err(Skip::Link(other)),
    };
    let (mut kind, mut rest) = (kind, rest);
    while VLAN.contains(&kind) {
        (kind, rest) = typed(rest, 2, 4)?;
    }
    Ok([IPV4, IPV6].contains(&kind).then_some(rest))
}

/// The type at this offset, and what stands behind the header of this size.
fn typed(frame: &[u8], at: usize, header: usize) -> Result<(u16, &[u8]), Skip> {
    let kind = frame.get(at..).and_then(|it| it.first_chunk::<2>()).ok_or(Skip::Cut)?;
    Ok((u16::from_be_bytes(*kind), frame.get(header..).ok_or(Skip::Cut)?))
}
