//! The answer of `GET /v3/users/{userId}/enrolledTargets`, and the target.
//!
//! What is read is written back without loss: fields and words that are not
//! known here, numbers with their digits, dates in their spelling, and which
//! fields are `null` rather than absent. The types read and write JSON, and no other format of serde.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use target_rules::Limits;
use target_rules::diagnostic::{Diagnostics, Input};
use target_rules::json::Kind;

use crate::json::{Node, ReadJson, ShapeFault, from_serde, read_document};

use super::record::record;
use super::vocabulary::{
    AggregateFunction, EnrolmentMethod, FilterKind, TargetEntity, TargetType, WindowType, WindowUnit,
};
use super::written::{Raw, Word, WrittenDate, WrittenNumber};

record! {
    /// The answer whole: targets, or the errors in their place.
    ///
    /// ```
    /// use loyalty_targets::EnrolledTargets;
    /// use target_rules::{Limits, Schema};
    /// let limits = Limits::default();
    /// let text = r#"{"data": [{"id": 50, "expression": "currentTxn.value>500"}]}"#;
    /// let answer = EnrolledTargets::read(text, &limits)?;
    /// let target = &answer.data.unwrap_or_default()[0];
    /// assert_eq!(target.id, 50);
    /// assert!(target.check(&Schema::standard(), &limits).is_ok());
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub struct EnrolledTargets, "the answer to a request for enrolled targets, an object" {
        /// The targets; `null` where the request failed.
        data "data": Option<Vec<Target>>,
        /// Why the request failed.
        errors "errors": Option<Vec<ServiceError>>,
        /// What the platform warns of, as it is.
        warnings "warnings": Option<Raw>,
    }
}

record! {
    /// An error of the platform's service.
    pub struct ServiceError, "an error, an object" {
        /// The platform's code, such as 310011.
        code "code": i64,
        /// What went wrong.
        message "message": String,
    }
}

record! {
    /// A target, also called a target rule.
    ///
    /// ```
    /// use loyalty_targets::{Target, TargetType, Word};
    /// let text = r#"{"id":50,"targetType":"SALES","expression":true,"stars":5.00}"#;
    /// let mut target: Target = serde_json::from_str(text)?;
    /// let target_type = target.target_type.as_ref().and_then(Word::known);
    /// assert_eq!(target_type, Some(TargetType::Sales));
    /// assert_eq!(target.other.get("stars"), Some("5.00"));
    /// target.target_type = Some(TargetType::Count.into());
    /// let written = serde_json::to_string(&target)?;
    /// assert_eq!(written, text.replace("SALES", "COUNT"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Target, "a target, an object" {
        /// Its id.
        id "id": i64,
        /// Who made it, and when.
        attribution "attribution": Option<Attribution>,
        /// Its name.
        name "name": Option<String>,
        /// The rule set that the platform keeps for it.
        emf_rule_set_id "emfRuleSetId": Option<i64>,
        /// The same, unrolled.
        emf_unrolled_ruleset_id "emfUnrolledRulesetId": Option<i64>,
        /// What counts.
        target_type "targetType": Option<Word<TargetType>>,
        /// Of what it counts.
        target_entity "targetEntity": Option<Word<TargetEntity>>,
        /// The activity that counts.
        event_name "eventName": Option<String>,
        /// The group it belongs to.
        target_group_id "targetGroupId": Option<i64>,
        /// A text for people.
        description "description": Option<String>,
        /// Whether it counts at all; one that does not say counts.
        active "active": Option<bool>,
        /// The rule as text; some payloads carry a JSON boolean.
        expression "expression": Option<Expression>,
        /// The rule as a tree: JSON inside a string.
        expression_json "expressionJson": Option<String>,
        /// Where it counts; none: everywhere.
        filters "filters": Option<Vec<Filter>>,
        /// How customers come to it.
        enrolment_method "enrolmentMethod": Option<Word<EnrolmentMethod>>,
        /// What is to be reached, by period.
        default_values "defaultValues": Option<Vec<DefaultValue>>,
        /// The same, by the period's id.
        target_period_default_values_map "targetPeriodDefaultValuesMap": Option<BTreeMap<String, DefaultValue>>,
        /// Milestones, as they are.
        target_milestone_triggers "targetMilestoneTriggers": Option<Raw>,
        /// The extended field or the event's attribute that counts.
        extended_field_info "extendedFieldInfo": Option<ExtendedFieldInfo>,
    }
}

