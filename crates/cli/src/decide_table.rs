//! What `decide` shows to people: the names of the targets that each transaction
//! counts for, and at the end how often each target counted.

use std::collections::HashSet;

use loyalty_targets::{TargetSet, UnknownDetail};
use target_rules::diagnostic::visible;
use target_rules::interpret::Fault;
use target_rules::schema::ListName;

use super::count::{Count, plural};
use super::table::{Column, Table, names};

/// How many transactions are listed at a terminal, and how many targets in the
/// totals: nobody reads further before a question comes to mind that another
/// command answers.
const MOST_AT_A_TERMINAL: usize = 100;

/// How many lines the names of one transaction take.
const MOST_LINES: usize = 3;

/// The widest name of a target, and the widest number of a transaction.
const WIDEST_NAME: usize = 60;
const WIDEST_NUMBER: usize = 36;

/// How many characters of either are looked at: some have no width.
const LONGEST_SHOWN: usize = 4 * WIDEST_NAME;

/// What was decided of one transaction; targets by their position in the set.
#[derive(Default)]
pub(crate) struct Decided {
    pub(crate) line: Count,
    pub(crate) number: Option<String>,
    /// Each with the positions from 0 of the line items that count.
    pub(crate) eligible: Vec<(usize, Vec<usize>)>,
    pub(crate) unknown: Vec<Undecided>,
    /// How many are unknown, where it was asked.
    pub(crate) unknown_count: usize,
    pub(crate) unreadable: bool,
}

impl Decided {
    /// The bytes that it holds, for the most part.
    pub(crate) fn bytes(&self) -> usize {
        let items = self.eligible.iter().map(|(_, items)| size_of_val(items.as_slice()));
        let lists = self.unknown.iter().map(|undecided| size_of_val(undecided.absent.as_slice()));
        let names = self.unknown.iter().flat_map(|undecided| &undecided.absent).map(String::len);
        let own = [size_of_val(self.eligible.as_slice()), size_of_val(self.unknown.as_slice())];
        own.into_iter().chain(items).chain(lists).chain(names).sum()
    }
}

/// A target of which it is unknown whether a transaction counts for it, and why.
pub(crate) struct Undecided {
    pub(crate) position: usize,
    pub(crate) absent: Vec<String>,
    pub(crate) faults: Vec<Fault>,
}

/// How many rows of a table are shown.
fn most_rows(at_a_terminal: bool) -> usize {
    if at_a_terminal { MOST_AT_A_TERMINAL } else { usize::MAX }
}

/// The table as it grows.
pub(crate) struct DecideTable {
    ids: Vec<i64>,
    /// For the entries of which list the rule of each target is decided, if for any.
    lists: Vec<Option<ListName>>,
    /// What people call the targets.
    names: Vec<String>,
    width: usize,
    at_a_terminal: bool,
    /// How much is shown of what is unknown.
    unknown: UnknownDetail,
    /// How often each target counted, and how often that was unknown.
    totals: Vec<(Count, Count)>,
    /// What was settled by the first transactions.
    table: Option<Table>,
    /// How many rows more are shown.
    left: usize,
}

const ROWS: [Column; 3] = [Column::Number("line"), Column::Name("transaction"), Column::Text("counts for")];
const ONE: [Column; 4] =
    [Column::Number("id"), Column::Name("target"), Column::Word("counts"), Column::Text("")];
const TOTALS: [Column; 4] =
    [Column::Number("id"), Column::Name("target"), Column::Number("counts"), Column::Number("unknown")];

impl DecideTable {
    pub(crate) fn new(
        targets: &TargetSet,
        width: usize,
        at_a_terminal: bool,
        unknown: UnknownDetail,
    ) -> DecideTable {
        DecideTable {
            ids: targets.targets().map(|target| target.id()).collect(),
            lists: targets.targets().map(|target| target.rule().unrolled_list()).collect(),
            names: names_of(targets),
            width,
            at_a_terminal,
            unknown,
            totals: vec![Default::default(); targets.len()],
            table: None,
            left: most_rows(at_a_terminal),
        }
    }

