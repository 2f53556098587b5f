//! Names resolved against the schema: profiles, attributes and methods.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::rule::{Attribute, Call, Node, NodeKind, ProfileName, Receiver, Type};
use crate::schema::{self, Found, Listed, Method, Profile, TypeName, closest, find};
use crate::syntax::ast::{Expression, ExpressionKind, Name};
use crate::syntax::{TypeKind, tag_fault};

use super::operators::listing;
use super::{Checker, type_of};

impl<'a> Checker<'a> {
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
                self.report(
                    Diagnostic::new(Code::NameSpelling, span, format!("`{name}` is spelled `{right}`"))
                        .note("another spelling")
                        .help(format!("write `{right}`")),
                );
                Some((right, found))
            }
            Found::Ambiguous(names) => {
                self.report(
                    Diagnostic::new(Code::AmbiguousName, span, format!("`{name}` could be several names"))
                        .note("spelled like none of them exactly")
                        .help(format!("write one of {}", listing(names.into_iter()))),
                );
                None
            }
            Found::Unknown => {
                let fault = missing(self);
                self.report(fault);
                None
            }
        }
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
        let (name_found, attribute) =
            self.resolve(&profile.attributes, &name.text, name.span, |checker| {
                checker.unknown_member(profile_name, profile, name, false)
            })?;
        self.attribute(profile_name, profile, name_found, attribute, name, whole)
    }

    fn attribute(
        &mut self,
        profile_name: &str,
        profile: &Profile,
        name: &str,
        attribute: &schema::Attribute,
        written: &Name,
        whole: &Expression,
    ) -> Option<Node> {
        let of = type_of(attribute.type_name, &attribute.values);
        if let Some(tag) = written.tag.as_ref().filter(|tag| TypeKind::of(&tag.text) != super::kind_of(&of)) {
            self.report(tag_fault(tag, of.name()));
        }
        let kind = NodeKind::Attribute(Attribute {
            profile: ProfileName { name: profile_name.to_owned(), tag: profile.tag.clone() },
            name: name.to_owned(),
            computed: attribute.computed,
        });
        Some(Node { kind, of, span: whole.span })
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
        if matches!(find(&profile.methods, &name.text), Found::Unknown)
            && let Found::Exact(_, attribute) | Found::Respelled(_, attribute) =
                find(&profile.attributes, &name.text)
        {
            if attribute.type_name != TypeName::Boolean || !arguments.is_empty() {
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
            let (found, attribute) = self.resolve(&profile.attributes, &name.text, name.span, |checker| {
                checker.unknown_member(profile_name, profile, name, true)
            })?;
            let untagged = Name { tag: None, ..name.clone() };
            return self.attribute(profile_name, profile, found, attribute, &untagged, whole);
        }
        let (found, method) = self.resolve(&profile.methods, &name.text, name.span, |checker| {
            checker.unknown_member(profile_name, profile, name, true)
        })?;
        self.method_tag(name);
        let (arguments, prepared) = self.arguments(found, method, arguments, None, whole)?;
        let receiver =
            Receiver::Profile(ProfileName { name: profile_name.to_owned(), tag: profile.tag.clone() });
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
        prepared: Vec<crate::rule::Argument>,
        whole: &Expression,
    ) -> Option<Node> {
        let call =
            Call { receiver, method: found.to_owned(), function: method.function, arguments, prepared };
        let of = type_of(method.returns, &Arc::from([]));
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
        if let Some(close) = closest(&name.text, attributes.chain(methods)) {
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
