//! Places and a layout made into a tree.

use hashbrown::HashSet;

use crate::diagnostic::Span;
use crate::json::{Kind, PathSegment};
use crate::rule::Reference;
use crate::schema::ListName;

use super::super::candidates::ItemPart;
use super::super::destination::Destination;
use super::super::list_plan::ListPlan;
use super::super::names::Names;
use super::super::plan::Plan;
use super::super::section_plan::SectionPlan;
use super::node::{ConstantTake, LaterTake, ListNode, Node, Pairs, Take};
use super::places::{Container, Form, PlacedConstant, PlacedContainer, PlacedList, PlacedValue, Places};

/// What a layout reads of documents of another shape.
#[derive(Clone, Default)]
pub(super) struct PlacedPlan {
    pub(super) root: Node,
    pub(super) constants: Vec<ConstantTake>,
    pub(super) later: Vec<LaterTake>,
    /// Names and constants, one after the other. They are what a reader decodes
    /// first, so spans of them are spans of what it decoded.
    pub(super) names: String,
    /// By container, the slots of what it may hold.
    pub(super) containers: Vec<Vec<usize>>,
}

/// Of whom values are read: of profiles, or of the entries of a list.
#[derive(Clone, Copy)]
enum Scope<'l> {
    Document,
    Entry(&'l ListPlan),
}

/// A container of a profile, as documents have one at most.
#[derive(PartialEq, Eq)]
struct ContainerName {
    section: usize,
    segments: bool,
}

pub(super) struct Planner<'l> {
    plan: &'l Plan,
    placed: PlacedPlan,
    containers: Vec<ContainerName>,
    /// The slots of profiles that have a place of their own.
    taken: HashSet<usize>,
}

impl<'l> Planner<'l> {
    /// The tree of a plan. Cost is linear in the places, and in the names that
    /// the plan reads of containers.
    pub(super) fn plan(plan: &'l Plan, places: &Places) -> PlacedPlan {
        let placed = PlacedPlan::default();
        let mut planner = Planner { plan, placed, containers: Vec::new(), taken: HashSet::new() };
        let mut root = Node::default();
        planner.fill(&mut root, places, Scope::Document);
        for list in &places.lists {
            planner.list(&mut root, list);
        }
        for (number, watched) in (0..).zip(&places.watches) {
            if let Some(node) = descend(&mut root, &watched.path) {
                node.watches.push((number, watched.test.clone()));
            }
        }
        planner.placed.constants = planner.constants(&places.constants, Scope::Document);
        root.finish();
        PlacedPlan { root, ..planner.placed }
    }

    fn fill(&mut self, root: &mut Node, places: &Places, scope: Scope<'l>) {
        for value in &places.values {
            self.value(root, value, scope);
        }
        for container in &places.containers {
            self.container(root, container, scope);
        }
    }

    fn section(&self, profile: &str) -> Option<(usize, &'l SectionPlan)> {
        let (_, index) = self.plan.keys.get(profile)?;
        self.plan.section_plans.get(*index).map(|section| (*index, section))
    }

    fn value(&mut self, root: &mut Node, value: &PlacedValue, scope: Scope<'l>) {
        let Some(mut take) = self.take(&value.to, scope) else { return };
        take.conversion.clone_from(&value.conversion);
        self.note_taken(&take, scope);
        let Some(node) = descend(root, &value.path) else { return };
        match (value.when, scope, u32::try_from(self.placed.later.len())) {
            (None, _, _) => node.takes.push(take),
            (Some((watch, counts)), Scope::Document, Ok(number)) => {
                node.later.push(number);
                self.placed.later.push(LaterTake { take, watch, counts });
            }
            _ => {}
        }
    }

    /// Notes that a value of a profile has a place of its own, which goes before
    /// those of a container.
    fn note_taken(&mut self, take: &Take, scope: Scope) {
        if let Scope::Document = scope {
            let slots = take.destinations.iter().map(|to| to.slot).chain(take.texts).chain(take.label);
            self.taken.extend(slots);
        }
    }

    fn is_taken(&self, take: &Take) -> bool {
        let mut slots = take.destinations.iter().map(|to| to.slot).chain(take.texts).chain(take.label);
        slots.any(|slot| self.taken.contains(&slot))
    }

