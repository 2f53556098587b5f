//! Names resolved against the schema: profiles, attributes and methods.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::rule::{
    Argument, Attribute, Call, EXTENDED, Field, Node, NodeKind, ProfileName, Read, Receiver, Selection,
    TRANSACTION, Type, ValueKind,
};
use crate::schema::{self, Found, Function, Listed, Method, Profile, Schema, TypeName, closest, find};
use crate::syntax::ast::{Expression, ExpressionKind, Name};
use crate::syntax::{TypeKind, tag_fault};

use super::operators::listing;
use super::{Checker, type_of};

/// The profile that a name means, without a word about its spelling.
pub(super) fn find_profile<'s>(schema: &'s Schema, name: &str) -> Option<(&'s str, &'s Profile)> {
    match find(&schema.profiles, name) {
        Found::Exact(name, profile) | Found::Respelled(name, profile) => Some((name, profile)),
        Found::Ambiguous(_) | Found::Unknown => None,
    }
}

/// What an attribute's name means in a profile.
pub(super) enum Member<'s> {
    Listed(&'s str, &'s schema::Attribute),
    /// A field that is not listed: its name and what its pattern says of its type.
    Field(String, TypeName),
    Ambiguous(Vec<&'s str>),
    Missing,
}

/// Looks an attribute up: listed, a field of a custom event, or one of the
/// fields that only the beginning of their name is known of.
pub(super) fn find_member<'s>(schema: &'s Schema, profile: &'s Profile, name: &str) -> Member<'s> {
    let any_name = profile.fields.iter().find(|fields| fields.prefix.is_empty());
    let listed = |found: Found<'s, schema::Attribute>| match found {
        Found::Exact(name, attribute) | Found::Respelled(name, attribute) => {
            Some(Member::Listed(name, attribute))
        }
        Found::Ambiguous(names) => Some(Member::Ambiguous(names)),
        Found::Unknown => None,
    };
    if let Some(member) = listed(find(&profile.attributes, name)) {
        return member;
    }
    if any_name.is_some()
        && let Some(member) = schema.events.values().find_map(|event| listed(find(event, name)))
    {
        return member;
    }
    for fields in profile.fields.iter().filter(|fields| !fields.prefix.is_empty()) {
        if let Some((start, rest)) = name.split_at_checked(fields.prefix.len())
            && start.eq_ignore_ascii_case(&fields.prefix)
            && !rest.is_empty()
        {
            return Member::Field(format!("{}{rest}", fields.prefix), fields.type_name);
        }
    }
    // Any other name is a field, unless it is nearly a listed one.
    match any_name {
        Some(fields)
            if matches!(find(&profile.methods, name), Found::Unknown)
                && !is_value_method(schema, name)
                && near_listed(schema, profile, name).is_none() =>
        {
            Member::Field(name.to_owned(), fields.type_name)
        }
        _ => Member::Missing,
    }
}

fn is_value_method(schema: &Schema, name: &str) -> bool {
    schema.values.values().any(|methods| methods.contains_key(name))
}

/// The listed attribute within an edit distance of 2.
fn near_listed<'s>(schema: &'s Schema, profile: &'s Profile, name: &str) -> Option<&'s str> {
    let events = schema.events.values().flat_map(|event| event.keys());
    let names = profile.attributes.keys().chain(events).map(String::as_str);
    names
        .map(|listed| (strsim::levenshtein(listed, name), listed))
        .filter(|(edits, _)| *edits <= 2)
        .min()
        .map(|(_, listed)| listed)
}

impl<'a> Checker<'a> {
    /// The profile as nodes carry it, shared by all nodes of the rule.
    fn profile_name(&mut self, name: &str, profile: &Profile) -> Arc<ProfileName> {
        if let Some(known) = self.profiles.get(name) {
            return known.clone();
        }
        let section: Arc<str> = profile.alias_of.as_deref().unwrap_or(name).into();
        let others =
            self.schema.profiles.iter().filter(|(_, other)| other.alias_of.as_deref() == Some(&*section));
        let keys = std::iter::once(section.clone())
            .chain(others.map(|(other, _)| Arc::from(other.as_str())))
            .collect();
        let known = Arc::new(ProfileName {
            name: name.to_owned(),
            tag: profile.tag.clone(),
            section,
            keys,
            each: profile.each,
        });
        self.profiles.insert(name.to_owned(), known.clone());
        known
    }

