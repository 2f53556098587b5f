//! Checks a target that is not part of a document.

use target_rules::check::check_forms_whole;
use target_rules::diagnostic::{Diagnostics, Form};
use target_rules::json::PathSegment;
use target_rules::{Limits, Schema};

use crate::eligibility::CheckedTarget;
use crate::model::Target;

use super::findings::{findings, rule_findings};

impl Target {
    /// Checks the target: both forms of its rule where both are there, that
    /// they agree, and what it says beside the rule.
    ///
    /// ```
    /// use loyalty_targets::Target;
    /// use target_rules::{Limits, Schema};
    /// let target = r#"{"id": 50, "expression": "currentTxn.valu>500"}"#;
    /// let target: Target = serde_json::from_str(target)?;
    /// let refused = target.check(&Schema::standard(), &Limits::default()).unwrap_err();
    /// let fault = refused.iter().next().ok_or("nothing is wrong")?;
    /// assert_eq!(fault.help.as_deref(), Some("did you mean `value`?"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Places beside the rule are pointers from the target alone. A target of
    /// a document is better checked with [`PayloadTarget::check`], which knows
    /// the places in its file.
    ///
    /// [`PayloadTarget::check`]: crate::PayloadTarget::check
    pub fn check(&self, schema: &Schema, limits: &Limits) -> Result<CheckedTarget, Diagnostics> {
        let text = self.expression.as_ref().map(|expression| expression.text());
        let (rule, mut diagnostics) =
            check_forms_whole(text, self.expression_json.as_deref(), schema, limits);
        let by_rule = rule.iter().flat_map(|rule| rule_findings(self, rule));
        let beside = findings((self, None), None, limits.errors).into_iter().chain(by_rule).map(|finding| {
            let mut diagnostic = finding.diagnostic;
            diagnostic.form = Form::Payload;
            diagnostic.pointer = Some(finding.path.iter().map(PathSegment::pointer).collect());
            diagnostic
        });
        diagnostics.extend(Diagnostics::by_pointer(beside.collect()));
        match rule {
            Some(rule) if !diagnostics.has_errors() => Ok(CheckedTarget::new(self, rule, None)),
            _ => Err(diagnostics),
        }
    }
}
