//! Texts and names of any characters stay texts and names.

use proptest::prelude::*;
use target_rules::{Ast, Limits, Rule, Schema};
use target_rules_sql::{Columns, Dialect, Options, Reason, Refusal, Sql, to_sql};

/// Whether the first name of a customer is a text.
fn named(text: &str) -> Rule {
    let name = |value| serde_json::json!({"arity": "name", "value": value});
    let attribute = serde_json::json!({
        "arity": "object_dereference",
        "operands": [name("currentCustomer"), name("firstname")],
    });
    let literal = serde_json::json!({"arity": "literal", "value": text, "type": "string:object:primitive"});
    let tree =
        serde_json::json!({"arity": "binary_operation", "value": "==", "operands": [attribute, literal]});
    let limits = Limits::default();
    let ast = Ast::from_tree(&tree.to_string(), &limits).unwrap();
    ast.check(&Schema::standard(), &limits).into_rule().unwrap()
}

fn written(dialect: Dialect, text: &str, column: &str) -> Result<Sql, Vec<Refusal>> {
    let mut options = Options::new(dialect);
    options.columns = Columns::default().column("currentCustomer.firstname", [column]);
    to_sql(&named(text), &options)
}

/// Reads what stands between two quotes, which doubled mean one; gives it and the rest.
fn quoted(sql: &str, quote: char, escapes: bool) -> (String, &str) {
    let mut read = String::new();
    let mut characters = sql.strip_prefix(quote).unwrap().char_indices();
    while let Some((at, character)) = characters.next() {
        let rest = &sql[quote.len_utf8() + at + character.len_utf8()..];
        match character {
            '\\' if escapes => read.push(characters.next().unwrap().1),
            _ if character != quote => read.push(character),
            _ if rest.starts_with(quote) => {
                characters.next();
                read.push(quote);
            }
            _ => return (read, rest),
        }
    }
    panic!("{sql} is never closed")
}

/// The text that a literal means, as the manuals of the databases say.
fn meant(dialect: Dialect, sql: &str) -> String {
    if let Some(plain) = sql.strip_prefix('E') {
        assert_eq!(dialect, Dialect::Postgres);
        let (text, rest) = quoted(plain, '\'', true);
        assert_eq!(rest, "");
        return text;
    }
    if let Some(hex) = sql.strip_prefix("CAST(X'") {
        assert_eq!(dialect, Dialect::Spark);
        let bytes = hex.strip_suffix("' AS STRING)").unwrap().as_bytes().chunks(2);
        let bytes = bytes.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
        return String::from_utf8(bytes.collect()).unwrap();
    }
    let joined = sql.strip_prefix('(').and_then(|sql| sql.strip_suffix(')'));
    let (mut all, mut rest) = quoted(joined.unwrap_or(sql), '\'', false);
    while let Some(after) = rest.strip_prefix(" || chr(0) || ") {
        let (text, after) = quoted(after, '\'', false);
        all = all + "\0" + &text;
        rest = after;
    }
    assert_eq!(rest, "");
    assert!(dialect == Dialect::DuckDb || !sql.contains('\\'), "{sql}");
    assert!(dialect != Dialect::Spark || !sql.contains(['$', '\n']) && !all.contains('\''), "{sql}");
    all
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("'"),
        Just("\""),
        Just("\\"),
        Just("\0"),
        Just("''"),
        Just("\\'"),
        Just(";--"),
        Just("/*"),
        Just("E'"),
        Just("$$"),
        Just("\n"),
        Just("é"),
        Just("\u{2019}"),
        Just("\u{1F600}"),
        Just(" COLLATE "),
        Just("%"),
        Just("${x}"),
        Just("`"),
        Just("a"),
    ];
    prop_oneof![
        proptest::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat()),
        any::<String>().prop_filter("a name is not empty", |text| !text.is_empty()),
    ]
}

proptest! {
    #[test]
    fn a_text_and_a_name_mean_themselves(text in hostile(), column in hostile()) {
        for dialect in Dialect::ALL {
            let is_name = !column.contains('\0') && match dialect {
                Dialect::Postgres => column.len() <= 63,
                Dialect::Spark => !column.contains("${"),
                _ => true,
            };
            let is_text = dialect != Dialect::Postgres || !text.contains('\0');
            let (quote, collated) = match dialect {
                Dialect::Spark => ('`', " COLLATE UTF8_BINARY = "),
                _ => ('"', " COLLATE \"C\" = "),
            };
            match written(dialect, &text, &column) {
                Ok(sql) => {
                    prop_assert!(is_name && is_text);
                    let inner = sql.condition.strip_prefix('(').unwrap().strip_suffix(')').unwrap();
                    let (name, rest) = quoted(inner, quote, false);
                    prop_assert_eq!(&name, &column);
                    let literal = rest.strip_prefix(collated).unwrap();
                    prop_assert_eq!(&meant(dialect, literal), &text);
                }
                Err(refusals) => {
                    let expected = if is_name { Reason::Text } else { Reason::Column };
                    prop_assert_eq!(refusals[0].reason, expected);
                    prop_assert!(!(is_name && is_text));
                }
            }
        }
    }
}

/// Queries that are true where a database reads texts and names as they are meant: the value
/// is given by the numbers of its bytes.
pub(crate) fn queries(dialect: Dialect) -> Vec<String> {
    const PIECES: [&str; 16] =
        ["${x}", "`", "'", "\"", "\\", "\0", "''", ";--", "/*", "E'", "$$", "\n", "é", "\u{1F600}", " ", "a"];
    let pairs =
        PIECES.iter().flat_map(|left| PIECES.iter().map(move |right| format!("{left}{right}x{left}")));
    let queries = pairs.filter_map(|text| {
        // Each its own, for Spark is asked many at once.
        let mut column = text.replace('\0', "-");
        if dialect == Dialect::Spark {
            column = format!(
                "{}{}",
                column.replace('$', "-"),
                text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>()
            );
        }
        // A text with a NUL is refused by PostgreSQL's dialect, which another test says.
        let sql = written(dialect, &text, &column).ok()?;
        let bytes: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        let value = match dialect {
            Dialect::DuckDb => format!("decode(unhex('{bytes}'))"),
            Dialect::Spark => format!("CAST(unhex('{bytes}') AS STRING)"),
            _ => format!("convert_from(decode('{bytes}', 'hex'), 'UTF8')"),
        };
        let name = &sql.columns[0].sql;
        Some(format!("SELECT ({}) AS told FROM (SELECT {value} AS {name}) AS one_row", sql.condition))
    });
    let queries: Vec<String> = queries.collect();
    assert!(queries.len() > 150);
    queries
}
