//! The description of the service, made of the code.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::{activities, catalogue, enrolments};

/// The service as OpenAPI 3.1.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "target-rules",
        description = "Loyalty targets: which ones customers are enrolled in, which transactions count \
                       for them, and what has been achieved. Every answer is an envelope of `data`, \
                       `errors` and `warnings`.",
    ),
    paths(
        enrolments::enrolled_targets,
        enrolments::enrolments,
        enrolments::enrol,
        enrolments::withdraw,
        enrolments::enrol_many,
        enrolments::customers,
        enrolments::customers_of_target,
        enrolments::export,
        enrolments::erase,
        catalogue::groups,
        catalogue::group,
        catalogue::create_group,
        catalogue::change_group,
        catalogue::targets,
        catalogue::target,
        catalogue::create_target,
        catalogue::change_target,
        catalogue::create_for_user,
        catalogue::expression,
        activities::book_one,
        activities::book_many,
        activities::progress,
        activities::why,
    ),
    // In the order of the page.
    tags(
        (name = "enrolled targets", description = "What the platform's clients ask"),
        (name = "transactions", description = "Bills, returns and events, and what they have achieved"),
        (name = "enrolments", description = "Who takes part in what"),
        (name = "target groups", description = "Targets of the same periods"),
        (name = "targets", description = "One by one"),
        (name = "rules", description = "From text to tree and back"),
        (name = "customers", description = "Lists, export and erasure"),
    ),
    modifiers(&Basic, &Brief),
    security(("basic" = [])),
)]
struct Description;

struct Basic;

impl Modify for Basic {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).build();
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("basic", SecurityScheme::Http(basic));
    }
}

/// Summaries that are short: the page shows them in one line, and as plain text.
struct Brief;

impl Modify for Brief {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        for path in api.paths.paths.values_mut() {
            let methods = [&mut path.get, &mut path.put, &mut path.post, &mut path.delete];
            for operation in methods.into_iter().flatten() {
                let Some(whole) = operation.summary.take() else { continue };
                let end = whole.find(['.', ':', ';']).unwrap_or(whole.len());
                let brief = whole.get(..end).unwrap_or(&whole).replace('\n', " ");
                operation.summary = Some(brief.replace('`', ""));
                if end.saturating_add(1) < whole.len() {
                    let more = operation.description.take().map(|more| format!("\n\n{more}"));
                    operation.description = Some(format!("{whole}{}", more.unwrap_or_default()));
                }
            }
        }
    }
}

/// The description of the service.
pub(crate) fn description() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `UPDATE_OPENAPI=1` writes the file anew.
    #[test]
    fn the_description_that_is_checked_in_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        let made = format!("{}\n", description().to_pretty_json().unwrap());
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(path, &made).unwrap();
        }
        let checked_in = std::fs::read_to_string(path).unwrap_or_default();
        assert!(checked_in == made, "run `UPDATE_OPENAPI=1 cargo test -p target-rules-server --lib`");
    }
}
