//! An explanation as a self-contained page: no script, no font and no picture
//! from elsewhere.

use crate::diagnostic::cut;
use crate::interpret::{ExplainedKind, ExplainedNode, ExplainedState, ExplainedType, Explanation};
use crate::value::Truth;

use super::outline::{Outline, OutlineBranch, OutlineNode};
use super::preface::{Preface, answer};
use super::{MOST_OF_THE_RULE, Reason, fault_words, heading, reasons, sign, summary};

/// About how many nodes of all trees together are shown at most.
const MOST_ENTRIES: usize = 1_000;
/// The most characters of the page's title.
const MOST_OF_THE_TITLE: usize = 80;

/// Characters of a rule after which a line may be broken.
const BREAKS: [char; 13] = ['&', '|', '=', '!', '<', '>', '+', '*', '/', '%', '(', ',', '.'];

const STYLE: &str = include_str!("page.css");

impl Explanation {
    /// The explanation as an HTML page that draws the rule as a tree of boxes.
    /// The page loads nothing from elsewhere and runs no script.
    ///
    /// Everything that comes from the rule or the transaction is escaped. In a
    /// long chain the terms that decide it are shown and the others are
    /// counted, so that the page stays below a few hundred kilobytes unless
    /// texts are unusually long.
    ///
    /// Cost is linear in what is shown, which is bounded.
    ///
    /// ```
    /// use target_rules::{Ast, Layout, Limits, Schema, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let document = r#"{"currentTxn": {"value": 455}}"#;
    /// let transaction = Layout::of([&rule]).read(document, &limits)?;
    /// let page = rule.explain(&transaction, &Zone::UTC).to_html();
    /// assert!(page.starts_with("<!DOCTYPE html>"));
    /// assert!(page.contains("short by 45, must exceed 500"));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn to_html(&self) -> String {
        let result = self.decision.result;
        let mut page = Page { out: String::new() };
        page.head(&format!("{result}: {}", cut(&self.rule, MOST_OF_THE_TITLE)));
        page.out.push_str("<h1>This rule is ");
        page.out.push_str(&format!("<span class=\"{result}\">{}</span>", truth_of(result)));
        match &self.transaction {
            Some(number) => {
                page.out.push_str(" for transaction ");
                page.code(number);
            }
            None => page.out.push_str(" for this transaction"),
        }
        page.out.push_str("</h1>\n");
        page.sentence(self.missing().as_deref());
        page.explanation(self);
        page.out
    }

    /// The same page with something above the rule, such as the conditions of a
    /// target beside its rule.
    pub fn to_html_below(&self, preface: &Preface) -> String {
        let mut page = Page { out: String::new() };
        let answer = answer(preface.result);
        page.head(&format!("{answer}: {}", cut(&preface.title, MOST_OF_THE_TITLE)));
        page.out.push_str("<h1>");
        page.text(&preface.title);
        page.out.push_str(&format!(
            " <span class=\"{0}\">{1}</span></h1>\n",
            preface.result,
            signed(preface.result, answer)
        ));
        page.sentence(preface.sentence.as_deref());
        page.out.push_str("<ul class=\"parts\" role=\"list\">\n");
        for row in &preface.rows {
            let (outcome, sign) = (row.outcome, sign(Some(row.outcome)));
            // The sign stands for the word, which screen readers read.
            page.out.push_str(&format!(
                "<li class=\"{outcome}\"><span class=\"truth\"><span class=\"sign\" role=\"img\" \
                 aria-label=\"{outcome}\">{sign}</span></span><span><strong>"
            ));
            page.text(&row.label);
            page.out.push_str("</strong>: ");
            page.marked(&row.note);
            page.out.push_str("</span></li>\n");
        }
        page.out.push_str("</ul>\n");
        page.explanation(self);
        page.out
    }
}

