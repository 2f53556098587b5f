//! Pairs of rules of about a hundred clauses that differ in one of them, in their
//! order, or in both. Those that differ in nothing but the order need no proof; those
//! that are turned and differ in one edge do.

/// Two rules that are compared.
#[derive(Debug, Clone)]
pub struct Pair {
    /// What it is called.
    pub name: &'static str,
    /// The rule as it was.
    pub old: String,
    /// The rule as it is now.
    pub new: String,
}

/// A bill that has few of the values that these rules ask, and lacks something for small ones.
pub const BILL: &str = r#"{"currentTxn": {"value": 454.99, "discount": 5, "date": "2024-07-31T12:20:20Z",
    "lineItems": [{"qty": 1, "amount": 100, "attributes": {"brand": "Puma"}},
        {"qty": 2, "amount": 354.99, "attributes": {"brand": "Asics"}}]},
    "currentCustomer": {"slabName": "Silver"}}"#;

/// How many clauses a rule has, about.
const CLAUSES: usize = 100;

/// All pairs.
///
/// ```
/// use target_rules_testing::workloads::compared;
/// assert!(compared::pairs().iter().all(|pair| pair.old != pair.new));
/// ```
pub fn pairs() -> Vec<Pair> {
    let pair = |name, old: Vec<String>, new: Vec<String>, by: &str| Pair {
        name,
        old: old.join(by),
        new: new.join(by),
    };
    let field = |at: usize, low: usize| format!("currentTxn.extField_f{at} > {low}");
    let range =
        |at: usize| format!("(currentTxn.value >= {0}0 && currentTxn.value < {0}5)", at.wrapping_add(1));
    let either = |at: usize, low: usize| {
        format!(r#"({} || currentCustomer.extField_t{at} == "tier {at}")"#, field(at, low))
    };
    let nested = |at: usize, low: usize| {
        let other = at.wrapping_mul(7).wrapping_add(3) % 25;
        format!(
            r#"({} && (currentTxn.extField_f{other} <= {other} || currentCustomer.slabName == "t{at}" || currentTxn.date.day() == {}))"#,
            field(at, low),
            at % 7 + 1
        )
    };
    let count = |of: usize| 0..CLAUSES / of;
    // One edge of the last clause moves.
    let moved = |at: usize, of: usize| if at + 1 == CLAUSES / of { at + 1 } else { at };
    vec![
        pair(
            "100 fields",
            count(1).map(|at| field(at, at)).collect(),
            count(1).map(|at| field(at, moved(at, 1))).collect(),
            " && ",
        ),
        pair(
            "50 of either",
            count(2).map(|at| either(at, at)).collect(),
            count(2).map(|at| either(at, moved(at, 2))).collect(),
            " && ",
        ),
        pair(
            "50 of either, turned",
            count(2).map(|at| either(at, at)).collect(),
            count(2).rev().map(|at| either(at, at)).collect(),
            " && ",
        ),
        pair(
            "50 of either, turned and one edge moved",
            count(2).map(|at| either(at, at)).collect(),
            count(2).rev().map(|at| either(at, moved(at, 2))).collect(),
            " && ",
        ),
        pair(
            "50 ranges of a number",
            count(2).map(range).collect(),
            count(2).skip(1).map(range).collect(),
            " || ",
        ),
        pair(
            "25 of nested",
            count(4).map(|at| nested(at, at)).collect(),
            count(4).map(|at| nested(at, moved(at, 4))).collect(),
            " || ",
        ),
        pair(
            "25 of nested, turned",
            count(4).map(|at| nested(at, at)).collect(),
            count(4).rev().map(|at| nested(at, at)).collect(),
            " || ",
        ),
        pair(
            "25 of nested, turned and one edge moved",
            count(4).map(|at| nested(at, at)).collect(),
            count(4).rev().map(|at| nested(at, moved(at, 4))).collect(),
            " || ",
        ),
    ]
}