    /// Resolves a name; reports what is wrong with it. `what` says what it is
    /// looked up as, `where_` in what.
    fn resolve<T: Listed>(
        &mut self,
        listed: &'a BTreeMap<String, T>,
        name: &str,
        span: Span,
        missing: impl FnOnce(&Self) -> Diagnostic,
    ) -> Option<(&'a str, &'a T)> {
        match find(listed, name) {
            Found::Exact(name, found) => Some((name, found)),
            Found::Respelled(right, found) => {
                self.respelled(name, right, span);
                Some((right, found))
            }
            Found::Ambiguous(names) => {
                self.ambiguous(name, span, names);
                None
            }
            Found::Unknown => {
                let fault = missing(self);
                self.report(fault);
                None
            }
        }
    }

    fn respelled(&mut self, written: &str, right: &str, span: Span) {
        self.report(
            Diagnostic::new(Code::NameSpelling, span, format!("`{written}` is spelled `{right}`"))
                .note("another spelling")
                .help(format!("write `{right}`")),
        );
    }

    fn ambiguous(&mut self, written: &str, span: Span, names: Vec<&str>) {
        self.report(
            Diagnostic::new(Code::AmbiguousName, span, format!("`{written}` could be several names"))
                .note("spelled like none of them exactly")
                .help(format!("write one of {}", listing(names.into_iter()))),
        );
    }

    /// The profile of a name that stands before a dot.
    fn profile(&mut self, name: &str, span: Span) -> Option<(&'a str, &'a Profile)> {
        let schema = self.schema;
        self.resolve(&schema.profiles, name, span, |_| {
            let close = closest(name, schema.profiles.keys().map(String::as_str));
            Diagnostic::new(Code::UnknownName, span, format!("there is no profile `{name}`"))
                .note("not a profile")
                .help(match close {
                    Some(close) => format!("did you mean `{close}`?"),
                    None => format!("the profiles are {}", listing(schema.profiles())),
                })
        })
    }

    fn profile_tag(&mut self, receiver: &Expression) {
        if let Some(tag) = receiver.tag.as_ref().filter(|tag| TypeKind::of(&tag.text) != TypeKind::Profile) {
            self.report(tag_fault(tag, TypeKind::Profile.name()));
        }
    }

    pub(super) fn member(&mut self, receiver: &Expression, name: &Name, whole: &Expression) -> Option<Node> {
        let ExpressionKind::Name(profile_name) = &receiver.kind else {
            let value = self.receiver(receiver)?;
            return self.method_without_brackets(value, name, whole);
        };
        let (profile_name, profile) = self.profile(profile_name, receiver.span)?;
        self.profile_tag(receiver);
        self.attribute(profile_name, profile, name, whole, false)
    }

