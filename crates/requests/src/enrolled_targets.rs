//! What is asked of enrolled targets.

use std::collections::HashSet;

use loyalty_targets::EnrolmentMethod;
use target_rules::Instant;

use super::code::Code;
use super::fault::{Fault, quoted};
use super::query::Query;

/// How many ids may be asked for at once.
const MOST_IDS: usize = 10_000;

/// What is asked of enrolled targets.
#[derive(Debug, Clone, PartialEq)]
pub struct EnrolledTargetsQuery {
    /// Only these targets; all where it is left out.
    pub ids: Option<HashSet<i64>>,
    /// Targets with a period that contains this instant; now where it is left out.
    pub tracking: Option<Instant>,
    /// How customers come to the target; in any way where it is left out.
    pub method: Option<EnrolmentMethod>,
    /// Only targets that customers made.
    pub only_user_created: bool,
}

impl EnrolledTargetsQuery {
    /// Reads `targetRuleIds`, `trackingDate`, `enrollmentType` and
    /// `includeOnlyUserCreated`. Its cost is linear in the query.
    ///
    /// Fails with every fault of it.
    ///
    /// ```
    /// use target_rules_requests::{EnrolledTargetsQuery, Query};
    /// let query = Query::read("targetRuleIds=7, 8&trackingDate=1772886140000");
    /// let asked = EnrolledTargetsQuery::of(&query).unwrap();
    /// assert_eq!(asked.ids.unwrap().len(), 2);
    /// let both = Query::read("targetRuleIds=a&enrollmentType=b");
    /// assert_eq!(EnrolledTargetsQuery::of(&both).unwrap_err().len(), 2);
    /// ```
    pub fn of(query: &Query) -> Result<EnrolledTargetsQuery, Vec<Fault>> {
        match (ids(query), tracking(query), method(query), query.flag("includeOnlyUserCreated")) {
            (Ok(ids), Ok(tracking), Ok(method), Ok(only_user_created)) => {
                Ok(EnrolledTargetsQuery { ids, tracking, method, only_user_created })
            }
            (ids, tracking, method, only) => {
                Err([ids.err(), tracking.err(), method.err(), only.err()].into_iter().flatten().collect())
            }
        }
    }
}

fn ids(query: &Query) -> Result<Option<HashSet<i64>>, Fault> {
    let Some(text) = query.get("targetRuleIds") else { return Ok(None) };
    let mut ids = HashSet::new();
    for one in text.split(',') {
        let wrong = || {
            let expected =
                "`targetRuleIds` is a list of whole numbers with commas between them, such as `101,102`";
            Fault::invalid(format!("{expected}, and {} is none", quoted(one)))
        };
        ids.insert(one.trim().parse().map_err(|_| wrong())?);
        if ids.len() > MOST_IDS {
            return Err(Fault::invalid(format!("`targetRuleIds` has more than {MOST_IDS} ids")));
        }
    }
    Ok(Some(ids))
}

fn tracking(query: &Query) -> Result<Option<Instant>, Fault> {
    let wrong = || {
        let text = query.get("trackingDate").unwrap_or_default();
        Fault::invalid(format!(
            "`trackingDate` is a date in epoch milliseconds, before the year 10000, such as `1772886140000`, \
             and not {}",
            quoted(text)
        ))
    };
    let milliseconds = query.integer("trackingDate").map_err(|_| wrong())?;
    milliseconds.map(Instant::from_milliseconds).transpose().map_err(|_| wrong())
}

fn method(query: &Query) -> Result<Option<EnrolmentMethod>, Fault> {
    match query.get("enrollmentType") {
        None => Ok(None),
        Some("TRANSACTION") => Ok(Some(EnrolmentMethod::Transaction)),
        Some("IMPORT") => Ok(Some(EnrolmentMethod::Import)),
        Some("AUDIENCE_FILTER") => Ok(Some(EnrolmentMethod::AudienceFilter)),
        // The message is the platform's.
        Some(_) => Err(Fault::plain(Code::InvalidEnrolmentType)),
    }
}
