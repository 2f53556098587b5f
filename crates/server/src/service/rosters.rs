//! The targets of all organisations, each set swapped as a whole.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use loyalty_targets::store::{Catalogue, Roster, Store, StoreError};
use target_rules::{Limits, Schema};

use crate::observe::Metrics;

use super::served::Served;

/// What is served, by organisation.
#[derive(Debug)]
pub(super) struct Rosters {
    all: ArcSwap<HashMap<Arc<str>, Arc<Served>>>,
    /// Held while one is made, so that an older one never takes the place of a newer.
    making: Mutex<()>,
    schema: Schema,
    limits: Limits,
    metrics: Arc<Metrics>,
}

impl Rosters {
    pub(super) fn new(schema: Schema, limits: Limits, metrics: Arc<Metrics>) -> Rosters {
        Rosters { all: ArcSwap::default(), making: Mutex::default(), schema, limits, metrics }
    }

    pub(super) fn get(&self, organisation: &str) -> Option<Arc<Served>> {
        self.all.load().get(organisation).cloned()
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Reads the catalogue anew and serves it from now on. Whoever still works
    /// with the one before ends with that.
    pub(super) fn reload(
        &self,
        store: &mut dyn Store,
        organisation: &str,
    ) -> Result<Arc<Served>, StoreError> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.get(organisation);
        let catalogue = store.catalogue(organisation)?;
        if let Some(before) = before.as_ref().filter(|one| one.newest == catalogue.change_number()) {
            return Ok(before.clone());
        }
        let served = Served::of(catalogue, before.as_deref(), &self.schema, &self.limits);
        let served = served.map_err(|what| StoreError::Database { what, may_pass: false })?;
        Ok(self.put(organisation, served))
    }

    /// Serves a catalogue from now on that was compiled before it was kept, unless
    /// a newer one is served already.
    pub(super) fn serve(&self, organisation: &str, catalogue: Catalogue, roster: Roster) -> Arc<Served> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        match self.get(organisation) {
            Some(newer) if newer.newest >= catalogue.change_number() => newer,
            _ => self.put(organisation, Served::compiled(catalogue, roster)),
        }
    }

    fn put(&self, organisation: &str, served: Served) -> Arc<Served> {
        if served.is_stale() {
            tracing::error!(organisation, change = served.newest, "the newest targets do not build");
        } else {
            tracing::info!(organisation, change = served.newest, "these targets are served");
        }
        let served = Arc::new(served);
        let mut all = HashMap::clone(&self.all.load());
        all.insert(organisation.into(), served.clone());
        let kept = all.values().filter(|served| served.is_stale()).count();
        self.metrics.rosters_kept.set(i64::try_from(kept).unwrap_or(i64::MAX));
        self.all.store(Arc::new(all));
        served
    }

    /// The organisations whose targets are served, and their newest change numbers.
    pub(super) fn changes(&self) -> Vec<(Arc<str>, u64)> {
        self.all.load().iter().map(|(name, served)| (name.clone(), served.newest)).collect()
    }
}

#[cfg(test)]
mod tests {
    use loyalty_targets::store::{Document, DocumentKind, MemoryStore};

    use super::*;

    fn target(id: i64, expression: &str) -> Document {
        let text = format!("{{\"id\": {id}, \"targetType\": \"COUNT\", \"expression\": \"{expression}\"}}");
        Document::new(DocumentKind::Target, id, text)
    }

    #[test]
    fn the_last_good_targets_are_served_where_the_newest_do_not_build() {
        let metrics = Arc::new(Metrics::default());
        let rosters = Rosters::new(Schema::standard(), Limits::default(), metrics.clone());
        let mut store = MemoryStore::default();
        store.create_organisation("shop", "UTC").unwrap();
        let put = |store: &mut MemoryStore, document| {
            let seen = store.change_number("shop").unwrap();
            store.put("shop", seen, &[document]).unwrap();
            rosters.reload(store, "shop").unwrap()
        };
        let good = put(&mut store, target(50, "true"));
        assert!(!good.is_stale() && good.warnings().is_empty());
        // Another instance of a newer version may have put it.
        let kept = put(&mut store, target(51, "currentTxn.valu>5"));
        assert!(kept.is_stale() && kept.roster.target(50).is_some() && kept.roster.target(51).is_none());
        assert!(kept.catalogue.target(51).is_none(), "documents and rules are of one time");
        assert!(kept.warnings()[0].message.contains("the target 51"), "{:?}", kept.warnings());
        assert_eq!(metrics.rosters_kept.get(), 1);
        let mended = put(&mut store, target(51, "currentTxn.value>5"));
        assert!(!mended.is_stale() && mended.roster.target(51).is_some());
        assert_eq!(metrics.rosters_kept.get(), 0);
        // Who had the old one goes on with it.
        assert!(good.roster.target(51).is_none());
    }
}