    /// Where a value goes; `None` where the layout does not read it.
    fn take(&mut self, to: &Reference, scope: Scope<'l>) -> Option<Take> {
        let take = match (to, scope) {
            (Reference::Attribute { profile, name }, Scope::Document) => {
                attribute(self.section(profile)?.1, name)
            }
            (Reference::ExtendedField { profile, name }, Scope::Document) => {
                of_destinations(self.section(profile)?.1.extended.get(name)?.1)
            }
            (Reference::CustomField { profile, name }, Scope::Document) => {
                let (index, section) = self.section(profile)?;
                let slot = *section.custom_fields.get(name)?.1;
                let container = self.container_number(index, section, false);
                Take { texts: Some(slot), container: Some(container), ..Take::default() }
            }
            (Reference::Segment { profile, name }, Scope::Document) => {
                let (index, section) = self.section(profile)?;
                let slot = *section.segments.get(name)?.1;
                let container = self.container_number(index, section, true);
                Take { texts: Some(slot), container: Some(container), ..Take::default() }
            }
            (Reference::EntryField { name, extended, .. }, Scope::Entry(list)) => {
                self.entry_field(name, if *extended { ItemPart::Extended } else { ItemPart::Own }, list)
            }
            (Reference::ItemAttribute { name, .. }, Scope::Entry(list)) => {
                self.entry_field(name, ItemPart::Attributes, list)
            }
            _ => return None,
        };
        (!take.is_of_nothing()).then_some(take)
    }

    fn entry_field(&mut self, name: &str, part: ItemPart, list: &ListPlan) -> Take {
        let fields = match part {
            ItemPart::Own => list.own.get(name),
            ItemPart::Extended => list.extended.get(name),
            ItemPart::Attributes => None,
        };
        let destinations = fields.map_or_else(Vec::new, |(_, destinations)| destinations.clone());
        let class = list.classes.of(name, &mut String::new());
        let candidate = class.map(|class| (class, part, self.keep(name)));
        Take { destinations, candidate, ..Take::default() }
    }

    /// Keeps a text for the reader.
    fn keep(&mut self, text: &str) -> Span {
        let names = &mut self.placed.names;
        let start = names.len();
        names.push_str(text);
        Span::new(start, names.len())
    }

    fn container_number(&mut self, section: usize, plan: &SectionPlan, segments: bool) -> usize {
        let name = ContainerName { section, segments };
        if let Some(number) = self.containers.iter().position(|held| *held == name) {
            return number;
        }
        let slots = if segments { &plan.segments } else { &plan.custom_fields };
        let number = self.containers.len();
        self.placed.containers.push(slots.entries().copied().collect());
        self.containers.push(name);
        number
    }

    /// Each name of the container that the layout reads becomes a key.
    fn container(&mut self, root: &mut Node, container: &PlacedContainer, scope: Scope<'l>) {
        let Some(found) = self.wanted(&container.to, scope) else { return };
        let Some(node) = descend(root, &container.path) else { return };
        let Wanted { takes, part, number } = found;
        let wanted = match &container.form {
            Form::Object => {
                node.part = part.or(node.part);
                node.containers.extend(number);
                &mut node.keys
            }
            Form::Pairs { name, value } => {
                let (name, value) = (name.as_str().into(), value.as_str().into());
                let container = number;
                node.pairs.push(Pairs { name, value, wanted: Names::default(), part, container });
                match node.pairs.last_mut() {
                    Some(pairs) => &mut pairs.wanted,
                    None => return,
                }
            }
        };
        for (name, take) in takes {
            if let Some(inner) = wanted.entry(&name, Node::default) {
                inner.takes.push(take);
            }
        }
    }

    fn wanted(&mut self, to: &Container, scope: Scope<'l>) -> Option<Wanted> {
        let (profile, names): (_, Vec<String>) = match (to, scope) {
            (Container::Fields, Scope::Entry(list)) => {
                return Some(self.of_entry(list, names_of(&list.own), ItemPart::Own));
            }
            (Container::EntryExtendedFields, Scope::Entry(list)) => {
                return Some(self.of_entry(list, names_of(&list.extended), ItemPart::Extended));
            }
            (Container::ItemAttributes, Scope::Entry(list)) => {
                return Some(self.of_entry(list, Vec::new(), ItemPart::Attributes));
            }
            (Container::Attributes { profile }, Scope::Document) => {
                (profile, names_of(&self.section(profile)?.1.keys))
            }
            (Container::ExtendedFields { profile }, Scope::Document) => {
                (profile, names_of(&self.section(profile)?.1.extended))
            }
            (Container::CustomFields { profile }, Scope::Document) => {
                (profile, names_of(&self.section(profile)?.1.custom_fields))
            }
            (Container::Segments { profile }, Scope::Document) => {
                (profile, names_of(&self.section(profile)?.1.segments))
            }
            _ => return None,
        };
        let reference = |name: &str| {
            let (profile, name) = (profile.clone(), name.to_owned());
            match to {
                Container::ExtendedFields { .. } => Reference::ExtendedField { profile, name },
                Container::CustomFields { .. } => Reference::CustomField { profile, name },
                Container::Segments { .. } => Reference::Segment { profile, name },
                _ => Reference::Attribute { profile, name },
            }
        };
        let mut takes = Vec::new();
        let mut number = None;
        for name in names {
            if let Some(take) = self.take(&reference(&name), scope) {
                number = number.or(take.container);
                if !self.is_taken(&take) {
                    takes.push((name, take));
                }
            }
        }
        (!takes.is_empty() || number.is_some()).then_some(Wanted { takes, part: None, number })
    }

