//! An explanation for a terminal.

use crate::diagnostic::{Colour, Shown, Style, cut, visible};
use crate::interpret::{ExplainedKind, ExplainedNode, ExplainedState, ExplainedType, Explanation};
use crate::value::Truth;

use super::outline::{Outline, OutlineBranch};
use super::preface::{Preface, answer};
use super::{described, fault_words, heading, reasons, sign, summary};

/// The most characters of a node's text, or of a value, that are shown.
const WIDTH: usize = 100;
/// About how many nodes of all trees together are shown at most.
const MOST_ENTRIES: usize = 400;

impl Explanation {
    /// The explanation for a terminal: the rule in plain English, then an
    /// indented tree with one line for each node: its sign (`✓` true, `✗` false, `?` unknown), its text and its
    /// value.
    ///
    /// In a long chain the terms that decide it are shown and the others are
    /// counted, so that the text stays within a few hundred lines. Ends in a
    /// line feed.
    ///
    /// Cost is linear in what is shown, which is bounded.
    ///
    /// ```
    /// use target_rules::diagnostic::Colour;
    /// use target_rules::{Ast, Layout, Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let text = r#"currentTxn.value > 500 && currentCustomer.slabName == "Gold""#;
    /// let ast = Ast::from_text(text, &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let document = r#"{"currentTxn": {"value": 455}}"#;
    /// let transaction = Layout::of([&rule]).read(document, &limits)?;
    /// let shown = rule.explain(&transaction, &Zone::UTC).to_text(Colour::Off);
    /// assert!(shown.contains("✗ false: currentTxn.value>500 -- short by 45"));
    /// assert!(shown.contains(r#"? unknown: currentCustomer.slabName=="Gold""#));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn to_text(&self, colour: Colour) -> Shown {
        let mut writer = TextWriter { out: Shown::default(), colour };
        if let Some(missing) = self.missing() {
            writer.plain(&visible(&missing));
            writer.plain("\n\n");
        }
        writer.explanation(self);
        writer.out
    }

    /// The same with something above the rule, such as the conditions of a
    /// target beside its rule.
    ///
    /// ```
    /// use target_rules::diagnostic::Colour;
    /// use target_rules::explain::{Preface, PrefaceRow};
    /// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let document = r#"{"currentTxn": {"value": 455}}"#;
    /// let transaction = Layout::of([&rule]).read(document, &limits)?;
    /// let mut preface = Preface::new("Does n-1 count for Shoes?", Truth::False);
    /// preface.rows.push(PrefaceRow::new(Truth::True, "target", "it is switched on"));
    /// let explanation = rule.explain(&transaction, &Zone::UTC);
    /// let shown = explanation.to_text_below(&preface, Colour::Off);
    /// assert!(shown.starts_with("Does n-1 count for Shoes? ✗ no\n"));
    /// assert!(shown.contains("✓ target: it is switched on"));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn to_text_below(&self, preface: &Preface, colour: Colour) -> Shown {
        let mut writer = TextWriter { out: Shown::default(), colour };
        let result = preface.result;
        writer.paint(Style::Bold, &visible(&preface.title));
        writer.plain(" ");
        writer.paint(tone(Some(result)), &format!("{} {}", sign(Some(result)), answer(result)));
        writer.plain("\n");
        if let Some(sentence) = &preface.sentence {
            writer.plain(&format!("{}\n", visible(sentence)));
        }
        writer.plain("\n");
        for row in &preface.rows {
            writer.paint(tone(Some(row.outcome)), &sign(Some(row.outcome)).to_string());
            writer.plain(&format!(" {}: {}\n", visible(&row.label), visible(&row.note)));
        }
        writer.plain("\n");
        writer.explanation(self);
        writer.out
    }
}

/// [`Explanation::to_text`] without colours.
///
/// ```
/// use target_rules::{Ast, Layout, Limits, Schema, Zone};
/// let limits = Limits::default();
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// let transaction = layout.read(r#"{"currentTxn": {"value": 455}}"#, &limits)?;
/// let explanation = rule.explain(&transaction, &Zone::UTC).to_string();
/// assert!(explanation.contains("short by 45, must exceed 500"), "{explanation}");
/// # Ok::<(), target_rules::Diagnostics>(())
/// ```
impl std::fmt::Display for Explanation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.to_text(Colour::Off))
    }
}

