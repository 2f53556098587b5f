//! Slips, put into rules that are right.
#![allow(clippy::string_slice, reason = "a test fails by panicking")]

/// A kind of slip: the rules that it makes of one, none where the rule has no
/// place for it.
pub(crate) type Slip = fn(&str) -> Vec<String>;

/// Rules with a place for each slip.
pub(crate) const EXAMPLES: [&str; 19] = [
    "currentTxn.value>5000&&currentCustomer.slabName==\"Gold\"",
    "currentTxn.value>=1250.5||currentCustomer.isLoyal==false",
    "currentTxn.date.day()==1&&currentTxn.date.month()!=12",
    "currentCustomer.email.isNull()||currentTxn.value.isNotNull()&&currentTxn.date.isNotNull()",
    "currentTxn.date.isBefore(2025,10,21)||currentTxn.date.isBefore(2025,1,1)==false",
    "currentCustomer.email.matches(\"^a\")&&currentCustomer.name.contains(\"a b\")",
    "currentTxn.discount<=currentTxn.value*10/100",
    "currentTxn.value-currentTxn.value*10/100>900&&currentCustomer.isLoyal",
    "currentTxn.basketSum(\"brand\",\"Puma\")*10/100>=currentTxn.points",
    "currentLineItem.discount>=currentLineItem.value*10/100",
    "currentTxn.points>=10/100*currentTxn.value",
    "currentCustomer.slabName==\"Gold\"||currentCustomer.slabName==\"Silver\"",
    "currentCustomer.slabName!=\"Gold\"&&currentCustomer.slabName!=\"Silver\"||currentTxn.date.day()==1",
    "currentTxn.value>5000&&(currentCustomer.slabName==\"Gold\"||currentCustomer.slabName==\"Silver\")",
    "currentTxn.notes.matches(\"^a\")||currentTxn.date.month()!=12",
    "currentCustomer.isLoyal==false&&(currentTxn.points>1)==false",
    "currentLineItem.doesItemMatch(\"category\",\"shoes\")&&currentLineItem.rate>5",
    "tenderProfile.code==\"CASH\"&&tenderProfile.amount>5",
    "currentTxn.basketIncludes(\"brand\",\"Puma\")&&currentTxn.basketSum(\"brand\",\"Puma\")>1000000",
];

/// The slips that leave something to choose, and what: nothing safe makes such a
/// rule say what it said.
pub(crate) const GUESSED: [(&str, &str); 9] = [
    ("a currency", "the numbers of a rule are in the currency of the program, which may be another"),
    ("a date as text", "who writes a day may mean all of it, or its first instant"),
    (
        "a name of elsewhere",
        "other systems call several things so, such as the value before or after discount",
    ),
    ("a letter lost", "a name that is nearly one may be a field that the schema lacks"),
    ("a letter too many", "the same"),
    ("a bracket lost", "it may have stood at several places, and the rule reads differently with each"),
    ("a quote lost", "the text may end at several places"),
    ("an odd character", "the document may hold the same character"),
    ("a named argument", "the name may be one of the method's own, and the other argument missing"),
];

