//! Tables for people: columns that are as wide as what stands in them, within the
//! width of the terminal, whatever script it is in.

use console::{Alignment, measure_text_width, pad_str, truncate_str};
use target_rules::diagnostic::Shown;

use super::screen::Results;

/// The widest table at a terminal: longer lines are hard to read.
const WIDEST: usize = 160;

/// The narrowest: below it, columns would hold nothing.
const NARROWEST: usize = 40;

/// The width where nobody says one, as in a file.
const USUAL: usize = 100;

/// The widest word that is shown whole: every row is as wide as the widest.
const WIDEST_WORD: usize = 80;

/// What stands between two columns.
const GAP: usize = 2;

/// The width of tables for standard output.
pub(crate) fn width_of_output(terminal: bool) -> usize {
    let size = if terminal { console::Term::stdout().size_checked() } else { None };
    size.map_or(USUAL, |(_, columns)| usize::from(columns)).clamp(NARROWEST, WIDEST)
}

/// How a column is written.
#[derive(Clone, Copy)]
pub(crate) enum Column {
    /// To the right, whole: numbers.
    Number(&'static str),
    /// To the left: one of few words, or a name. Whole, unless it is wider than
    /// any that people write.
    Word(&'static str),
    /// To the left; cut where there is no room.
    Name(&'static str),
    /// The last one: to the left, and broken into lines in the room that is left.
    Text(&'static str),
}

impl Column {
    fn head(self) -> &'static str {
        let (Column::Number(head) | Column::Word(head) | Column::Name(head) | Column::Text(head)) = self;
        head
    }
}

/// A table whose widths are settled, so that it can be written row by row.
pub(crate) struct Table {
    columns: Vec<(Column, usize)>,
}

impl Table {
    /// Settles the widths by the rows at hand; those that come later are cut to
    /// them.
    pub(crate) fn fit(
        columns: &[Column],
        rows: impl IntoIterator<Item = impl AsRef<[String]>>,
        width: usize,
    ) -> Table {
        let mut columns: Vec<(Column, usize)> =
            columns.iter().map(|column| (*column, measure_text_width(column.head()))).collect();
        for row in rows {
            for ((column, width), cell) in columns.iter_mut().zip(row.as_ref()) {
                let widest = if matches!(column, Column::Word(_)) { WIDEST_WORD } else { usize::MAX };
                *width = measure_text_width(cell).min(widest).max(*width);
            }
        }
        let gaps: usize = columns.iter().skip(1).map(|_| GAP).sum();
        let whole =
            columns.iter().filter(|(column, _)| matches!(column, Column::Number(_) | Column::Word(_)));
        let whole: usize = whole.map(|(_, width)| *width).sum();
        let mut left = width.saturating_sub(gaps).saturating_sub(whole);
        let text = columns.iter().find(|(column, _)| matches!(column, Column::Text(_)));
        // Names may take half of the room where a text wants the other.
        let wanted = text.map_or(0, |(_, wanted)| (*wanted).min(left.div_ceil(2)));
        for (column, width) in &mut columns {
            if matches!(column, Column::Name(_)) {
                *width = (*width).min(left.saturating_sub(wanted));
                left = left.saturating_sub(*width);
            }
        }
        for (column, width) in &mut columns {
            if matches!(column, Column::Text(_)) {
                *width = left;
            }
        }
        Table { columns }
    }

    /// Writes a table. Its rows are asked for twice, so that none has to be held:
    /// for the widths, and to be written.
    pub(crate) fn whole<R: IntoIterator<Item = impl AsRef<[String]>>>(
        columns: &[Column],
        rows: impl Fn() -> R,
        width: usize,
        out: &mut Results,
    ) -> std::io::Result<()> {
        let table = Table::fit(columns, rows(), width);
        out.show(&Shown::lines(&table.head()))?;
        rows().into_iter().try_for_each(|row| out.show(&Shown::lines(&table.row(row.as_ref()))))
    }

    /// The columns of the last one, which texts are broken to.
    pub(crate) fn room(&self) -> usize {
        self.columns.last().map_or(0, |(_, width)| *width)
    }

    /// The line of the heads.
    pub(crate) fn head(&self) -> String {
        self.row(&self.columns.iter().map(|(column, _)| column.head().to_owned()).collect::<Vec<_>>())
    }

    /// One row, which ends in a line feed; a text that is broken makes it higher.
    pub(crate) fn row(&self, cells: &[String]) -> String {
        let mut line = String::new();
        let mut more = Vec::new();
        for ((column, width), cell) in self.columns.iter().zip(cells) {
            let (cell, alignment) = match column {
                Column::Number(_) => (cell.clone(), Alignment::Right),
                Column::Word(_) | Column::Name(_) => {
                    (truncate_str(cell, *width, "…").into_owned(), Alignment::Left)
                }
                Column::Text(_) => {
                    let mut lines = broken(cell, *width).into_iter();
                    let first = lines.next().unwrap_or_default();
                    more = lines.collect();
                    (first, Alignment::Left)
                }
            };
            line.push_str(&pad_str(&cell, *width, alignment, None));
            line.push_str(&" ".repeat(GAP));
        }
        let before = self.columns.iter().filter(|(column, _)| !matches!(column, Column::Text(_)));
        let indent: usize = before.flat_map(|(_, width)| [*width, GAP]).sum();
        let mut row = format!("{}\n", line.trim_end());
        for line in more {
            row.push_str(format!("{}{line}", " ".repeat(indent)).trim_end());
            row.push('\n');
        }
        row
    }
}

/// As many names as fit so many lines, and how many more there are.
pub(crate) fn names<'n>(names: impl Iterator<Item = &'n str> + Clone, room: usize, lines: usize) -> String {
    let all = names.clone().count();
    let mut listed = String::new();
    for (before, name) in names.enumerate() {
        let longer = if listed.is_empty() { name.to_owned() } else { format!("{listed}, {name}") };
        let rest = all.saturating_sub(before).saturating_sub(1);
        let whole = if rest == 0 { longer.clone() } else { format!("{longer} and {rest} more") };
        // The first stands there in any case, though it may be cut.
        if before > 0 && broken(&whole, room).len() > lines {
            return format!("{listed} and {} more", all.saturating_sub(before));
        }
        listed = longer;
    }
    listed
}

/// A text broken into lines of so many columns, between words where it can be.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for part in text.split('\n') {
        let mut line = String::new();
        for word in part.split(' ') {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if measure_text_width(&longer) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = truncate_str(word, width, "…").into_owned();
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(row: &[&str]) -> Vec<String> {
        row.iter().map(|cell| (*cell).to_owned()).collect()
    }

    const COLUMNS: [Column; 3] = [Column::Number("id"), Column::Name("target"), Column::Text("why")];

    fn drawn(rows: &[Vec<String>], width: usize) -> String {
        let table = Table::fit(&COLUMNS, rows, width);
        rows.iter().fold(table.head(), |drawn, row| drawn + &table.row(row))
    }

    #[test]
    fn columns_stand_below_each_other_in_every_script() {
        let rows = [
            cells(&["5", "Plain", "yes"]),
            cells(&["50", "七五三の買い物", "no"]),
            cells(&["7", "Cafe\u{301} 🎉", "x"]),
        ];
        let expected = "\
id  target          why
 5  Plain           yes
50  七五三の買い物  no
 7  Cafe\u{301} 🎉         x
";
        assert_eq!(drawn(&rows, 60), expected);
    }

    #[test]
    fn no_line_is_wider_than_the_table() {
        let long = "a rather long name ".repeat(20);
        let wide = "買".repeat(200);
        let rows = [
            cells(&["123456789", &long, &wide]),
            cells(&["1", &wide, &long]),
            cells(&["1", "", &format!("{long}\n{long}")]),
        ];
        for width in [40, 41, 55, 80, 160] {
            for line in drawn(&rows, width).lines() {
                assert!(measure_text_width(line) <= width, "{width}: {line}");
            }
        }
        assert!(drawn(&rows, 60).contains('…'));
    }

    #[test]
    fn a_word_that_nobody_writes_widens_no_row() {
        let columns = [Column::Word("name"), Column::Number("targets"), Column::Text("meaning")];
        let rows: Vec<Vec<String>> = (0..100)
            .map(|row| cells(&[&"n".repeat(if row == 50 { 100_000 } else { 5 }), "1", "Till."]))
            .collect();
        let table = Table::fit(&columns, &rows, 100);
        let told = rows.iter().fold(table.head(), |told, row| told + &table.row(row));
        assert!(told.len() < 100 * 120, "{} bytes", told.len());
        assert!(told.contains(&format!("\n{}…  ", "n".repeat(WIDEST_WORD - 1))), "{told}");
    }

    #[test]
    fn names_that_find_no_room_are_counted() {
        let all = ["one", "two", "three", "four", "five"];
        assert_eq!(names(all.into_iter(), 80, 1), "one, two, three, four, five");
        assert_eq!(names(all.into_iter(), 20, 1), "one, two and 3 more");
        assert_eq!(names(all.into_iter(), 20, 2), "one, two, three, four, five");
        assert_eq!(names(["longer than the room"].into_iter(), 10, 1), "longer than the room");
        assert_eq!(names([].into_iter(), 10, 1), "");
    }
}