    fn of_entry(&mut self, list: &ListPlan, names: Vec<String>, part: ItemPart) -> Wanted {
        let mut takes = Vec::new();
        for name in names {
            let take = self.entry_field(&name, part, list);
            if !take.is_of_nothing() {
                takes.push((name, take));
            }
        }
        Wanted { takes, part: (!list.classes.is_empty()).then_some(part), number: None }
    }

    fn list(&mut self, root: &mut Node, placed: &PlacedList) {
        let Reference::List { profile, list } = &placed.to else { return };
        let Some(named) = ListName::of_key(list) else { return };
        let Some((index, _)) = self.section(profile) else { return };
        let Some(section) = self.plan.section_name(index) else { return };
        let Some(number) = self.plan.list(&section, named) else { return };
        let Some(list) = self.plan.list_plans.get(number) else { return };
        let scope = Scope::Entry(list);
        let mut entry = Node::default();
        self.fill(&mut entry, &placed.entries, scope);
        self.look_up_placed(&mut entry, list);
        let constants = self.constants(&placed.entries.constants, scope);
        if let Some(node) = descend(root, &placed.path) {
            node.list = Some(Box::new(ListNode { list: number, entry, constants }));
        }
    }

    /// A key that has a place, and stands among keys that rules may look up, may
    /// be looked up too.
    fn look_up_placed(&mut self, node: &mut Node, list: &ListPlan) {
        if let Some(part) = node.part {
            let names: Vec<String> = names_of(&node.keys);
            for name in names {
                let Some(class) = list.classes.of(&name, &mut String::new()) else { continue };
                let span = self.keep(&name);
                let Some(inner) = node.keys.entry(&name, Node::default) else { continue };
                let is_there =
                    |take: &Take| take.candidate.is_some_and(|(held, of, _)| held == class && of == part);
                if !inner.takes.iter().any(is_there) {
                    inner.takes.push(Take { candidate: Some((class, part, span)), ..Take::default() });
                }
            }
        }
        let names: Vec<String> = names_of(&node.keys);
        for name in names {
            if let Some(inner) = node.keys.entry(&name, Node::default) {
                self.look_up_placed(inner, list);
            }
        }
    }

    fn constants(&mut self, constants: &[PlacedConstant], scope: Scope<'l>) -> Vec<ConstantTake> {
        let mut made = Vec::new();
        for constant in constants {
            if let Some(take) = self.take(&constant.to, scope)
                && constant.kind != Kind::Null
            {
                let text = self.keep(&constant.text);
                made.push(ConstantTake { kind: constant.kind, text, take });
            }
        }
        made
    }
}

/// What of a container is read.
struct Wanted {
    takes: Vec<(String, Take)>,
    part: Option<ItemPart>,
    number: Option<usize>,
}

fn attribute(section: &SectionPlan, name: &str) -> Take {
    match section.keys.get(name) {
        Some((_, key)) if key.label.is_some() => Take { label: key.label, ..Take::default() },
        Some((_, key)) => of_destinations(&key.values),
        None => Take::default(),
    }
}

fn of_destinations(destinations: &[Destination]) -> Take {
    Take { destinations: destinations.to_vec(), ..Take::default() }
}

fn names_of<T>(names: &Names<T>) -> Vec<String> {
    names.names().map(str::to_owned).collect()
}

/// The node at the end of a path; `None` where it is too long.
fn descend<'n>(root: &'n mut Node, path: &[PathSegment]) -> Option<&'n mut Node> {
    if path.len() > Places::DEEPEST {
        return None;
    }
    let mut node = root;
    for segment in path {
        let name = match segment {
            PathSegment::Key(key) => key.clone(),
            PathSegment::Index(index) => index.to_string(),
        };
        node.keys.entry(&name, Node::default)?;
        if let PathSegment::Index(index) = segment
            && let Some(number) = node.keys.number(&name)
            && !node.indices.contains(&(*index, number))
        {
            node.indices.push((*index, number));
        }
        node = node.keys.entry(&name, Node::default)?;
    }
    Some(node)
}
