//! Classes that ignore case, with what that adds spelled out.
//!
//! `regex-syntax` goes through the characters of such a class one by one, also
//! through those that have no case, and through all of it again for each class
//! around it: `(?i)[\x{0}-\x{10FFFF}]` took 4 to 14 ms. Here only characters with
//! case are asked for the others that are the same, once for each item of a class,
//! which is microseconds for the largest. Then no class around it has to be asked:
//! what has all others of its characters has them also when it is negated, joined
//! with its like, or intersected.

use std::sync::LazyLock;

use regex_syntax::ast::{
    self, Ast, ClassAscii, ClassBracketed, ClassSet, ClassSetItem, ClassSetRange, ClassSetUnion,
    ClassUnicode, Flag, FlagsItemKind, GroupKind, Literal, LiteralKind, Span,
};
use regex_syntax::hir::translate::TranslatorBuilder;
use regex_syntax::hir::{Class, ClassUnicode as Characters, ClassUnicodeRange, Hir, HirKind};

use super::dialect::without;

/// Every character that another one is the same as where case is ignored.
static CASED: LazyLock<Characters> = LazyLock::new(|| {
    regex_syntax::parse(r"\p{Changes_When_Casemapped}").map_or_else(
        // It is a pattern, so this is never needed; it would be right too.
        |_| Characters::new([ClassUnicodeRange::new('\0', char::MAX)]),
        |hir| characters(&hir),
    )
});

/// So many characters are asked one by one.
const FEW: usize = 256;

/// Makes each class that ignores case one that doesn't, and matches the same.
///
/// Recursion is bounded: the parser limits how deep a pattern nests.
pub(super) fn spell_out(node: &mut Ast) {
    walk(node, &mut false);
}

/// Goes over a node; `ignored` is whether case is where it begins, and then where
/// it ends.
fn walk(node: &mut Ast, ignored: &mut bool) {
    match node {
        Ast::Flags(flags) => set(&flags.flags, ignored),
        Ast::ClassUnicode(class) if *ignored => {
            let (span, item) = (class.span, ClassSetItem::Unicode((**class).clone()));
            spelled(node, ClassBracketed { span, negated: false, kind: ClassSet::Item(item) });
        }
        Ast::ClassBracketed(class) if *ignored => {
            let class = (**class).clone();
            spelled(node, class);
        }
        Ast::Repetition(repetition) => walk(&mut repetition.ast, ignored),
        Ast::Group(group) => {
            let before = *ignored;
            if let GroupKind::NonCapturing(flags) = &group.kind {
                set(flags, ignored);
            }
            walk(&mut group.ast, ignored);
            *ignored = before;
        }
        Ast::Alternation(alternation) => alternation.asts.iter_mut().for_each(|node| walk(node, ignored)),
        Ast::Concat(concat) => concat.asts.iter_mut().for_each(|node| walk(node, ignored)),
        Ast::Empty(_)
        | Ast::Literal(_)
        | Ast::Dot(_)
        | Ast::Assertion(_)
        | Ast::ClassUnicode(_)
        | Ast::ClassPerl(_)
        | Ast::ClassBracketed(_) => {}
    }
}

fn set(flags: &ast::Flags, ignored: &mut bool) {
    let mut sets = true;
    for item in &flags.items {
        match item.kind {
            FlagsItemKind::Negation => sets = false,
            FlagsItemKind::Flag(Flag::CaseInsensitive) => *ignored = sets,
            FlagsItemKind::Flag(_) => {}
        }
    }
}

fn spelled(node: &mut Ast, mut class: ClassBracketed) {
    set_spelled(&mut class.kind);
    *node = without(Flag::CaseInsensitive, class.span, Ast::class_bracketed(class));
}

fn set_spelled(set: &mut ClassSet) {
    match set {
        ClassSet::Item(item) => item_spelled(item),
        ClassSet::BinaryOp(operation) => {
            set_spelled(&mut operation.lhs);
            set_spelled(&mut operation.rhs);
        }
    }
}

