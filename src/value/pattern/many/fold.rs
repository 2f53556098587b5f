//! Patterns that do not distinguish the case of ASCII letters.

use regex_syntax::hir::{
    Capture, Class, ClassBytes, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition,
};

/// The pattern without its capital letters, where it has letters and matches
/// them in either case: it matches a text as this form matches the text in
/// lower case. `(?i)` writes such patterns; literals of them are many, those of
/// this form few.
pub(super) fn in_lower_case(hir: &Hir) -> Option<Hir> {
    lower(hir).filter(|lower| lower != hir)
}

/// `None` where the pattern matches some letter in one case only.
fn lower(hir: &Hir) -> Option<Hir> {
    let all = |parts: &[Hir]| parts.iter().map(lower).collect::<Option<Vec<Hir>>>();
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => hir.clone(),
        HirKind::Literal(literal) if literal.0.iter().any(u8::is_ascii_alphabetic) => return None,
        HirKind::Literal(_) => hir.clone(),
        HirKind::Class(class) => Hir::class(lower_class(class)?),
        HirKind::Repetition(repetition) => {
            Hir::repetition(Repetition { sub: Box::new(lower(&repetition.sub)?), ..repetition.clone() })
        }
        HirKind::Capture(capture) => {
            Hir::capture(Capture { sub: Box::new(lower(&capture.sub)?), ..capture.clone() })
        }
        HirKind::Concat(parts) => Hir::concat(all(parts)?),
        HirKind::Alternation(branches) => Hir::alternation(all(branches)?),
    })
}

fn lower_class(class: &Class) -> Option<Class> {
    let both_or_none =
        |has: &dyn Fn(u8) -> bool| (b'a'..=b'z').all(|byte| has(byte) == has(byte.to_ascii_uppercase()));
    match class {
        Class::Unicode(class) => {
            let has = |byte: u8| {
                let letter = char::from(byte);
                class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&letter))
            };
            let mut lower = class.clone();
            lower.difference(&ClassUnicode::new([ClassUnicodeRange::new('A', 'Z')]));
            both_or_none(&has).then_some(Class::Unicode(lower))
        }
        Class::Bytes(class) => {
            let has =
                |byte: u8| class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&byte));
            let mut lower = class.clone();
            lower.difference(&ClassBytes::new([ClassBytesRange::new(b'A', b'Z')]));
            both_or_none(&has).then_some(Class::Bytes(lower))
        }
    }
}
