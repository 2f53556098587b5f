//! Attributes of profiles: listed ones, and fields that no schema lists.

use std::borrow::Cow;
use std::sync::Arc;

use crate::diagnostic::Confidence::{Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Repair, Span, shortened};
use crate::schema::model::Profile;
use crate::schema::{Member, NameMatch, TypeName, equal_name, find, find_member, nearest_member};
use crate::syntax::ast::{AstNode, AstNodeKind, Name};
use crate::syntax::{TypeKind, tag_fault};
use crate::typed::{Attribute, Field, Node, NodeKind, Read, Receiver, TRANSACTION, Type, ValueKind};

use super::checker::{Checker, kind_of, type_of};
use super::listed_fields::comes_each_year;
use super::phrases::{described, joined_by, listing};

impl<'a> Checker<'a> {
    pub(super) fn member(&mut self, receiver: &AstNode, name: &Name, whole: &AstNode) -> Option<Node> {
        let AstNodeKind::Name(profile_name) = &receiver.kind else {
            let value = self.receiver(receiver)?;
            return self.method_without_brackets(value, name, whole);
        };
        let (profile_name, profile) = self.profile(profile_name, receiver.span)?;
        self.profile_tag(receiver);
        self.attribute(profile_name, profile, name, whole, false)
    }

    /// An attribute of a profile: a listed one or a field. `called` says
    /// whether it stands with brackets.
    pub(super) fn attribute(
        &mut self,
        profile_name: &str,
        profile: &'a Profile,
        name: &Name,
        whole: &AstNode,
        called: bool,
    ) -> Option<Node> {
        let schema = self.schema;
        let (found, of, computed, unit) = match find_member(schema, profile, &name.text) {
            Member::Listed(found, attribute) => {
                let of = match attribute.type_name {
                    TypeName::Unknown => self.inferred(profile_name, found, whole)?,
                    known => type_of(known, &attribute.values),
                };
                (Cow::Borrowed(found), of, attribute.computed, attribute.unit.as_str())
            }
            Member::Field(found, fields) => {
                let of = match fields.type_name {
                    TypeName::Unknown => self.inferred(profile_name, &found, whole)?,
                    known => type_of(known, &Arc::from([])),
                };
                (Cow::Owned(found), of, None, "")
            }
            Member::Ambiguous(names) => {
                self.ambiguous(&name.text, name.span, names);
                return None;
            }
            Member::Missing => {
                let fault = self.unknown_member(profile_name, profile, name, called);
                self.report(fault);
                return None;
            }
        };
        if found != name.text {
            self.respelled(&name.text, &found, name.span);
        }
        if !called && let Some(tag) = name.tag.as_ref().filter(|tag| TypeKind::of(&tag.text) != kind_of(&of))
        {
            self.report(tag_fault(tag, described(&of)));
        }
        let node =
            |attribute| Some(Node { kind: NodeKind::Attribute(attribute), of: of.clone(), span: whole.span });
        if let Some(known) = self.recent(profile_name, &found) {
            return node(known);
        }
        let listed = profile;
        let profile = self.profile_name(profile_name, profile);
        let field = Field::named(&found);
        let kind = ValueKind::of(&of);
        let read = match profile.list {
            Some(list) => Read::EntryField { section: TRANSACTION.into(), list, field, kind },
            None => Read::Field { section: profile.section.clone(), field, kind },
        };
        let equal = computed
            .filter(|_| profile.list.is_none())
            .and_then(|computed| equal_name(listed, &found, computed));
        let equal = equal.map(|name| Read::Field {
            section: profile.section.clone(),
            field: Field::own(name),
            kind: ValueKind::of(&of),
        });
        let attribute = Arc::new(Attribute {
            profile,
            name: found.into_owned(),
            computed,
            unit: unit.to_owned(),
            read,
            equal,
        });
        self.attributes.push(attribute.clone());
        node(attribute)
    }