    fn name(&self, position: usize) -> &str {
        self.names.get(position).map_or("", String::as_str)
    }

    fn id(&self, position: usize) -> String {
        self.ids.get(position).map(ToString::to_string).unwrap_or_default()
    }

    /// The transactions that follow, of which only so many are shown.
    pub(crate) fn rows(&mut self, decided: &[Decided]) -> String {
        for one in decided {
            self.count(one);
        }
        let room = self.left;
        let shown = decided.get(..room).unwrap_or(decided);
        let mut text = String::new();
        if self.table.is_none() && !shown.is_empty() {
            let cells: Vec<Vec<String>> = shown.iter().map(DecideTable::first_cells).collect();
            let table = Table::fit(&ROWS, &cells, self.width);
            text.push_str(&table.head());
            self.table = Some(table);
        }
        let Some(table) = &self.table else { return text };
        for one in shown {
            let mut cells = DecideTable::first_cells(one);
            cells.push(self.told(one, table.room()));
            text.push_str(&table.row(&cells));
        }
        self.left = room.saturating_sub(shown.len());
        if shown.len() < decided.len() && room > 0 {
            text.push_str("The others are counted below; `--format human | less` shows each.\n");
        }
        text
    }

    fn first_cells(one: &Decided) -> Vec<String> {
        vec![one.line.to_string(), number_of(one)]
    }

    fn count(&mut self, one: &Decided) {
        for (position, _) in &one.eligible {
            if let Some((eligible, _)) = self.totals.get_mut(*position) {
                eligible.increase();
            }
        }
        for undecided in &one.unknown {
            if let Some((_, unknown)) = self.totals.get_mut(undecided.position) {
                unknown.increase();
            }
        }
    }

    /// The targets that one transaction counts for, on a few lines.
    fn told(&self, one: &Decided, room: usize) -> String {
        if one.unreadable {
            return "cannot be read".to_owned();
        }
        let eligible = one.eligible.iter().map(|(position, _)| self.name(*position));
        let mut told =
            if one.eligible.is_empty() { "none".to_owned() } else { names(eligible, room, MOST_LINES) };
        if !one.unknown.is_empty() {
            // The heading is as long as a word of a name.
            let head = "unknown: ";
            let unknown = one.unknown.iter().map(|undecided| self.name(undecided.position));
            let room = room.saturating_sub(head.len());
            told.push_str(&format!("\n{head}{}", names(unknown, room, MOST_LINES)));
        } else if one.unknown_count > 0 {
            told.push_str(&format!("\nunknown: {}", plural(one.unknown_count, "target")));
        }
        told
    }

    /// One transaction by itself: each target that it counts for or may count
    /// for, with what there is to say of it.
    pub(crate) fn one(&self, decided: &Decided) -> String {
        let number = match number_of(decided) {
            number if number == NOTHING => "the transaction".to_owned(),
            number => format!("transaction {number}"),
        };
        let eligible = decided.eligible.len();
        let mut text = format!("{number} counts for {eligible} of {}", plural(self.ids.len(), "target"));
        if decided.unknown_count > 0 {
            text.push_str(&format!(", and {} unknown", is_or_are(decided.unknown_count)));
        }
        text.push('\n');
        let counts = decided.eligible.iter().map(|(position, items)| {
            let list = self.lists.get(*position).copied().flatten();
            (*position, "yes", list.map_or_else(String::new, |list| items_told(list, items)))
        });
        let unknown =
            decided.unknown.iter().map(|undecided| (undecided.position, "unknown", undecided.told()));
        let mut all = counts.chain(unknown);
        let rows: Vec<Vec<String>> = all
            .by_ref()
            .take(most_rows(self.at_a_terminal))
            .map(|(position, counts, why)| {
                vec![self.id(position), self.name(position).to_owned(), counts.to_owned(), why]
            })
            .collect();
        if rows.is_empty() {
            return text;
        }
        let table = Table::fit(&ONE, &rows, self.width);
        text.push('\n');
        text.push_str(&table.head());
        text.extend(rows.iter().map(|row| table.row(row)));
        let left_out = all.count();
        if left_out > 0 {
            text.push_str(&format!("and {left_out} more; `--format human | less` shows them\n"));
        }
        text
    }

