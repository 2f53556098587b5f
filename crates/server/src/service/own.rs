//! The targets that a customer made for herself.

use loyalty_targets::store::{Document, DocumentKind, RecordedEnrolments, Store, StoreError};

use super::served::Served;

/// The documents of the targets that customers made and in which nobody but this
/// one takes part, or did; and of their groups, where these have no others. What
/// others were enrolled in as well is theirs, too.
pub(crate) fn own_documents(
    store: &mut dyn Store,
    served: &Served,
    organisation: &str,
    customer: i64,
) -> Result<Vec<Document>, StoreError> {
    let texts = store.enrolments(organisation, &[customer])?;
    let enrolments = RecordedEnrolments::read(texts.first().map_or("", String::as_str));
    let enrolments = enrolments.map_err(|why| StoreError::Damaged { customer, why })?;
    let (mut own, mut groups) = (Vec::new(), Vec::new());
    for id in enrolments.targets() {
        let made = served.brief(id).is_some_and(|brief| brief.user_created);
        let Some(target) = served.catalogue.target(id).filter(|_| made) else { continue };
        if store.enrolled_in(organisation, id, None, 2)? == [customer] {
            own.push(target.clone());
            groups.extend(target.group());
        }
    }
    groups.dedup();
    let emptied = |group: &i64| {
        let mut targets = served.catalogue.targets_of(Some(*group));
        targets.all(|target| own.iter().any(|one| one.id() == target.id()))
    };
    let groups =
        groups.into_iter().filter(emptied).filter_map(|group| served.catalogue.group(group).cloned());
    let groups: Vec<Document> = groups.collect();
    own.extend(groups);
    Ok(own)
}

/// What a store calls these documents.
pub(crate) fn keys_of(documents: &[Document]) -> Vec<(DocumentKind, i64)> {
    documents.iter().map(|one| (one.kind(), one.id())).collect()
}
