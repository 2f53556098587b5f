//! Rules that are right by construction, written as untidily as people do.

use arbitrary::{Arbitrary, Result, Unstructured};

/// The text of a rule that must be accepted. Its debug form is the text, for
/// `cargo fuzz fmt`.
pub struct WrittenRule {
    /// The rule.
    pub text: String,
}

impl std::fmt::Debug for WrittenRule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl<'a> Arbitrary<'a> for WrittenRule {
    fn arbitrary(input: &mut Unstructured<'a>) -> Result<WrittenRule> {
        let mut writer = Writer { input, text: String::new() };
        writer.boolean(LEVELS)?;
        Ok(WrittenRule { text: writer.text })
    }
}

/// Several rules; their debug form has them one a line.
#[derive(Arbitrary)]
pub struct WrittenRules(Vec<WrittenRule>);

impl WrittenRules {
    /// The rules, one a line.
    pub fn lines(&self) -> String {
        let lines = self.0.iter().map(|rule| rule.text.replace(['\r', '\n'], " "));
        lines.collect::<Vec<String>>().join("\n")
    }
}

impl std::fmt::Debug for WrittenRules {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.lines())
    }
}

/// Operators within each other; with the levels of calls and prefix operators
/// below the default limit on depth.
const LEVELS: usize = 10;

const BOOLEANS: &[&str] = &["currentCustomer.isLoyal", "currentCustomer.isTest", "currentCustomer.isControl"];
const NUMBERS: &[&str] = &[
    "currentTxn.value",
    "currentTxn.basketSize",
    "currentTxn.grossAmount",
    "currentCustomer.currentPoints",
    "currentLineItem.qty",
    "currentLineItem.value",
];
const TEXTS: &[&str] =
    &["currentTxn.number", "currentTxn.notes", "currentCustomer.slabName", "currentStore.code"];
const DATES: &[&str] = &["currentTxn.date", "currentCustomer.joinDate", "currentCustomer.slabExpiryDate"];
const SPACES: &[&str] = &["", "", "", "", " ", "\t", "\r\n", "\u{a0}", "  "];
const PATTERNS: &[&str] = &["a", "^[A-Z]+$", "\\d{2,3}", "(?i)puma", "\\\\.", "x|y", "\\\"", "[^\\s]"];

struct Writer<'u, 'a> {
    input: &'u mut Unstructured<'a>,
    text: String,
}

impl Writer<'_, '_> {
    /// A token, with white space after it now and then.
    fn put(&mut self, token: &str) -> Result<()> {
        self.text.push_str(token);
        if self.text.len() < 4_000 {
            self.text.push_str(self.input.choose(SPACES)?);
        }
        Ok(())
    }

    fn one_of(&mut self, tokens: &[&str]) -> Result<()> {
        let token = self.input.choose(tokens)?;
        self.put(token)
    }

    fn bracketed(&mut self, inner: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.put("(")?;
        inner(self)?;
        self.put(")")
    }

    fn number_literal(&mut self) -> Result<()> {
        let whole: u32 = self.input.arbitrary()?;
        let text = match self.input.int_in_range(0..=4)? {
            0 => whole.to_string(),
            1 => format!("0{whole}"),
            2 => format!("-{whole}"),
            3 => format!("{whole}.{:03}", self.input.int_in_range(0..=999)?),
            _ => format!("- {whole}.50"),
        };
        self.put(&text)
    }

    fn string_literal(&mut self) -> Result<()> {
        let text: String = self.input.arbitrary()?;
        let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
        self.put(&format!("\"{quoted}\""))
    }

    fn boolean(&mut self, levels: usize) -> Result<()> {
        let most = if levels == 0 || self.input.is_empty() { 8 } else { 12 };
        match self.input.int_in_range(0..=most)? {
            0 => self.one_of(&["true", "false"]),
            1 => self.one_of(BOOLEANS),
            2 => {
                self.one_of(NUMBERS)?;
                self.one_of(&["<", "<=", ">", ">=", "==", "!="])?;
                self.number_literal()
            }
            3 => {
                self.one_of(TEXTS)?;
                self.one_of(&["==", "!="])?;
                self.string_literal()
            }
            4 => {
                self.one_of(TEXTS)?;
                self.one_of(&[".contains(", ".exists("])?;
                self.string_literal()?;
                self.put(")")
            }
            5 => {
                self.one_of(TEXTS)?;
                let pattern = self.input.choose(PATTERNS)?;
                self.put(&format!(".matches(\"{pattern}\")"))
            }
            6 => {
                self.one_of(DATES)?;
                self.one_of(&[
                    ".isWeekend()",
                    ".isHourBetween(22,4)",
                    ".isNull(\"\")",
                    ".dateDiff(2024,2,29)>7",
                ])
            }
            7 => {
                self.one_of(DATES)?;
                self.one_of(&["<", "<=", ">", ">=", "==", "!="])?;
                self.one_of(DATES)
            }
            8 => {
                self.one_of(&["currentCustomer.isGroupMember", "(currentCustomer.isGroupMember)"])?;
                self.one_of(&["==", "!="])?;
                self.one_of(&["Yes", "No", "\"Yes\""])
            }
            9 => self.bracketed(|writer| writer.boolean(levels - 1)),
            10 => {
                self.put("!")?;
                self.bracketed(|writer| writer.boolean(levels - 1))
            }
            11 => {
                self.number(levels - 1)?;
                self.one_of(&["<", "<=", ">", ">=", "==", "!="])?;
                self.number(levels - 1)
            }
            _ => {
                // `a<b==c` is well typed too, and reads from the left.
                let operator = *self.input.choose(&["&&", "||", "&&", "||", "=="])?;
                let operands = if operator == "==" { 2 } else { self.input.int_in_range(2..=5)? };
                for operand in 0..operands {
                    if operand > 0 {
                        self.put(operator)?;
                    }
                    self.bracketed(|writer| writer.boolean(levels - 1))?;
                }
                Ok(())
            }
        }
    }

    fn number(&mut self, levels: usize) -> Result<()> {
        let most = if levels == 0 || self.input.is_empty() { 2 } else { 5 };
        match self.input.int_in_range(0..=most)? {
            0 => self.number_literal(),
            1 => self.one_of(NUMBERS),
            2 => {
                self.put("currentTxn.basketSum(\"brand\",")?;
                self.string_literal()?;
                self.put(")")
            }
            3 => self.bracketed(|writer| writer.number(levels - 1)),
            4 => {
                self.put("-")?;
                self.bracketed(|writer| writer.number(levels - 1))
            }
            _ => {
                self.number(levels - 1)?;
                self.one_of(&["+", "-", "*", "/", "%"])?;
                self.number(levels - 1)
            }
        }
    }
}
