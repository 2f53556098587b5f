//! From a parsed pattern to the nodes of its matcher.

use regex_syntax::hir::{Hir, Look};

use super::bits::{WORD, add_range};
use super::looks::Contexts;
use super::model::{Child, Kind, Node, Places, PositionMatcher};
use super::parts::Names;
use super::plan::{Plan, Planned, Planner};
use super::symbols::Symbols;
use super::tables::Tables;

/// A matcher in the making.
struct Builder {
    nodes: Vec<Node>,
    children: Vec<Child>,
    tables: Vec<Tables>,
    /// How many words the marks of nodes take so far, and positions.
    words: usize,
    place_words: usize,
    contexts: Contexts,
    masks: Vec<u64>,
    /// Whether a symbol is in a class, class by class.
    fits: Box<[bool]>,
    symbol_count: usize,
}

impl PositionMatcher {
    /// The steps of the matcher of a pattern, without making it.
    pub(crate) fn steps_of(hir: &Hir) -> usize {
        let mut names = Names::default();
        let part = names.part(hir).without_loose_edges();
        Planner { contexts: Contexts::of(&names.looks).count }.plan(&part, 1).cost
    }

    /// About how long a character of a text takes, in steps of four instructions.
    pub(crate) fn steps(&self) -> usize {
        self.steps
    }

    pub(crate) fn of(hir: &Hir) -> PositionMatcher {
        let mut names = Names::default();
        let part = names.part(hir).without_loose_edges();
        let (symbols, sets) = Symbols::of(&names.classes);
        let holds = |set: &[u64], class: usize| {
            let bit = 1_u64.rotate_left(u32::try_from(class % WORD).unwrap_or(0));
            set.get(class / WORD).is_some_and(|word| word & bit != 0)
        };
        let fits = (0..names.classes.len()).flat_map(|class| sets.iter().map(move |set| holds(set, class)));
        let mut builder = Builder {
            nodes: Vec::new(),
            children: Vec::new(),
            tables: Vec::new(),
            words: 0,
            place_words: 0,
            contexts: Contexts::of(&names.looks),
            masks: Vec::new(),
            fits: fits.collect(),
            symbol_count: sets.len(),
        };
        let plan = Planner { contexts: builder.contexts.count }.plan(&part, 1);
        builder.node(&plan, 1);
        PositionMatcher {
            nodes: builder.nodes.into(),
            children: builder.children.into(),
            tables: builder.tables.into(),
            words: builder.words,
            place_words: builder.place_words,
            symbols,
            symbol_count: builder.symbol_count,
            contexts: builder.contexts,
            fits: builder.fits,
            masks: builder.masks.into(),
            only_at_start: hir.properties().look_set_prefix().contains(Look::Start),
            steps: plan.cost,
        }
    }
}

impl Builder {
    /// The node of a part that has so many lanes; more than one where it stands
    /// in a repetition whose copies they are.
    fn node(&mut self, plan: &Plan<'_>, lanes: usize) -> Child {
        let kind = match &plan.kind {
            Planned::Look(look) => Kind::Look(*look),
            Planned::Class(class) => Kind::Class(*class),
            Planned::Run(classes) => {
                let positions = classes.len().saturating_mul(lanes);
                let words = positions.div_ceil(WORD);
                Kind::Run(self.places(classes, lanes, words, words), classes.len())
            }
            Planned::Repeated { classes, from, every } => {
                let words = classes.len().div_ceil(WORD);
                let places = self.places(classes, 1, words, words);
                let mut exits = vec![0; words];
                for exit in (*from..classes.len()).step_by(*every) {
                    add_range(&mut exits, exit..exit.saturating_add(1));
                }
                self.masks.extend(exits);
                Kind::Repeated(places)
            }
            Planned::All(plans) => Kind::All(self.nodes(plans, lanes)),
            Planned::Any(plans) => Kind::Any(self.nodes(plans, lanes)),
            Planned::Copies(plan, copies) if copies.count == 1 => {
                let child = self.node(plan, lanes);
                if let Some(node) = self.nodes.last_mut() {
                    node.again |= copies.again;
                    node.may_be_none |= copies.least == 0;
                }
                return child;
            }
            Planned::Copies(plan, copies) => {
                Kind::Copies(self.node(plan, lanes.saturating_mul(copies.count)), *copies)
            }
            Planned::Tables(parts) => match Tables::of(*parts, lanes, &self.contexts) {
                Some(tables) => {
                    let places = self.places(&tables.classes, 1, 1, lanes);
                    self.tables.push(tables);
                    Kind::Tables(places, self.tables.len().saturating_sub(1))
                }
                // Never planned: what is none never matches.
                None => Kind::Any(0..0),
            },
        };
        self.add(kind, lanes)
    }

    fn nodes(&mut self, plans: &[Plan<'_>], lanes: usize) -> std::ops::Range<usize> {
        let children: Vec<Child> = plans.iter().map(|plan| self.node(plan, lanes)).collect();
        let from = self.children.len();
        self.children.extend(children);
        from..self.children.len()
    }

    fn add(&mut self, kind: Kind, lanes: usize) -> Child {
        let words = lanes.div_ceil(WORD);
        let child = Child { number: self.nodes.len(), at: self.words };
        self.nodes.push(Node { at: self.words, words, lanes, again: false, may_be_none: false, kind });
        self.words = self.words.saturating_add(words);
        child
    }

    /// So many words of positions, with masks of their classes, each for so
    /// many positions.
    fn places(&mut self, classes: &[usize], each: usize, mask_words: usize, words: usize) -> Places {
        let places = Places { at: self.place_words, words, masks: self.masks.len() };
        self.place_words = self.place_words.saturating_add(words);
        for symbol in 0..self.symbol_count {
            let mut mask = vec![0; mask_words];
            for (at, class) in classes.iter().enumerate() {
                let fits = class.saturating_mul(self.symbol_count).saturating_add(symbol);
                if self.fits.get(fits) == Some(&true) {
                    let from = at.saturating_mul(each);
                    add_range(&mut mask, from..from.saturating_add(each));
                }
            }
            self.masks.extend(mask);
        }
        places
    }
}