fn item_spelled(item: &mut ClassSetItem) {
    let span = *item.span();
    let (positive, negated) = match &mut *item {
        ClassSetItem::Bracketed(class) => return set_spelled(&mut class.kind),
        ClassSetItem::Union(union) => return union.items.iter_mut().for_each(item_spelled),
        ClassSetItem::Ascii(class) => {
            (ClassSetItem::Ascii(ClassAscii { negated: false, ..class.clone() }), class.negated)
        }
        ClassSetItem::Unicode(class) if class.is_negated() => {
            (ClassSetItem::Unicode(ClassUnicode { negated: !class.negated, ..class.clone() }), true)
        }
        other => (other.clone(), false),
    };
    let mut items = same_beside(&positive, span);
    if items.is_empty() {
        return;
    }
    items.push(positive);
    let kind = ClassSet::union(ClassSetUnion { span, items });
    *item = ClassSetItem::Bracketed(Box::new(ClassBracketed { span, negated, kind }));
}

/// What an item lacks of the characters that are the same as one of its own.
fn same_beside(item: &ClassSetItem, span: Span) -> Vec<ClassSetItem> {
    let Some(own) = characters_of(item) else { return Vec::new() };
    let mut same = if count(&own) <= FEW { own.clone() } else { to_be_asked(&own) };
    fold(&mut same);
    same.difference(&own);
    let literal = |c: char| Literal { span, kind: LiteralKind::Verbatim, c };
    let range = |range: &ClassUnicodeRange| {
        ClassSetItem::Range(ClassSetRange { span, start: literal(range.start()), end: literal(range.end()) })
    };
    same.iter().map(range).collect()
}

/// Some of the characters of a large class: what all of them are the same as
/// beside the class, these are too.
fn to_be_asked(own: &Characters) -> Characters {
    let (mut inside, mut outside) = (own.clone(), CASED.clone());
    inside.intersect(&CASED);
    outside.difference(own);
    if count(&inside) <= count(&outside) {
        return inside;
    }
    // Those of the class that are the same as one outside.
    let mut both = outside.clone();
    fold(&mut both);
    both.difference(&outside);
    both
}

/// Adds what is the same as a character of a class.
fn fold(class: &mut Characters) {
    // The tables of case are compiled in; without them nothing would be the same.
    class.try_case_fold_simple().unwrap_or_default();
}

fn count(class: &Characters) -> usize {
    class.iter().map(ClassUnicodeRange::len).fold(0, usize::saturating_add)
}

/// The characters of an item that no other stands in, as they are written; `None`
/// where it names no class, which is told when the pattern is translated.
fn characters_of(item: &ClassSetItem) -> Option<Characters> {
    let range = |start, end| Some(Characters::new([ClassUnicodeRange::new(start, end)]));
    match item {
        ClassSetItem::Literal(literal) => range(literal.c, literal.c),
        ClassSetItem::Range(item) => range(item.start.c, item.end.c),
        item => {
            let span = *item.span();
            let class = ClassBracketed { span, negated: false, kind: ClassSet::Item(item.clone()) };
            let translated = TranslatorBuilder::new().build().translate("", &Ast::class_bracketed(class));
            translated.ok().map(|hir| characters(&hir))
        }
    }
}

