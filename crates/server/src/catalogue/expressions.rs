//! A rule from text to tree and back, with all that is wrong with it.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use target_rules::check::check_forms_whole;
use target_rules::rule::TreeStyle;
use target_rules_requests::json_fault;
use utoipa::ToSchema;

use crate::http::{Answer, Document, Envelope, Failure, Reader, Refused};
use crate::service::App;

/// A rule in one of its forms, or in both, which then must agree.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub(crate) struct ExpressionBody {
    /// The text
    expression: Option<String>,
    /// The tree: JSON in a string
    #[serde(alias = "expressionJSON")]
    expression_json: Option<String>,
    /// How the tree is written: `pretty`, `compact` or `spaced`
    style: Option<Style>,
}

/// How a tree is written.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Style {
    Pretty,
    Compact,
    Spaced,
}

/// A rule in both forms, or what is wrong with it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Expression {
    /// Its tree; `null` where it doesn't check, for a tree of a guess would be decided as if it were meant
    #[serde(rename = "expressionJSON")]
    expression_json: Option<String>,
    /// Its canonical text; where it doesn't check, what was given
    expression: Option<String>,
    /// Whether it doesn't check
    is_error: bool,
    /// What was found: errors and warnings with place, help, and suggestions as edits
    #[schema(value_type = Vec<Object>)]
    diagnostics: Vec<Value>,
}

/// The tree of a rule's text, or the text of its tree.
#[utoipa::path(
    post, path = "/v3/expressions", tag = "rules",
    request_body = ExpressionBody,
    responses((status = 200, description = "Both forms, or what is wrong", body = Envelope<Expression>), Refused),
)]
pub(crate) async fn expression(
    State(app): State<Arc<App>>,
    Reader(caller): Reader,
    Document(body): Document,
) -> Result<Answer<Expression>, Failure> {
    let body: ExpressionBody = serde_json::from_slice(&body)
        .map_err(|error| Failure::invalid(format!("the body is no rule: {}", json_fault(&error))))?;
    let ExpressionBody { expression, expression_json, style } = body;
    if expression.is_none() && expression_json.is_none() {
        return Err(Failure::invalid("`expression` or `expressionJson` is missing"));
    }
    let style = match style {
        None | Some(Style::Pretty) => TreeStyle::Pretty,
        Some(Style::Compact) => TreeStyle::Compact,
        Some(Style::Spaced) => TreeStyle::Spaced,
    };
    let working = app.clone();
    // A large rule takes its time; other requests go on.
    let checked = app.compute(&caller.organisation, move || {
        let (schema, limits) = (working.schema(), working.limits());
        let (rule, found) =
            check_forms_whole(expression.as_deref(), expression_json.as_deref(), schema, limits);
        let tree = rule.as_ref().map(|rule| rule.to_tree(style, limits.rule_tree));
        let tree = tree.transpose().map_err(|error| Failure::invalid(error.to_string()))?;
        let diagnostics = found.iter().filter_map(|one| serde_json::to_value(one).ok()).collect();
        let text = rule.as_ref().map(|rule| rule.to_text()).or(expression);
        Ok(Expression { expression_json: tree, expression: text, is_error: rule.is_none(), diagnostics })
    });
    checked.await?.map(Answer::new)
}