    /// The type of a field that no schema gives one, inferred from its uses.
    fn inferred(&mut self, profile: &str, name: &str, whole: &AstNode) -> Option<Type> {
        let field = (profile.to_owned(), name.to_owned());
        let known = self.field_types().of(&field);
        let first = self.assumed.insert(field);
        match known {
            Ok(type_name) => {
                let of = type_of(type_name, &Arc::from([]));
                if first {
                    let help = match self.field_of_customer(profile, name) {
                        Some(field) => format!(
                            "concluded from how the rule uses it; did you mean the customer's `{}`?",
                            shortened(&field)
                        ),
                        None => {
                            "concluded from how the rule uses it; a schema file can say its type".to_owned()
                        }
                    };
                    self.report(
                        Diagnostic::new(
                            Code::AssumedType,
                            whole.span,
                            format!("`{profile}.{name}` is taken to be {}", described(&of)),
                        )
                        .note("no schema says what this is")
                        .help(help),
                    );
                }
                Some(of)
            }
            Err(conflict) => {
                if first {
                    self.report(
                        Diagnostic::new(
                            Code::FieldTypeConflict,
                            conflict.span,
                            format!(
                                "`{profile}.{name}` is used as {} here, but as {} elsewhere in this rule",
                                conflict.used_as.name(),
                                conflict.earlier_as.name()
                            ),
                        )
                        .note(format!("used as {}", conflict.used_as.name()))
                        .label(conflict.earlier, format!("used as {}", conflict.earlier_as.name()))
                        .help("use it in one way; a schema file can say its type"),
                    );
                }
                None
            }
        }
    }

    /// The known values of an attribute or an answer with an open list of them.
    pub(super) fn known_values(&self, node: &Node) -> Option<Arc<[String]>> {
        let (values, open) = match &node.kind {
            NodeKind::Attribute(attribute) => {
                let profile = self.schema.profiles.get(&attribute.profile.name)?;
                let of_event = profile.fields.iter().any(|fields| fields.prefix.is_empty());
                let of_event = || self.schema.event_fields.get(&attribute.name).filter(|_| of_event);
                let listed = profile.attributes.get(&attribute.name).or_else(of_event)?;
                (&listed.values, listed.open)
            }
            NodeKind::Call(call) => {
                let Receiver::Profile(profile) = &call.receiver else { return None };
                let listed = self.schema.profiles.get(&profile.name)?.methods.get(&call.method)?;
                (&listed.values, listed.open)
            }
            _ => return None,
        };
        (open && !values.is_empty()).then(|| values.clone())
    }

    /// `currentTxn.isWeekend()`, where an attribute is meant: the one that has the
    /// method, if it is the only one.
    fn of_attribute(&self, profile_name: &str, profile: &Profile, name: &Name) -> Repair {
        let method = &name.text;
        // A rule may ask thousands of times, and a profile has thousands of attributes.
        let mut known = self.only_owners.borrow_mut();
        let key = (std::ptr::from_ref(profile).addr(), method.clone());
        match known.entry(key).or_insert_with(|| self.only_owner(profile, method)) {
            Some(owner) => {
                let insert = self.editor().insert(name.span.start(), format!("{owner}."), Guess);
                let said =
                    format!("it is asked of an attribute: write `{profile_name}.{owner}.{method}(...)`");
                Repair::from(said).by(insert)
            }
            None => format!("it is asked of an attribute, such as `.{method}(...)` after its name").into(),
        }
    }

    /// The attribute of a profile that has a method of values, if it is the only one.
    fn only_owner(&self, profile: &Profile, method: &str) -> Option<String> {
        let types = self.schema.values.iter().filter(|(_, methods)| methods.contains_key(method));
        let types: Vec<TypeName> = types.map(|(of, _)| *of).collect();
        let owners = profile.attributes.iter();
        let mut owners = owners.filter(|(_, attribute)| types.contains(&attribute.type_name));
        let (owner, _) = owners.next()?;
        owners.next().is_none().then(|| owner.clone())
    }

