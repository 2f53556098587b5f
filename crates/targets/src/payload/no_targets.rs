//! Says what a document is that holds no targets, to somebody who expected some.

use target_rules::diagnostic::{Code, Diagnostic, Span, excerpt};
use target_rules::json::Kind;

use crate::json::{Node, names};
use crate::model::{EntryKind, GROUP_KEYS, TARGET_KEYS};

/// A string decoded, anything else as it is written.
fn written(value: Node<'_>) -> String {
    let decoded = if value.kind() == Kind::String { value.string().ok() } else { None };
    excerpt(decoded.as_deref().unwrap_or(value.text()))
}

/// Says what a document without targets is.
pub(super) fn without_targets(root: Node<'_>, holder: Node<'_>) -> Diagnostic {
    if !matches!(root.kind(), Kind::Object | Kind::Array) {
        return nothing(root, format!("it is {}", root.kind().name())).help(ASK);
    }
    let no_data = holder.span() == root.span();
    if no_data && let Some(fault) = refusal(root).or_else(|| generated(root)) {
        return fault;
    }
    let first = |kind| holder.entries().chain([holder]).find(|entry| EntryKind::of(*entry) == kind);
    if let Some(promotion) = first(EntryKind::Promotion) {
        return nothing(promotion, "it holds promotions")
            .note("a promotion")
            .help("a rule of a promotion can be checked by itself: `target-rules check RULE`");
    }
    if let Some(group) = first(EntryKind::Group) {
        return nothing(group, "it holds a target group that lists none")
            .note("a group without targets")
            .help("ask for the group with its targets");
    }
    let name = if no_data { "it" } else { "`data`" };
    let what = match holder.kind() {
        Kind::Array => match holder.entries().next() {
            None => format!("{name} is an empty list"),
            Some(entry) => format!("{name} is a list of {}", described(entry)),
        },
        _ => format!("{name} is {}", described(holder)),
    };
    match misspelled(root, holder, no_data) {
        Some((key, known)) => {
            let mut fault = nothing(holder, what);
            fault.span = key;
            fault.note("not a known key").help(format!("did you mean `{known}`?"))
        }
        None => nothing(holder, what).help(ASK),
    }
}

/// The key by which the document would hold targets, were it spelled as it is
/// read, and that spelling.
fn misspelled(root: Node<'_>, holder: Node<'_>, no_data: bool) -> Option<(Span, &'static str)> {
    let data = |key: &str| key.eq_ignore_ascii_case("data").then_some("data");
    let of_root = root.members().filter(|_| no_data);
    let found = of_root.filter_map(|member| Some((member.key_span(), data(&member.key())?))).next();
    found.or_else(|| {
        let objects = [holder].into_iter().chain(holder.entries());
        objects.filter(|object| object.kind() == Kind::Object).find_map(|object| {
            let (group, target) = (GROUP_KEYS.of(object), TARGET_KEYS.of(object));
            let meant = |key: &str| {
                let of_group = group.meant(key).filter(|known| *known == "targets");
                of_group.or_else(|| target.meant(key)).filter(|known| EntryKind::is_shown_by(known))
            };
            object.members().find_map(|member| Some((member.key_span(), meant(&member.key())?)))
        })
    })
}

const ASK: &str = "give the answer to a request for targets or target groups: `data` is a target, a target group or a list of either";

fn nothing(place: Node<'_>, what: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(Code::NoTargets, place.head(), format!("this document holds no targets: {what}"))
}

/// The errors of an answer that has no data.
fn refusal(root: Node<'_>) -> Option<Diagnostic> {
    const SHOWN: usize = 3;
    let errors = root.member("errors")?;
    let first = errors.entries().next()?;
    let said: Vec<String> = errors
        .entries()
        .take(SHOWN)
        .map(|error| {
            let part = |key| error.member(key).map(written);
            match (part("code"), part("message")) {
                (Some(code), Some(message)) => format!("{code} ({message})"),
                (Some(only), None) | (None, Some(only)) => only,
                (None, None) => written(error),
            }
        })
        .collect();
    let more = if errors.entries().nth(SHOWN).is_some() { " and others" } else { "" };
    let what = format!("the service answered with the error {}{more}", said.join(", "));
    Some(nothing(first, what).note("the service's error").help("mend the request and ask the service anew"))
}

/// The answer of the platform's text-to-tree service.
fn generated(root: Node<'_>) -> Option<Diagnostic> {
    let result = root.member("result")?;
    let part = |key| result.member(key);
    let rule = part("expression").or_else(|| part("expressionJSON"))?;
    let refused = part("isError").is_some_and(|value| value.kind() == Kind::Boolean(true));
    let fault = if refused {
        nothing(rule, "it is a refusal of the text-to-tree service, whose text is not an expression")
    } else {
        nothing(rule, "it is an answer of the text-to-tree service, which holds one rule")
    };
    Some(fault.help("check the rule by itself: `target-rules check RULE`"))
}

/// A value in a few words.
fn described(value: Node<'_>) -> String {
    const SHOWN: usize = 6;
    if value.kind() != Kind::Object {
        return value.kind().name().to_owned();
    }
    let keys: Vec<String> = value.members().take(SHOWN).map(|member| excerpt(&member.key())).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    match keys.as_slice() {
        [] => "an empty object".to_owned(),
        [one] => format!("an object with the key {}", names(&[one])),
        several => format!("an object with the keys {}", names(several)),
    }
}