struct TextWriter {
    out: Shown,
    colour: Colour,
}

impl TextWriter {
    /// The rule with its values, and why it is unknown.
    fn explanation(&mut self, explanation: &Explanation) {
        self.plain(&described(explanation));
        self.plain("\n\n");
        if let Some(unrolled) = &explanation.unrolled {
            let result = explanation.decision.result;
            self.paint(tone(Some(result)), &format!("{} {result}", sign(Some(result))));
            self.plain("\n");
            self.plain(&summary(unrolled, &explanation.trees));
            self.plain("\n");
        }
        let most = MOST_ENTRIES.checked_div(explanation.trees.len()).unwrap_or(0);
        for tree in &explanation.trees {
            if let Some(heading) = heading(explanation, tree) {
                self.plain("\n");
                self.paint(Style::Bold, &heading);
                self.plain("\n");
            }
            self.tree(&Outline::of(&tree.root, most), 0, &mut String::new());
        }
        let (reasons, left) = reasons(explanation);
        if !reasons.is_empty() {
            self.plain("\nunknown because of\n");
        }
        for reason in reasons {
            self.plain(&format!("  {}: {}\n", line(&reason.text), reason.words()));
        }
        if left > 0 {
            self.plain(&format!("  and {left} more\n"));
        }
    }

    fn plain(&mut self, text: &str) {
        self.out.push(&Shown::lines(text));
    }

    fn paint(&mut self, style: Style, text: &str) {
        self.out.paint(self.colour, style, text);
    }

    /// Writes a node and all nodes below it. `lead` is the start of the lines
    /// below it.
    fn tree(&mut self, outline: &Outline<'_>, at: usize, lead: &mut String) {
        let Some(shown) = outline.node(at) else { return };
        self.node(shown.node);
        let mut branches = shown.branches.iter().peekable();
        while let Some(branch) = branches.next() {
            let last = branches.peek().is_none();
            self.paint(Style::Dim, &format!("{lead}{}", if last { "└─ " } else { "├─ " }));
            match branch {
                OutlineBranch::Node(below) => {
                    let length = lead.len();
                    lead.push_str(if last { "   " } else { "│  " });
                    self.tree(outline, *below, lead);
                    lead.truncate(length);
                }
                OutlineBranch::Folded(folded) => {
                    self.paint(Style::Dim, &format!("... {}", folded.words()));
                    self.plain("\n");
                }
            }
        }
    }

    fn node(&mut self, node: &ExplainedNode) {
        let truth = node.truth();
        let boolean = node.of == ExplainedType::Boolean;
        let word = match truth {
            Some(truth) if boolean => format!("{} {truth}", sign(Some(truth))),
            truth => sign(truth).to_string(),
        };
        self.paint(tone(truth), &word);
        self.plain(if boolean { ": " } else { " " });
        self.plain(&match node.kind {
            ExplainedKind::All => format!("all of {} (&&)", node.children.len()),
            ExplainedKind::Any => format!("any of {} (||)", node.children.len()),
            _ => line(&node.text),
        });
        if let (Some(value), false) = (&node.value, boolean) {
            let text = matches!(node.of, ExplainedType::String | ExplainedType::Enum);
            let value = line(value);
            self.paint(Style::Bold, &if text { format!(" = \"{value}\"") } else { format!(" = {value}") });
        }
        let mut notes = Vec::new();
        if node.state == ExplainedState::Absent {
            notes.push("absent".to_owned());
        }
        notes.extend(node.fault.map(|fault| fault_words(fault).to_owned()));
        notes.extend(node.distance.as_ref().map(ToString::to_string));
        if !notes.is_empty() {
            self.paint(tone(truth.or(Some(Truth::Unknown))), &format!(" -- {}", notes.join(", ")));
        }
        self.plain("\n");
    }
}

/// Text without line breaks, safe to print on a terminal.
fn line(text: &str) -> String {
    visible(&cut(text, WIDTH))
}

fn tone(truth: Option<Truth>) -> Style {
    match truth {
        Some(Truth::True) => Style::Green,
        Some(Truth::False) => Style::Red,
        Some(Truth::Unknown) => Style::Yellow,
        None => Style::Dim,
    }
}
