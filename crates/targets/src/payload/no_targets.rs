//! What a document is that holds no targets, in words for who expected some.

use target_rules::diagnostic::{Code, Diagnostic};
use target_rules::json::{Entries, Kind, Located, Members, Reader};

use crate::model::shape::{listed, shortened};
use crate::model::sort::{Sort, member};

/// A string decoded, anything else as it is written.
fn written(text: &str, value: Located) -> String {
    let mut json = Reader::within(text, value.span);
    let decoded = if value.kind == Kind::String { json.string().ok() } else { None };
    shortened(&decoded.unwrap_or_else(|| text.get(value.span.range()).unwrap_or("").to_owned()))
}

/// Says what a document without targets is.
pub(super) fn without_targets(text: &str, root: Located, holder: Located) -> Diagnostic {
    if !matches!(root.kind, Kind::Object | Kind::Array) {
        return nothing(root, format!("it is {}", root.kind.name())).help(ASK);
    }
    let no_data = holder.span == root.span;
    if no_data && let Some(fault) = refusal(text, root).or_else(|| generated(text, root)) {
        return fault;
    }
    let sorts = |sort| {
        let mut values = Entries::of(text, holder).chain([holder]);
        values.find(|value| Sort::of(text, *value) == sort)
    };
    if let Some(promotion) = sorts(Sort::Promotion) {
        return nothing(promotion, "it holds promotions")
            .note("a promotion")
            .help("a rule of a promotion can be checked by itself: `target-rules check RULE`");
    }
    if let Some(group) = sorts(Sort::Group) {
        return nothing(group, "it holds a target group that lists none")
            .note("a group without targets")
            .help("ask for the group with its targets");
    }
    let name = if no_data { "it" } else { "`data`" };
    let what = match holder.kind {
        Kind::Array => match Entries::of(text, holder).next() {
            None => format!("{name} is an empty list"),
            Some(entry) => format!("{name} is a list of {}", described(text, entry)),
        },
        _ => format!("{name} is {}", described(text, holder)),
    };
    nothing(holder, what).help(ASK)
}

const ASK: &str = "give the answer to a request for targets or target groups: `data` is a target, a target group or a list of either";

fn nothing(place: Located, what: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(Code::NoTargets, place.head(), format!("this document holds no targets: {what}"))
}

/// The errors of an answer that has no data.
fn refusal(text: &str, root: Located) -> Option<Diagnostic> {
    const SHOWN: usize = 3;
    let errors = member(text, root, "errors")?;
    let first = Entries::of(text, errors).next()?;
    let said: Vec<String> = Entries::of(text, errors)
        .take(SHOWN)
        .map(|error| {
            let part = |key| member(text, error, key).map(|value| written(text, value));
            match (part("code"), part("message")) {
                (Some(code), Some(message)) => format!("{code} ({message})"),
                (Some(only), None) | (None, Some(only)) => only,
                (None, None) => written(text, error),
            }
        })
        .collect();
    let more = if Entries::of(text, errors).nth(SHOWN).is_some() { " and others" } else { "" };
    let what = format!("the service answered with the error {}{more}", said.join(", "));
    Some(nothing(first, what).note("the service's error").help("mend the request and ask the service anew"))
}

/// The answer of the platform's text-to-tree service.
fn generated(text: &str, root: Located) -> Option<Diagnostic> {
    let result = member(text, root, "result")?;
    let part = |key| member(text, result, key);
    let rule = part("expression").or_else(|| part("expressionJSON"))?;
    let refused = part("isError").is_some_and(|value| value.kind == Kind::Boolean(true));
    let fault = if refused {
        nothing(rule, "it is a refusal of the text-to-tree service, whose text is not an expression")
    } else {
        nothing(rule, "it is an answer of the text-to-tree service, which holds one rule")
    };
    Some(fault.help("check the rule by itself: `target-rules check RULE`"))
}

/// A value in a few words.
fn described(text: &str, value: Located) -> String {
    const SHOWN: usize = 6;
    if value.kind != Kind::Object {
        return value.kind.name().to_owned();
    }
    let keys: Vec<String> =
        Members::of(text, value).take(SHOWN).map(|(key, _)| shortened(&key.text)).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    match keys.as_slice() {
        [] => "an empty object".to_owned(),
        [one] => format!("an object with the key {}", listed(&[one])),
        several => format!("an object with the keys {}", listed(several)),
    }
}
