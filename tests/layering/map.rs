//! The map in `ARCHITECTURE.md` shows the tree as it is: each room with its rank,
//! and in its row each file of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{HOUSES, House, root};

/// Files that a map leaves out: what every folder may have.
const EVERYWHERE: [&str; 4] = ["mod.rs", "lib.rs", "main.rs", "tests.rs"];

/// What stands in code marks: `reader.rs` and `pattern/many/` by their last names.
fn named(text: &str) -> BTreeSet<&str> {
    let marked = text.split('`').skip(1).step_by(2);
    marked.filter_map(|name| name.trim_end_matches('/').rsplit('/').next()).collect()
}

/// The files and folders that stand in a folder and belong on the map.
fn inside(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let shown = entries.filter(|path| path.is_dir() || path.extension().is_some_and(|end| end == "rs"));
    let names = shown.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
    names.filter(|name| !EVERYWHERE.contains(&name.as_str())).collect()
}

/// What a text of the map does not tell of a folder, and what it tells that is
/// nowhere in it. Some texts leave the ending of files out.
fn check(folder: &Path, text: &str, wrong: &mut Vec<String>) {
    let (named, there) = (named(text), inside(folder));
    for name in &there {
        if !named.contains(name.as_str()) && !named.contains(name.trim_end_matches(".rs")) {
            wrong.push(format!("{}: `{name}` is not on the map", folder.display()));
        }
    }
    let below: BTreeSet<String> = there
        .iter()
        .map(|name| folder.join(name))
        .filter(|path| path.is_dir())
        .flat_map(|path| inside(&path))
        .collect();
    for name in named.into_iter().filter(|name| name.ends_with(".rs") && !EVERYWHERE.contains(name)) {
        if !there.contains(name) && !below.contains(name) {
            wrong.push(format!("{}: there is no `{name}`", folder.display()));
        }
    }
}

/// The rows of a table of rooms: by the room, its rank and what the row says.
fn rows(part: &str) -> BTreeMap<&str, (&str, &str)> {
    let rows = part.lines().filter_map(|line| {
        let (rank, rest) = line.strip_prefix("| ")?.split_once(" | `")?;
        let (room, says) = rest.split_once("` | ")?;
        Some((room, (rank, says)))
    });
    rows.collect()
}

#[test]
fn the_map_shows_every_room_and_every_file() {
    let map = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let (_, map) = map.split_once("## Rooms, lowest first").unwrap();
    let (map, _) = map.split_once("## Invariants").unwrap();
    let (library, rest) = map.split_once("The targets (`crates/targets/src`):").unwrap();
    let (targets, rest) = rest.split_once("The command (`crates/cli/src`):").unwrap();
    let (command, rest) = rest.split_once("The server (`crates/server/src`):").unwrap();
    let (server, shared) = rest.split_once("What tests share (`crates/testing/src`):").unwrap();
    let [
        of_library,
        of_targets,
        of_sqlite,
        of_postgres,
        of_analysis,
        of_backtest,
        of_sample,
        of_mapping,
        of_sql,
        of_command,
        of_requests,
        of_server,
        of_testing,
    ] = &HOUSES;
    let mut wrong = Vec::new();
    let (targets, stores) = targets.split_once("The stores. SQLite (`crates/store-sqlite/src`):").unwrap();
    let (sqlite, postgres) = stores.split_once("PostgreSQL (`crates/store-postgres/src`):").unwrap();
    let (postgres, analysis) = postgres.split_once("The analysis (`crates/analysis/src`):").unwrap();
    let (analysis, mapping) = analysis.split_once("The mapping (`crates/mapping/src`):").unwrap();
    check(&of_sqlite.source(), sqlite, &mut wrong);
    check(&of_postgres.source(), postgres, &mut wrong);
    let (mapping, backtest) = mapping.split_once("The backtest (`crates/backtest/src`):").unwrap();
    let (backtest, sample) = backtest.split_once("The sample (`crates/sample/src`):").unwrap();
    let (sample, sql) = sample.split_once("The SQL (`crates/sql/src`):").unwrap();
    check(&of_sample.source(), sample, &mut wrong);
    check(&of_sql.source(), sql, &mut wrong);
    let tables = [
        (of_library, library),
        (of_targets, targets),
        (of_analysis, analysis),
        (of_backtest, backtest),
        (of_mapping, mapping),
        (of_server, server),
    ];
    for (house, part) in tables {
        let rows = rows(part);
        for (rank, room) in ranked(house) {
            let file = format!("{room}.rs");
            let (name, folder) = (format!("{room}/"), house.source().join(room));
            match rows.get(name.as_str()).or_else(|| rows.get(file.as_str())) {
                None => wrong.push(format!("{}: the room `{room}` is not on the map", house.name)),
                // What nothing imports stands above all ranks.
                Some((told, _)) if *told != "top" && *told != rank.to_string() => {
                    wrong.push(format!("{}: `{room}` has the rank {rank}, not {told}", house.name));
                }
                Some((_, says)) if folder.is_dir() => check(&folder, says, &mut wrong),
                Some(_) => {}
            }
        }
        assert_eq!(rows.len(), ranked(house).count(), "of {} the map has other rooms", house.name);
    }
    let (command, requests) = command.split_once("What requests say (`crates/requests/src`):").unwrap();
    check(&of_requests.source(), requests, &mut wrong);
    // Of the folder for `test` the map shows the files too.
    let (rooms, cases) = command.split_once("the folder `cases/` for `test`:").unwrap();
    check(&of_command.source(), &format!("{rooms}`cases/`"), &mut wrong);
    check(&of_command.source().join("cases"), cases, &mut wrong);
    let (shared, _) = shared.split_once("\n\n").unwrap();
    check(&of_testing.source(), shared, &mut wrong);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The rooms of a crate with their ranks, but for its root.
fn ranked(house: &House) -> impl Iterator<Item = (usize, &'static str)> {
    let rooms = house.rooms.iter().enumerate();
    rooms
        .flat_map(|(rank, rooms)| rooms.iter().map(move |room| (rank, *room)))
        .filter(|(_, room)| !["lib", "main"].contains(room))
}
