//! The rows of a table: CSV, with the names of its columns in the first one.

use std::io::BufRead;

use csv::ByteRecord;

/// The rows of a CSV.
pub(super) struct Rows<'r> {
    reader: csv::Reader<Box<dyn BufRead + Send + 'r>>,
    pub(super) names: Vec<String>,
    pub(super) rows: u64,
    record: ByteRecord,
}

impl<'r> Rows<'r> {
    pub(super) fn open(reader: Box<dyn BufRead + Send + 'r>) -> std::io::Result<Rows<'r>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(reader);
        let names = reader.headers().map_err(std::io::Error::other)?;
        let names = names.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
        Ok(Rows { reader, names, rows: 0, record: ByteRecord::new() })
    }

    /// The next row: the byte that it begins at, its line, and its cells.
    pub(super) fn next(&mut self) -> std::io::Result<Option<(u64, u64, &ByteRecord)>> {
        let (at, line) = (self.reader.position().byte(), self.reader.position().line());
        if !self.reader.read_byte_record(&mut self.record).map_err(std::io::Error::other)? {
            return Ok(None);
        }
        self.rows += 1;
        Ok(Some((at, line, &self.record)))
    }
}
