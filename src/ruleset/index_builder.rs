//! Makes the index of a block, rule by rule.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::bits::{meet, set, width};
use super::code::Branches;
use super::date_group::DateGroup;
use super::dense::Without;
use super::flat::{FlatBuilder, FlatLiteral};
use super::formula::{Chain, MOST_CHAINS, of_rule};
use super::group::{Answers, Group, GroupRequirements, LEAST_QUESTIONS, wants_no};
use super::index::{AskedSubject, Asks, Index, SubjectTables};
use super::item_group::{ItemGroup, LEAST_AGGREGATES, OfItems};
use super::nodes::{Chains, Nodes, Outermost, ReadFrom};
use super::pool::Subjects;
use super::required::Required;
use super::space::{NodeKind, Widths};
use super::subject::{GroupSource, How, ItemAttribute, Subject};
use super::switches::Switches;
use super::table::Table;

/// Blocks of so few rules ask texts one by one: they are made anew when a rule is
/// added, and to make a matcher of a hundred patterns takes milliseconds.
const FEW_RULES: usize = 128;

/// What the rules of a block require, by subject.
pub(super) struct IndexBuilder<'c> {
    subjects: &'c Subjects,
    required: HashMap<u32, Requirements<'c>>,
    any: Vec<Node>,
    all: Vec<Node>,
    asking: Vec<u64>,
    possible: Vec<u64>,
    switches: Switches,
    rules: usize,
    /// Whether its block is so large that texts are worth a matcher.
    is_large: bool,
}

/// A chain: its rule, what it stands in, and how deep.
struct Node {
    rule: u16,
    parent: usize,
    depth: usize,
}