pub(crate) const SLIPS: [(&str, Slip); 39] = [
    ("escaped as JSON", |rule| vec![rule.replace('\\', "\\\\").replace('"', "\\\"")]),
    ("a JSON string", |rule| vec![serde_json::Value::from(rule).to_string()]),
    ("a cell of CSV", |rule| vec![format!("\"{}\"", rule.replace('"', "\"\""))]),
    ("doubled quotes", |rule| match rule.contains('"') && !rule.contains('\\') {
        true => vec![rule.replace('"', "\"\"")],
        false => Vec::new(),
    }),
    ("in square brackets", |rule| vec![format!("[{rule}]")]),
    ("in braces", |rule| vec![format!("{{{rule}}}")]),
    ("a JSON list", |rule| vec![serde_json::json!([rule]).to_string()]),
    ("in a paragraph", |rule| vec![format!("<p>{rule}</p>")]),
    ("a page", |rule| {
        let in_text = rule.split('"').skip(1).step_by(2).any(|text| text.contains(['&', '<', '>']));
        if in_text {
            return Vec::new();
        }
        vec![format!("<b>{}</b>", rule.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))]
    }),
    ("a formula", |rule| vec![format!("={rule}")]),
    ("in quotes", |rule| vec![format!("'{rule}'"), format!("`{rule}`")]),
    ("fenced", |rule| vec![format!("```{rule}```")]),
    ("and, or", |rule| [outside(rule, "&&", " and "), outside(rule, "||", " OR ")].concat()),
    ("AND(a,b)", |rule| match rule.split("&&").collect::<Vec<_>>().as_slice() {
        parts @ [_, _, ..] if !rule.contains("||") => vec![format!("AND({})", parts.join(","))],
        _ => Vec::new(),
    }),
    ("single equals", |rule| outside(rule, "==", "=")),
    ("three equals", |rule| outside(rule, "==", "===")),
    ("single logic", |rule| [outside(rule, "&&", "&"), outside(rule, "||", "|")].concat()),
    ("angle brackets", |rule| outside(rule, "!=", "<>")),
    ("signs of mathematics", |rule| {
        [outside(rule, ">=", "≥"), outside(rule, "<=", "≤"), outside(rule, "!=", "≠")].concat()
    }),
    ("curly quotes", |rule| paired(rule, "“", "”")),
    ("single quotes", |rule| paired(rule, "'", "'")),
    ("primes", |rule| paired(rule, "″", "″")),
    ("thousands", |rule| numbers(rule, grouped)),
    ("k", |rule| {
        numbers(rule, |number| {
            number.strip_suffix("000").filter(|rest| !rest.is_empty()).map(|rest| format!("{rest}k"))
        })
    }),
    ("a currency", |rule| numbers(rule, |number| (number.len() > 2).then(|| format!("{number} INR")))),
    ("Arabic digits", |rule| {
        numbers(rule, |number| {
            number.chars().map(|digit| char::from_u32(0x660 + digit.to_digit(10)?)).collect()
        })
    }),
    ("percent", |rule| {
        [
            outside(rule, "10/100", "10%"),
            outside(rule, "10/100", "10 percent"),
            outside(rule, "currentTxn.value*10/100", "10% of currentTxn.value"),
        ]
        .concat()
    }),
    ("null", |rule| {
        [outside(rule, ".isNull()", "==null"), outside(rule, ".isNotNull()", " != nil")].concat()
    }),
    ("a date as text", |rule| {
        [
            outside(rule, ".isBefore(2025,10,21)", " <= \"2025-10-20\""),
            outside(rule, ".isBefore(2025,1,1)==false", ">=\"2025-01-01\""),
        ]
        .concat()
    }),
    ("names of days", |rule| {
        [outside(rule, ".day()==1", ".day()==\"Sunday\""), outside(rule, ".month()!=12", ".month()!=\"Dec\"")]
            .concat()
    }),
    ("an operator for patterns", |rule| {
        [" =~ \"^a\"", " ~ \"^a\""].map(|asked| outside(rule, ".matches(\"^a\")", asked)).concat()
    }),
    ("a list", |rule| {
        let joined = "currentCustomer.slabName==\"Gold\"||currentCustomer.slabName==\"Silver\"";
        let refused = "currentCustomer.slabName!=\"Gold\"&&currentCustomer.slabName!=\"Silver\"";
        [
            outside(rule, joined, "currentCustomer.slabName==(\"Gold\",\"Silver\")"),
            outside(rule, joined, "currentCustomer.slabName in (\"Gold\",\"Silver\")"),
            outside(rule, refused, "currentCustomer.slabName!=(\"Gold\",\"Silver\")"),
        ]
        .concat()
    }),
    ("a name of elsewhere", |rule| {
        [
            outside(rule, "currentTxn.value", "currentTxn.amount"),
            outside(rule, "slabName", "tier"),
            outside(rule, "currentLineItem.rate", "currentLineItem.price"),
            outside(rule, "tenderProfile.code", "tenderProfile.mode"),
            outside(rule, ".contains(", ".includes("),
        ]
        .concat()
    }),
    ("a letter lost", |rule| {
        ["value", "slabName", "currentTxn", "isBefore", "basketSum", "points", "email"]
            .iter()
            .flat_map(|name| outside(rule, name, &name[..name.len() - 1]))
            .collect()
    }),
    ("a letter too many", |rule| {
        ["currentCustomer", "date", "contains", "discount"]
            .iter()
            .flat_map(|name| outside(rule, name, &format!("{name}s")))
            .collect()
    }),
    ("a bracket lost", |rule| [outside(rule, ")", ""), outside(rule, "(", "")].concat()),
    ("a quote lost", |rule| match rule.rfind('"') {
        Some(at) => vec![format!("{}{}", &rule[..at], &rule[at + 1..])],
        None => Vec::new(),
    }),
    ("an odd character", |rule| match rule.rfind('"') {
        Some(at) => [" ", "\u{a0}", "\u{200b}", "e\u{301}"]
            .map(|odd| format!("{}{odd}{}", &rule[..at], &rule[at..]))
            .into(),
        None => Vec::new(),
    }),
    ("a named argument", |rule| {
        [
            outside(rule, "(\"brand\",\"Puma\")", "(brand=\"Puma\")"),
            outside(rule, "(\"category\",\"shoes\")", "( category == \"shoes\" )"),
        ]
        .concat()
    }),
];