record! {
    /// Who made something and who changed it last.
    pub struct Attribution, "an attribution, an object" {
        /// When it was made.
        created_on "createdOn": Option<WrittenDate>,
        /// When it was changed last.
        last_updated_on "lastUpdatedOn": Option<WrittenDate>,
        /// Who changed it last.
        last_updated_by "lastUpdatedBy": Option<User>,
        /// Who made it.
        created_by "createdBy": Option<User>,
    }
}

record! {
    /// A user of the platform.
    pub struct User, "a user, an object" {
        /// The user's id.
        id "id": Option<i64>,
        /// The user's code.
        code "code": Option<String>,
        /// A text for people.
        description "description": Option<String>,
        /// The user's name.
        name "name": Option<String>,
        /// The kind of user, free text such as `ADMIN_USER`.
        user_type "type": Option<String>,
    }
}

record! {
    /// Stores, zones or concepts that a target counts in.
    pub struct Filter, "a filter, an object" {
        /// What it looks at.
        entity_type "entityType": Word<FilterKind>,
        /// Any of these admits.
        entity_ids "entityIds": Vec<i64>,
    }
}

record! {
    /// What is to be reached in a period.
    pub struct DefaultValue, "a default value, an object" {
        /// The record's id.
        id "id": Option<i64>,
        /// The period.
        period_id "periodId": Option<i64>,
        /// The value.
        default_value "defaultValue": Option<WrittenNumber>,
    }
}

record! {
    /// Which extended field, or which attribute of an event, counts, and how.
    pub struct ExtendedFieldInfo, "the extended field, an object" {
        /// The field's name.
        name "name": String,
        /// How its figures become one.
        aggregate_function "aggregateFunction": Option<Word<AggregateFunction>>,
        /// Which of a day's figures count; none: all of them.
        aggregate_window "aggregateWindow": Option<AggregateWindow>,
    }
}

record! {
    /// That only the lowest or highest figure of each day counts.
    pub struct AggregateWindow, "the window of an extended field, an object" {
        /// The lowest or the highest.
        window_type "windowType": Option<Word<WindowType>>,
        /// Of which span of time.
        window_time_unit "windowTimeUnit": Option<Word<WindowUnit>>,
    }
}

/// A rule's text, or the boolean that stands for `true` or `false`.
///
/// ```
/// use loyalty_targets::{Expression, Target};
/// let target: Target = serde_json::from_str(r#"{"id": 50, "expression": true}"#)?;
/// assert_eq!(target.expression, Some(Expression::Boolean(true)));
/// assert_eq!(target.expression.as_ref().map(Expression::text), Some("true"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Expression {
    /// The rule that always or never holds.
    Boolean(bool),
    /// The text of the rule.
    Text(String),
}

impl Expression {
    /// The rule's text.
    pub fn text(&self) -> &str {
        match self {
            Expression::Boolean(true) => "true",
            Expression::Boolean(false) => "false",
            Expression::Text(text) => text,
        }
    }
}

impl ReadJson for Expression {
    fn read(value: Node<'_>) -> Result<Expression, ShapeFault> {
        match value.kind() {
            Kind::Boolean(constant) => Ok(Expression::Boolean(constant)),
            Kind::String => String::read(value).map(Expression::Text),
            _ => Err(ShapeFault::of_type(value, "the text of a rule, or a boolean")),
        }
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Expression, D::Error> {
        from_serde(deserializer)
    }
}

impl EnrolledTargets {
    /// Reads the answer, from text or bytes. Cost is linear in the document.
    ///
    /// Fails with the path of what has another shape and what was expected.
    pub fn read(payload: &(impl Input + ?Sized), limits: &Limits) -> Result<EnrolledTargets, Diagnostics> {
        read_document(payload, limits)
    }
}