/// What rules and chains require of a subject.
#[derive(Default)]
struct Requirements<'c> {
    rules: Vec<(usize, Required<'c>)>,
    any: Vec<(usize, Required<'c>)>,
    all: Vec<(usize, Required<'c>)>,
}

/// A subject by its number, and what is required of it.
type OfNumber<'c> = (u32, &'c Subject, Requirements<'c>);

/// The numbers of chains in the order of their depth: so those that stand in one
/// chain follow each other.
struct Numbering {
    /// By the order in which they were added.
    numbers: Vec<u16>,
}

/// The numbers of the chains of both kinds, and how many words all nodes have.
struct Numberings {
    any: Numbering,
    all: Numbering,
    widths: Widths,
}

impl Numbering {
    fn of(nodes: &[Node]) -> Numbering {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for node in nodes {
            let count = counts.entry(node.depth).or_default();
            *count = count.wrapping_add(1);
        }
        let mut start = 0_usize;
        let mut next: BTreeMap<usize, usize> = BTreeMap::new();
        for (depth, nodes) in counts {
            next.insert(depth, start);
            start = start.wrapping_add(nodes);
        }
        let number = |node: &Node| {
            let Some(next) = next.get_mut(&node.depth) else { return 0 };
            let number = *next;
            *next = next.wrapping_add(1);
            // INVARIANT: a block has no more than can be numbered.
            u16::try_from(number).unwrap_or(u16::MAX)
        };
        Numbering { numbers: nodes.iter().map(number).collect() }
    }

    fn number(&self, node: usize) -> u16 {
        self.numbers.get(node).copied().unwrap_or(u16::MAX)
    }

    fn words(&self) -> usize {
        width(self.numbers.len())
    }

    /// The chains of these nodes, which stand in those of the other kind, as those
    /// stand in them.
    fn chains(&self, nodes: &[Node], other: &Numbering, others: &[Node]) -> Chains {
        let (mut rule_of, mut parent_of) = (vec![0; nodes.len()], vec![0; nodes.len()]);
        let mut below = vec![(0, 0); nodes.len()];
        // Those of one chain were added one after the other, and are numbered so.
        for (node, number) in others.iter().zip(&other.numbers).filter(|(node, _)| node.depth > 1) {
            let Some(range) = below.get_mut(usize::from(self.number(node.parent))) else { continue };
            let start = if *range == (0, 0) { *number } else { range.0 };
            *range = (start, number.wrapping_add(1));
        }
        for (node, number) in nodes.iter().zip(&self.numbers) {
            let parent = if node.depth == 1 { node.rule } else { other.number(node.parent) };
            let at = usize::from(*number);
            rule_of.get_mut(at).into_iter().for_each(|held| *held = node.rule);
            parent_of.get_mut(at).into_iter().for_each(|held| *held = parent);
        }
        Chains { rule_of: rule_of.into(), parent_of: parent_of.into(), below: below.into() }
    }
}

impl<'c> IndexBuilder<'c> {
    /// For so many of the rules of a block, which has so many in all.
    pub(super) fn new(
        rules: usize,
        of_block: usize,
        subjects: &'c Subjects,
        switches: Switches,
    ) -> IndexBuilder<'c> {
        let empty = vec![0; width(rules)];
        IndexBuilder {
            subjects,
            required: HashMap::new(),
            any: Vec::new(),
            all: Vec::new(),
            asking: empty.clone(),
            possible: empty,
            switches,
            rules,
            is_large: of_block > FEW_RULES,
        }
    }

    /// The chains of `||` that stand in rules.
    ///
    /// INVARIANT: rules are added in their order, and chains are numbered in
    /// theirs.
    fn outermost(&self) -> Outermost {
        if self.any.is_empty() {
            return Outermost::default();
        }
        let mut rules = vec![0; width(self.rules)];
        // Those of the least depth are numbered first.
        let mut next = 0_u32;
        let mut outermost = self.any.iter().filter(|node| node.depth == 1).peekable();
        let first = (0..=self.rules).map(|rule| {
            let first = next;
            while outermost.next_if(|node| usize::from(node.rule) == rule).is_some() {
                set(&mut rules, rule);
                next = next.wrapping_add(1);
            }
            first
        });
        let first = first.collect();
        Outermost { rules: rules.into(), first }
    }

    /// Adds a rule.
    pub(super) fn add(&mut self, rule: u16, code: Branches<'c>) {
        let Some(Chain { literals, chains }) = of_rule(code, self.subjects) else { return };
        set(&mut self.possible, usize::from(rule));
        for (subject, required) in literals {
            self.required.entry(subject).or_default().rules.push((usize::from(rule), required));
        }
        for chain in chains {
            // What a block has no room for is a rule that alone is too large.
            let is_full = self.any.len() >= MOST_CHAINS || self.all.len() >= MOST_CHAINS;
            if is_full || !self.switches.chains {
                set(&mut self.asking, usize::from(rule));
            } else {
                self.add_chain(rule, chain, 0, 1);
            }
        }
    }

    /// Recurses as deep as the rule.
    fn add_chain(&mut self, rule: u16, chain: Chain<'c>, parent: usize, depth: usize) {
        let all = depth.is_multiple_of(2);
        let nodes = if all { &mut self.all } else { &mut self.any };
        if nodes.len() >= MOST_CHAINS {
            return set(&mut self.asking, usize::from(rule));
        }
        let node = nodes.len();
        nodes.push(Node { rule, parent, depth });
        for (subject, required) in chain.literals {
            let of_subject = self.required.entry(subject).or_default();
            let required_of = if all { &mut of_subject.all } else { &mut of_subject.any };
            required_of.push((node, required));
        }
        for chain in chain.chains {
            self.add_chain(rule, chain, node, depth.wrapping_add(1));
        }
    }

    pub(super) fn finished(mut self) -> Index {
        let subjects = self.subjects;
        let (any, all) = (Numbering::of(&self.any), Numbering::of(&self.all));
        let mut asked: Vec<OfNumber<'c>> = Vec::new();
        for (number, required) in std::mem::take(&mut self.required) {
            if let Some(subject) = subjects.get(number) {
                asked.push((number, subject, required));
            }
        }
        asked.sort_unstable_by_key(|(number, subject, _)| (subject.cost(), *number));
        let (of_entry, of_transaction): (Vec<_>, Vec<_>) =
            asked.into_iter().partition(|(_, subject, _)| subject.of_entry);
        let widths = Widths { rules: self.possible.len(), any: any.words(), all: all.words() };
        let numbers = &Numberings { any, all, widths };
        let Numberings { any, all, .. } = numbers;
        Index {
            of_transaction: self.asks(of_transaction, numbers),
            of_entry: self.asks(of_entry, numbers),
            nodes: Nodes {
                any: any.chains(&self.any, all, &self.all),
                all: all.chains(&self.all, any, &self.any),
                outermost: self.outermost(),
                widths,
            },
            asking: if meet(&self.asking, &self.asking) { self.asking.into() } else { Box::default() },
            possible: self.possible.into(),
        }
    }

    fn asks(&self, asked: Vec<OfNumber<'c>>, numbers: &Numberings) -> Asks {
        let mut grouped: BTreeMap<GroupSource, Vec<OfNumber<'c>>> = BTreeMap::new();
        let mut found: [AskedBuilder; 3] = Default::default();
        let groups = self.switches.groups && self.is_large;
        let add = |found: &mut [AskedBuilder; 3], (number, subject, required): OfNumber<'c>| {
            let [stated, computed, outcomes] = found;
            let builder = match (&subject.how, subject.cost()) {
                (How::Outcome(_), _) => outcomes,
                (_, 0) => stated,
                _ => computed,
            };
            match self.flat(&required, numbers) {
                Some(literals) => builder.flat.add(number, read_from(subject), subject.profile, literals),
                None => builder.tables.push(self.asked(number, subject, required, numbers)),
            }
        };
        let (items, asked) = self.items(asked, numbers);
        for (number, subject, required) in asked {
            let source = subject.group.filter(|source| {
                groups && (matches!(source, GroupSource::Date(_)) || required.are_answers())
            });
            match source {
                Some(source) => grouped.entry(source).or_default().push((number, subject, required)),
                None => add(&mut found, (number, subject, required)),
            }
        }
        let (mut questions, mut dates) = (Vec::new(), Vec::new());
        for (source, members) in grouped {
            if members.len() < LEAST_QUESTIONS {
                members.into_iter().for_each(|member| add(&mut found, member));
            } else if let GroupSource::Date(_) = source {
                dates.extend(self.dates(members, numbers));
            } else {
                questions.push(self.group(source, members, numbers));
            }
        }
        let [stated, computed, outcomes] = found.map(|found| found.finished(numbers.widths, self.switches));
        Asks { stated, items, computed, groups: questions.into(), dates: dates.into(), outcomes }
    }

    /// The aggregates that select items by the value of an attribute, and the
    /// other subjects.
    fn items(&self, asked: Vec<OfNumber<'c>>, numbers: &Numberings) -> (Box<[ItemGroup]>, Vec<OfNumber<'c>>) {
        if !self.switches.groups {
            return (Box::default(), asked);
        }
        let mut counts: HashMap<ItemAttribute, usize> = HashMap::new();
        for (attribute, _) in asked.iter().filter_map(|(_, subject, _)| subject.selects_items_by()) {
            let count = counts.entry(attribute).or_default();
            *count = count.wrapping_add(1);
        }
        let mut groups: BTreeMap<ItemAttribute, Vec<OfItems>> = BTreeMap::new();
        let mut others = Vec::new();
        for (number, subject, required) in asked {
            let by = subject.selects_items_by();
            let by = by.filter(|(attribute, _)| counts.get(attribute) >= Some(&LEAST_AGGREGATES));
            match by.map(|by| (by, self.flat(&required, numbers))) {
                Some(((attribute, symbol), Some(literals))) => {
                    let aggregate = OfItems { symbol, subject: number, literals };
                    groups.entry(attribute).or_default().push(aggregate);
                }
                _ => others.push((number, subject, required)),
            }
        }
        (
            groups.into_iter().map(|(attribute, aggregates)| ItemGroup::of(attribute, aggregates)).collect(),
            others,
        )
    }

    /// What is required of a subject, side by side; `None` where it takes
    /// tables.
    fn flat(&self, required: &Requirements<'c>, numbers: &Numberings) -> Option<Vec<FlatLiteral>> {
        if !self.switches.sparse {
            return None;
        }
        let Numberings { any, all, widths } = numbers;
        let mut literals = Vec::new();
        let mut add =
            |of: NodeKind, words: usize, nodes: &[(usize, Required<'c>)], number: &dyn Fn(usize) -> u16| {
                if Table::is_dense(words, nodes.iter().map(|(_, required)| required), self.switches) {
                    return None;
                }
                for (node, required) in nodes {
                    literals.push(FlatLiteral::new(of, number(*node), *widths, required.single()?));
                }
                Some(())
            };
        add(NodeKind::Rule, widths.rules, &required.rules, &rule_number)?;
        add(NodeKind::Any, widths.any, &required.any, &|node| any.number(node))?;
        add(NodeKind::All, widths.all, &required.all, &|node| all.number(node))?;
        Some(literals)
    }

    fn asked(
        &self,
        number: u32,
        subject: &'c Subject,
        required: Requirements<'c>,
        numbers: &Numberings,
    ) -> AskedSubject {
        let table = |required: Vec<(u16, Required<'c>)>, words: usize, without: Without| {
            (!required.is_empty()).then(|| Table::of(words, without, &required, self.switches))
        };
        let Requirements { rules, any: of_any, all: of_all } = required;
        let Numberings { any, all, widths } = numbers;
        AskedSubject {
            number,
            read: read_from(subject),
            rules: table(numbered(rules, rule_number), widths.rules, Without::Included),
            any: table(numbered(of_any, |node| any.number(node)), widths.any, Without::LeftOut),
            all: table(numbered(of_all, |node| all.number(node)), widths.all, Without::Included),
        }
    }

    fn dates(&self, members: Vec<OfNumber<'c>>, numbers: &Numberings) -> Option<DateGroup> {
        let Numberings { any, all, widths } = numbers;
        let of_constant = |(number, _, of_subject): OfNumber<'c>| {
            let mut required = Vec::new();
            let mut add = |kind: NodeKind, of: Vec<(u16, Required<'c>)>| {
                required.extend(of.into_iter().map(|(node, required)| (kind, node, required)));
            };
            add(NodeKind::Rule, numbered(of_subject.rules, rule_number));
            add(NodeKind::Any, numbered(of_subject.any, |node| any.number(node)));
            add(NodeKind::All, numbered(of_subject.all, |node| all.number(node)));
            Some((self.subjects.get(number)?.clone(), required))
        };
        DateGroup::of(members.into_iter().filter_map(of_constant).collect(), *widths)
    }

    fn group(&self, source: GroupSource, members: Vec<OfNumber<'c>>, numbers: &Numberings) -> Group {
        let Numberings { any, all, widths } = numbers;
        let mut required = GroupRequirements::default();
        let mut subjects = Vec::new();
        for (question, (_, subject, of_subject)) in (0..).zip(members) {
            subjects.push(subject);
            let add = |answers: &mut Answers, required: Vec<(u16, Required<'c>)>| {
                answers.extend(
                    required
                        .iter()
                        .filter_map(|(node, required)| Some((question, *node, wants_no(required)?))),
                );
            };
            add(&mut required.rules, numbered(of_subject.rules, rule_number));
            add(&mut required.any, numbered(of_subject.any, |node| any.number(node)));
            add(&mut required.all, numbered(of_subject.all, |node| all.number(node)));
        }
        Group::of(source, &subjects, &required, *widths)
    }
}

