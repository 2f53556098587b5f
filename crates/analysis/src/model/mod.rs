//! Rules as one formula over cells: a variable for each value that they ask
//! about, cut where an answer changes, and what binds variables to each other.
//!
//! A model may allow more than documents do, and never less. So what it does not
//! allow is proved to be impossible, and what it does is possible where a
//! document shows it.

mod automata;
mod axioms;
mod calendar;
mod dates;
mod locate;
mod numbers;
mod operands;
mod question;
mod selected;
mod signature;
mod texts;
mod translate;
mod variable;

use std::cell::Cell;

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;
use target_rules::condition::{
    Clause, Comparison, ListName, Predicate, PredicateId, Selection, Set, Subject, Values,
};
use target_rules::{Rule, Truth, Zone};

use crate::formula::{Formula, VariableId};
pub(crate) use calendar::civil;
pub(crate) use dates::Plan as DatePlan;
pub(crate) use locate::number_key;
pub(crate) use locate::{Located, locate};
use locate::{fields_of, selected};
pub(crate) use numbers::{ends, floor};
pub(crate) use operands::Operands;
use operands::{is_of_an_item, needed};
use question::Asked;
pub(crate) use question::{Ids, Key, ListState, Question, RuleIndex, SECTION_OF_ITEMS, Sample};
pub(crate) use selected::{suited_number, suited_text};
pub(crate) use texts::{KnownTexts, only_match};
pub(crate) use translate::Outcomes;
pub(crate) use variable::Variable;

/// Why rules are not modelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge(pub(crate) &'static str);

/// A variable of a model before its cells are found.
struct Growing {
    key: Key,
    /// Of which rule it is, where the rules ask different items.
    item_of: Option<RuleIndex>,
    asked: Asked,
    operands: Operands,
}

/// Where the answer to a predicate is found.
#[derive(Debug, Clone)]
enum Place {
    Always(Truth),
    Asked(VariableId, usize),
    Booleans,
    /// Whether there are any fields, and the one of them that is asked.
    Includes(VariableId, VariableId),
    HasAny(VariableId, VariableId),
}

/// Rules over the same variables.
pub(crate) struct Model<'r> {
    pub(crate) rules: Vec<&'r Rule>,
    pub(crate) variables: Vec<Variable>,
    /// The item of which rule each variable is of, where these differ.
    pub(crate) items: Vec<Option<RuleIndex>>,
    /// What each variable is computed from.
    pub(crate) operands: Vec<Operands>,
    /// The variables by what they stand for.
    pub(crate) ids: Ids,
    places: HashMap<(RuleIndex, PredicateId), Place>,
    /// What holds of every document.
    pub(crate) axioms: Formula,
    /// What was done with it so far.
    steps: Cell<usize>,
}

struct Builder<'r> {
    variables: Vec<Growing>,
    ids: Ids,
    places: HashMap<(RuleIndex, PredicateId), Place>,
    /// Where predicates were found that other rules may ask as well; `None` where there
    /// is only one rule.
    located: Option<HashMap<&'r Predicate, Place>>,
    /// Whether each rule asks an item of its own.
    own_items: bool,
}

