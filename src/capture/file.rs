//! The file formats: packets out of the bytes of a pcap or pcapng file.

use std::fmt;
use std::ops::Range;

use pcap_parser::nom::{Err as Parsed, IResult, Needed};
use pcap_parser::pcapng::{BOM_MAGIC, Block, EPB_MAGIC, IDB_MAGIC, SHB_MAGIC, SPB_MAGIC};
use pcap_parser::{
    PcapError, parse_block_be, parse_block_le, parse_pcap_frame, parse_pcap_frame_be, parse_pcap_frame_modified,
    parse_pcap_header,
};

use super::{Capture, Fault};

/// Bytes of a record of pcap or a block of pcapng at most, as Wireshark has it.
pub const MOST_BLOCK: usize = 16 << 20;

/// Interfaces of a section at most.
const MOST_INTERFACES: usize = 1 << 16;

/// The block of pcapng that was before the enhanced packet block.
const OBSOLETE_PACKET: u32 = 2;

/// A packet as it was captured.
#[derive(Debug)]
pub(super) struct Packet<'b> {
    /// From 1.
    pub number: u64,
    /// The link layer, as tcpdump.org numbers them.
    pub link: u32,
    /// Bytes that it had on the wire.
    pub original: u64,
    /// Those that were kept.
    pub data: &'b [u8],
}

/// A file that is read as its bytes come.
#[derive(Debug, Default)]
pub(super) struct File {
    buffer: Vec<u8>,
    /// Bytes of the buffer that are used up.
    used: usize,
    /// Offset in the file of the buffer's first byte.
    at: u64,
    packets: u64,
    format: Format,
    fault: Option<Fault>,
}

#[derive(Debug, Default)]
enum Format {
    #[default]
    Unknown,
    Pcap {
        record: Record,
        link: u32,
    },
    /// A section of pcapng, and its interfaces.
    Section {
        big: bool,
        interfaces: Vec<Interface>,
    },
}

/// How a record of pcap is written.
#[derive(Clone, Copy, Debug)]
enum Record {
    Little,
    Big,
    /// With 8 bytes more in its header, as some Linux distributions of the nineties wrote it.
    Modified,
}

#[derive(Clone, Copy, Debug)]
struct Interface {
    link: u32,
    snaplen: usize,
}

/// What stands next in the buffer, from `used` on.
enum Next {
    /// More bytes are needed.
    Need,
    /// So many bytes without a packet.
    Passed(usize),
    /// So many bytes with a packet, whose data is in this range of them.
    Packet { size: usize, link: u32, original: u32, data: Range<usize> },
}

/// Whether a file begins so. `0a0d0d0a` alone may be text: the byte order must follow.
pub(super) fn is_capture(first: &[u8]) -> bool {
    match first.first_chunk::<4>().map(|magic| u32::from_be_bytes(*magic)) {
        Some(0xa1b2_c3d4 | 0xd4c3_b2a1 | 0xa1b2_3c4d | 0x4d3c_b2a1 | 0x34cd_b2a1) => true,
        Some(SHB_MAGIC) => big_endian(first).is_some(),
        Some(_) | None => false,
    }
}

/// The byte order that a section's header declares.
fn big_endian(section: &[u8]) -> Option<bool> {
    match number(section, 8, false)? {
        BOM_MAGIC => Some(false),
        it if it.swap_bytes() == BOM_MAGIC => Some(true),
        _ => None,
    }
}