    /// How often each target counted: in the order of the payload, or those that
    /// counted most where there are too many to read.
    pub(crate) fn totals(&self) -> String {
        let mut order: Vec<usize> = (0..self.ids.len()).collect();
        let total = |position: &usize| self.totals.get(*position).copied().unwrap_or_default();
        if order.len() > most_rows(self.at_a_terminal) {
            order.sort_by_key(|position| std::cmp::Reverse(total(position)));
        }
        let asked = self.unknown != UnknownDetail::None && self.unknown != UnknownDetail::Count;
        let columns = if asked { &TOTALS[..] } else { TOTALS.get(..3).unwrap_or_default() };
        let rows: Vec<Vec<String>> = order
            .iter()
            .take(most_rows(self.at_a_terminal))
            .map(|position| {
                let (eligible, unknown) = total(position);
                let name = self.name(*position).to_owned();
                vec![self.id(*position), name, eligible.to_string(), unknown.to_string()]
            })
            .collect();
        let table = Table::fit(columns, &rows, self.width);
        let mut text = format!("\n{}", table.head());
        text.extend(rows.iter().map(|row| table.row(row)));
        let left_out = order.get(rows.len()..).unwrap_or_default();
        if !left_out.is_empty() {
            let counted = left_out.iter().filter(|position| !total(position).0.is_zero()).count();
            text.push_str(&format!(
                "and {} more, of which {counted} counted; `--format human | less` shows them\n",
                plural(left_out.len(), "target")
            ));
        }
        text
    }
}

impl Undecided {
    fn told(&self) -> String {
        let mut why = Vec::new();
        if !self.absent.is_empty() {
            let absent: Vec<String> = self.absent.iter().map(|name| visible(name)).collect();
            why.push(format!("absent: {}", absent.join(", ")));
        }
        if !self.faults.is_empty() {
            let mut codes: Vec<&str> = self.faults.iter().map(|fault| fault.code.name()).collect();
            codes.dedup();
            why.push(format!("at fault: {}", codes.join(", ")));
        }
        why.join("; ")
    }
}

/// What stands where there is nothing to say.
const NOTHING: &str = "-";

fn number_of(one: &Decided) -> String {
    let number = one.number.as_deref().filter(|number| !number.trim().is_empty());
    number.map_or(NOTHING.to_owned(), |number| shown(number, WIDEST_NUMBER))
}

/// A text of an input, on one line and within a width.
fn shown(text: &str, width: usize) -> String {
    let start: String = text.chars().take(LONGEST_SHOWN).collect();
    console::truncate_str(visible(&start).trim(), width, "…").into_owned()
}

/// The line items or tenders that count, from 1.
fn items_told(list: ListName, items: &[usize]) -> String {
    let numbers: Vec<String> = items.iter().map(|item| Count::position(*item).to_string()).collect();
    match numbers.len() {
        0 => String::new(),
        1 => format!("{} {}", list.entry(), numbers.concat()),
        _ => format!("{} {}", list.entries(), numbers.join(", ")),
    }
}

fn is_or_are(count: usize) -> String {
    if count == 1 { "1 is".to_owned() } else { format!("{count} are") }
}

