//! What is sold. An article has one code, brand, category and price, whoever buys
//! it and whatever the seed is.

use std::sync::LazyLock;

use crate::dice::{Dice, Topic};

/// Articles of one kind.
struct Kind {
    category: &'static str,
    product: &'static str,
    division: &'static str,
    brands: &'static [&'static str],
    /// Rupees, from the cheapest to the dearest.
    price: (u32, u32),
    /// How often it is bought in winter, spring, summer and autumn.
    seasons: [u32; 4],
    /// How many are bought at once, at most.
    most: u32,
    /// Whether its price is ever reduced.
    reduced: bool,
}

const fn kind(
    category: &'static str,
    product: &'static str,
    division: &'static str,
    brands: &'static [&'static str],
    price: (u32, u32),
    seasons: [u32; 4],
) -> Kind {
    Kind { category, product, division, brands, price, seasons, most: 3, reduced: true }
}

const SPORTS: &[&str] = &["Puma", "Nike", "Corvo", "Vega"];
const DAILY: &[&str] = &["Lark", "Otto", "Birch", "Purple Rain"];
const DRESSED: &[&str] = &["Reed", "Hale", "Mistral", "Purple Rain"];

const KINDS: [Kind; 18] = [
    kind("Shoes", "SNEAKERS", "FOOTWEAR", SPORTS, (1_999, 9_999), [12, 14, 13, 13]),
    kind("Shoes", "SANDALS", "FOOTWEAR", DAILY, (499, 2_999), [3, 8, 12, 4]),
    Kind { most: 6, ..kind("Socks", "SOCKS", "FOOTWEAR", SPORTS, (149, 599), [10, 7, 6, 8]) },
    kind("Shirts", "SHIRT", "MENS UPPER", DRESSED, (799, 3_999), [12, 12, 12, 13]),
    Kind { most: 4, ..kind("Shirts", "T SHIRT", "MENS UPPER", DAILY, (399, 1_499), [8, 13, 16, 9]) },
    kind("Trousers", "TROUSER", "MENS LOWER", DRESSED, (999, 4_499), [9, 9, 8, 9]),
    kind("Shirting", "SHIRTING", "MENS UPPER", DRESSED, (599, 2_499), [4, 4, 4, 6]),
    kind("Jackets", "JACKET", "MENS UPPER", SPORTS, (1_999, 11_999), [12, 2, 1, 7]),
    kind("Ethnic", "SAREES", "LADIES ETHNIC", DRESSED, (1_499, 18_999), [6, 5, 4, 11]),
    kind("Ethnic", "KURTA", "LADIES ETHNIC", DAILY, (699, 3_499), [6, 8, 8, 10]),
    kind("Dresses", "DRESS", "LADIES WESTERN", DRESSED, (1_299, 5_999), [5, 8, 9, 6]),
    kind("Kids", "KIDS T SHIRT", "KIDS BOY", DAILY, (299, 1_099), [5, 6, 6, 6]),
    kind("Kids", "FROCK", "KIDS GIRL", DAILY, (499, 1_999), [5, 6, 6, 6]),
    kind("Bags", "BACKPACK", "ACCESSORIES", SPORTS, (999, 5_499), [4, 5, 7, 4]),
    kind("Watches", "WATCH", "ACCESSORIES", DRESSED, (2_499, 24_999), [3, 2, 2, 4]),
    kind("Premium beauty", "PERFUME", "BEAUTY", DRESSED, (1_299, 6_999), [6, 5, 5, 7]),
    kind("Lifestyle", "CANDLE", "HOME", DAILY, (249, 1_999), [7, 4, 3, 9]),
    Kind {
        most: 2,
        reduced: false,
        ..kind("Gift cards", "GIFT CARD", "GIFTS", &["House"], (500, 5_000), [4, 2, 2, 5])
    },
];

const COLOURS: [&str; 8] = ["BLACK", "BLUE", "WHITE", "RED", "GREEN", "GREY", "BROWN", "YELLOW"];

/// One article.
#[derive(Debug)]
pub(crate) struct Article {
    pub(crate) code: String,
    pub(crate) description: String,
    pub(crate) brand: &'static str,
    pub(crate) category: &'static str,
    pub(crate) product: &'static str,
    pub(crate) division: &'static str,
    /// Hundredths.
    pub(crate) rate: i64,
    pub(crate) most: u32,
    pub(crate) reduced: bool,
}

/// All of them, by kind and brand.
pub(crate) struct Articles(Vec<Vec<Vec<Article>>>);

static ALL: LazyLock<Articles> = LazyLock::new(Articles::new);

impl Articles {
    fn new() -> Articles {
        let mut number = 0;
        let kinds = KINDS.iter().map(|kind| {
            let brands = kind.brands.iter().map(|brand| {
                let colours = COLOURS.iter().map(|colour| {
                    number += 1;
                    article(number, kind, brand, colour)
                });
                colours.collect()
            });
            brands.collect()
        });
        Articles(kinds.collect())
    }

    /// One that somebody buys in a month, whose taste is a kind and a brand. The
    /// taste is any number.
    pub(crate) fn draw(month: i8, taste: u32, dice: &mut Dice) -> &'static Article {
        // Winter is December to February.
        let season = usize::from(month.unsigned_abs()) % 12 / 3;
        let liked = |most: usize| taste as usize % most;
        let kind = match dice.percent(30) {
            // Nobody's taste are gift cards, the last of the kinds.
            true => liked(KINDS.len() - 1),
            false => {
                dice.weighted(KINDS.iter().map(|kind| kind.seasons.get(season).copied().unwrap_or_default()))
            }
        };
        let brands = ALL.0.get(kind).map(Vec::as_slice).unwrap_or_default();
        let brand = match dice.percent(45) {
            true => liked(brands.len()),
            false => dice.below(u32::try_from(brands.len()).unwrap_or_default()) as usize,
        };
        // Of the articles of a brand the first are bought most.
        let colour = dice.below(8).min(dice.below(8)) as usize;
        let article = brands.get(brand).and_then(|articles| articles.get(colour));
        // INVARIANT: each kind has brands, and each brand has eight articles.
        #[expect(clippy::expect_used, reason = "the numbers are drawn below the lengths")]
        article.expect("an article of this kind, brand and colour")
    }
}

fn article(number: u64, kind: &Kind, brand: &'static str, colour: &str) -> Article {
    let mut dice = Dice::new(0, Topic::Article, number);
    let (least, most) = kind.price;
    // More articles are cheap than dear.
    let rupees = dice.between(least, most).min(dice.between(least, most));
    // Prices end in 49 or 99, and those of gift cards in 500.
    let rupees = match kind.reduced {
        true => (rupees / 50 * 50).max(50) + 49,
        false => rupees.div_ceil(500) * 500,
    };
    Article {
        code: format!("890{:07}", 4_710_000 + number * 37 % 100_000),
        description: format!("{} {} {colour}", brand.to_uppercase(), kind.product),
        brand,
        category: kind.category,
        product: kind.product,
        division: kind.division,
        rate: i64::from(rupees) * 100,
        most: kind.most,
        reduced: kind.reduced,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_one_article() {
        let all: Vec<&Article> = ALL.0.iter().flatten().flatten().collect();
        let mut codes: Vec<&str> = all.iter().map(|article| article.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!((all.len(), codes.len()), (552, 552));
        assert!(all.iter().all(|article| article.code.len() == 10 && article.rate >= 9_900));
    }
}
