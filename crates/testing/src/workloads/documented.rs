//! W7: rules as people write them in documentation, whole and by kind, with
//! numbers that vary from one to the next.

use target_rules::{Ast, Limits, Rule, Schema};

use super::generator::Dice;

/// Sentences of our own: one at least for each sequence of methods and
/// operators that public documentation has, and about as many of each.
const OURS: &str = include_str!("documented.json");

/// Where rules of public documentation are, if they are there: a folder.
const SHARED: &str = "TARGET_RULES_SHARED";

/// Numbers up to this one are small counts, hours, months and days.
const SMALL: u64 = 31;

/// Some numbers make no rule, such as edges that do not ascend: drawn again so
/// often before a rule is left as it is.
const TRIES: usize = 50;

/// Where rules come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// `corpus/expressions.jsonl` of the folder that `TARGET_RULES_SHARED` names.
    Corpus,
    /// `documented.json` beside this file.
    Ours,
}

impl Origin {
    /// The corpus where it is there.
    pub fn best() -> Origin {
        if std::env::var_os(SHARED).is_some() { Origin::Corpus } else { Origin::Ours }
    }

    pub fn name(self) -> &'static str {
        match self {
            Origin::Corpus => "the corpus",
            Origin::Ours => "our own table",
        }
    }

    /// The rules as they were written.
    pub fn rules(self) -> Vec<String> {
        match self {
            Origin::Ours => serde_json::from_str(OURS).unwrap(),
            Origin::Corpus => {
                let path = std::path::PathBuf::from(std::env::var_os(SHARED).unwrap());
                let lines = std::fs::read_to_string(path.join("corpus/expressions.jsonl")).unwrap();
                let rows = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
                let valid = rows.filter(|row| row["verdict"] == "valid");
                valid.map(|row| row["dsl"].as_str().unwrap().to_owned()).collect()
            }
        }
    }
}

/// Some of the rules: those with one of these marks in their text, or all where
/// there is no mark.
pub struct Kind {
    pub name: &'static str,
    pub marks: &'static [&'static str],
}

/// The whole, and kind by kind.
pub const KINDS: [Kind; 13] = [
    Kind { name: "all", marks: &[] },
    Kind {
        name: "basket",
        marks: &[
            ".basketSum(",
            ".basketSumGross(",
            ".basketQty(",
            ".basketCount(",
            ".basketIncludes(",
            ".basketExcludes(",
            "If(",
        ],
    },
    Kind {
        name: "regex forms of baskets",
        marks: &["Regex(", "RegexGross(", "RegexBrand(", "RegexCategory("],
    },
    Kind { name: "line items", marks: &["currentLineItem."] },
    Kind { name: "`doesItemMatch`", marks: &[".doesItemMatch("] },
    Kind { name: "custom fields", marks: &["ustomFieldValue"] },
    Kind { name: "segments", marks: &[".clusterValue"] },
    Kind {
        name: "dates",
        marks: &[
            ".isWeek",
            ".year",
            ".month",
            ".day",
            ".isAfter(",
            ".isBefore(",
            ".isHourBetween(",
            ".isTimeBetween(",
            "Diff(",
        ],
    },
    Kind { name: "`interval`", marks: &[".interval("] },
    Kind { name: "`contains`", marks: &[".contains("] },
    Kind { name: "`matches`", marks: &[".matches("] },
    Kind { name: "`dateDiff`", marks: &[".dateDiff("] },
    Kind { name: "attribute against attribute", marks: &[] },
];

impl Kind {
    fn has(&self, text: &str) -> bool {
        if self.name == "attribute against attribute" {
            return compares_attributes(text);
        }
        self.marks.is_empty() || self.marks.iter().any(|mark| text.contains(mark))
    }
}

/// Whether a profile stands right after an operator: what it is compared with,
/// or computed with, is no constant.
fn compares_attributes(text: &str) -> bool {
    let tight: String = text.chars().filter(|one| !matches!(one, ' ' | '(' | ')')).collect();
    let operators = ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*"];
    let profiles = ["current", "groupPrimary"];
    operators
        .iter()
        .any(|operator| profiles.iter().any(|profile| tight.contains(&format!("{operator}{profile}"))))
}

/// So many checked rules of a kind, each with its text: the rules of the origin
/// in turn, their whole numbers above 31 varied by up to a third.
pub fn rules(
    origin: Origin,
    kind: &Kind,
    count: usize,
    seed: u64,
    schema: &Schema,
    limits: &Limits,
) -> Vec<(String, Rule)> {
    let written: Vec<String> = origin.rules().into_iter().filter(|text| kind.has(text)).collect();
    assert!(!written.is_empty(), "no rule of the kind {}", kind.name);
    let mut dice = Dice::new(seed ^ 0x0D0C);
    let checked = |text: &str| Ast::from_text(text, limits).ok()?.check(schema, limits).into_rule().ok();
    let rule = |written: &String| {
        let drawn = (0..TRIES).find_map(|_| {
            let text = varied(written, &mut dice);
            checked(&text).map(|rule| (text, rule))
        });
        drawn.unwrap_or_else(|| {
            (written.clone(), checked(written).unwrap_or_else(|| panic!("{written} does not check")))
        })
    };
    written.iter().cycle().take(count).map(rule).collect()
}

/// The text with other numbers: whole ones above 31, those in strings too, but
/// none that is part of a name or a code, nor with zeros before it.
fn varied(text: &str, dice: &mut Dice) -> String {
    let in_word = |one: char| one.is_alphanumeric() || matches!(one, '_' | '.');
    let mut varied = String::with_capacity(text.len());
    let (mut before, mut rest) = (' ', text);
    while let Some(first) = rest.chars().next() {
        let digits = rest.len() - rest.trim_start_matches(|one: char| one.is_ascii_digit()).len();
        let (run, after) = rest.split_at(digits.max(first.len_utf8()));
        let whole = !in_word(before) && !after.starts_with(in_word) && first != '0' && digits <= 15;
        match run.parse::<u64>() {
            Ok(number) if whole && number > SMALL => {
                let (number, third) = (number.cast_signed(), (number / 3).cast_signed());
                varied.push_str(&dice.between(number - third, number + third + 1).to_string());
            }
            _ => varied.push_str(run),
        }
        before = run.chars().last().unwrap_or(first);
        rest = after;
    }
    varied
}

/// The methods and operators of a rule in the order in which they are written.
pub fn sequence(text: &str) -> Vec<String> {
    const OPERATORS: [&str; 14] =
        ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!"];
    let mut found = Vec::new();
    let (mut name, mut rest) = (String::new(), text);
    while let Some(first) = rest.chars().next() {
        if let Some(operator) = OPERATORS.iter().find(|operator| rest.starts_with(**operator)) {
            found.push((*operator).to_owned());
            rest = &rest[operator.len()..];
            name.clear();
            continue;
        }
        rest = &rest[first.len_utf8()..];
        match first {
            '"' => {
                rest = after_string(rest);
                name.clear();
            }
            // A bracket right after a name after a dot opens a call.
            '(' if name.starts_with('.') => found.push(std::mem::take(&mut name)[1..].to_owned()),
            '.' => name = ".".to_owned(),
            '_' | 'a'..='z' | 'A'..='Z' | '0'..='9' => name.push(first),
            _ => name.clear(),
        }
    }
    found
}

fn after_string(mut rest: &str) -> &str {
    while let Some(first) = rest.chars().next() {
        rest = &rest[first.len_utf8()..];
        match first {
            '"' => return rest,
            '\\' => rest = rest.get(1..).unwrap_or_default(),
            _ => {}
        }
    }
    rest
}
