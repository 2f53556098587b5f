//! The stores: a dozen in five zones, and two that are no places.

use crate::dice::Dice;

/// A store.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) id: u32,
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) zone: u32,
    /// 11 is fashion, 12 sports; those without walls have none.
    pub(crate) concept: Option<u32>,
    /// How orders come in.
    pub(crate) channel: &'static str,
    weight: u32,
}

const fn place(
    id: u32,
    code: &'static str,
    name: &'static str,
    (zone, concept, weight): (u32, u32, u32),
) -> Store {
    Store { id, code, name, zone, concept: Some(concept), channel: "STORE", weight }
}

const PLACES: [Store; 12] = [
    place(501, "del.connaught.1CP", "Delhi Connaught Place", (71, 11, 14)),
    place(502, "del.saket.2SK", "Delhi Saket", (71, 12, 9)),
    place(503, "jai.mirza.1MI", "Jaipur MI Road", (71, 11, 5)),
    place(511, "blr.indiranagar.6TM", "Bengaluru Indiranagar", (72, 11, 15)),
    place(512, "blr.airport.7AP", "Bengaluru Airport", (72, 12, 6)),
    place(513, "hyd.himayatnagar.1HN", "Hyderabad Himayatnagar", (72, 12, 10)),
    place(514, "che.adyar.3AD", "Chennai Adyar", (72, 11, 8)),
    place(521, "mum.bandra.4BW", "Mumbai Bandra West", (73, 11, 16)),
    place(522, "pun.camp.1MG", "Pune Camp", (73, 12, 7)),
    place(523, "ahm.law.2LG", "Ahmedabad Law Garden", (73, 11, 5)),
    place(531, "kol.park.1PS", "Kolkata Park Street", (74, 11, 8)),
    place(532, "gau.zoo.1ZR", "Guwahati Zoo Road", (74, 11, 3)),
];

const APP: Store =
    Store { id: 900, code: "online.app", name: "App", zone: 79, concept: None, channel: "APP", weight: 2 };
const WEB: Store =
    Store { id: 901, code: "online.web", name: "Web", zone: 79, concept: None, channel: "WEB", weight: 1 };

/// All of them.
pub(crate) struct Stores;

impl Stores {
    /// The store of a customer: the one nearest to her.
    pub(crate) fn home(dice: &mut Dice) -> &'static Store {
        let at = dice.weighted(PLACES.iter().map(|store| store.weight));
        PLACES.get(at).unwrap_or(&APP)
    }

    /// Where somebody buys at an hour: the places are open from 10 to 22.
    pub(crate) fn at(hour: u32, home: &'static Store, dice: &mut Dice) -> &'static Store {
        if !(10..22).contains(&hour) || dice.percent(18) {
            return if dice.percent(66) { &APP } else { &WEB };
        }
        if dice.percent(72) { home } else { Stores::home(dice) }
    }
}

impl Store {
    /// Whether it is no place.
    pub(crate) fn is_online(&self) -> bool {
        self.concept.is_none()
    }
}