/// Rules with a `not` in words, each after the same rule without.
pub(crate) fn negated(rule: &str) -> Vec<(String, String)> {
    let mut pairs = vec![
        (format!("{rule}&&currentCustomer.isTest==false"), format!("{rule} and not currentCustomer.isTest")),
        (format!("({rule})==false"), format!("not ({rule})")),
        (format!("{rule}||({rule})==false"), format!("{rule} OR NOT ({rule})")),
    ];
    if !rule.contains("&&") && !rule.contains("||") {
        pairs.push((format!("({rule})==false"), format!("not {rule}")));
        pairs.push((format!("({rule})==false"), format!("NOT({rule})")));
    }
    pairs
}

/// The rule with the first occurrence of a part outside of strings exchanged,
/// where it has one.
fn outside(rule: &str, part: &str, with: &str) -> Vec<String> {
    let in_string = |at: usize| rule[..at].replace("\\\"", "").matches('"').count() % 2 == 1;
    let place =
        rule.match_indices(part).map(|(at, _)| at).find(|at| part.starts_with('"') || !in_string(*at));
    place.map(|at| format!("{}{with}{}", &rule[..at], &rule[at + part.len()..])).into_iter().collect()
}

/// The first string in other quotes.
fn paired(rule: &str, open: &str, close: &str) -> Vec<String> {
    let mut parts = rule.splitn(3, '"');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(before), Some(inner), Some(after)) if !inner.contains(['\\', '\'', '`']) => {
            vec![format!("{before}{open}{inner}{close}{after}")]
        }
        _ => Vec::new(),
    }
}

/// The first number after a comparison, written in another way.
fn numbers(rule: &str, with: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let Some(at) = rule.find(['>', '<']) else { return Vec::new() };
    let start = at + 1 + usize::from(rule[at + 1..].starts_with('='));
    let rest = &rule[start..];
    let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    let (number, after) = rest.split_at(digits);
    let plain = !number.is_empty() && !number.starts_with('0') && !after.starts_with(['.', '_', ',']);
    match with(number).filter(|_| plain) {
        Some(written) => vec![format!("{}{written}{after}", &rule[..start])],
        None => Vec::new(),
    }
}

/// Digits in groups of three.
fn grouped(number: &str) -> Option<String> {
    let first = match number.len() % 3 {
        0 => 3,
        first => first,
    };
    let (first, rest) = number.split_at_checked(first)?;
    let groups: Vec<&str> = (0..rest.len() / 3).map(|group| &rest[group * 3..group * 3 + 3]).collect();
    (!groups.is_empty()).then(|| format!("{first} {}", groups.join(" ")))
}
