//! Texts and bytes at the doors of the library: the same comes of both, and
//! bytes that are no text are told with their place.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use target_rules::diagnostic::{Code, Form};
use target_rules::{Ast, Diagnostic, Diagnostics, Layout, Limits, Rule, Schema, Zone};

const RULE: &str = "currentTxn.value>500";
const TREE: &str = r#"{"arity": "literal", "type": "boolean:primitive", "value": "true"}"#;
const SCHEMA: &str = r#"{"profiles": {"currentTxn": {"attributes": {"storeId": {"type": "number"}}}}}"#;
const DOCUMENT: &str = r#"{"currentTxn": {"number": "Caf\u00e9 é", "value": 730.50}}"#;

fn rule() -> Rule {
    let limits = Limits::default();
    Ast::from_text(RULE, &limits).unwrap().check(&Schema::standard(), &limits).into_rule().unwrap()
}

/// The one fault.
fn only(refused: Diagnostics) -> Diagnostic {
    let found: Vec<Diagnostic> = refused.into_iter().collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

#[test]
fn every_kind_of_text_and_bytes_is_read() {
    let limits = Limits::default();
    let (owned, bytes) = (RULE.to_owned(), RULE.as_bytes().to_vec());
    let boxed: Box<str> = RULE.into();
    let shared: Arc<[u8]> = RULE.as_bytes().into();
    let counted: Rc<str> = RULE.into();
    let text_of_text: &&str = &RULE;
    let asts = [
        Ast::from_text(RULE, &limits),
        Ast::from_text(text_of_text, &limits),
        Ast::from_text(&owned, &limits),
        Ast::from_text(b"currentTxn.value>500", &limits),
        Ast::from_text(bytes.as_slice(), &limits),
        Ast::from_text(&bytes, &limits),
        Ast::from_text(&boxed, &limits),
        Ast::from_text(&shared, &limits),
        Ast::from_text(&counted, &limits),
        Ast::from_text(&Cow::Borrowed(RULE), &limits),
        Ast::from_text(&String::from_utf8_lossy(&bytes), &limits),
    ];
    for ast in asts {
        let ast = ast.unwrap();
        assert_eq!(ast.source().text(), RULE);
        assert_eq!(ast.check(&Schema::standard(), &limits).into_rule().unwrap(), rule());
    }
}

#[test]
fn the_same_comes_of_bytes_as_of_their_text() {
    let limits = Limits::default();
    let tree = |read: Result<Ast, Diagnostics>| {
        read.unwrap().check(&Schema::standard(), &limits).into_rule().unwrap().to_text()
    };
    assert_eq!(tree(Ast::from_tree(TREE.as_bytes(), &limits)), tree(Ast::from_tree(TREE, &limits)));
    let standard = Schema::standard();
    assert_eq!(standard.with(SCHEMA.as_bytes(), &limits), standard.with(SCHEMA, &limits));
    let (rule, layout) = (rule(), Layout::of([&rule()]));
    let read = layout.read(DOCUMENT.as_bytes(), &limits).unwrap();
    assert_eq!(read.number(), Some("Café é"));
    assert!(rule.decide(&read, &Zone::UTC).result.is_true());
    // Faults, too, and their places.
    for broken in ["", "{", r#"{"currentTxn": {"value": "é", "value": "ü"}}"#, "\u{feff}{}"] {
        let of_bytes = layout.read(broken.as_bytes(), &limits).err();
        assert_eq!(of_bytes, layout.read(broken, &limits).err(), "{broken}");
        let of_bytes = Ast::from_tree(broken.as_bytes(), &limits).unwrap_err();
        assert_eq!(of_bytes, Ast::from_tree(broken, &limits).unwrap_err(), "{broken}");
        assert_eq!(standard.with(broken.as_bytes(), &limits), standard.with(broken, &limits), "{broken}");
    }
    for broken in ["currentTxn.value=5", "é", "((", ""] {
        let of_bytes = Ast::from_text(broken.as_bytes(), &limits).unwrap_err();
        assert_eq!(of_bytes, Ast::from_text(broken, &limits).unwrap_err(), "{broken}");
    }
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_place() {
    let limits = Limits::default();
    let rule = only(Ast::from_text(b"currentTxn.value>\n 5\xff0", &limits).unwrap_err());
    assert_eq!((rule.code, rule.form, rule.line, rule.column), (Code::Syntax, Form::Dsl, 2, 3));
    let tree = only(Ast::from_tree(b"{\"arity\": \"\xe9\"}", &limits).unwrap_err());
    assert_eq!((tree.code, tree.form, tree.column), (Code::JsonSyntax, Form::Tree, 12));
    let file = only(Schema::standard().with(b"{\"profiles\": \xe9}", &limits).unwrap_err());
    assert_eq!((file.code, file.form, file.column), (Code::JsonSyntax, Form::Payload, 14));
    let utf_16 = b"\xff\xfe{\0}\0";
    let document = only(Layout::of([]).read(utf_16, &limits).unwrap_err());
    assert_eq!((document.code, document.column), (Code::JsonSyntax, 1));
    assert_eq!(document.help.as_deref(), Some("it looks like UTF-16; save it as UTF-8"));
}

#[test]
fn a_transaction_holds_nothing_after_bytes_that_are_no_text() {
    let limits = Limits::default();
    let layout = Layout::of([&rule()]);
    let mut transaction = layout.read(DOCUMENT, &limits).unwrap();
    layout.read_into(b"\xff", &limits, &mut transaction).unwrap_err();
    assert_eq!(transaction.number(), None);
    assert!(rule().decide(&transaction, &Zone::UTC).result.is_unknown());
    // One of another layout becomes one of this, as it does for a text.
    let mut other = Layout::of([]).blank();
    layout.read_into(b"\xff", &limits, &mut other).unwrap_err();
    assert_eq!(*other.layout(), layout);
}

#[test]
fn bytes_above_the_limit_are_not_looked_at() {
    let mut limits = Limits::default();
    (limits.rule_text, limits.rule_tree, limits.transaction, limits.schema) = (4, 4, 4, 4);
    // Not even whether they are text.
    let long = b"true \xff";
    let layout = Layout::of([]);
    for refused in [
        Ast::from_text(long, &limits).unwrap_err(),
        Ast::from_tree(long, &limits).unwrap_err(),
        layout.read(long, &limits).unwrap_err(),
        Schema::standard().with(long, &limits).unwrap_err(),
    ] {
        let fault = only(refused);
        assert_eq!((fault.code, fault.column), (Code::Limit, 5), "{fault}");
    }
    assert!(Ast::from_text(b"true", &limits).is_ok() && Ast::from_text(b"\xef\xbb\xbftrue", &limits).is_ok());
    assert!(layout.read(b"{  }", &limits).is_ok());
}

#[test]
#[expect(clippy::mutable_key_type, reason = "a layout is hashed by what it is, not by what it holds")]
fn layouts_are_equal_where_they_are_the_same() {
    let (one, other) = (Layout::of([&rule()]), Layout::of([&rule()]));
    assert_eq!(one, one.clone());
    assert_ne!(one, other);
    let transaction = one.read(DOCUMENT, &Limits::default()).unwrap();
    assert_eq!(*transaction.layout(), one);
    let slots = std::collections::HashMap::from([(one.clone(), 1), (other.clone(), 2)]);
    assert_eq!((slots.get(transaction.layout()), slots.get(&other)), (Some(&1), Some(&2)));
}
