//! Pages of explanations in a real browser, at the widths of a telephone and of
//! a desk: nothing on them is wider than the page.
//!
//! Needs Chromium (`target_rules_testing::browser`).
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use loyalty_targets::{Enrolments, Ledger, Payload};
use target_rules::{Ast, Layout, Limits, Schema, Zone};
use target_rules_testing::browser::{Browser, FIRST_WIDER};

/// Pixels. Chromium itself opens no window as narrow as the first, so that each
/// page stands in a frame.
const WIDTHS: [u32; 2] = [380, 1280];

/// Shows each page in a frame of each width, one after the other, and writes down
/// how wide it is, and the first element that is wider.
const MEASURE: &str = r#"<!DOCTYPE html><html><body><pre id="told"></pre><script>
WIDER const jobs = JOBS, told = [];
function measured(frame, name, width) {
  const inner = frame.contentDocument, seen = inner.documentElement.clientWidth;
  const whole = inner.documentElement.scrollWidth, nodes = inner.querySelectorAll(".node").length;
  return [name, width, seen, whole, nodes, firstWider(inner)];
}
function next() {
  const job = jobs.shift();
  if (!job) { document.getElementById("told").textContent = "begin\n" + told.join("\n") + "\nend"; return; }
  const [name, width] = job, frame = document.createElement("iframe");
  frame.style.cssText = `width:${width}px;height:900px;border:0`;
  frame.onload = () => { told.push(measured(frame, name, width).join("\t")); frame.remove(); next(); };
  frame.src = name;
  document.body.append(frame);
}
next();
</script></body></html>"#;

const BILL: &str = r#"{"currentCustomer": {"id": 1, "slabName": "Silver"},
    "currentStore": {"id": 501, "zoneIds": [2, 9]},
    "currentTxn": {"number": "a-bill-with-a-number-that-is-far-too-long-for-the-screen-of-a-telephone-0001",
        "date": "2026-03-07", "value": 455, "lineItems": [
        {"qty": 1, "rate": 100, "discount": 0, "attributes": {"brand": "Puma"}},
        {"qty": 2, "rate": 20, "discount": 0, "attributes": {"brand": "Biba"}}]}}"#;

fn page_of_a_rule(text: &str) -> String {
    let limits = Limits::default();
    let ast = Ast::from_text(text, &limits).unwrap();
    let rule = ast.check(&Schema::standard(), &limits).into_rule().unwrap();
    let transaction = Layout::of([&rule]).read(BILL, &limits).unwrap();
    rule.explain(&transaction, &Zone::UTC).to_html()
}

fn page_of_a_target(name: &str) -> String {
    let (limits, schema) = (Limits::default(), Schema::standard());
    let rule = r#"currentTxn.value>500&&currentCustomer.slabName==\"Gold\""#;
    let periods: Vec<String> = (1..=12)
        .map(|month| {
            format!(
                r#"{{"id": {month}, "startDate": "2025-{month:02}-01", "endDate": "2025-{month:02}-28"}}"#
            )
        })
        .collect();
    let stores: Vec<String> = (1..=400).map(|id| id.to_string()).collect();
    let document = format!(
        r#"{{"data": {{"id": 7, "periods": [{}], "targets": [{{"id": 50, "name": "{name}",
            "targetType": "SALES", "expression": "{rule}", "filters": [
            {{"entityType": "STORE", "entityIds": [{}]}}, {{"entityType": "ZONE", "entityIds": [3]}}]}}]}}}}"#,
        periods.join(", "),
        stores.join(", "),
    );
    let payload = Payload::read(&document, &limits).unwrap();
    let targets = payload.targets().filter_map(|one| one.check(&schema, &limits).target).collect();
    let ledger = Ledger::new(targets, Enrolments::default(), Zone::UTC).unwrap();
    ledger.explain_target(50, BILL, true, &limits).unwrap().unwrap().to_html()
}