impl Page {
    fn head(&mut self, title: &str) {
        self.out.push_str(concat!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
            "<meta http-equiv=\"Content-Security-Policy\" ",
            "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>"
        ));
        self.text(title);
        self.out.push_str("</title>\n<style>\n");
        self.out.push_str(STYLE);
        self.out.push_str("</style>\n</head>\n<body>\n<main>\n");
    }

    fn sentence(&mut self, sentence: Option<&str>) {
        if let Some(sentence) = sentence {
            self.out.push_str("<p><strong>");
            self.marked(sentence);
            self.out.push_str("</strong></p>\n");
        }
    }

    /// The rule, why it is unknown, and its trees; then the page ends.
    fn explanation(&mut self, explanation: &Explanation) {
        self.out.push_str("<h2>The rule</h2>\n<p class=\"words\">");
        self.text(&cut(&explanation.description.to_string(), MOST_OF_THE_RULE));
        self.out.push_str("</p>\n<div class=\"rule\">");
        self.code(&cut(&explanation.rule, MOST_OF_THE_RULE));
        self.out.push_str("</div>\n<p class=\"quiet\">");
        let left = explanation.rule.chars().skip(MOST_OF_THE_RULE).count();
        if left > 0 {
            self.out.push_str(&format!("The text goes on for {left} characters. "));
        }
        self.out.push_str("Dates are seen in the time zone ");
        self.text(&explanation.zone);
        self.out.push_str(".</p>\n");
        if let Some(unrolled) = &explanation.unrolled {
            self.out.push_str("<p>");
            self.text(&summary(unrolled, &explanation.trees));
            self.out.push_str("</p>\n");
        }
        let (reasons, left) = reasons(explanation);
        if !reasons.is_empty() {
            self.out.push_str("<h2>Why it is unknown</h2>\n");
            self.reasons(&reasons, left);
        }
        self.out.push_str("<h2>How it comes to that</h2>\n");
        self.out.push_str(LEGEND);
        let most = MOST_ENTRIES.checked_div(explanation.trees.len()).unwrap_or(0);
        for tree in &explanation.trees {
            self.out.push_str("<section>\n");
            if let Some(heading) = heading(explanation, tree) {
                self.out.push_str("<h3>");
                self.text(&capitalised(&heading));
                self.out.push_str("</h3>\n");
            }
            // The focus lets a tree that is wider than the screen be scrolled
            // by keyboard.
            self.out.push_str(concat!(
                "<div class=\"scroll\" role=\"region\" aria-label=\"The rule as a tree\" tabindex=\"0\">\n",
                "<ul class=\"tree\" role=\"list\">\n"
            ));
            self.tree(&Outline::of(&tree.root, most), 0);
            self.out.push_str("</ul>\n</div>\n</section>\n");
        }
        self.out.push_str("</main>\n</body>\n</html>\n");
    }
}

/// Explains the signs and frames.
const LEGEND: &str = "<ul class=\"legend\" role=\"list\" aria-label=\"Legend\">\n\
    <li class=\"node true\"><span class=\"truth\"><span class=\"sign\" aria-hidden=\"true\">✓</span>true</span>: it holds</li>\n\
    <li class=\"node false\"><span class=\"truth\"><span class=\"sign\" aria-hidden=\"true\">✗</span>false</span>: it does not</li>\n\
    <li class=\"node unknown\"><span class=\"truth\"><span class=\"sign\" aria-hidden=\"true\">?</span>unknown</span>: something is missing</li>\n\
    <li class=\"node aside\">thin, plain: it does not decide</li>\n\
    </ul>\n";

struct Page {
    out: String,
}

impl Page {
    /// Writes text of a rule or a transaction, escaped.
    fn text(&mut self, text: &str) {
        text.chars().for_each(|character| self.character(character));
    }

    /// Writes a text in which what stands between backticks is code.
    fn marked(&mut self, text: &str) {
        let parts: Vec<&str> = text.split('`').collect();
        // One without its other end is only a character.
        if parts.len().checked_rem(2) != Some(1) {
            return self.text(text);
        }
        for (part, is_code) in parts.iter().zip([false, true].into_iter().cycle()) {
            if is_code { self.code(part) } else { self.text(part) }
        }
    }

    fn character(&mut self, character: char) {
        match character {
            '&' => self.out.push_str("&amp;"),
            '<' => self.out.push_str("&lt;"),
            '>' => self.out.push_str("&gt;"),
            '"' => self.out.push_str("&quot;"),
            '\'' => self.out.push_str("&#39;"),
            '\n' | '\t' => self.out.push(character),
            // HTML does not allow the control characters, and the others change
            // the direction of the text after them, so that a rule could look
            // like another.
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => self.out.push('\u{fffd}'),
            other => self.out.push(other),
        }
    }

