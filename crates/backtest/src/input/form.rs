//! In which form a file is: told by its first bytes, whatever it is called.

use std::io::{BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// The byte order mark that editors of Windows put at the beginning of a file.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const PARQUET: &[u8] = b"PAR1";

/// How the bytes of a file are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Gzip,
    Zstd,
    Parquet,
}

impl Packing {
    pub(super) fn of(start: &[u8]) -> Packing {
        let begins = |with: &[u8]| start.starts_with(with);
        match () {
            () if begins(GZIP) => Packing::Gzip,
            () if begins(ZSTD) => Packing::Zstd,
            () if begins(PARQUET) => Packing::Parquet,
            () => Packing::None,
        }
    }
}

/// The plain bytes of what may be packed.
pub(super) fn unpacked<'r>(
    mut raw: Box<dyn BufRead + Send + 'r>,
) -> std::io::Result<Box<dyn BufRead + Send + 'r>> {
    let packing = Packing::of(raw.fill_buf()?);
    Ok(match packing {
        Packing::None => raw,
        Packing::Gzip => Box::new(BufReader::with_capacity(PLAIN_AT_ONCE, MultiGzDecoder::new(raw))),
        Packing::Zstd => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(raw).map_err(std::io::Error::other)?;
            Box::new(BufReader::with_capacity(PLAIN_AT_ONCE, Frames { decoder: Some(decoder) }))
        }
        Packing::Parquet => {
            let why = "a Parquet file is read from a file that is not packed again, for its end comes first";
            return Err(std::io::Error::other(why));
        }
    })
}

const PLAIN_AT_ONCE: usize = 256 * 1024;

/// The frames of a zstd file, one after the other.
struct Frames<R: BufRead> {
    decoder: Option<ruzstd::decoding::StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>,
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            let read = decoder.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            // The frame is at its end; there may be another one.
            let Some(decoder) = self.decoder.take() else { break };
            let mut raw = decoder.into_inner();
            if !raw.fill_buf()?.is_empty() {
                let next = ruzstd::decoding::StreamingDecoder::new(raw).map_err(std::io::Error::other)?;
                self.decoder = Some(next);
            }
        }
        Ok(0)
    }
}