fn number(bytes: &[u8], at: usize, big: bool) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk::<4>()?;
    Some(if big { u32::from_be_bytes(*bytes) } else { u32::from_le_bytes(*bytes) })
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl File {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.used);
        self.at = self.at.saturating_add(u64::try_from(self.used).unwrap_or(u64::MAX));
        self.used = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next packet that is here whole. After a fault there is none.
    pub(super) fn next(&mut self) -> Result<Option<Packet<'_>>, Fault> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        loop {
            let next = self.look().map_err(|why| self.refuse(why))?;
            match next {
                Next::Need => return Ok(None),
                Next::Passed(size) => self.used = self.used.saturating_add(size),
                Next::Packet { size, link, original, data } => {
                    let block = self.buffer.get(self.used..).unwrap_or_default();
                    self.used = self.used.saturating_add(size);
                    self.packets = self.packets.saturating_add(1);
                    let data = block.get(data).unwrap_or_default();
                    return Ok(Some(Packet { number: self.packets, link, original: u64::from(original), data }));
                }
            }
        }
    }

    /// Whether the file may end here.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let left = self.buffer.len().saturating_sub(self.used);
        if left == 0 && !matches!(self.format, Format::Unknown) {
            return Ok(());
        }
        Err(self.refuse(format!(
            "the file ends inside of what begins here, {left} bytes of it are there; what came before is complete, copy the rest"
        )))
    }

    pub(super) fn buffered(&self) -> u64 {
        u64::try_from(self.buffer.len().saturating_sub(self.used)).unwrap_or(u64::MAX)
    }

    fn refuse(&mut self, why: String) -> Fault {
        let at = self.at.saturating_add(u64::try_from(self.used).unwrap_or(u64::MAX));
        let fault = Fault { packet: self.packets.saturating_add(1), at, why };
        self.fault = Some(fault.clone());
        fault
    }

    fn look(&mut self) -> Result<Next, String> {
        let rest = self.buffer.get(self.used..).unwrap_or_default();
        match &mut self.format {
            Format::Unknown if rest.len() < Capture::MAGIC => Ok(Next::Need),
            Format::Unknown if !is_capture(rest) => {
                Err("neither pcap nor pcapng: its first bytes are of neither".to_owned())
            }
            Format::Unknown if rest.starts_with(&SHB_MAGIC.to_be_bytes()) => {
                self.format = Format::Section { big: false, interfaces: Vec::new() };
                Ok(Next::Passed(0))
            }
            Format::Unknown => {
                let header = parsed(rest, parse_pcap_header(rest), "the header of pcap")?;
                let Some((left, header)) = header else { return Ok(Next::Need) };
                if header.version_major != 2 {
                    let (major, minor) = (header.version_major, header.version_minor);
                    return Err(format!(
                        "version {major}.{minor} of pcap; only 2.x is read, convert it with `editcap`"
                    ));
                }
                let record = match (header.is_modified_format(), header.is_bigendian()) {
                    (true, _) => Record::Modified,
                    (false, true) => Record::Big,
                    (false, false) => Record::Little,
                };
                // The upper half may tell of a checksum at the frames' end.
                self.format = Format::Pcap { record, link: header.network.0.cast_unsigned() & 0xffff };
                Ok(Next::Passed(rest.len().saturating_sub(left.len())))
            }
            Format::Pcap { record, link } => {
                let answer = match record {
                    Record::Little => parse_pcap_frame(rest),
                    Record::Big => parse_pcap_frame_be(rest),
                    Record::Modified => parse_pcap_frame_modified(rest),
                };
                let Some((left, packet)) = parsed(rest, answer, "a record of pcap")? else {
                    return Ok(Next::Need);
                };
                let size = rest.len().saturating_sub(left.len());
                if size > MOST_BLOCK {
                    return Err(too_large("a record of pcap", size));
                }
                let data = size.saturating_sub(packet.data.len())..size;
                Ok(Next::Packet { size, link: *link, original: packet.origlen, data })
            }
            Format::Section { big, interfaces } => block(rest, big, interfaces),
        }
    }
}

