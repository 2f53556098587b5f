//! The part of regular expression syntax on which engines agree, with Java's
//! meaning.

use regex_syntax::ast::{
    self, AssertionKind, Ast, ClassPerlKind, ClassSet, ClassSetBinaryOpKind, ClassSetItem,
};

use super::error::{PatternError, refused};

/// Refuses what other engines read differently, and makes character classes
/// ASCII. `pattern` is the text that the node was parsed from.
pub(super) fn prepare(node: &mut Ast, pattern: &str) -> Result<(), PatternError> {
    let ascii_class = match node {
        Ast::ClassPerl(class) => Some(ast::ClassBracketed {
            span: class.span,
            negated: class.negated,
            kind: ClassSet::Item(ClassSetItem::Ascii(ast::ClassAscii {
                span: class.span,
                kind: ascii_kind(&class.kind),
                negated: false,
            })),
        }),
        _ => None,
    };
    if let Some(class) = ascii_class {
        *node = Ast::class_bracketed(class);
        return Ok(());
    }
    if prepare_boundary(node)? {
        return Ok(());
    }
    match node {
        Ast::Flags(flags) => check_flags(&flags.flags),
        Ast::Literal(literal) => check_literal(literal),
        Ast::ClassBracketed(class) => {
            prepare_set(&mut class.kind)?;
            check_doubled(&class.span, pattern)
        }
        Ast::Repetition(repetition) => {
            if let Ast::Repetition(inner) = &*repetition.ast
                && inner.greedy
                && matches!(repetition.op.kind, ast::RepetitionKind::OneOrMore)
            {
                return Err(refused(
                    &repetition.op.span,
                    "a possessive quantifier cannot run in linear time",
                    "leave the second `+` out",
                ));
            }
            prepare(&mut repetition.ast, pattern)
        }
        Ast::Group(group) => {
            if let ast::GroupKind::NonCapturing(flags) = &group.kind {
                check_flags(flags)?;
            }
            prepare(&mut group.ast, pattern)
        }
        Ast::Alternation(alternation) => {
            alternation.asts.iter_mut().try_for_each(|node| prepare(node, pattern))
        }
        Ast::Concat(concat) => concat.asts.iter_mut().try_for_each(|node| prepare(node, pattern)),
        Ast::Empty(_) | Ast::Dot(_) | Ast::Assertion(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) => Ok(()),
    }
}

/// Makes a word boundary ASCII; whether the node is one.
fn prepare_boundary(node: &mut Ast) -> Result<bool, PatternError> {
    let boundary = match node {
        Ast::Assertion(assertion) => match assertion.kind {
            AssertionKind::WordBoundaryStartAngle | AssertionKind::WordBoundaryEndAngle => {
                return Err(refused(
                    &assertion.span,
                    "`\\<` and `\\>` mean different things to different engines",
                    "write `\\b`",
                ));
            }
            AssertionKind::StartLine
            | AssertionKind::EndLine
            | AssertionKind::StartText
            | AssertionKind::EndText => None,
            _ => Some(assertion.span),
        },
        _ => None,
    };
    if let Some(span) = boundary {
        let assertion = std::mem::replace(node, Ast::empty(span));
        *node = without(ast::Flag::Unicode, span, assertion);
        return Ok(true);
    }
    Ok(false)
}

/// A node as it is where a flag is not set.
pub(super) fn without(flag: ast::Flag, span: ast::Span, node: Ast) -> Ast {
    let items = [ast::FlagsItemKind::Negation, ast::FlagsItemKind::Flag(flag)];
    let items = items.into_iter().map(|kind| ast::FlagsItem { span, kind }).collect();
    let kind = ast::GroupKind::NonCapturing(ast::Flags { span, items });
    Ast::group(ast::Group { span, kind, ast: Box::new(node) })
}

fn prepare_set(set: &mut ClassSet) -> Result<(), PatternError> {
    match set {
        ClassSet::Item(item) => prepare_item(item),
        ClassSet::BinaryOp(operation) => {
            if !matches!(operation.kind, ClassSetBinaryOpKind::Intersection) {
                return Err(doubled(&operation.span));
            }
            prepare_set(&mut operation.lhs)?;
            prepare_set(&mut operation.rhs)
        }
    }
}

/// Refuses two `-` or `~` side by side in a class, unless one is escaped. At
/// its beginning, and after a range, this parser takes them for characters;
/// others take them for an operation.
fn check_doubled(class: &ast::Span, pattern: &str) -> Result<(), PatternError> {
    let text = pattern.get(class.start.offset..class.end.offset).unwrap_or_default();
    let mut before = None;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            // What is escaped stands beside nothing.
            characters.next();
            before = None;
            continue;
        }
        if matches!(character, '-' | '~') && before == Some(character) {
            let mut span = *class;
            span.start.offset = class.start.offset.saturating_add(at).saturating_sub(1);
            span.end.offset = span.start.offset.saturating_add(2);
            return Err(doubled(&span));
        }
        before = Some(character);
    }
    Ok(())
}

fn doubled(span: &ast::Span) -> PatternError {
    refused(
        span,
        "`--` and `~~` between `[` and `]` mean different things to different engines",
        "list the characters themselves, or write `\\-` and `\\~` for these",
    )
}

fn prepare_item(item: &mut ClassSetItem) -> Result<(), PatternError> {
    match item {
        ClassSetItem::Perl(class) => {
            *item = ClassSetItem::Ascii(ast::ClassAscii {
                span: class.span,
                kind: ascii_kind(&class.kind),
                negated: class.negated,
            });
            Ok(())
        }
        ClassSetItem::Literal(literal) => check_literal(literal),
        ClassSetItem::Range(range) => {
            check_literal(&range.start)?;
            check_literal(&range.end)
        }
        ClassSetItem::Bracketed(class) => prepare_set(&mut class.kind),
        ClassSetItem::Union(union) => union.items.iter_mut().try_for_each(prepare_item),
        ClassSetItem::Empty(_) | ClassSetItem::Ascii(_) | ClassSetItem::Unicode(_) => Ok(()),
    }
}

fn ascii_kind(kind: &ClassPerlKind) -> ast::ClassAsciiKind {
    match kind {
        ClassPerlKind::Digit => ast::ClassAsciiKind::Digit,
        ClassPerlKind::Space => ast::ClassAsciiKind::Space,
        ClassPerlKind::Word => ast::ClassAsciiKind::Word,
    }
}

fn check_flags(flags: &ast::Flags) -> Result<(), PatternError> {
    for item in &flags.items {
        let name = match item.kind {
            ast::FlagsItemKind::Flag(ast::Flag::Unicode) => "u",
            ast::FlagsItemKind::Flag(ast::Flag::SwapGreed) => "U",
            ast::FlagsItemKind::Flag(ast::Flag::CRLF) => "R",
            _ => continue,
        };
        return Err(refused(
            &item.span,
            format!("the flag `(?{name})` means different things to different engines"),
            "leave it out",
        ));
    }
    Ok(())
}

fn check_literal(literal: &ast::Literal) -> Result<(), PatternError> {
    if matches!(literal.kind, ast::LiteralKind::Special(ast::SpecialLiteralKind::VerticalTab)) {
        let message = "`\\v` means different things to different engines";
        return Err(refused(&literal.span, message, "write `\\x0B` for a vertical tab"));
    }
    Ok(())
}
