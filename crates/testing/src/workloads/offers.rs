//! Rules with a dial: how much they have in common, or how many of them hold.

use rust_decimal::Decimal;

use super::bill::Bill;
use super::by_hand::ByHand;
use super::condition::{Condition, Field, OURS};
use super::generator::{Dice, STORES, VISITS, draw_stores};

/// A rule as text, and written by hand.
pub struct Offer {
    pub text: String,
    pub by_hand: ByHand,
}

/// How many values the common pool has of each constant.
const POOL: i64 = 20;
/// In cents: half of the dearest bill of the generator.
const HALF: i64 = 50_000;
/// In cents: more than any sum that the generator gives for what has no discount.
const NON_DISCOUNTED: i64 = 6_000;
const STORES_OF_AN_OFFER: usize = 60;

/// So many rules of five tests each: value, discount, the sum of both, what has
/// no discount, and stores. Each test comes from a pool of 20 of its kind with
/// the chance of `common` percent; else it is drawn for this rule alone, from
/// many more amounts, or lists of stores, than there are rules.
pub fn in_common(count: usize, common: i64, seed: u64) -> Vec<Offer> {
    let mut dice = Dice::new(seed);
    let pool: Vec<Vec<i64>> = (0..POOL).map(|_| draw_stores(&mut dice, STORES_OF_AN_OFFER)).collect();
    let offer = |_| {
        let from_pool = |dice: &mut Dice| dice.between(0, 100) < common;
        // Both ways over the same range, so that they hold as often. Hundredths
        // of cents: there are not enough cents for every rule to have its own.
        let mut amount = |most: i64| match from_pool(&mut dice) {
            true => dice.between(0, POOL) * most / POOL * 100,
            false => dice.between(0, most * 100),
        };
        let together = HALF * 100 + amount(HALF);
        let amounts = [amount(HALF), amount(HALF), amount(NON_DISCOUNTED), together];
        let [least, discount, non_discounted, together] = amounts.map(|amount| Decimal::new(amount, 4));
        let stores = match from_pool(&mut dice) {
            true => pool[dice.between(0, POOL) as usize].clone(),
            false => draw_stores(&mut dice, STORES_OF_AN_OFFER),
        };
        let among = OURS.of(&Condition::OneOf(Field::Store, stores.clone())).unwrap();
        let text = format!(
            "currentTxn.value >= {least} && currentTxn.discount <= {discount} \
             && currentTxn.basketAmountSumNonDiscounted > {non_discounted} \
             && currentTxn.value + currentTxn.discount < {together} && {among}"
        );
        let by_hand = Box::new(move |bill: &Bill| {
            bill.value >= least
                && bill.discount <= discount
                && bill.non_discounted > non_discounted
                && bill.value + bill.discount < together
                && stores.binary_search(&bill.store).is_ok()
        });
        Offer { text, by_hand }
    };
    (0..count).map(offer).collect()
}

/// So many rules of which about that share holds for any transaction. Each of
/// three tests passes with the cube root of the share: a range of what has no
/// discount, a range of visits, and a list of stores.
pub fn holding(count: usize, share: f64, seed: u64) -> Vec<Offer> {
    let mut dice = Dice::new(seed);
    let of_each = share.cbrt();
    let part = |all: i64| ((all as f64 * of_each).round() as i64).clamp(1, all);
    let range = |dice: &mut Dice, all: i64| {
        let first = dice.between(0, all - part(all) + 1);
        (first, first + part(all) - 1)
    };
    let offer = |_| {
        let (least, most) = range(&mut dice, NON_DISCOUNTED);
        let (first, last) = range(&mut dice, VISITS);
        let stores = draw_stores(&mut dice, part(STORES) as usize);
        let text = OURS.of(&Condition::All(vec![
            Condition::AtLeast(Field::NonDiscounted, least),
            Condition::AtMost(Field::NonDiscounted, most),
            Condition::AtLeast(Field::Visits, first),
            Condition::AtMost(Field::Visits, last),
            Condition::OneOf(Field::Store, stores.clone()),
        ]));
        let [least, most] = [least, most].map(|cents| Decimal::new(cents, 2));
        let by_hand = Box::new(move |bill: &Bill| {
            bill.non_discounted >= least
                && bill.non_discounted <= most
                && (first..=last).contains(&bill.visits)
                && stores.binary_search(&bill.store).is_ok()
        });
        Offer { text: text.unwrap(), by_hand }
    };
    (0..count).map(offer).collect()
}