impl<'r> Model<'r> {
    /// The model of some rules. With `own_items` each rule that is decided for
    /// the items of a list is decided for another one.
    pub(crate) fn new(rules: &[&'r Rule], own_items: bool, zone: &Zone) -> Result<Model<'r>, TooLarge> {
        Model::with(rules, own_items, zone, &KnownTexts::default())
    }

    /// The same, where what was found of texts for other models is known.
    pub(crate) fn with(
        rules: &[&'r Rule],
        own_items: bool,
        zone: &Zone,
        known: &KnownTexts,
    ) -> Result<Model<'r>, TooLarge> {
        let predicates = rules.iter().map(|rule| rule.condition().predicates().len());
        let most = predicates.clone().max().unwrap_or_default();
        let mut builder = Builder {
            variables: Vec::with_capacity(most),
            ids: HashMap::with_capacity(most),
            places: HashMap::with_capacity(predicates.fold(0, usize::saturating_add)),
            located: (rules.len() > 1).then(|| HashMap::with_capacity(most)),
            own_items,
        };
        for (at, rule) in rules.iter().enumerate() {
            let condition = rule.condition();
            if let Some(list) = condition.list() {
                builder.variable(Key::List(SECTION_OF_ITEMS.into(), list), None);
            }
            builder.clause(at, condition.root());
        }
        builder.bind(zone);
        let count = builder.variables.len();
        let (mut variables, mut items) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let (mut operands, mut asked) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for growing in builder.variables {
            let (questions, places) = growing.asked.into_parts();
            let variable = Variable::new(growing.key, questions, zone, known);
            variables.push(variable.ok_or(TooLarge("a value is asked too many questions"))?);
            items.push(growing.item_of);
            operands.push(growing.operands);
            asked.push(places);
        }
        let axioms = axioms::of(&variables, &items, &operands, &asked, &builder.ids);
        let steps = variables.iter().map(|variable| variable.cost).fold(0, usize::saturating_add);
        let steps = Cell::new(steps);
        let rules = rules.to_vec();
        let (ids, places) = (builder.ids, builder.places);
        Ok(Model { rules, variables, items, operands, ids, places, axioms, steps })
    }

    /// How much was done: answers found, bytes walked by automata, parts of formulas
    /// made and looked at. Whoever asks many questions bounds it.
    pub(crate) fn steps(&self) -> usize {
        self.steps.get()
    }

    pub(crate) fn charge(&self, steps: usize) {
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    /// Counts a search that looked at so many parts of formulas, and at all variables
    /// once and for each of its solutions.
    pub(crate) fn charge_search(&self, parts: usize, solutions: usize) {
        let looks = solutions.saturating_add(1).saturating_mul(self.variables.len());
        self.charge(parts.saturating_add(looks));
    }
}

impl<'r> Builder<'r> {
    fn variable(&mut self, key: Key, item_of: Option<RuleIndex>) -> VariableId {
        let next = self.variables.len();
        let id = *self.ids.entry((key.clone(), item_of)).or_insert(next);
        if id == next {
            let (asked, operands) = (Asked::default(), Operands::default());
            self.variables.push(Growing { key, item_of, asked, operands });
        }
        id
    }

    fn question(&mut self, id: VariableId, question: Question) -> usize {
        self.variables.get_mut(id).map_or(0, |variable| variable.asked.place(question))
    }

    /// Notes what a clause asks.
    fn clause(&mut self, rule: RuleIndex, clause: &'r Clause) {
        match clause {
            Clause::Literal(literal) if !self.places.contains_key(&(rule, literal.id)) => {
                let place = self.place(rule, &literal.predicate);
                self.places.insert((rule, literal.id), place);
            }
            Clause::All(parts) | Clause::Any(parts) => {
                parts.iter().for_each(|part| self.clause(rule, part));
            }
            _ => {}
        }
    }

    fn place(&mut self, rule: RuleIndex, predicate: &'r Predicate) -> Place {
        let item_of = (self.own_items && predicate.asks_an_item()).then_some(rule);
        let known = if item_of.is_none() { self.located.take() } else { None };
        let Some(mut known) = known else { return self.new_place(rule, predicate, item_of) };
        let place = match known.entry(predicate) {
            Entry::Occupied(met) => met.get().clone(),
            Entry::Vacant(new) => {
                let place = self.new_place(rule, predicate, item_of);
                // The parts of a comparison of truth values are noted for each rule.
                if !matches!(place, Place::Booleans) {
                    new.insert(place.clone());
                }
                place
            }
        };
        self.located = Some(known);
        place
    }

    /// The place of a predicate that was not met before.
    fn new_place(&mut self, rule: RuleIndex, predicate: &'r Predicate, item_of: Option<RuleIndex>) -> Place {
        match locate(predicate) {
            Located::Always(truth) => Place::Always(truth),
            Located::Asked(key, question) => {
                let id = self.variable(key, item_of);
                Place::Asked(id, self.question(id, question))
            }
            Located::Booleans => {
                if let Predicate::Compares(comparison) = predicate
                    && let Comparison::Booleans(left, right) = &**comparison
                {
                    self.clause(rule, left);
                    self.clause(rule, right);
                }
                Place::Booleans
            }
            Located::Container => self.container(predicate),
        }
    }

    fn container(&mut self, predicate: &Predicate) -> Place {
        let Predicate::In(subject, Set::Values(values)) = predicate else { return Place::Booleans };
        let Subject::Container(container) = &**subject else { return Place::Booleans };
        let fields = self.variable(fields_of(container), None);
        match values {
            Values::Includes(value) => {
                let has = self.variable(Key::Has(container.clone(), value.clone()), None);
                self.question(has, Question::Holds);
                Place::Includes(fields, has)
            }
            _ => {
                let any = self.variable(Key::HasAny(container.clone()), None);
                self.question(any, Question::Holds);
                Place::HasAny(fields, any)
            }
        }
    }

    /// Makes variables of what binds those that are asked about.
    fn bind(&mut self, zone: &Zone) {
        let mut at = 0_usize;
        while let Some(variable) = self.variables.get(at) {
            let item_of = variable.item_of;
            let needed = needed(&variable.key);
            let section = axioms::section_of(&variable.key);
            let dates = needed.instants(zone);
            let mut values: Vec<VariableId> = Vec::new();
            for key in needed.values {
                let of = item_of.filter(|_| is_of_an_item(&key));
                values.push(self.variable(key, of));
            }
            values.sort_unstable();
            values.dedup();
            if let Some(section) = section {
                self.variable(Key::List(section, ListName::LineItems), None);
            }
            if let Some(variable) = self.variables.get_mut(at) {
                let lack_a_date = dates.is_none();
                variable.operands = Operands { values, dates: dates.unwrap_or_default(), lack_a_date };
            }
            at = at.wrapping_add(1);
        }
        self.bind_items();
    }

    /// Asks of the current item whether it is one of those that are counted.
    fn bind_items(&mut self) {
        let mut items: HashMap<Key, Vec<VariableId>> = HashMap::new();
        let mut counted: Vec<Selection> = Vec::new();
        for (id, variable) in self.variables.iter().enumerate() {
            match &variable.key {
                Key::ItemText(_) => items.entry(variable.key.clone()).or_default().push(id),
                Key::Count(section, selection) if **section == *SECTION_OF_ITEMS => {
                    counted.extend(selection.clone());
                }
                _ => {}
            }
        }
        for (key, question) in counted.iter().filter_map(selected) {
            for id in items.get(&key).into_iter().flatten() {
                self.question(*id, question.clone());
            }
        }
    }
}
