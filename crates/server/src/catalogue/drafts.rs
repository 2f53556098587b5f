//! Documents that are about to be put: with ids, with both forms of their rules,
//! and held against what is there.

use std::collections::HashSet;
use std::ops::Range;

use loyalty_targets::Payload;
use loyalty_targets::store::{Catalogue, Document, DocumentKind, Store, StoreError};
use target_rules::check::check_forms_whole;
use target_rules::diagnostic::FileDiagnostic;
use target_rules::rule::TreeStyle;
use target_rules::{Diagnostic, Limits, Schema, Zone};

use crate::http::{Code, Failure, Fault};

use super::periods::known_ids;
use super::text::{LARGEST_ID, Members, quoted, with_first, with_last};

/// How long the name of a target may be, in characters.
const LONGEST_NAME: usize = 200;

/// How many dubious things of a change are noted.
const MOST_DUBIOUS: usize = 200;

/// What is needed to make documents of what was sent.
pub(crate) struct Drafts<'d> {
    pub(super) catalogue: &'d Catalogue,
    pub(super) store: &'d mut dyn Store,
    pub(super) organisation: &'d str,
    pub(super) schema: &'d Schema,
    pub(super) limits: &'d Limits,
    /// Ids that were taken and not given yet.
    pub(super) ids: Range<i64>,
    /// What is dubious of what was sent, and no error.
    pub(super) dubious: Vec<FileDiagnostic>,
}

/// Why no draft can be made: a fault of the request, or of the store.
pub(crate) enum Refusal {
    /// The request is refused.
    Request(Failure),
    /// The store fails.
    Store(StoreError),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Refusal {
        Refusal::Request(failure)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        Refusal::Store(error)
    }
}