fn pages() -> Vec<(&'static str, String)> {
    let word = "unbroken".repeat(40);
    let long = format!(r#"currentTxn.notes=="{word}"||currentTxn.extField_{word}>3"#);
    let many: Vec<String> = (0..60)
        .map(|at| {
            format!(
                r#"(currentTxn.value*{at}+currentTxn.discount>currentTxn.grossAmount/7||(currentTxn.value>{at}&&(currentCustomer.slabName=="{word}"||currentTxn.value<{at}&&!currentTxn.date.isWeekend())))"#
            )
        })
        .collect();
    let deep = (0..14).fold("currentTxn.value>500".to_owned(), |inner, at| {
        let operator = if at % 2 == 0 { "&&" } else { "||" };
        format!("!(currentTxn.value>{at}{operator}{inner})")
    });
    vec![
        ("rule.html", page_of_a_rule(r#"currentTxn.value>500&&currentCustomer.slabName=="Gold""#)),
        (
            "items.html",
            page_of_a_rule(r#"currentLineItem.qty>5&&currentLineItem.doesItemMatch("brand","Puma")"#),
        ),
        ("unknown.html", page_of_a_rule("currentTxn.points>5&&currentTxn.value/currentTxn.discount>2")),
        ("long.html", page_of_a_rule(&long)),
        ("many.html", page_of_a_rule(&many.join("&&"))),
        ("deep.html", page_of_a_rule(&deep)),
        ("target.html", page_of_a_target("Spend 5 000 on shoes")),
        ("target-of-a-long-name.html", page_of_a_target(&"unbroken".repeat(25))),
    ]
}

/// What the browser wrote down, a page and width each: name, width, how wide the
/// page is seen and is, its nodes, and what is too wide.
fn measured(browser: &Browser, folder: &Path, names: &[&str]) -> Vec<Vec<String>> {
    let jobs: Vec<String> =
        names.iter().flat_map(|name| WIDTHS.map(|width| format!("[\"{name}\", {width}]"))).collect();
    let outer = folder.join("measure.html");
    let page = MEASURE.replace("JOBS", &format!("[{}]", jobs.join(", "))).replace("WIDER", FIRST_WIDER);
    std::fs::write(&outer, page).unwrap();
    browser.table(&["--allow-file-access-from-files"], &format!("file://{}", outer.display()))
}

#[test]
fn no_page_is_wider_than_its_window() {
    let Some(browser) = Browser::find("a page of an explanation") else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    std::fs::create_dir_all(&folder).unwrap();
    let pages = pages();
    for (name, page) in &pages {
        std::fs::write(folder.join(name), page).unwrap();
    }
    // One that is too wide is seen, so that the measure is one.
    let wide = "<!DOCTYPE html><body><div class=\"node\" style=\"width:2000px\">wide</div>";
    std::fs::write(folder.join("wide.html"), wide).unwrap();
    let names: Vec<&str> = pages.iter().map(|(name, _)| *name).chain(["wide.html"]).collect();
    let all = measured(&browser, &folder, &names);
    assert_eq!(all.len(), names.len() * WIDTHS.len(), "{all:?}");
    let mut too_wide = Vec::new();
    for line in &all {
        let [name, width, seen, whole, nodes, what] = line.as_slice() else { panic!("{line:?}") };
        let number = |text: &str| text.parse::<u32>().unwrap();
        assert!(number(nodes) > 0, "{name} shows no node");
        // A scroll bar takes a few pixels of the window.
        assert!(number(width).abs_diff(number(seen)) < 20, "{line:?}");
        if number(whole) > number(seen) || !what.is_empty() {
            too_wide.push((name.as_str(), line.clone()));
        }
    }
    let (known, odd): (Vec<_>, Vec<_>) = too_wide.into_iter().partition(|(name, _)| *name == "wide.html");
    assert_eq!(known.len(), WIDTHS.len(), "what is too wide is not seen");
    assert!(odd.is_empty(), "{odd:#?}");
}