/// What the library answers: nothing where bytes are needed, of which there must not be too many.
fn parsed<'b, T>(
    rest: &[u8],
    answer: IResult<&'b [u8], T, PcapError<&'b [u8]>>,
    what: &str,
) -> Result<Option<(&'b [u8], T)>, String> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(Parsed::Incomplete(Needed::Size(more))) => match rest.len().saturating_add(more.get()) {
            size if size > MOST_BLOCK => Err(too_large(what, size)),
            _ => Ok(None),
        },
        Err(Parsed::Incomplete(Needed::Unknown)) => Ok(None),
        Err(Parsed::Error(error) | Parsed::Failure(error)) => Err(malformed(what, &error)),
    }
}

fn too_large(what: &str, size: usize) -> String {
    format!("{what} claims {size} bytes, more than {MOST_BLOCK}: the file is damaged; `editcap` may save what follows")
}

fn malformed(what: &str, why: &dyn fmt::Debug) -> String {
    format!("{what} is malformed ({why:?}): the file is damaged; `editcap` may save what follows")
}

/// The block of pcapng that begins here.
fn block(rest: &[u8], big: &mut bool, interfaces: &mut Vec<Interface>) -> Result<Next, String> {
    let Some(kind) = number(rest, 0, *big).filter(|_| rest.len() >= 12) else { return Ok(Next::Need) };
    if kind == SHB_MAGIC {
        *big = big_endian(rest).ok_or("a section of pcapng without a byte order: the file is damaged")?;
        interfaces.clear();
    }
    let claimed = number(rest, 4, *big).map_or(0, size);
    if claimed < 12 || !claimed.is_multiple_of(4) {
        return Err(format!("a block of pcapng claims {claimed} bytes: the file is damaged"));
    }
    if claimed > MOST_BLOCK {
        return Err(too_large("a block of pcapng", claimed));
    }
    let Some(bytes) = rest.get(..claimed) else { return Ok(Next::Need) };
    if kind == OBSOLETE_PACKET {
        return Err("a packet block of the kind that is obsolete; convert it with `editcap -F pcapng`".to_owned());
    }
    if ![SHB_MAGIC, IDB_MAGIC, EPB_MAGIC, SPB_MAGIC].contains(&kind) {
        return Ok(Next::Passed(claimed));
    }
    let answer = if *big { parse_block_be(bytes) } else { parse_block_le(bytes) };
    let block = match answer {
        Ok((_, block)) => block,
        // All of it is here: a part claims more than the whole.
        Err(error) => return Err(malformed("a block of pcapng", &error)),
    };
    let interface = |id: u32| {
        let known = interfaces.get(size(id)).copied();
        known.ok_or_else(|| format!("a packet of interface {id}, which was not described: the file is damaged"))
    };
    match block {
        Block::InterfaceDescription(_) if interfaces.len() >= MOST_INTERFACES => {
            Err(format!("more than {MOST_INTERFACES} interfaces: the file is damaged"))
        }
        Block::InterfaceDescription(it) => {
            let link = it.linktype.0.cast_unsigned();
            interfaces.push(Interface { link, snaplen: size(it.snaplen) });
            Ok(Next::Passed(claimed))
        }
        Block::EnhancedPacket(it) => {
            let link = interface(it.if_id)?.link;
            Ok(Next::Packet { size: claimed, link, original: it.origlen, data: 28..size(it.caplen).saturating_add(28) })
        }
        Block::SimplePacket(it) => {
            let Interface { link, snaplen } = interface(0)?;
            let kept = size(it.origlen).min(it.data.len()).min(if snaplen == 0 { usize::MAX } else { snaplen });
            Ok(Next::Packet { size: claimed, link, original: it.origlen, data: 12..kept.saturating_add(12) })
        }
        Block::SectionHeader(_)
        | Block::NameResolution(_)
        | Block::InterfaceStatistics(_)
        | Block::SystemdJournalExport(_)
        | Block::DecryptionSecrets(_)
        | Block::ProcessInformation(_)
        | Block::Custom(_)
        | Block::Unknown(_) => Ok(Next::Passed(claimed)),
    }
}