/// What people call each target: its name; its id where it has none, and beside
/// a name that another one has too.
fn names_of(targets: &TargetSet) -> Vec<String> {
    let names: Vec<Option<String>> = targets
        .targets()
        .map(|target| target.name().map(|name| shown(name, WIDEST_NAME)).filter(|name| !name.is_empty()))
        .collect();
    let mut once: HashSet<&str> = HashSet::new();
    let again: HashSet<&str> =
        names.iter().flatten().map(String::as_str).filter(|name| !once.insert(name)).collect();
    let named = targets.targets().zip(&names).map(|(target, name)| match name {
        Some(name) if !again.contains(name.as_str()) => name.clone(),
        Some(name) => format!("{name} ({})", target.id()),
        None => format!("target {}", target.id()),
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use loyalty_targets::Payload;
    use target_rules::{Limits, Schema};

    use super::*;

    fn set(targets: usize) -> TargetSet {
        let targets = (0..targets).map(|at| {
            format!(r#"{{"id": {at}, "name": "Target of the {at}. campaign 買", "expression": "true"}}"#)
        });
        let text = format!("[{}]", targets.collect::<Vec<_>>().join(","));
        let (schema, limits) = (Schema::standard(), Limits::default());
        let payload = Payload::read(text.as_str(), &limits).unwrap();
        TargetSet::new(payload.targets().filter_map(|one| one.check(&schema, &limits).target)).unwrap()
    }

    fn decided(
        lines: usize,
        eligible: std::ops::Range<usize>,
        unknown: std::ops::Range<usize>,
    ) -> Vec<Decided> {
        let one = |at: usize| {
            let mut line = Count::default();
            line.add(at);
            Decided {
                line,
                number: Some(format!("bill-{at}")),
                eligible: eligible.clone().map(|position| (position, vec![0, 1])).collect(),
                unknown: unknown
                    .clone()
                    .map(|position| Undecided {
                        position,
                        absent: vec!["currentTxn.value".to_owned(); 3],
                        faults: Vec::new(),
                    })
                    .collect(),
                unknown_count: unknown.len(),
                unreadable: false,
            }
        };
        (1..=lines).map(one).collect()
    }

    fn all(table: &mut DecideTable, decided: &[Decided]) -> String {
        let rows: String = decided.chunks(64).map(|some| table.rows(some)).collect();
        rows + &table.totals()
    }

    #[test]
    fn thousands_of_targets_and_lines_stay_readable_at_a_terminal() {
        let set = set(3_000);
        let decided = decided(400, 100..2_600, 2_600..2_900);
        for width in [40, 80, 160] {
            let mut table = DecideTable::new(&set, width, true, UnknownDetail::Reasons);
            let told = all(&mut table, &decided) + &table.one(&decided[0]);
            assert!(told.lines().count() < 1_000, "{} lines", told.lines().count());
            let sentence = |line: &&str| line.contains("--format human") || line.starts_with("transaction ");
            for line in told.lines().filter(|line| !sentence(line)) {
                assert!(console::measure_text_width(line) <= width, "{width}: {line}");
            }
            assert!(told.contains(" and 24"), "{told}");
            assert!(told.contains("The others are counted below"), "{told}");
            // Those that counted most stand above the others.
            assert!(told.contains("\n 100  "), "{told}");
            assert!(told.contains("and 2900 targets more, of which 2400 counted; "), "{told}");
            assert!(told.contains("and 2700 more; "), "{told}");
        }
    }

    #[test]
    fn a_file_gets_every_row() {
        let set = set(300);
        let decided = decided(250, 0..7, 7..9);
        let told = all(&mut DecideTable::new(&set, 100, false, UnknownDetail::Ids), &decided);
        assert!(told.contains("\n 250  bill-250     Target of the 0. campaign 買, "), "{told}");
        assert!(told.contains("\n299  Target of the 299. campaign 買       0        0\n"), "{told}");
        assert!(!told.contains("--format human"), "{told}");
    }

    #[test]
    fn rows_that_come_one_by_one_keep_the_columns_of_the_first() {
        let set = set(2);
        let mut table = DecideTable::new(&set, 80, true, UnknownDetail::None);
        let mut later = decided(1, 0..1, 0..0);
        later[0].number = Some("a number that is longer than the first".to_owned());
        let told = table.rows(&decided(1, 0..1, 0..0)) + &table.rows(&later);
        let expected = "\
line  transaction  counts for
   1  bill-1       Target of the 0. campaign 買
   1  a number t…  Target of the 0. campaign 買
";
        assert_eq!(told, expected);
    }
}
