//! Functions and methods of other languages: what to write instead, or that
//! there is nothing.

use crate::diagnostic::Confidence::{self, Guess, Safe};
use crate::diagnostic::{Repair, Span, repair};
use crate::schema::EXTENDED;
use crate::syntax::ast::{AstLiteral, AstNode, AstNodeKind, Name};
use crate::syntax::quoted;
use crate::typed::{Node, NodeKind, Type};

use super::checker::Checker;
use super::elsewhere::lists;
use super::listed_fields::{comes_each_year, plain};

/// What a method of another language is here.
#[derive(Clone, Copy)]
enum Here {
    /// A pattern: what stands before and after the text.
    Pattern(&'static str, &'static str, Confidence),
    /// An operator between the value and the argument.
    Operator(&'static str),
    /// A method, and what follows its brackets.
    Method(&'static str, &'static str),
    /// The same without arguments.
    Ask(&'static str),
    /// Only words can say it.
    Words(&'static str),
    /// The comparison for each argument.
    OneOf,
    /// The days between two dates, or to the nearest anniversary.
    Days,
}

const NOT_THERE: &str = "there is nothing for it";
const NO_CLOCK: &str = "a rule does not see the clock; ask the date of the transaction, such as \
    `currentTxn.date.isAfter(2025,1,31)`";
const NO_ROUNDING: &str = "there is nothing for it, for numbers are exact; compare with limits, such as \
    `currentTxn.value>=4.5`";
const NO_CASE: &str = "there is nothing for it; `.matches(\"(?i)^...$\")` compares without regard to case";
const NO_LENGTH: &str = "there is nothing for it; `.matches(\"^.{5,}$\")` asks for 5 characters or more";
const NO_PART: &str = "there is nothing for it; `.matches(\"^...\")` asks for the beginning of a text, \
    `.matches(\"...$\")` for its end";
const NO_TRIM: &str = "there is nothing for it; `.matches(\"^\\s*Gold\\s*$\")` passes over spaces";
const ONE_CONDITION: &str = "a rule is one condition; write the condition alone, for it is true or false by \
    itself";
const OF_BASKET: &str = "there is nothing for it; basket methods add and count, such as \
    `currentTxn.basketSum(\"brand\",\"Puma\")`";
const ANY_ITEM: &str = "there is nothing for it; ask the basket, such as \
    `currentTxn.basketIncludes(\"brand\",\"Puma\")`, or the item at hand by `currentLineItem`";
const EACH_LIMIT: &str = "there is nothing for it; compare with each by itself, joined by `&&` or `||`";

/// What every value may be asked elsewhere.
const OF_ANY: [(&str, Here); 8] = [
    ("equals equal eq is isequal isequalto equalto", Here::Operator("==")),
    ("notequals notequal ne neq isnot isnotequalto", Here::Operator("!=")),
    ("ispresent isdefined notnull hasvalue isset isthere", Here::Ask("isNotNull")),
    ("isabsent ismissing isundefined isnil isnone isnotpresent", Here::Ask("isNull")),
    ("in isin oneof anyof isoneof", Here::OneOf),
    ("tostring str text tostr format", Here::Words(NOT_THERE)),
    ("todate parsedate todatetime asdate", Here::Words(NOT_THERE)),
    ("tonumber toint tointeger todecimal asnumber parseint parsefloat", Here::Words(NOT_THERE)),
];

const OF_TEXT: [(&str, Here); 16] = [
    ("startswith beginswith hasprefix", Here::Pattern("^", "", Safe)),
    ("endswith hassuffix", Here::Pattern("", "$", Safe)),
    ("equalsignorecase equalignorecase iequals", Here::Pattern("(?i)^", "$", Guess)),
    ("containsignorecase icontains", Here::Pattern("(?i)", "", Guess)),
    ("startswithignorecase istartswith", Here::Pattern("(?i)^", "", Guess)),
    ("endswithignorecase iendswith", Here::Pattern("(?i)", "$", Guess)),
    ("includes has contain", Here::Method("contains", "")),
    ("notcontains doesnotcontain excludes notcontain", Here::Method("contains", "==false")),
    ("match test regex regexmatch matchesregex regexmatches search", Here::Method("matches", "")),
    (
        "like ilike",
        Here::Words("ask with `.contains(\"...\")`, or with a regular expression: `.matches(\"...\")`"),
    ),
    ("isblank", Here::Ask("isEmpty")),
    ("isnotempty isnotblank notempty nonempty", Here::Ask("exists")),
    ("length size len count", Here::Words(NO_LENGTH)),
    (
        "tolowercase touppercase lower upper tolower toupper lowercase uppercase lcase ucase casefold",
        Here::Words(NO_CASE),
    ),
    ("trim strip ltrim rtrim trimstart trimend", Here::Words(NO_TRIM)),
    ("substring substr left right mid charat slice indexof split replace concat", Here::Words(NO_PART)),
];

const OF_NUMBER: [(&str, Here); 5] = [
    ("round floor ceil ceiling abs tofixed trunc truncate sqrt pow", Here::Words(NO_ROUNDING)),
    ("isempty isblank notexists", Here::Ask("isNull")),
    ("exists isnotempty isnotblank", Here::Ask("isNotNull")),
    ("between isbetween within inrange", Here::Words("write both comparisons: `...>=5&&...<=10`")),
    ("min max", Here::Words(EACH_LIMIT)),
];

const OF_DATE: [(&str, Here); 15] = [
    (
        "hour gethour gethours hours hourofday",
        Here::Words(
            "there is nothing for it; `.isHourBetween(9,17)` asks whether the time is from 9:00 to 17:00",
        ),
    ),
    (
        "minute getminutes minutes second time timeofday gettime",
        Here::Words("there is nothing for it; `.isTimeBetween(9,30,17,0)` asks for a time of day"),
    ),
    ("dayofweek weekday getday getdayofweek", Here::Method("day", "")),
    ("getdate getdayofmonth monthday", Here::Method("dayOfMonth", "")),
    ("getmonth", Here::Method("month", "")),
    ("getyear getfullyear", Here::Method("year", "")),
    ("after", Here::Method("isAfter", "")),
    ("before", Here::Method("isBefore", "")),
    (
        "between isbetween within",
        Here::Words("write both: `....isBefore(2025,1,1)==false&&....isBefore(2025,2,1)`"),
    ),
    ("issameday issamedate sameday", Here::Method("dateDiff", "==0")),
    (
        "daysbetween diff difference diffdays diffindays daysdifference datedifference dayssince daysuntil daysto \
         daysfrom",
        Here::Days,
    ),
    ("isempty isblank notexists", Here::Ask("isNull")),
    ("exists isnotempty", Here::Ask("isNotNull")),
    ("istoday today now isyesterday isthismonth isfuture ispast", Here::Words(NO_CLOCK)),
    (
        "quarter week weekofyear dayofyear adddays plusdays minusdays addmonths plus minus date format",
        Here::Words("there is nothing for it; `.month()`, `.dayOfMonth()` and `.dateDiff(...)` ask for days"),
    ),
];

const OF_BOOLEAN: [(&str, Here); 4] = [
    ("istrue", Here::Operator("==true")),
    ("isfalse not negate", Here::Operator("==false")),
    ("isempty isblank notexists", Here::Ask("isNull")),
    ("exists isnotempty", Here::Ask("isNotNull")),
];

/// Functions that are called without a value before them.
const FUNCTIONS: [(&str, &str); 16] = [
    (
        "round floor ceil ceiling abs trunc truncate sqrt pow power int integer number tonumber cast decimal fix",
        NO_ROUNDING,
    ),
    ("min max greatest least", EACH_LIMIT),
    ("sum count avg average total sumif countif sumifs countifs averageif sumproduct", OF_BASKET),
    ("if iif case when switch ifelse ternary choose ifs unless", ONE_CONDITION),
    (
        "now today currentdate getdate sysdate currenttimestamp curdate currenttime systime date_now gettime",
        NO_CLOCK,
    ),
    ("len length size", NO_LENGTH),
    ("lower upper tolower toupper lcase ucase lowercase uppercase", NO_CASE),
    ("trim ltrim rtrim strip", NO_TRIM),
    (
        "substr substring left right mid startswith endswith instr indexof replace concat concatenate join split",
        NO_PART,
    ),
    (
        "date todate datevalue timestamp parsedate datetime to_date",
        "a date is asked with its day, such as `currentTxn.date.isAfter(2025,1,31)`",
    ),
    ("any all none every some anymatch allmatch nonematch filter map foreach", ANY_ITEM),
    (
        "coalesce ifnull nvl nullif default",
        "there is nothing for it; `.isNull()` asks whether a value is absent",
    ),
    ("xor", "write `!=` between two conditions in brackets"),
    ("between", "write both comparisons, such as `currentTxn.value>=5&&currentTxn.value<=10`"),
    ("in oneof anyof", "write a comparison for each value, joined by `||`"),
    (
        "hour minute second week quarter",
        "there is nothing for it; `.isHourBetween(9,17)` and `.isTimeBetween(9,30,17,0)` ask a date for its time",
    ),
];

impl Checker<'_> {
    /// What to write for a method that other languages ask of such a value.
    pub(super) fn method_elsewhere(
        &self,
        value: &Node,
        name: &Name,
        arguments: &[AstNode],
        whole: &AstNode,
    ) -> Option<Repair> {
        let word = plain(&name.text);
        let is_enum = matches!(value.of, Type::Enum(_));
        let table: &[(&str, Here)] = match value.of {
            Type::Text | Type::Enum(_) => &OF_TEXT,
            Type::Number => &OF_NUMBER,
            Type::Date => &OF_DATE,
            Type::Boolean => &OF_BOOLEAN,
        };
        // A field of unknown type is a text only where nothing says otherwise.
        let of_field =
            matches!(&value.kind, NodeKind::Attribute(attribute) if attribute.name.starts_with(EXTENDED));
        let of_dates: &[(&str, Here)] = if of_field && value.of == Type::Text { &OF_DATE } else { &[] };
        let (_, here) = table.iter().chain(&OF_ANY).chain(of_dates).find(|(names, _)| lists(names, &word))?;
        let brackets = Span::new(name.span.end(), whole.span.end());
        let written = self.editor().slice(brackets)?;
        let text = match arguments {
            [AstNode { kind: AstNodeKind::Literal(AstLiteral::Text(text)), .. }] => Some(text),
            _ => None,
        };
        // From the dot on: the value stays as it is written.
        let from = self.editor().before_name(name.span)?;
        let instead = |call: String, sure| {
            Repair::from(format!("write `{}`", repair(&call))).by(self.editor().in_text(
                Span::new(from, whole.span.end()),
                call,
                sure,
            ))
        };
        Some(match *here {
            Here::Words(words) => words.into(),
            Here::Ask(method) => instead(format!(".{method}()"), Guess),
            Here::Method(method, after) => {
                let written = if written.is_empty() { "()" } else { written };
                instead(format!(".{method}{written}{after}"), Guess)
            }
            Here::Pattern(before, after, sure) => {
                // Of an enum the whole constant must match.
                let gap = |anchored: bool| if anchored || !is_enum { "" } else { ".*" };
                let before = format!("{before}{}", gap(before.ends_with('^')));
                let after = format!("{}{after}", gap(after == "$"));
                match text {
                    Some(text) => {
                        let pattern = format!("{before}{}{after}", regex_syntax::escape(text));
                        instead(format!(".matches({})", quoted(&pattern)), sure)
                    }
                    None => {
                        format!("ask with a regular expression: `.matches(\"{before}...{after}\")`").into()
                    }
                }
            }
            Here::Operator(sign) if sign.len() > 2 => instead(sign.to_owned(), Guess),
            Here::Operator(sign) => match arguments {
                [_] => {
                    let argument = written.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
                    instead(format!("{sign}{}", argument.unwrap_or(written)), Guess)
                }
                _ => format!("write `{sign}` between the two").into(),
            },
            Here::OneOf => self.one_of(value, arguments, whole),
            Here::Days => self.days_between(value, written, Span::new(from, whole.span.end())),
        })
    }

    /// The two methods that count the days between dates; `written` are the
    /// brackets of the call, and `place` is the call from its dot on.
    fn days_between(&self, value: &Node, written: &str, place: Span) -> Repair {
        let each_year = comes_each_year(written)
            || matches!(&value.kind, NodeKind::Attribute(attribute) if comes_each_year(&attribute.name));
        let mut ways =
            [("dateDiff", "all days between the two"), ("daysDiff", "the days to the nearest anniversary")];
        // Who asks for a birthday has all its years in mind.
        if each_year {
            ways.reverse();
        }
        let said = ways.map(|(method, what)| format!("`.{method}{}` for {what}", repair(written)));
        let edits =
            ways.map(|(method, _)| self.editor().in_text(place, format!(".{method}{written}"), Guess));
        Repair::from(format!("write {}", said.join(", "))).by(edits.into_iter().flatten())
    }

    fn one_of(&self, value: &Node, arguments: &[AstNode], whole: &AstNode) -> Repair {
        let asked = self.editor().slice(value.span).unwrap_or("");
        let constants = arguments
            .iter()
            .map(|argument| match argument.kind {
                AstNodeKind::Literal(_) => self.editor().slice(argument.span),
                _ => None,
            })
            .collect::<Option<Vec<&str>>>();
        match constants {
            Some(constants) if !constants.is_empty() => {
                let each: Vec<String> =
                    constants.iter().map(|constant| format!("{asked}=={constant}")).collect();
                let joined = each.join("||");
                Repair::from(format!("repeat the comparison: `{}`", repair(&joined)))
                    .by(self.editor().in_text(whole.span, format!("({joined})"), Guess))
            }
            _ => "write a comparison for each value, joined by `||`".into(),
        }
    }

    /// What to write for a call without a profile: a method that is asked of its
    /// first argument, or a function that there is not.
    pub(super) fn function_elsewhere(
        &self,
        name: &Name,
        arguments: &[AstNode],
        whole: &AstNode,
    ) -> Option<Repair> {
        let word = plain(&name.text);
        let there = ["has", "exists", "defined", "isnotnull", "notnull", "present", "ispresent", "isset"];
        let absent = ["isnull", "isempty", "isblank", "missing", "undefined", "notexists", "isna"];
        let method = match word.as_str() {
            word if arguments.len() == 1 && there.contains(&word) => Some("isNotNull"),
            word if arguments.len() == 1 && absent.contains(&word) => Some("isNull"),
            word => self
                .schema
                .values
                .values()
                .flat_map(|methods| methods.keys())
                .map(String::as_str)
                .find(|method| method.eq_ignore_ascii_case(word)),
        };
        if let Some(method) = method
            && let Some((first, rest)) = arguments.split_first()
        {
            let asked = matches!(first.kind, AstNodeKind::Member { .. } | AstNodeKind::Call { .. });
            let rest = match rest.last() {
                Some(last) => self.editor().slice(Span::new(rest.first()?.span.start(), last.span.end()))?,
                None => "",
            };
            let call = format!("{}.{method}({rest})", self.editor().slice(first.span)?);
            let said = format!("ask the attribute itself: `{}`", repair(&call));
            let instead = if asked { self.editor().in_text(whole.span, call, Guess) } else { None };
            return Some(Repair::from(said).by(instead));
        }
        let (_, words) = FUNCTIONS.iter().find(|(names, _)| lists(names, &word))?;
        Some((*words).into())
    }
}
