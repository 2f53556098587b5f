//! A document of targets or groups, as the platform gives it, taken over whole.

use loyalty_targets::store::{Catalogue, Document, DocumentKind};

use crate::http::Failure;

use super::drafts::{Drafts, Refusal};
use super::text::Members;

/// The documents of a payload: its `data` is a target, a group, or a list of
/// them. Ids stay; a target may be of a group that is not there. Those that are
/// kept already are left out, so that it can be taken over again; one that says
/// something else is refused.
pub(crate) fn take_over(drafts: &mut Drafts<'_>, payload: &str) -> Result<Vec<Document>, Refusal> {
    let members = Members::of(payload, "the document of targets")?;
    let entries = match members.get("data") {
        Some(data) if data.starts_with('[') => members.list("data")?,
        Some(data) => vec![data],
        None => vec![payload],
    };
    let mut documents = Vec::new();
    for entry in entries {
        let entry_members = Members::of(entry, "an entry")?;
        if ["targets", "periods", "targetEvaluationType"].iter().any(|key| entry_members.has(key)) {
            let there = entry_members.id("id")?.filter(|id| drafts.catalogue.group(*id).is_some());
            documents.extend(drafts.group(entry, there)?);
            continue;
        }
        let id = entry_members.id("id")?.ok_or_else(|| Failure::invalid("`id` is missing in a target"))?;
        let document = Document::new(DocumentKind::Target, id, entry);
        documents.push(match entry_members.id("targetGroupId")? {
            Some(group) => document.of_group(group),
            None => document,
        });
    }
    let mut new = Vec::new();
    for document in documents {
        match there(drafts.catalogue, &document) {
            Some(kept) if (kept.text(), kept.group()) == (document.text(), document.group()) => {}
            Some(_) => {
                let (kind, id) = (document.kind().word(), document.id());
                let why = format!("the {kind} {id} is there already, and says something else");
                return Err(Failure::invalid(why).into());
            }
            None => new.push(document),
        }
    }
    Ok(new)
}

/// What is kept of this kind and id.
fn there<'c>(catalogue: &'c Catalogue, document: &Document) -> Option<&'c Document> {
    match document.kind() {
        DocumentKind::Group => catalogue.group(document.id()),
        DocumentKind::Target => catalogue.target(document.id()),
    }
}