    /// `getValue()` of a profile that has `value`.
    fn getter(&self, profile_name: &str, profile: &Profile, name: &Name) -> Option<Repair> {
        let rest = name.text.strip_prefix("get")?;
        let (NameMatch::Exact(meant, _) | NameMatch::Respelled(meant, _)) = find(&profile.attributes, rest)
        else {
            return None;
        };
        let brackets = self.editor().after(name.span)?.strip_prefix("()")?;
        let end = name.span.end() + self.editor().after(name.span)?.strip_suffix(brackets)?.len();
        let instead = self.editor().in_text(Span::new(name.span.start(), end), meant, Guess);
        Some(Repair::from(format!("an attribute is named: `{profile_name}.{meant}`")).by(instead))
    }

    /// `gross-amount` of a profile that has `grossAmount`.
    fn joined_by_minus(&self, profile: &Profile, name: &Name) -> Option<Repair> {
        let rest = self.editor().after(name.span)?.strip_prefix('-')?;
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let joined = format!("{}{}", name.text, rest.get(..end)?);
        let (NameMatch::Exact(meant, _) | NameMatch::Respelled(meant, _)) =
            find(&profile.attributes, &joined)
        else {
            return None;
        };
        let whole = Span::new(name.span.start(), name.span.end() + 1 + end);
        Some(Repair::did_you_mean(meant, self.editor().in_text(whole, meant, Guess)))
    }

    /// The fault of a name that a profile does not have.
    pub(super) fn unknown_member(
        &self,
        profile_name: &str,
        profile: &Profile,
        name: &Name,
        called: bool,
    ) -> Diagnostic {
        let what = if called { "method" } else { "attribute" };
        let fault = Diagnostic::new(
            Code::UnknownName,
            name.span,
            format!("`{profile_name}` has no {what} `{}`", shortened(&name.text)),
        )
        .note("not in this profile");
        let attributes = profile.attributes.keys().map(String::as_str);
        let methods = profile.methods.keys().map(String::as_str);
        if !called
            && let NameMatch::Exact(found, method) | NameMatch::Respelled(found, method) =
                find(&profile.methods, &name.text)
        {
            let said = format!("`{found}` is a method: write `{profile_name}.{found}(...)`");
            let complete = method.params.is_empty() && found == name.text;
            let brackets = if complete { self.editor().insert(name.span.end(), "()", Safe) } else { None };
            return fault.help(Repair::from(said).by(brackets));
        }
        let on_value = self.schema.values.values().any(|methods| methods.contains_key(&name.text));
        if called && on_value {
            return fault.help(self.of_attribute(profile_name, profile, name));
        }
        if called && let Some(attribute) = self.getter(profile_name, profile, name) {
            return fault.help(attribute);
        }
        if !called && let Some(whole) = self.joined_by_minus(profile, name) {
            return fault.help(whole);
        }
        if !called && let Some(field) = self.listed_field(profile, &name.text) {
            return fault.help(Repair::did_you_mean(&field, [self.editor().name(name.span, &field, Guess)]));
        }
        // No item has a birthday, whatever else its attributes are.
        if !called
            && comes_each_year(&name.text)
            && let Some(of_customer) = self.of_customer(profile_name, name)
        {
            return fault.help(of_customer);
        }
        if !called && let Some(elsewhere) = self.known_elsewhere(profile_name, profile, name) {
            return fault.help(elsewhere);
        }
        if let Some(close) = nearest_member(self.schema, profile, &name.text) {
            return fault.help(Repair::did_you_mean(close, [self.editor().name(name.span, close, Guess)]));
        }
        if !called && let Some(of_customer) = self.of_customer(profile_name, name) {
            return fault.help(of_customer);
        }
        let elsewhere: Vec<&str> = self.profiles_with(&name.text);
        if !elsewhere.is_empty() {
            let owners = joined_by("and", &elsewhere);
            return fault.help(format!("`{}` belongs to {owners}", shortened(&name.text)));
        }
        let offered = if called { listing(methods) } else { listing(attributes) };
        let extended = profile.fields.iter().find(|fields| !fields.prefix.is_empty());
        fault.help(match (extended, offered.is_empty()) {
            (_, true) => format!("`{profile_name}` has no {what}s"),
            (Some(extended), _) if !called => format!(
                "the attributes are {offered}; an extended field is written `{}{}`",
                extended.prefix,
                shortened(&name.text)
            ),
            _ => format!("the {what}s are {offered}"),
        })
    }
}
