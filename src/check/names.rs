//! Names resolved against the schema: profiles, attributes and methods.

use std::sync::Arc;

use crate::diagnostic::Confidence::{Guess, Safe};
use crate::diagnostic::{Code, Diagnostic, Offset, Repair, Span, shortened};
use crate::schema::model::{Method, Profile};
use crate::schema::{
    EXTENDED, Listed, Member, NameMatch, Names, TypeName, closest, find, find_member, find_profile,
};
use crate::syntax::ast::{AstNode, AstNodeKind, Name};
use crate::syntax::{Operator, OperatorKind, TypeKind, tag_fault};
use crate::typed::{Attribute, Call, Node, NodeKind, ProfileName, Receiver, Type};

use super::calls::{Argument, Fitted};
use super::checker::{Checker, type_of};
use super::mismatch::truth;
use super::phrases::{described, joined_by, listing};
use super::repairs::{Editor, in_quotes};

/// How many names are suggested for one: no more than a help lists.
const MOST: usize = 8;

/// What a word without quotes stands beside, which tells what was meant.
#[derive(Clone, Copy)]
pub(super) enum Beside<'t> {
    /// A value of the type, with an operator between.
    Value(Operator, &'t Type),
    /// Conditions, or nothing where a condition must stand.
    Condition,
    /// Nothing that says what it should be.
    Nothing,
}

