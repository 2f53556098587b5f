//! a-tree: one structure for all rules. It compares decimals exactly and has
//! neither arithmetic nor questions about texts.

use ::a_tree::{ATree, AttributeDefinition, Event};

use crate::engine::{Engine, Ruled};
use crate::plain::{Plain, flat};
use target_rules_testing::workloads::condition::{Field, Holds, Spelling, decimal, listed};

const SPELLING: Spelling = Spelling {
    and: "and",
    or: "or",
    equal: "=",
    field: flat,
    amount: decimal,
    text: |text| format!("'{text}'"),
    one_of: Some(|field, numbers| format!("{field} in [{}]", listed(numbers, ","))),
    arithmetic: false,
    contains: None,
    matches: None,
};

pub(crate) struct Tree;

impl Engine for Tree {
    type Rules = ATree<usize>;
    type Transaction = Event;

    const NAME: &'static str = "a-tree 0.6.1";
    const NUMBERS: &'static str = "exact";

    fn new() -> Tree {
        Tree
    }

    fn write(&self, rule: &Ruled) -> Option<String> {
        SPELLING.of(&rule.condition)
    }

    fn load(&self, texts: &[String], _: &[Ruled]) -> ATree<usize> {
        let fields = Field::ALL.map(|field| match field.holds() {
            Holds::Amount => AttributeDefinition::float(&flat(field)),
            Holds::Count => AttributeDefinition::integer(&flat(field)),
            Holds::Text => AttributeDefinition::string(&flat(field)),
        });
        let mut tree = ATree::new(&fields).unwrap();
        for (at, text) in texts.iter().enumerate() {
            tree.insert(&at, text).unwrap();
        }
        tree
    }

    fn read(&self, rules: &ATree<usize>, line: &str) -> Event {
        let plain = Plain::read(line);
        let mut event = rules.make_event();
        for field in Field::ALL {
            let name = flat(field);
            match field.holds() {
                Holds::Amount => event.with_float(&name, plain.number(field), 2),
                Holds::Count => event.with_integer(&name, plain.number(field)),
                Holds::Text => event.with_string(&name, plain.text(field)),
            }
            .unwrap();
        }
        event.build().unwrap()
    }

    fn decide(&mut self, rules: &ATree<usize>, event: &mut Event) -> bool {
        !rules.search(event).unwrap().matches().is_empty()
    }

    fn decide_all(&mut self, rules: &ATree<usize>, event: &mut Event, hold: &mut Vec<usize>) {
        hold.extend(rules.search(event).unwrap().matches().iter().map(|at| **at));
    }
}