    /// An attribute of a profile: a listed one or a field. `called` says
    /// whether it stands with brackets.
    fn attribute(
        &mut self,
        profile_name: &str,
        profile: &'a Profile,
        name: &Name,
        whole: &Expression,
        called: bool,
    ) -> Option<Node> {
        let schema = self.schema;
        let (found, of, computed) = match find_member(schema, profile, &name.text) {
            Member::Listed(found, attribute) => {
                let of = match attribute.type_name {
                    TypeName::Unknown => self.concluded(profile_name, found, whole)?,
                    known => type_of(known, &attribute.values),
                };
                (found.to_owned(), of, attribute.computed)
            }
            Member::Field(found, TypeName::Unknown) => {
                let of = self.concluded(profile_name, &found, whole)?;
                (found, of, None)
            }
            Member::Field(found, known) => (found, type_of(known, &Arc::from([])), None),
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
        if !called
            && let Some(tag) = name.tag.as_ref().filter(|tag| TypeKind::of(&tag.text) != super::kind_of(&of))
        {
            self.report(tag_fault(tag, of.name()));
        }
        let profile = self.profile_name(profile_name, profile);
        let field = Field::named(&found);
        let kind = ValueKind::of(&of);
        let read = match profile.each {
            Some(each) => Read::EntryField { section: TRANSACTION.into(), each, field, kind },
            None => Read::Field { section: profile.section.clone(), field, kind },
        };
        let kind = NodeKind::Attribute(Attribute { profile, name: found, computed, read });
        Some(Node { kind, of, span: whole.span })
    }

    /// The type of a field that no schema gives one, concluded from its uses.
    fn concluded(&mut self, profile: &str, name: &str, whole: &Expression) -> Option<Type> {
        let field = (profile.to_owned(), name.to_owned());
        let known = self.field_types.of(&field);
        let first = self.concluded.insert(field);
        match known {
            Ok(type_name) => {
                let of = type_of(type_name, &Arc::from([]));
                if first {
                    self.report(
                        Diagnostic::new(
                            Code::AssumedType,
                            whole.span,
                            format!("`{profile}.{name}` is taken to be {}", of.name()),
                        )
                        .note("no schema says what this is")
                        .help("concluded from how the rule uses it; a schema file can say its type"),
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

    /// The known values of an attribute with an open list of them.
    pub(super) fn known_values(&self, node: &Node) -> Option<Arc<[String]>> {
        let NodeKind::Attribute(attribute) = &node.kind else { return None };
        let listed = self.schema.profiles.get(&attribute.profile.name)?.attributes.get(&attribute.name)?;
        (listed.open && !listed.values.is_empty()).then(|| listed.values.clone())
    }

    /// `.year` for `.year()`: the three parts of a date go without brackets.
    fn method_without_brackets(&mut self, value: Node, name: &Name, whole: &Expression) -> Option<Node> {
        let (type_name, methods) = self.methods_of(&value.of);
        let (found, method) =
            self.resolve(methods, &name.text, name.span, |_| unknown_method(type_name, methods, name))?;
        if value.of != Type::Date
            || !method.params.is_empty()
            || method.returns != TypeName::Number
            || found == "day"
        {
            self.report(
                Diagnostic::new(
                    Code::UnknownName,
                    name.span,
                    format!("`{found}` is a method and needs brackets"),
                )
                .note("a method")
                .help(format!("write `.{found}({})`", if method.params.is_empty() { "" } else { "..." })),
            );
            return None;
        }
        self.value_call(value, found, method, &[], name, whole)
    }

    pub(super) fn call(
        &mut self,
        receiver: Option<&Expression>,
        name: &Name,
        arguments: &[Expression],
        whole: &Expression,
    ) -> Option<Node> {
        let Some(receiver) = receiver else {
            self.missing_profile(name, whole);
            return None;
        };
        let ExpressionKind::Name(profile_name) = &receiver.kind else {
            let value = self.receiver(receiver)?;
            let (type_name, methods) = self.methods_of(&value.of);
            let (found, method) =
                self.resolve(methods, &name.text, name.span, |_| unknown_method(type_name, methods, name))?;
            return self.value_call(value, found, method, arguments, name, whole);
        };
        let (profile_name, profile) = self.profile(profile_name, receiver.span)?;
        self.profile_tag(receiver);
        // A boolean attribute may be written as a call; what is exactly or
        // nearly a method is one.
        if matches!(find(&profile.methods, &name.text), Found::Unknown) {
            let may_be_called = match find_member(self.schema, profile, &name.text) {
                Member::Listed(_, attribute) => Some(attribute.type_name == TypeName::Boolean),
                // Any name may be a custom event's field, but not any call.
                Member::Field(found, _) => found.starts_with(EXTENDED).then_some(true),
                Member::Ambiguous(_) | Member::Missing => None,
            };
            if may_be_called == Some(true) && arguments.is_empty() {
                return self.attribute(profile_name, profile, name, whole, true);
            }
            if may_be_called.is_some() {
                self.report(
                    Diagnostic::new(
                        Code::UnknownName,
                        name.span,
                        format!("`{}` is an attribute of `{profile_name}`, not a method", name.text),
                    )
                    .note("an attribute takes no brackets")
                    .help(format!("write `{profile_name}.{}`", name.text)),
                );
                return None;
            }
        }
        let (found, method) = self.resolve(&profile.methods, &name.text, name.span, |checker| {
            checker.unknown_member(profile_name, profile, name, true)
        })?;
        self.method_tag(name);
        let (arguments, prepared) = self.arguments(found, method, arguments, None, whole)?;
        let receiver = Receiver::Profile(self.profile_name(profile_name, profile));
        self.finish_call(receiver, found, method, arguments, prepared, whole)
    }

    fn value_call(
        &mut self,
        value: Node,
        found: &str,
        method: &Method,
        arguments: &[Expression],
        name: &Name,
        whole: &Expression,
    ) -> Option<Node> {
        self.method_tag(name);
        let (arguments, prepared) = self.arguments(found, method, arguments, Some(&value.of), whole)?;
        self.finish_call(Receiver::Value(value), found, method, arguments, prepared, whole)
    }

    fn finish_call(
        &mut self,
        receiver: Receiver,
        found: &str,
        method: &Method,
        arguments: Vec<Node>,
        prepared: Vec<Argument>,
        whole: &Expression,
    ) -> Option<Node> {
        let of = type_of(method.returns, &Arc::from([]));
        let read = match &receiver {
            Receiver::Profile(profile) => read_of(profile, found, method, &arguments, &prepared, &of),
            Receiver::Value(_) => None,
        };
        let call = Call {
            receiver,
            method: found.to_owned(),
            function: method.function,
            selection: Selection::of(&prepared, method.attribute.as_deref()),
            arguments,
            prepared,
            read,
        };
        Some(Node { kind: NodeKind::Call(Box::new(call)), of, span: whole.span })
    }

    fn method_tag(&mut self, name: &Name) {
        if let Some(tag) = name.tag.as_ref().filter(|tag| TypeKind::of(&tag.text) != TypeKind::Function) {
            self.report(tag_fault(tag, TypeKind::Function.name()));
        }
    }

    /// What a chain hangs on: an attribute or a call, nothing else.
    fn receiver(&mut self, receiver: &Expression) -> Option<Node> {
        match receiver.kind {
            ExpressionKind::Member { .. } | ExpressionKind::Call { .. } => self.judge(receiver),
            _ => {
                self.report(
                    Diagnostic::new(
                        Code::ChainReceiver,
                        receiver.span,
                        "only an attribute or a call can be asked something",
                    )
                    .note("neither an attribute nor a call")
                    .help("ask an attribute, such as `currentCustomer.name.contains(\"...\")`"),
                );
                None
            }
        }
    }

    fn methods_of(&self, of: &Type) -> (TypeName, &'a BTreeMap<String, Method>) {
        static NONE: BTreeMap<String, Method> = BTreeMap::new();
        let name = match of {
            Type::Boolean => TypeName::Boolean,
            Type::Number => TypeName::Number,
            Type::Text => TypeName::String,
            Type::Date => TypeName::Date,
            Type::Enum(_) => TypeName::Enum,
        };
        (name, self.schema.values.get(&name).unwrap_or(&NONE))
    }

    /// The fault of a name that a profile does not have.
    fn unknown_member(&self, profile_name: &str, profile: &Profile, name: &Name, called: bool) -> Diagnostic {
        let what = if called { "method" } else { "attribute" };
        let fault = Diagnostic::new(
            Code::UnknownName,
            name.span,
            format!("`{profile_name}` has no {what} `{}`", name.text),
        )
        .note("not in this profile");
        let attributes = profile.attributes.keys().map(String::as_str);
        let methods = profile.methods.keys().map(String::as_str);
        if !called
            && let Found::Exact(found, _) | Found::Respelled(found, _) = find(&profile.methods, &name.text)
        {
            return fault.help(format!("`{found}` is a method: write `{profile_name}.{found}(...)`"));
        }
        let on_value = self.schema.values.values().any(|methods| methods.contains_key(&name.text));
        if called && on_value {
            return fault.help(format!(
                "`{}` is asked of an attribute: write `{profile_name}.attribute.{}(...)`",
                name.text, name.text
            ));
        }
        if let Some(close) = closest(&name.text, attributes.chain(methods))
            .or_else(|| near_listed(self.schema, profile, &name.text).filter(|_| !profile.fields.is_empty()))
        {
            return fault.help(format!("did you mean `{close}`?"));
        }
        let elsewhere: Vec<&str> = self.profiles_with(&name.text);
        match elsewhere.is_empty() {
            true => fault,
            false => fault.help(format!("`{}` belongs to {}", name.text, listing(elsewhere.into_iter()))),
        }
    }

    /// The profiles that have an attribute or a method of the name.
    fn profiles_with(&self, name: &str) -> Vec<&'a str> {
        self.schema
            .profiles
            .iter()
            .filter(|(_, profile)| {
                profile.attributes.contains_key(name) || profile.methods.contains_key(name)
            })
            .map(|(profile, _)| profile.as_str())
            .collect()
    }

    fn missing_profile(&mut self, name: &Name, whole: &Expression) {
        let owners = self.profiles_with(&name.text);
        let call = &name.text;
        let help = if let Some(first) = owners.first() {
            format!("{} has it: write `{first}.{call}(...)`", listing(owners.iter().copied()))
        } else {
            let all =
                self.schema.profiles.values().flat_map(|profile| profile.methods.keys()).map(String::as_str);
            match closest(call, all) {
                Some(close) => {
                    format!("did you mean `{close}` of {}?", listing(self.profiles_with(close).into_iter()))
                }
                None => "a call names its profile first, such as `currentTxn.basketSum(...)`".to_owned(),
            }
        };
        let span = Span::new(name.span.start, name.span.end.min(whole.span.end));
        self.report(
            Diagnostic::new(Code::MissingProfile, span, format!("`{call}` is called without its profile"))
                .note("of which profile?")
                .help(help),
        );
    }

    /// A name where a value is expected: a profile, or a word without quotes.
    pub(super) fn lone_name(&mut self, name: &str, span: Span) {
        let fault = match find(&self.schema.profiles, name) {
            Found::Exact(profile, _) | Found::Respelled(profile, _) => Diagnostic::new(
                Code::UnknownName,
                span,
                format!("`{profile}` is a profile and has no value of its own"),
            )
            .note("which attribute of it?")
            .help(format!("name an attribute, such as `{profile}.{}`", self.example_attribute(profile))),
            _ => {
                let owners = self.profiles_with(name);
                Diagnostic::new(Code::UnknownName, span, format!("`{name}` is no value"))
                    .note("not known here")
                    .help(match owners.first() {
                        Some(first) => {
                            format!("write `{first}.{name}`, or put text in double quotes: `\"{name}\"`")
                        }
                        None => format!("put text in double quotes: `\"{name}\"`"),
                    })
            }
        };
        self.report(fault);
    }

    fn example_attribute(&self, profile: &str) -> &'a str {
        let attributes = self.schema.profiles.get(profile).map(|profile| &profile.attributes);
        attributes.and_then(|attributes| attributes.keys().next()).map_or("attribute", String::as_str)
    }
}

/// What a call reads of its profile, line items aside.
fn read_of(
    profile: &ProfileName,
    method_name: &str,
    method: &Method,
    arguments: &[Node],
    prepared: &[Argument],
    of: &Type,
) -> Option<Read> {
    let section = profile.section.clone();
    match (method.function, prepared.first()) {
        (
            Function::CustomFieldIncludes | Function::CustomFieldExcludes | Function::CustomFieldExists,
            Some(Argument::Text(name)),
        ) => Some(Read::CustomField { section, name: name.as_str().into() }),
        (Function::SegmentIncludes | Function::SegmentExcludes, Some(Argument::Text(name))) => {
            Some(Read::Segment { section, name: name.as_str().into() })
        }
        (Function::Answered, _) => {
            let key = |argument: &Node| match &argument.kind {
                // A number is a key by its value, not by its digits.
                NodeKind::Number(number, _) => Some(number.to_string()),
                NodeKind::Boolean(value) => Some(value.to_string()),
                NodeKind::Text(text) => Some(text.clone()),
                _ => None,
            };
            let arguments = arguments.iter().map(key).collect::<Option<Vec<String>>>()?;
            Some(Read::Answer { section, method: method_name.into(), arguments, kind: ValueKind::of(of) })
        }
        _ => None,
    }
}

fn unknown_method(type_name: TypeName, methods: &BTreeMap<String, Method>, name: &Name) -> Diagnostic {
    let names = || methods.keys().map(String::as_str);
    Diagnostic::new(
        Code::UnknownName,
        name.span,
        format!("a {} has no method `{}`", type_name.name(), name.text),
    )
    .note("not a method of this value")
    .help(match closest(&name.text, names()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("a {} offers {}", type_name.name(), listing(names())),
    })
}