impl Drafts<'_> {
    /// Takes so many ids from the store that nobody has, above all that came from
    /// elsewhere; [`Drafts::next_id`] gives them. One call of the store is one
    /// transaction, however many ids it is for.
    fn reserve_ids(&mut self, count: usize) -> Result<(), StoreError> {
        let documents = self.catalogue.targets().chain(self.catalogue.groups());
        // What is larger was given by the store itself, which stays above it.
        let elsewhere = documents.map(Document::id).filter(|id| *id <= LARGEST_ID);
        let above = elsewhere.max().unwrap_or_default();
        let wanted = u32::try_from(count).unwrap_or(u32::MAX);
        let first = self.store.take_ids(self.organisation, above, wanted)?;
        self.ids = first..first.saturating_add(i64::from(wanted));
        Ok(())
    }

    fn next_id(&mut self) -> Result<i64, StoreError> {
        if let Some(id) = self.ids.next() {
            return Ok(id);
        }
        self.reserve_ids(1)?;
        Ok(self.ids.next().unwrap_or_default())
    }

    /// A group as it is kept, without its targets, and these.
    pub(crate) fn group(&mut self, text: &str, id: Option<i64>) -> Result<Vec<Document>, Refusal> {
        let members = Members::of(text, "the target group")?;
        let stated = members.id("id")?;
        let targets = members.list("targets")?;
        match members.has("targets") {
            true => self.check_group(text, &targets)?,
            // It is a group, whatever it is like: places before the end stay what they are.
            false => self.check_document(&with_last(text, "targets", "[]"))?,
        }
        let (known, is_new) = match (id, stated) {
            (Some(id), Some(stated)) if id != stated => {
                return Err(Failure::invalid("`id` is another one than in the path").into());
            }
            (Some(id), _) => (Some(id), false),
            (None, Some(id)) if self.catalogue.group(id).is_some() => {
                return Err(Failure::invalid(format!(
                    "`id`: the target group {id} is there; change it by PUT"
                ))
                .into());
            }
            (None, stated) => (stated, true),
        };
        self.check_group_name(&members, known)?;
        let period_ids = self.period_ids(&members, known)?;
        let without_ids = period_ids.iter().filter(|id| id.is_none()).count();
        let without_ids = without_ids.saturating_add(without_id(&targets, "a target")?);
        let without_ids = without_ids.saturating_add(usize::from(known.is_none()));
        if without_ids > 0 {
            self.reserve_ids(without_ids)?;
        }
        let id = match known {
            Some(id) => id,
            None => self.next_id()?,
        };
        let mut kept = match members.has("targets") || members.has("deactivateTargetIds") {
            true => members.without(&["targets", "deactivateTargetIds"]),
            false => text.to_owned(),
        };
        if stated.is_none() {
            kept = with_first(&kept, "id", &id.to_string());
        }
        kept = self.with_period_ids(kept, &period_ids)?;
        let mut documents = vec![Document::new(DocumentKind::Group, id, kept)];
        for target in targets {
            let there = Members::of(target, "a target")?.id("id")?;
            let there = there.filter(|target| !is_new && self.catalogue.target(*target).is_some());
            documents.push(self.target(target, there, Some(id))?);
        }
        let mut seen = HashSet::new();
        for off in members.list("deactivateTargetIds")? {
            if !seen.insert(off) {
                return Err(Failure::invalid(format!("`deactivateTargetIds` has {off} twice")).into());
            }
            documents.push(self.switched_off(off, id)?);
        }
        Ok(documents)
    }

    /// A group that is new has no id yet where none is stated.
    fn check_group_name(&self, members: &Members<'_>, id: Option<i64>) -> Result<(), Failure> {
        let Some(name) = members.string("name") else {
            return Err(Failure::invalid("`name` is missing: the name of the target group"));
        };
        let taken = self.catalogue.groups().filter(|other| Some(other.id()) != id).any(|other| {
            Members::of(other.text(), "the target group").ok().and_then(|other| other.string("name"))
                == Some(name.clone())
        });
        if taken { Err(Failure::of(Code::NameTaken)) } else { Ok(()) }
    }

    /// The ids of the periods of a group, in their order: those that they state, and that of
    /// the stored one with the same days, for enrolments name it. Others get new ones.
    fn period_ids(&self, members: &Members<'_>, group: Option<i64>) -> Result<Vec<Option<i64>>, Failure> {
        let zone = Zone::named(self.catalogue.zone()).map_err(|error| Failure::internal(&error))?;
        known_ids(&members.list("periods")?, group.and_then(|id| self.catalogue.group(id)), &zone)
    }

    /// The group with ids in its periods, new ones where they are not known.
    fn with_period_ids(&mut self, group: String, ids: &[Option<i64>]) -> Result<String, Refusal> {
        let members = Members::of(&group, "the target group")?;
        let periods = members.list("periods")?;
        if without_id(&periods, "a period")? == 0 {
            return Ok(group);
        }
        let mut written = Vec::with_capacity(periods.len());
        for (period, known) in periods.into_iter().zip(ids) {
            if Members::of(period, "a period")?.id("id")?.is_some() {
                written.push(period.to_owned());
                continue;
            }
            let id = match known {
                Some(known) => *known,
                None => self.next_id()?,
            };
            written.push(with_first(period, "id", &id.to_string()));
        }
        Ok(members.with("periods", &format!("[{}]", written.join(","))))
    }

    fn switched_off(&self, id: &str, group: i64) -> Result<Document, Failure> {
        let id = id.parse().ok().and_then(|id: i64| self.catalogue.target(id));
        let target = id.ok_or_else(|| Failure::of(Code::NoTarget))?;
        if target.group() != Some(group) {
            return Err(Failure::of(Code::OtherGroup));
        }
        let text = Members::of(target.text(), "the target")?.with("active", "false");
        Ok(Document::new(DocumentKind::Target, target.id(), text).of_group(group))
    }

    /// A target as it is kept: in a group where one is named, with an id and both
    /// forms of its rule. `id` is that of one that is there and changes.
    pub(crate) fn target(
        &mut self,
        text: &str,
        id: Option<i64>,
        group: Option<i64>,
    ) -> Result<Document, Refusal> {
        let members = Members::of(text, "the target")?;
        if group.is_none() {
            match members.has("id") {
                true => self.check_document(text)?,
                // What has no id is not read further, and this one gets one: places before
                // the end stay those of the body.
                false => self.check_document(&with_last(text, "id", "1"))?,
            }
        }
        if members.string("name").is_some_and(|name| name.chars().count() > LONGEST_NAME) {
            return Err(Failure::of(Code::LongName).into());
        }
        let stated_group = members.id("targetGroupId")?;
        let group = match (group, stated_group) {
            (Some(group), Some(stated)) if group != stated => {
                return Err(Failure::of(Code::OtherGroup).into());
            }
            (Some(group), _) => Some(group),
            (None, Some(stated)) if self.catalogue.group(stated).is_none() => {
                return Err(Failure::of(Code::NoGroup).into());
            }
            (None, stated) => stated,
        };
        let stated = members.id("id")?;
        let number = match (id, stated) {
            (Some(id), Some(stated)) if id != stated => {
                return Err(Failure::invalid("`id` is another one than in the path").into());
            }
            (Some(id), _) => id,
            (None, Some(id)) if self.catalogue.target(id).is_some() => {
                return Err(
                    Failure::invalid(format!("`id`: the target {id} is there; change it by PUT")).into()
                );
            }
            (None, Some(id)) => id,
            (None, None) => self.next_id()?,
        };
        let before = id.and_then(|id| self.catalogue.target(id)).and_then(Document::group);
        if before.is_some() && before != group {
            return Err(Failure::of(Code::OtherGroup).into());
        }
        let mut kept = self.with_both_forms(text, &members);
        if let (Some(group), None) = (group, stated_group) {
            kept = with_first(&kept, "targetGroupId", &group.to_string());
        }
        if stated.is_none() {
            kept = with_first(&kept, "id", &number.to_string());
        }
        let document = Document::new(DocumentKind::Target, number, kept);
        Ok(match group {
            Some(group) => document.of_group(group),
            None => document,
        })
    }

    /// The form of the rule that is missing, written from the other. A rule that
    /// doesn't check stays as it is: the check of the whole says why.
    fn with_both_forms(&self, text: &str, members: &Members<'_>) -> String {
        let written = match members.get("expression") {
            Some("true") => Some("true".to_owned()),
            Some("false") => Some("false".to_owned()),
            _ => members.string("expression"),
        };
        let tree = members.string("expressionJson");
        let (rule, _) = check_forms_whole(written.as_deref(), tree.as_deref(), self.schema, self.limits);
        let (key, form) = match (rule, written, tree) {
            (Some(rule), Some(_), None) => {
                ("expressionJson", rule.to_tree(TreeStyle::Pretty, self.limits.rule_tree).ok())
            }
            (Some(rule), None, Some(_)) => ("expression", Some(rule.to_text())),
            _ => return text.to_owned(),
        };
        let Some(form) = form else { return text.to_owned() };
        match members.has(key) {
            // It stands there as `null`.
            true => members.with(key, &quoted(&form)),
            false => with_last(text, key, &quoted(&form)),
        }
    }

    /// Checks a group as it was sent. Targets without an id are not read further, and
    /// get one here: what is wrong with one of them is found with an id at its end, which
    /// moves no place before it.
    fn check_group(&mut self, text: &str, targets: &[&str]) -> Result<(), Refusal> {
        self.check_document(text)?;
        let places = |only: Option<usize>| with_ids(text, targets, only);
        let Some(whole) = places(None) else { return Ok(()) };
        let found = self.found_in(&whole);
        let Some(at) = found.iter().filter(|one| one.diagnostic.is_error()).find_map(target_of) else {
            return Ok(());
        };
        let mut found = self.found_in(places(Some(at)).as_deref().unwrap_or(text));
        found.retain(|one| target_of(one).is_none_or(|other| other <= at));
        Err(refused(found).into())
    }

    /// Checks a document as it was sent, so that places are those of the body. What is
    /// dubious and no error is noted.
    fn check_document(&mut self, text: &str) -> Result<(), Failure> {
        let found = self.found_in(text);
        match found.iter().any(|one| one.diagnostic.is_error()) {
            true => Err(refused(found)),
            false => {
                let room = MOST_DUBIOUS.saturating_sub(self.dubious.len());
                self.dubious.extend(found.into_iter().take(room));
                Ok(())
            }
        }
    }

    /// What the checks find in a document. Nothing is missed where an id is missing:
    /// ids are given here.
    fn found_in(&self, text: &str) -> Vec<FileDiagnostic> {
        // What is neither a target nor a group is refused by what it lacks.
        let Ok(payload) = Payload::read_group(text, self.limits) else { return Vec::new() };
        let checked = payload.targets().flat_map(|target| target.check(self.schema, self.limits).diagnostics);
        checked.filter(|one| !lacks_id(one)).collect()
    }
}

