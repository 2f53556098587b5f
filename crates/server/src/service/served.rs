//! The targets of an organisation as they are served: documents and what was
//! compiled of them, of one time.

use std::collections::HashMap;

use loyalty_targets::store::{Catalogue, Document, Roster};
use loyalty_targets::{EnrolmentMethod, Target, TargetGroup, Word};
use target_rules::{Limits, Schema, Zone};

use crate::http::{Code, Fault};

/// What requests are answered by. Never changed: another one is put in its place.
#[derive(Debug)]
pub(crate) struct Served {
    /// The documents.
    pub(crate) catalogue: Catalogue,
    /// What was compiled of them.
    pub(crate) roster: Roster,
    /// By the target's id.
    briefs: HashMap<i64, Brief>,
    /// The change number of the newest catalogue that was looked at.
    pub(super) newest: u64,
    /// Why the newest isn't the one that is served.
    stale: Option<String>,
}

/// What of a target is asked for each request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Brief {
    /// Whether it and its group are switched on.
    pub(crate) active: bool,
    /// Whether a customer made it.
    pub(crate) user_created: bool,
    /// How customers come to it, where it says so.
    pub(crate) method: Option<EnrolmentMethod>,
}

impl Served {
    /// Compiles a catalogue. Where that fails, what was served before is served
    /// on, and says so; without any, nothing is.
    pub(super) fn of(
        catalogue: Catalogue,
        before: Option<&Served>,
        schema: &Schema,
        limits: &Limits,
    ) -> Result<Served, String> {
        let newest = catalogue.change_number();
        match catalogue.roster(schema, limits) {
            Ok(roster) => Ok(Served::compiled(catalogue, roster)),
            Err(fault) => {
                let stale = Some(fault.to_string());
                match before {
                    Some(before) => Ok(Served {
                        catalogue: before.catalogue.clone(),
                        roster: before.roster.clone(),
                        briefs: before.briefs.clone(),
                        newest,
                        stale,
                    }),
                    None => {
                        let zone = Zone::named(catalogue.zone()).map_err(|error| error.to_string())?;
                        let roster = Roster::new(Vec::new(), zone).map_err(|error| error.to_string())?;
                        let nothing = Catalogue::new(catalogue.zone().to_owned(), 0, []);
                        let briefs = HashMap::new();
                        Ok(Served { catalogue: nothing, roster, briefs, newest, stale })
                    }
                }
            }
        }
    }

    /// A catalogue and what was compiled of it.
    pub(super) fn compiled(catalogue: Catalogue, roster: Roster) -> Served {
        let (briefs, newest) = (briefs(&catalogue), catalogue.change_number());
        Served { catalogue, roster, briefs, newest, stale: None }
    }

    /// Whether these are the targets of a catalogue.
    pub(crate) fn is_of(&self, catalogue: &Catalogue) -> bool {
        self.stale.is_none() && self.newest == catalogue.change_number()
    }

    /// The change number of the documents: what is booked by them says it.
    pub(crate) fn change(&self) -> u64 {
        self.catalogue.change_number()
    }

    /// What is asked of a target.
    pub(crate) fn brief(&self, target: i64) -> Option<&Brief> {
        self.briefs.get(&target)
    }

    /// Whether an older set of targets is served, since the newest doesn't build.
    pub(crate) fn is_stale(&self) -> bool {
        self.stale.is_some()
    }

    /// What every answer about these targets warns of.
    pub(crate) fn warnings(&self) -> Vec<Fault> {
        let stale = self.stale.iter().map(|why| {
            let message = format!(
                "the newest targets (change {}) don't build, so those of change {} are served: {why}",
                self.newest,
                self.catalogue.change_number()
            );
            Fault::new(Code::InvalidInput, message)
        });
        stale.collect()
    }
}

fn briefs(catalogue: &Catalogue) -> HashMap<i64, Brief> {
    let groups: HashMap<i64, (bool, bool)> =
        catalogue.groups().map(|group| (group.id(), of_group(group))).collect();
    let brief = |target: &Document| {
        let group = target.group().and_then(|group| groups.get(&group));
        let (running, made) = group.copied().unwrap_or((true, false));
        let read: Option<Target> = serde_json::from_str(target.text()).ok();
        let Some(read) = read else { return Brief::default() };
        Brief {
            active: running && read.active != Some(false),
            user_created: made || read.other.get("userCreated") == Some("true"),
            method: read.enrolment_method.as_ref().and_then(Word::known),
        }
    };
    catalogue.targets().map(|target| (target.id(), brief(target))).collect()
}

/// Whether a group is switched on, and whether a customer made it.
fn of_group(group: &Document) -> (bool, bool) {
    let read: TargetGroup = serde_json::from_str(group.text()).unwrap_or_default();
    (read.active != Some(false), read.user_created == Some(true))
}
