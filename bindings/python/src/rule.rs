//! A rule: checked, printed, decided.

use std::sync::OnceLock;

use pyo3::prelude::*;
use target_rules::check::check_forms_whole;
use target_rules::diagnostic::{Colour, Diagnostics, Form, utf8_of};
use target_rules::rule::TreeStyle;
use target_rules::{Ast, Layout, Program};

use crate::answers::{Answers, Documents, Found, Idle, PyFound, ReadBy};
use crate::document::{Document, given};
use crate::failure::{json, refused, told};
use crate::setting::{Limits, Schema, Zone};

/// A checked rule.
#[pyclass(frozen, module = "target_rules._native")]
pub(crate) struct Rule {
    pub(crate) rule: target_rules::Rule,
    /// The layout of this rule alone, and its program; made when it is decided first.
    compiled: OnceLock<Result<(Layout, Program), String>>,
    idle: Idle,
}

impl Rule {
    /// A rule that was checked.
    pub(crate) fn of(rule: target_rules::Rule) -> Rule {
        Rule { rule, compiled: OnceLock::new(), idle: Idle::default() }
    }

    fn compiled(&self, py: Python<'_>) -> PyResult<&(Layout, Program)> {
        let compiled = self.compiled.get_or_init(|| {
            let layout = Layout::of([&self.rule]);
            let program = layout.compile(&self.rule).map_err(|error| error.to_string())?;
            Ok((layout, program))
        });
        compiled.as_ref().map_err(|error| told(py, "error", error))
    }
}

#[pymethods]
impl Rule {
    /// `dsl` or `tree`: the form that places are in.
    fn form(&self) -> &'static str {
        if self.rule.form() == Form::Tree { "tree" } else { "dsl" }
    }

    /// The canonical text.
    fn text(&self) -> String {
        self.rule.to_text()
    }

    /// The tree as JSON: `compact`, `pretty` or `spaced`.
    fn tree(&self, py: Python<'_>, style: &str, limit: usize) -> PyResult<String> {
        let style = match style {
            "pretty" => TreeStyle::Pretty,
            "spaced" => TreeStyle::Spaced,
            _ => TreeStyle::Compact,
        };
        self.rule.to_tree(style, limit).map_err(|error| told(py, "value", &error))
    }

    /// In plain English.
    fn describe(&self) -> String {
        self.rule.describe().to_string()
    }

    /// Whether it is decided for each line item or tender.
    fn unrolls(&self) -> bool {
        self.rule.unrolls()
    }

    /// What it reads, as JSON.
    fn references(&self, py: Python<'_>, schema: &Schema) -> PyResult<String> {
        json(py, &self.rule.named_references(&schema.0))
    }

    /// Decides it for one document.
    fn decide(&self, py: Python<'_>, document: Document, zone: &Zone, limits: &Limits) -> PyResult<PyFound> {
        let (layout, program) = self.compiled(py)?;
        let by = ReadBy::new(layout, zone, limits);
        let decided = self.idle.decide(py, by, &document, |evaluation| program.decision(evaluation))?;
        Ok(Found::of(decided).told())
    }

    /// Decides it for each of many documents.
    fn decide_all(
        &self,
        py: Python<'_>,
        documents: &Documents,
        zone: &Zone,
        limits: &Limits,
        threads: usize,
    ) -> PyResult<Answers> {
        let (layout, program) = self.compiled(py)?;
        let by = ReadBy::new(layout, zone, limits);
        documents.decide(py, by, threads, &|evaluation| vec![Found::of(program.decision(evaluation))])
    }

    /// Why it is true, false or unknown for a document: JSON, text and HTML.
    fn explain(
        &self,
        py: Python<'_>,
        document: Document,
        zone: &Zone,
        limits: &Limits,
    ) -> PyResult<(String, String, String)> {
        let (layout, _) = self.compiled(py)?;
        let explained = py.detach(|| {
            let transaction = given!(document.given(), one => layout.read(one, &limits.0))?;
            let explanation = self.rule.explain(&transaction, &zone.0);
            let text = explanation.to_text(Colour::Off).into_string();
            Ok((explanation.to_html(), text, explanation))
        });
        let (html, text, explanation) =
            explained.map_err(|found: Diagnostics| refused(py, "document", &found))?;
        Ok((json(py, &explanation)?, text, html))
    }
}

/// Checks a rule in one form, or that its two forms agree: the rule where it has no
/// error, and all diagnostics as JSON.
#[pyfunction]
pub(crate) fn check_rule(
    py: Python<'_>,
    text: Option<Document>,
    tree: Option<Document>,
    schema: &Schema,
    limits: &Limits,
) -> PyResult<(Option<Rule>, String)> {
    let (rule, found) = py.detach(|| {
        let (schema, limits) = (&schema.0, &limits.0);
        let ast = match (&text, &tree) {
            (Some(text), Some(tree)) => {
                let read = |document: &'_ Document, form, most| {
                    given!(document.given(), one => utf8_of(one, form, most)).map(str::to_owned)
                };
                let forms = read(text, Form::Dsl, limits.rule_text)
                    .and_then(|text| Ok((text, read(tree, Form::Tree, limits.rule_tree)?)));
                return match forms {
                    Ok((text, tree)) => check_forms_whole(Some(&text), Some(&tree), schema, limits),
                    Err(found) => (None, found),
                };
            }
            (Some(text), None) => given!(text.given(), one => Ast::from_text(one, limits)),
            (None, Some(tree)) => given!(tree.given(), one => Ast::from_tree(one, limits)),
            (None, None) => return check_forms_whole(None, None, schema, limits),
        };
        match ast {
            Err(found) => (None, found),
            Ok(ast) => {
                let checked = ast.check(schema, limits);
                (checked.rule().cloned(), checked.diagnostics().clone())
            }
        }
    });
    Ok((rule.map(Rule::of), json(py, &found)?))
}
