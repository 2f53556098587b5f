//! Sample targets, customers and bills, so that the first request is answered.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use loyalty_targets::EnrolmentMethod;
use loyalty_targets::store::{Ending, EnrolmentRequest};

use crate::activities::book_all;
use crate::catalogue::{put_all, take_over};
use crate::http::Failure;
use crate::service::App;

const TARGETS: &str = include_str!("targets.json");
const BILLS: &str = include_str!("bills.ndjson");
/// The customers, and what each is enrolled in by a list.
const ENROLLED: [(i64, &[i64]); 3] = [(19721, &[101, 102]), (19722, &[101]), (19723, &[102])];

/// The customer who is asked for in the printed request.
pub(crate) const CUSTOMER: i64 = 19721;

/// Fills an organisation. Periods and bills are of this year.
pub(crate) async fn fill(app: &Arc<App>, organisation: &Arc<str>) -> Result<(), Failure> {
    let now = Timestamp::now().to_zoned(TimeZone::UTC);
    let (year, today) = (now.strftime("%Y").to_string(), now.strftime("%Y-%m-%d").to_string());
    let dated = move |text: &str| text.replace("{year}", &year).replace("{today}", &today);
    let targets = dated(TARGETS);
    let served = put_all(app, organisation, move |drafts| take_over(drafts, &targets)).await?.served;
    let bills = dated(BILLS);
    let (of, limits) = (organisation.clone(), app.limits().clone());
    let filled = app.run_change(organisation, move |store| {
        let customers = ENROLLED.map(|(customer, _)| customer);
        store.update(&of, served.change(), &customers, &mut |rows| {
            for row in rows {
                let mut customer = row.open(&served.roster)?;
                let targets = ENROLLED.iter().find(|(id, _)| *id == customer.id());
                for target in targets.map(|(_, targets)| *targets).unwrap_or_default() {
                    // Whoever is enrolled already stays so.
                    let _ = customer.enrol(&EnrolmentRequest::new(*target, EnrolmentMethod::Import));
                }
                row.keep(&customer);
            }
            Ok(Ending::Commit)
        })?;
        let read = bills.lines().map(|line| served.roster.read(line, &limits));
        let activities = match read.collect::<Result<Vec<_>, _>>() {
            Ok(activities) => activities,
            Err(found) => return Ok(Err(Failure::internal(&found))),
        };
        book_all(store, &of, &served, &activities)
    });
    filled.await?
}