impl<'a> Checker<'a> {
    /// The profile as nodes carry it, shared by all nodes of the rule.
    pub(super) fn profile_name(&mut self, name: &str, profile: &Profile) -> Arc<ProfileName> {
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
            list: profile.each,
        });
        self.profiles.insert(name.to_owned(), known.clone());
        known
    }

    /// An attribute that the rule named a short while ago, so that nodes share it.
    pub(super) fn recent(&self, profile: &str, name: &str) -> Option<Arc<Attribute>> {
        const RECENT: usize = 8;
        let mut recent = self.attributes.iter().rev().take(RECENT);
        recent.find(|known| known.name == name && known.profile.name == profile).cloned()
    }

    /// Resolves a name; reports what is wrong with it. `missing` makes the fault
    /// of a name that is not listed at all.
    fn resolve<T: Listed>(
        &mut self,
        listed: &'a Names<Arc<T>>,
        name: &str,
        span: Span,
        missing: impl FnOnce(&Self) -> Diagnostic,
    ) -> Option<(&'a str, &'a T)> {
        match find(listed, name) {
            NameMatch::Exact(name, found) => Some((name, found)),
            NameMatch::Respelled(right, found) => {
                self.respelled(name, right, span);
                Some((right, found))
            }
            NameMatch::Ambiguous(names) => {
                self.ambiguous(name, span, names);
                None
            }
            NameMatch::Unknown => {
                let fault = missing(self);
                self.report(fault);
                None
            }
        }
    }

    pub(super) fn respelled(&mut self, written: &str, right: &str, span: Span) {
        self.report(
            Diagnostic::new(
                Code::NameSpelling,
                span,
                format!("`{}` is spelled `{right}`", shortened(written)),
            )
            .note("another spelling")
            .help(Repair::from(format!("write `{right}`")).by([self.editor().name(span, right, Safe)])),
        );
    }

    pub(super) fn ambiguous(&mut self, written: &str, span: Span, names: Vec<&str>) {
        let editor = self.editor();
        let each: Vec<_> = names.iter().take(MOST).map(|name| editor.name(span, name, Guess)).collect();
        self.report(
            Diagnostic::new(Code::AmbiguousName, span, format!("`{written}` could be several names"))
                .note("spelled like none of them exactly")
                .help(Repair::from(format!("write one of {}", listing(names.into_iter()))).by(each)),
        );
    }

    /// The profile of a name that stands before a dot.
    pub(super) fn profile(&mut self, name: &str, span: Span) -> Option<(&'a str, &'a Profile)> {
        let schema = self.schema;
        self.resolve(&schema.profiles, name, span, |checker| {
            let close = closest(name, schema.profiles.keys().map(String::as_str));
            Diagnostic::new(Code::UnknownName, span, format!("there is no profile `{}`", shortened(name)))
                .note("not a profile")
                .help(match close {
                    Some(close) => Repair::did_you_mean(close, [checker.editor().name(span, close, Guess)]),
                    None => {
                        format!("the profiles are {}", listing(schema.profiles.keys().map(String::as_str)))
                            .into()
                    }
                })
        })
    }

    pub(super) fn profile_tag(&mut self, receiver: &AstNode) {
        if let Some(tag) = receiver.tag.as_ref().filter(|tag| TypeKind::of(&tag.text) != TypeKind::Profile) {
            self.report(tag_fault(tag, TypeKind::Profile.name()));
        }
    }

    /// `.year` for `.year()`: the three parts of a date go without brackets.
    pub(super) fn method_without_brackets(
        &mut self,
        value: Node,
        name: &Name,
        whole: &AstNode,
    ) -> Option<Node> {
        if self.is_elsewhere(&value, name, &[], whole) {
            return None;
        }
        let (found, method) = self.method_of_value(&value, name, false)?;
        if value.of != Type::Date
            || !method.params.is_empty()
            || method.returns != TypeName::Number
            || found == "day"
        {
            let complete = method.params.is_empty();
            let said = format!("write `.{found}({})`", if complete { "" } else { "..." });
            let brackets = if complete { self.editor().insert(name.span.end(), "()", Safe) } else { None };
            self.report(
                Diagnostic::new(
                    Code::UnknownName,
                    name.span,
                    format!("`{found}` is a method and needs brackets"),
                )
                .note("a method")
                .help(Repair::from(said).by(brackets)),
            );
            return None;
        }
        self.value_call(value, found, method, &[], name, whole)
    }

    pub(super) fn call(
        &mut self,
        receiver: Option<&AstNode>,
        name: &Name,
        arguments: &[AstNode],
        whole: &AstNode,
    ) -> Option<Node> {
        let Some(receiver) = receiver else {
            self.missing_profile(name, arguments, whole);
            return None;
        };
        match &receiver.kind {
            AstNodeKind::Name(profile) => self.profile_call(profile, receiver, name, arguments, whole),
            AstNodeKind::Member { receiver, name: start }
                if !self.is_attribute(receiver, start) && self.torn_name(start, name) =>
            {
                None
            }
            _ => {
                let value = self.receiver(receiver)?;
                if self.is_elsewhere(&value, name, arguments, whole) {
                    return None;
                }
                let (found, method) = self.method_of_value(&value, name, true)?;
                self.value_call(value, found, method, arguments, name, whole)
            }
        }
    }

    /// The method that a value is asked; reports where it has none of the name.
    #[inline(never)]
    fn method_of_value(&mut self, value: &Node, name: &Name, called: bool) -> Option<(&'a str, &'a Method)> {
        let methods = self.methods_of(&value.of);
        self.resolve(methods, &name.text, name.span, |checker| {
            unknown_method(&value.of, methods, name, called, checker.editor())
        })
    }

    /// Reports a method that other languages ask of such a value.
    #[inline(never)]
    fn is_elsewhere(&mut self, value: &Node, name: &Name, arguments: &[AstNode], whole: &AstNode) -> bool {
        let unknown = matches!(find(self.methods_of(&value.of), &name.text), NameMatch::Unknown);
        let instead = if unknown { self.method_elsewhere(value, name, arguments, whole) } else { None };
        let Some(instead) = instead else { return false };
        let of = match &value.of {
            Type::Enum(_) => "a listed value",
            of => described(of),
        };
        let message = format!("{of} has no method `{}`", shortened(&name.text));
        let fault = Diagnostic::new(Code::UnknownName, name.span, message);
        self.report(fault.note("not offered by this value").help(instead));
        true
    }

    /// A method of a profile, or a boolean attribute that is written as one.
    fn profile_call(
        &mut self,
        profile_name: &str,
        receiver: &AstNode,
        name: &Name,
        arguments: &[AstNode],
        whole: &AstNode,
    ) -> Option<Node> {
        let (profile_name, profile) = self.profile(profile_name, receiver.span)?;
        self.profile_tag(receiver);
        // What is exactly or nearly a method is one.
        if matches!(find(&profile.methods, &name.text), NameMatch::Unknown)
            && let Some(may_be_called) = self.may_be_called(profile, name)
        {
            if may_be_called && arguments.is_empty() {
                return self.attribute(profile_name, profile, name, whole, true);
            }
            self.brackets_after_attribute(profile_name, name, arguments, whole);
            return None;
        }
        let (found, method) = self.resolve(&profile.methods, &name.text, name.span, |checker| {
            checker.unknown_member(profile_name, profile, name, true)
        })?;
        self.method_tag(name);
        let (arguments, prepared) = self.arguments(found, method, arguments, None, whole)?;
        let receiver = Receiver::Profile(self.profile_name(profile_name, profile));
        self.finish_call(receiver, found, method, arguments, prepared, whole)
    }

    /// Whether a name of a profile may stand with brackets though it is no
    /// method; `None` where the profile has no attribute of the name either.
    fn may_be_called(&self, profile: &Profile, name: &Name) -> Option<bool> {
        match find_member(self.schema, profile, &name.text) {
            Member::Listed(_, attribute) => Some(attribute.type_name == TypeName::Boolean),
            // Any name may be a custom event's field, but not any call.
            Member::Field(found, _) => found.starts_with(EXTENDED).then_some(true),
            Member::Ambiguous(_) | Member::Missing => None,
        }
    }

    #[inline(never)]
    fn brackets_after_attribute(
        &mut self,
        profile_name: &str,
        name: &Name,
        arguments: &[AstNode],
        whole: &AstNode,
    ) {
        // What stands in them may have a meaning that an attribute cannot have.
        let brackets = Span::new(name.span.end(), whole.span.end());
        let removed = if arguments.is_empty() { self.editor().in_text(brackets, "", Safe) } else { None };
        let said = format!("write `{profile_name}.{}`", shortened(&name.text));
        self.report(
            Diagnostic::new(
                Code::UnknownName,
                name.span,
                format!("`{}` is an attribute of `{profile_name}`, not a method", shortened(&name.text)),
            )
            .note("an attribute takes no brackets")
            .help(Repair::from(said).by(removed)),
        );
    }

    /// Reports a name with a sign that names cannot hold, such as
    /// `extField_loyalty-tier`, which reads as a calculation.
    #[inline(never)]
    pub(super) fn torn_by_sign(&mut self, operator: Operator, word: &str, span: Span) -> bool {
        if operator.kind() != OperatorKind::Arithmetic {
            return false;
        }
        let editor = self.editor();
        let before = editor.slice(Span::new(Offset::START, span.start())).unwrap_or("");
        let Some(path) = before.strip_suffix(operator.spelling()) else { return false };
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.');
        let start = path.trim_end_matches(is_part).len();
        let Some((_, start_of_name)) = path.get(start..).and_then(|path| path.rsplit_once('.')) else {
            return false;
        };
        if start_of_name.is_empty() || !self.profiles_with(word).is_empty() {
            return false;
        }
        let whole = Span::new(start, span.end());
        let written = format!("{start_of_name}{}{word}", operator.spelling());
        let help = format!(
            "names have the letters `a` to `z`, digits and `_` only; no rule can name `{}`, so have the field \
             delivered under another name",
            shortened(&written)
        );
        let message = format!(
            "a name cannot hold `{}`: this is a calculation with `{}`",
            operator.spelling(),
            shortened(word)
        );
        self.report(Diagnostic::new(Code::UnknownName, whole, message).note("not a name").help(help));
        true
    }

    /// Whether a profile lists an attribute, spelled so.
    fn is_attribute(&self, receiver: &AstNode, name: &Name) -> bool {
        let AstNodeKind::Name(profile) = &receiver.kind else { return false };
        find_profile(self.schema, profile)
            .is_some_and(|(_, profile)| profile.attributes.contains_key(&name.text))
    }

    /// Reports a method's name that a stray dot has torn in two, such as
    /// `is.NotNull`.
    fn torn_name(&mut self, start: &Name, end: &Name) -> bool {
        let whole = format!("{}{}", start.text, end.text);
        let methods = || self.schema.values.values();
        let meant = methods().find_map(|methods| match find(methods, &whole) {
            NameMatch::Exact(name, _) | NameMatch::Respelled(name, _) => Some(name),
            NameMatch::Ambiguous(_) | NameMatch::Unknown => None,
        });
        let start_is_method = methods().any(|methods| methods.contains_key(&start.text));
        let Some(meant) = meant.filter(|_| !start_is_method) else { return false };
        let span = start.span.to(end.span);
        let joined = self.editor().in_text(span, meant, Guess);
        self.report(
            Diagnostic::new(Code::UnknownName, span, format!("`{}.{}` is no method", start.text, end.text))
                .note("a stray dot")
                .help(Repair::did_you_mean(meant, joined)),
        );
        true
    }

    fn value_call(
        &mut self,
        value: Node,
        found: &str,
        method: &Method,
        arguments: &[AstNode],
        name: &Name,
        whole: &AstNode,
    ) -> Option<Node> {
        self.method_tag(name);
        let (arguments, prepared) = self.arguments(found, method, arguments, Some(&value.of), whole)?;
        self.finish_call(Receiver::Value(Arc::new(value)), found, method, arguments, prepared, whole)
    }

    fn finish_call(
        &mut self,
        receiver: Receiver,
        found: &str,
        method: &Method,
        arguments: Vec<Node>,
        prepared: Vec<Argument>,
        whole: &AstNode,
    ) -> Option<Node> {
        let of = type_of(method.returns, &method.values);
        let arguments: Vec<Arc<Node>> = arguments.into_iter().map(Arc::new).collect();
        let kind = Fitted {
            name: found,
            method,
            receiver: &receiver,
            arguments: &arguments,
            prepared: &prepared,
            of: &of,
        }
        .kind()?;
        let call = Call { receiver, method: found.to_owned(), arguments, kind };
        Some(Node { kind: NodeKind::Call(Box::new(call)), of, span: whole.span })
    }

    fn method_tag(&mut self, name: &Name) {
        if let Some(tag) = name.tag.as_ref().filter(|tag| TypeKind::of(&tag.text) != TypeKind::Function) {
            self.report(tag_fault(tag, TypeKind::Function.name()));
        }
    }

    /// What a chain hangs on: an attribute or a call, nothing else.
    pub(super) fn receiver(&mut self, receiver: &AstNode) -> Option<Node> {
        match receiver.kind {
            AstNodeKind::Member { .. } | AstNodeKind::Call { .. } => self.judge(receiver),
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

    fn methods_of(&self, of: &Type) -> &'a Names<Arc<Method>> {
        static NONE: Names<Arc<Method>> = Names::empty();
        let name = match of {
            Type::Boolean => TypeName::Boolean,
            Type::Number => TypeName::Number,
            Type::Text => TypeName::String,
            Type::Date => TypeName::Date,
            Type::Enum(_) => TypeName::Enum,
        };
        self.schema.values.get(&name).unwrap_or(&NONE)
    }

    /// The profiles that have an attribute or a method of the name.
    pub(super) fn profiles_with(&self, name: &str) -> Vec<&'a str> {
        self.schema
            .profiles
            .iter()
            .filter(|(_, profile)| {
                profile.attributes.contains_key(name) || profile.methods.contains_key(name)
            })
            .map(|(profile, _)| profile.as_str())
            .collect()
    }

    #[inline(never)]
    fn missing_profile(&mut self, name: &Name, arguments: &[AstNode], whole: &AstNode) {
        let owners = self.profiles_with(&name.text);
        let call = shortened(&name.text);
        if owners.is_empty()
            && let Some(instead) = self.function_elsewhere(name, arguments, whole)
        {
            let fault =
                Diagnostic::new(Code::UnknownName, name.span, format!("there is no function `{call}`"));
            self.report(fault.note("no function of the language").help(instead));
            return;
        }
        let editor = self.editor();
        let help = if let Some(first) = owners.first() {
            let has = if owners.len() == 1 { "has" } else { "have" };
            let said = format!("{} {has} it: write `{first}.{call}(...)`", joined_by("and", &owners));
            let each = owners.iter().take(MOST);
            let sure = if owners.len() == 1 { Safe } else { Guess };
            Repair::from(said)
                .by(each.filter_map(|owner| editor.insert(name.span.start(), format!("{owner}."), sure)))
        } else {
            let all =
                self.schema.profiles.values().flat_map(|profile| profile.methods.keys()).map(String::as_str);
            match closest(&name.text, all) {
                Some(close) => {
                    let owners = self.profiles_with(close);
                    let said = format!("did you mean `{close}` of {}?", joined_by("or", &owners));
                    let each = owners.iter().take(MOST);
                    Repair::from(said)
                        .by(each
                            .filter_map(|owner| editor.in_text(name.span, format!("{owner}.{close}"), Guess)))
                }
                None => "a call names its profile first, such as `currentTxn.basketSum(...)`".into(),
            }
        };
        let span = Span::new(name.span.start(), name.span.end().min(whole.span.end()));
        self.report(
            Diagnostic::new(Code::MissingProfile, span, format!("`{call}` is called without its profile"))
                .note("of which profile?")
                .help(help),
        );
    }

    /// A name where a value is expected: a profile, or a word without quotes.
    #[inline(never)]
    pub(super) fn lone_name(&mut self, name: &str, span: Span, beside: Beside<'_>) {
        let fault = match find(&self.schema.profiles, name) {
            NameMatch::Exact(profile, _) | NameMatch::Respelled(profile, _) => Diagnostic::new(
                Code::UnknownName,
                span,
                format!("`{profile}` is a profile and has no value of its own"),
            )
            .note("which attribute of it?")
            .help(format!("name an attribute, such as `{profile}.{}`", self.example_attribute(profile))),
            _ => Diagnostic::new(Code::UnknownName, span, format!("`{}` is not known here", shortened(name)))
                .note("neither an attribute nor a value")
                .help(self.help_for_word(name, span, beside)),
        };
        self.report(fault);
    }

    /// What to write instead of a word, by what stands beside it.
    fn help_for_word(&self, name: &str, span: Span, beside: Beside<'_>) -> Repair {
        let editor = self.editor();
        let quoted = format!("put text in double quotes: `\"{}\"`", shortened(name));
        let owners = self.profiles_with(name);
        let owned = (!owners.is_empty()).then(|| {
            let names: Vec<String> =
                owners.iter().map(|owner| format!("{owner}.{}", shortened(name))).collect();
            let said = format!("write {}", joined_by("or", &names));
            let each = owners.iter().take(MOST);
            Repair::from(said)
                .by(each.filter_map(|owner| editor.insert(span.start(), format!("{owner}."), Guess)))
        });
        match beside {
            Beside::Value(operator, Type::Boolean) => {
                owned.unwrap_or_else(|| truth(operator, name, editor, span))
            }
            Beside::Value(_, Type::Number) => owned
                .unwrap_or_else(|| "write a number, such as `500`, or an attribute with its profile".into()),
            Beside::Value(_, Type::Date) => {
                owned.unwrap_or_else(|| "write a date attribute, such as `currentTxn.date`".into())
            }
            Beside::Condition => owned
                .unwrap_or_else(|| "write a condition, such as `currentCustomer.slabName==\"Gold\"`".into()),
            Beside::Value(_, Type::Text | Type::Enum(_)) | Beside::Nothing => match owned {
                Some(owned) => owned.or(in_quotes(quoted, editor, span, name, Guess)),
                None => in_quotes(quoted, editor, span, name, Guess),
            },
        }
    }

    fn example_attribute(&self, profile: &str) -> &'a str {
        let attributes = self.schema.profiles.get(profile).map(|profile| &profile.attributes);
        attributes.and_then(|attributes| attributes.keys().next()).map_or("attribute", String::as_str)
    }
}

/// The fault of asking a value what it does not offer. `called` says whether
/// it stands with brackets.
#[inline(never)]
fn unknown_method(
    of: &Type,
    methods: &Names<Arc<Method>>,
    name: &Name,
    called: bool,
    editor: Editor<'_>,
) -> Diagnostic {
    let names = || methods.keys().map(String::as_str);
    let value = match of {
        Type::Enum(_) => "a listed value",
        of => described(of),
    };
    let what = if called { "method" } else { "attribute or method" };
    Diagnostic::new(
        Code::UnknownName,
        name.span,
        format!("{value} has no {what} `{}`", shortened(&name.text)),
    )
    .note("not offered by this value")
    .help(match closest(&name.text, names()) {
        Some(close) => Repair::did_you_mean(close, [editor.name(name.span, close, Guess)]),
        None => format!("{value} offers {}", listing(names())).into(),
    })
}