/// The text of a group in which targets without an id have one at their end: all of
/// them, or only the one at a position. Nothing where none lacks one.
fn with_ids(text: &str, targets: &[&str], only: Option<usize>) -> Option<String> {
    let (mut written, mut from) = (String::with_capacity(text.len()), 0_usize);
    for (at, target) in targets.iter().enumerate() {
        let lacks = Members::of(target, "a target").is_ok_and(|members| !members.has("id"));
        if !lacks || only.is_some_and(|only| only != at) {
            continue;
        }
        // The entries of a list are parts of its text.
        let begins = target.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        written.push_str(text.get(from..begins)?);
        // No id from elsewhere is as large, and each is another one.
        let id = LARGEST_ID.saturating_add(1).saturating_add(i64::try_from(at).ok()?);
        written.push_str(&with_last(target, "id", &id.to_string()));
        from = begins.checked_add(target.len())?;
    }
    (from > 0).then(|| written + text.get(from..).unwrap_or_default())
}

/// The position of the target in its group in which something was found.
fn target_of(found: &FileDiagnostic) -> Option<usize> {
    found.file.pointer.strip_prefix("/targets/")?.split('/').next()?.parse().ok()
}

/// How many of some objects have no id.
fn without_id(objects: &[&str], what: &str) -> Result<usize, Failure> {
    let mut without = 0_usize;
    for object in objects {
        if Members::of(object, what)?.id("id")?.is_none() {
            without = without.saturating_add(1);
        }
    }
    Ok(without)
}

fn lacks_id(found: &FileDiagnostic) -> bool {
    found.diagnostic.message.contains("`id`") && found.diagnostic.message.contains("missing")
}

/// Whether a fault stands in what a target says of the field that it counts.
fn is_of_field(found: &Diagnostic) -> bool {
    let pointer = found.pointer.as_deref().unwrap_or_default();
    pointer.split('/').any(|step| step == "extendedFieldInfo")
}

/// A request that is refused for what the checks found.
pub(super) fn refused(found: Vec<FileDiagnostic>) -> Failure {
    let first = found.iter().find(|one| one.diagnostic.is_error());
    let code = match first.map(|one| one.diagnostic.code.name()) {
        Some("entity-and-type") => Code::EntityAndType,
        Some("field-not-named") => Code::NoField,
        Some("name-too-long") => Code::LongName,
        Some("window") => Code::UnknownWindow,
        _ if first.is_some_and(|one| is_of_field(&one.diagnostic)) => Code::InvalidField,
        _ => Code::InvalidInput,
    };
    let message = first.map_or("it does not check", |one| one.diagnostic.message.as_str());
    Failure::from(Fault::new(code, message)).diagnostics(found)
}
