//! What is promised of a refusal: its places stand in the input, and its words
//! are for people.

use target_rules::diagnostic::{Code, Colour, Edit, Form, Severity, Source, Span, Suggestion};
use target_rules::{Diagnostic, Diagnostics, Limits, render};

/// A refusal has at least one error, and all of it is well said.
pub(super) fn is_a_refusal(refused: &Diagnostics, sources: &[Source]) {
    assert!(refused.has_errors(), "refused without an error");
    is_well_said(refused, sources);
}

/// Each diagnostic has its place in the input, and words for people.
pub(super) fn is_well_said(diagnostics: &Diagnostics, sources: &[Source]) {
    let limits = Limits::default();
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    assert!(errors <= limits.errors * sources.len(), "{errors} errors are reported");
    // Of two equal keys serde_json knows the last only.
    let twice = diagnostics.iter().any(|diagnostic| diagnostic.code.name() == "duplicate-key");
    for diagnostic in diagnostics {
        assert_eq!(diagnostic.severity == Severity::Error, diagnostic.is_error());
        // A key that nothing reads is an error of trees and schemas, and a warning elsewhere.
        let milder = diagnostic.code == Code::UnknownKey && !diagnostic.is_error();
        assert!(milder || diagnostic.severity == diagnostic.code.severity(), "{}", diagnostic.code);
        assert!(!diagnostic.code.name().is_empty());
        // A fault may come before the second of two equal keys is met.
        let twice = twice || has_a_step_twice(diagnostic, sources);
        let home = sources.iter().find(|source| stands_in(diagnostic, source, twice));
        let Some(source) = home else {
            panic!("the place of {}: {} is not in the input", diagnostic.code, diagnostic.message);
        };
        // What is shortened may be so after a full stop of what is quoted.
        let message = &diagnostic.message;
        assert!(message.ends_with("...") || !message.ends_with('.'), "a full stop: {message}");
        is_for_people(&diagnostic.message, source.text());
        is_for_people_or_empty(&diagnostic.note, source.text());
        // It quotes a text without what is odd in it: `:\0:` becomes `::`.
        if diagnostic.code != Code::OddCharacter {
            is_for_people_or_empty(diagnostic.help.as_deref().unwrap_or(""), source.text());
        }
        for suggestion in &diagnostic.suggestions {
            let edits = suggestion.edits();
            let outside = |edit: &Edit| source.text().get(edit.span.range()).is_none();
            assert!(!edits.is_empty() && !edits.iter().any(outside), "{edits:?} are not in the input");
            let overlap = edits
                .iter()
                .zip(edits.iter().skip(1))
                .any(|(edit, next)| edit.span.end() > next.span.start());
            assert!(!overlap, "{edits:?} overlap");
            Suggestion::apply_all(source.text(), [suggestion]);
        }
        for label in &diagnostic.labels {
            is_for_people(&label.message, source.text());
        }
        for colour in [Colour::Off, Colour::On] {
            let shown = render(diagnostic, source, "rule", colour);
            assert!(shown.contains(diagnostic.code.name()) && shown.ends_with('\n'), "{shown}");
        }
        assert!(serde_json::to_string(diagnostic).is_ok());
    }
}

/// Whether a diagnostic and its labels have their places in a source, and line,
/// column and pointer are those of the place.
fn stands_in(diagnostic: &Diagnostic, source: &Source, twice: bool) -> bool {
    let text = source.text();
    let span = diagnostic.span;
    let inside = |span: Span| text.get(span.range()).is_some();
    if diagnostic.form != source.form() || !inside(span) {
        return false;
    }
    let before = text.get(..span.start().get()).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(line_start..).unwrap_or("").encode_utf16().count() + 1;
    diagnostic.line == before.matches('\n').count() + 1
        && diagnostic.column == column
        && diagnostic.labels.iter().all(|label| inside(label.span))
        && diagnostic.pointer.is_some() == (diagnostic.form != Form::Dsl)
        && (twice || points_at_something(diagnostic, text))
}

/// A pointer into a document that is JSON leads to a value of it.
fn points_at_something(diagnostic: &Diagnostic, text: &str) -> bool {
    let Some(pointer) = &diagnostic.pointer else { return true };
    match serde_json::from_str::<serde_json::Value>(text) {
        // The same of keys that are found out one by one.
        Ok(_) if matches!(diagnostic.code.name(), "ambiguous-key" | "limit") => true,
        Ok(document) => document.pointer(pointer).is_some(),
        Err(_) => true,
    }
}

/// Whether a key on the way to the fault stands in the text twice.
fn has_a_step_twice(diagnostic: &Diagnostic, sources: &[Source]) -> bool {
    let pointer = diagnostic.pointer.as_deref().unwrap_or("");
    let twice = |step: &str| {
        let key = format!("\"{step}\"");
        sources.iter().any(|source| source.text().matches(&key).count() > 1)
    };
    pointer.split('/').skip(1).any(twice)
}

fn is_for_people_or_empty(words: &str, input: &str) {
    if !words.is_empty() {
        is_for_people(words, input);
    }
}

/// No debug output and no names of this program: whatever looks like them
/// must be quoted from the input.
pub(super) fn is_for_people(words: &str, input: &str) {
    const MARKS: [&str; 21] = [
        "Some(",
        "None",
        "Ok(",
        "Err(",
        "::",
        " { ",
        "Error",
        "Vec<",
        "Option",
        "String",
        "&str",
        "u8",
        "u32",
        "i64",
        "u64",
        "f64",
        "usize",
        "struct",
        "unknown variant",
        "\\u{",
        "Span",
    ];
    assert!(!words.trim().is_empty(), "nothing is said");
    assert_eq!(words.trim(), words, "white space around `{words}`");
    // A JSON escape may hide what is quoted.
    if input.contains("\\u") {
        return;
    }
    // What is quoted has a blank for each character that cannot be seen.
    let seen = input.replace(char::is_control, " ");
    for mark in MARKS {
        assert!(!has_word(words, mark) || seen.contains(mark), "`{mark}` in: {words}");
    }
}

/// Whether a mark stands there and is not a part of a longer word.
fn has_word(words: &str, mark: &str) -> bool {
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    words.match_indices(mark).any(|(at, _)| {
        let before = words.get(..at).and_then(|before| before.chars().next_back());
        let after = words.get(at + mark.len()..).and_then(|after| after.chars().next());
        let continues = |outside, inside: Option<char>| is_letter(outside) && is_letter(inside);
        !continues(before, mark.chars().next()) && !continues(after, mark.chars().next_back())
    })
}