/// The characters of a class.
fn characters(class: &Hir) -> Characters {
    match class.kind() {
        HirKind::Class(Class::Unicode(class)) => class.clone(),
        // The class of one character.
        HirKind::Literal(literal) => {
            let text = String::from_utf8_lossy(&literal.0);
            Characters::new(text.chars().map(|character| ClassUnicodeRange::new(character, character)))
        }
        _ => Characters::empty(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;
    use regex_syntax::ast::parse::Parser;

    use super::*;

    /// Whether a pattern translates as the library does it alone. `None` where it
    /// is no pattern.
    fn is_same(pattern: &str) -> Option<bool> {
        let mut parsed = Parser::new().parse(pattern).ok()?;
        let translate = |parsed: &Ast| TranslatorBuilder::new().build().translate(pattern, parsed);
        let expected = translate(&parsed);
        spell_out(&mut parsed);
        Some(translate(&parsed) == expected)
    }

    #[test]
    fn whatever_stands_in_a_class_means_the_same() {
        for pattern in [
            "[k]",
            "(?i)[k]",
            "(?i)[^k]",
            r"(?i)[\x{0}-\x{10FFFF}]",
            r"(?i)[^\x{0}-\x{10FFFF}]",
            r"(?i)[^\x{0}-\x{400}]",
            r"(?i)\pL\PL\p{Lu}\P{Lu}[\p{Ll}][^\P{Ll}]\p{Greek}",
            r"(?i)\p{gc!=Lu}\P{gc!=Lu}[\P{gc!=Lu}x]",
            r"(?i)[[:alpha:]][[:^lower:]][^[:^upper:]]",
            "(?i)[a-z&&[^k]&&[^s]]",
            "(?i)[[^a]&&[^[b-y]&&k]]",
            "(?i)[\u{17F}\u{212A}\u{390}]",
            "(?i:[a]b[^c])[a](?i)[k](?-i)[k]",
            "a(?i)[b]|[c](?-i:[d])[e]|(f(?-i)[g])[h]",
            "(?i)(?s-m:[k])((?m)[k])",
            "((?i))[k]",
            "(?i)[a]{2,3}([^b]|[c]?)*",
            r"(?i)[\p{Nothing}]",
            "(?i)[a&&b]",
        ] {
            assert_eq!(is_same(pattern), Some(true), "{pattern}");
        }
    }

    /// What is left out has no case, and whatever is the same as a character is so
    /// the other way round.
    #[test]
    fn only_characters_with_case_are_the_same_as_others() {
        let mut uncased = CASED.clone();
        uncased.negate();
        let mut folded = uncased.clone();
        fold(&mut folded);
        assert_eq!(folded, uncased);
        for character in CASED.iter().flat_map(|range| range.start()..=range.end()) {
            let mut same = Characters::new([ClassUnicodeRange::new(character, character)]);
            fold(&mut same);
            let mut again = Characters::new(same.iter().copied());
            fold(&mut again);
            assert_eq!(again, same, "{character}");
        }
    }

    /// Classes at random, with long ranges and any nesting.
    fn class() -> impl Strategy<Value = String> {
        let character = || {
            prop::sample::select(vec![
                'A',
                'K',
                'Z',
                'k',
                's',
                'z',
                '\u{df}',
                '\u{17f}',
                '\u{390}',
                '\u{3c3}',
                '\u{3c2}',
                '\u{450}',
                '\u{1e9e}',
                '\u{1fd3}',
                '\u{2126}',
                '\u{212a}',
                '\u{ab70}',
                '\u{fb05}',
                '\u{10400}',
                '\u{1e943}',
                '\u{10ffff}',
            ])
        };
        let named = prop::sample::select(vec![
            r"\pL",
            r"\PL",
            r"\p{Lu}",
            r"\P{Lu}",
            r"\p{Mn}",
            r"\p{Greek}",
            "[:alpha:]",
            "[:^lower:]",
            "[:word:]",
        ]);
        let leaf = prop_oneof![
            3 => character().prop_map(String::from),
            3 => (character(), character()).prop_map(|(one, other)| format!("{}-{}", one.min(other), one.max(other))),
            1 => named.prop_map(str::to_owned),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            let parts = || prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat());
            prop_oneof![
                2 => parts(),
                1 => parts().prop_map(|parts| format!("[{parts}]")),
                1 => parts().prop_map(|parts| format!("[^{parts}]")),
                1 => (parts(), parts()).prop_map(|(one, other)| format!("[{one}&&{other}]")),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]
        #[test]
        fn classes_at_random(class in class(), negated in any::<bool>()) {
            let pattern = format!("(?i)[{}{class}]", if negated { "^" } else { "" });
            prop_assert_ne!(is_same(&pattern), Some(false), "{}", pattern);
        }
    }
}