/// Subjects that cost alike, in the making.
#[derive(Default)]
struct AskedBuilder {
    flat: FlatBuilder,
    tables: Vec<AskedSubject>,
}

impl AskedBuilder {
    fn finished(self, widths: Widths, switches: Switches) -> SubjectTables {
        SubjectTables { flat: self.flat.finished(widths, switches), tables: self.tables.into() }
    }
}

fn read_from(subject: &Subject) -> ReadFrom {
    match subject.how {
        How::Slot(slot) => ReadFrom::Slot(slot),
        How::Entry(slot) => ReadFrom::Entry(slot),
        _ => ReadFrom::Computed,
    }
}

impl Requirements<'_> {
    /// Whether all of them want a yes or a no.
    fn are_answers(&self) -> bool {
        let mut all = self.rules.iter().chain(&self.any).chain(&self.all);
        all.all(|(_, required)| wants_no(required).is_some())
    }
}

/// INVARIANT: a block has no more rules than can be numbered.
fn rule_number(rule: usize) -> u16 {
    u16::try_from(rule).unwrap_or(u16::MAX)
}

fn numbered<'c>(
    required: Vec<(usize, Required<'c>)>,
    number: impl Fn(usize) -> u16,
) -> Vec<(u16, Required<'c>)> {
    required.into_iter().map(|(node, required)| (number(node), required)).collect()
}
