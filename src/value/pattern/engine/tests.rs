//! No bound on what patterns take changes an answer.

use super::super::{compiled_size, hir_of};
use super::{Engine, HELD, Kind, STATES, Space};

fn engine(pattern: &str, most: usize) -> Engine {
    let (hir, states) = hir_of(pattern, false, usize::MAX).unwrap();
    Engine::within(&hir, states, compiled_size(&hir), (pattern.into(), false), most).0
}

fn is_automaton(engine: &Engine) -> bool {
    matches!(engine.kind, Kind::Short(_) | Kind::Lazy(..))
}

#[test]
fn short_patterns_have_automata_while_there_is_room() {
    for pattern in
        ["^P.*um$", "[A-Za-z]+", "FOOTWEAR|KIDS BOY|KIDS GIRL|KIDS INFANT|LADIES ETHNIC|LADIES WESTERN"]
    {
        assert!(is_automaton(&engine(pattern, HELD)), "{pattern}");
        assert!(!is_automaton(&engine(pattern, 0)), "{pattern}");
    }
    let is_short = |states: usize| match engine(&format!("[ab]{{{states}}}"), HELD).kind {
        Kind::Short(_) => true,
        Kind::Lazy(..) => false,
        _ => panic!("{states} states are too many"),
    };
    assert!(is_short(STATES) && !is_short(STATES + 1));
    // Short, and large by its bytes.
    assert!(!is_automaton(&engine(r"\p{L}{8}", HELD)));
}

#[test]
fn tables_are_given_up_beyond_a_bound() {
    const MOST: usize = 256 * 1024;
    let patterns: Vec<String> = (0..60).map(|number| format!("a[ab]{{{}}}c{number}", number % 60)).collect();
    let texts: Vec<String> = (0..40_u32)
        .map(|seed| {
            let letters = (0..200_u32).map(|at| seed.wrapping_mul(2_654_435_761).rotate_left(at) & 7);
            letters.map(|letter| ["a", "b", "a", "b", "ab", "c1", "a", "c2"][letter as usize]).collect()
        })
        .collect();
    let engines: Vec<[Engine; 2]> =
        patterns.iter().map(|text| [HELD, 0].map(|most| engine(text, most))).collect();
    let (mut space, mut given_up) = (Space::default(), 0);
    for text in &texts {
        for (pattern, [automaton, positions]) in patterns.iter().zip(&engines) {
            let found = space.is_match(automaton, text, MOST);
            assert_eq!(found, space.is_match(positions, text, MOST), "{pattern} in {text}");
            assert!(space.bytes <= MOST, "{} bytes", space.bytes);
            given_up += usize::from(space.tables.is_empty());
        }
    }
    assert!(given_up > 0, "the bound was never reached");
}