    /// Writes the text of a rule or a value, isolated from the text direction
    /// around it. A line may break after an operator, a point, a bracket or a
    /// comma, so that names stay whole on a narrow screen.
    fn code(&mut self, text: &str) {
        self.out.push_str("<code><bdi>");
        let mut characters = text.chars().peekable();
        let mut after_digit = false;
        while let Some(character) = characters.next() {
            self.character(character);
            let breaks = BREAKS.contains(&character) && !(character == '.' && after_digit);
            if breaks && characters.peek().is_some_and(|next| !BREAKS.contains(next)) {
                self.out.push_str("<wbr>");
            }
            after_digit = character.is_ascii_digit();
        }
        self.out.push_str("</bdi></code>");
    }

    fn reasons(&mut self, reasons: &[Reason], left: usize) {
        self.out.push_str("<ul class=\"reasons\">\n");
        for reason in reasons {
            self.out.push_str("<li>");
            self.code(&cut(&reason.text, Explanation::LONGEST_TEXT));
            self.out.push_str(&format!(": {}</li>\n", reason.words()));
        }
        if left > 0 {
            self.out.push_str(&format!("<li>and {left} more</li>\n"));
        }
        self.out.push_str("</ul>\n");
    }

    fn tree(&mut self, outline: &Outline<'_>, at: usize) {
        let Some(shown) = outline.node(at) else { return };
        self.out.push_str("<li>");
        self.node(shown);
        if !shown.branches.is_empty() {
            self.out.push_str("\n<ul role=\"list\">\n");
            for branch in &shown.branches {
                match branch {
                    OutlineBranch::Node(below) => self.tree(outline, *below),
                    OutlineBranch::Folded(folded) => {
                        self.out.push_str("<li><span class=\"folded\">… ");
                        self.text(&folded.words());
                        self.out.push_str("</span></li>\n");
                    }
                }
            }
            self.out.push_str("</ul>\n");
        }
        self.out.push_str("</li>\n");
    }

    fn node(&mut self, shown: &OutlineNode<'_>) {
        let node = shown.node;
        let truth = node.truth();
        let boolean = node.of == ExplainedType::Boolean;
        self.out.push_str("<div class=\"node");
        match truth {
            Some(truth) => self.out.push_str(&format!(" {truth}")),
            None => self.out.push_str(" value"),
        }
        self.out.push_str(if shown.decides { "\">" } else { " aside\">" });
        if let Some(truth) = truth.filter(|_| boolean) {
            self.out.push_str(&truth_of(truth));
            self.out.push(' ');
        }
        match node.kind {
            ExplainedKind::All => self.terms("all", node, "&amp;&amp;"),
            ExplainedKind::Any => self.terms("any", node, "||"),
            _ => self.code(&node.text),
        }
        if let (Some(value), false) = (&node.value, boolean) {
            let text = matches!(node.of, ExplainedType::String | ExplainedType::Enum);
            self.out.push_str(" = <strong>");
            self.code(&if text { format!("\"{value}\"") } else { value.clone() });
            self.out.push_str("</strong>");
        }
        let absent = (node.state == ExplainedState::Absent).then(|| "absent from the transaction".to_owned());
        let fault = node.fault.map(|fault| fault_words(fault).to_owned());
        let distance = node.distance.as_ref().map(ToString::to_string);
        for note in [absent, fault, distance].into_iter().flatten() {
            self.out.push_str(" <span class=\"note\">");
            self.text(&note);
            self.out.push_str("</span>");
        }
        self.out.push_str("</div>");
    }

    fn terms(&mut self, quantity: &str, node: &ExplainedNode, operator: &str) {
        let count = node.children.len();
        self.out.push_str(&format!("{quantity} of {count} <code>{operator}</code>"));
    }
}

/// A truth value as its sign and its word; screen readers read the word only.
fn truth_of(truth: Truth) -> String {
    signed(truth, &truth.to_string())
}

/// The same with another word.
fn signed(truth: Truth, word: &str) -> String {
    let sign = sign(Some(truth));
    format!("<span class=\"truth\"><span class=\"sign\" aria-hidden=\"true\">{sign}</span>{word}</span>")
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
