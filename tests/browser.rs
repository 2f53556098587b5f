//! Pages of explanations in a real browser, at the widths of a telephone and of
//! a desk: nothing on them is wider than the page.
//!
//! Needs Chromium: the one that `CHROMIUM` names, or one that is installed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use loyalty_targets::{Enrolments, Ledger, Payload};
use target_rules::{Ast, Layout, Limits, Schema, Zone};

/// Pixels. Chromium itself opens no window as narrow as the first, so that each
/// page stands in a frame.
const WIDTHS: [u32; 2] = [380, 1280];

/// How long the browser may take; it takes a few seconds.
const LONGEST: Duration = Duration::from_secs(300);

/// Shows each page in a frame of each width, one after the other, and writes down
/// how wide it is, and the first element that is wider. What is in a region that
/// scrolls by itself may be wider than that.
const MEASURE: &str = r#"<!DOCTYPE html><html><body><pre id="told"></pre><script>
const jobs = JOBS, told = [];
function measured(frame, name, width) {
  const inner = frame.contentDocument, seen = inner.documentElement.clientWidth;
  const wider = [...inner.body.querySelectorAll("*")].find(one =>
    one.getBoundingClientRect().right > seen + 0.5 && !one.parentElement.closest(".scroll"));
  const what = wider ? wider.outerHTML.slice(0, 200).replace(/\s+/g, " ") : "";
  return [name, width, seen, inner.documentElement.scrollWidth, inner.querySelectorAll(".node").length, what];
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

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let installed = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    named.into_iter().chain(installed).find(|path| path.is_file())
}

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
fn measured(chromium: &Path, folder: &Path, names: &[&str]) -> Vec<Vec<String>> {
    let jobs: Vec<String> =
        names.iter().flat_map(|name| WIDTHS.map(|width| format!("[\"{name}\", {width}]"))).collect();
    let outer = folder.join("measure.html");
    std::fs::write(&outer, MEASURE.replace("JOBS", &format!("[{}]", jobs.join(", ")))).unwrap();
    let (profile, told, odd) = (folder.join("profile"), folder.join("told"), folder.join("odd"));
    let mut browser = Command::new(chromium)
        // Nothing of the machine's own is touched, and nothing is fetched.
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args(["--disable-extensions", "--disable-background-networking", "--allow-file-access-from-files"])
        .args(["--window-size=1400,1000", "--virtual-time-budget=60000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}", outer.display()))
        .stdout(File::create(&told).unwrap())
        .stderr(File::create(&odd).unwrap())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while browser.try_wait().unwrap().is_none() {
        if started.elapsed() > LONGEST {
            browser.kill().unwrap();
            panic!("the browser does not end: {}", std::fs::read_to_string(&odd).unwrap_or_default());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let dom = std::fs::read_to_string(&told).unwrap();
    let lines = dom.split_once(">begin\n").and_then(|(_, rest)| rest.split_once("\nend"));
    let Some((told, _)) = lines else {
        panic!("the browser measured nothing: {dom}\n{}", std::fs::read_to_string(&odd).unwrap_or_default())
    };
    told.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

#[test]
fn no_page_is_wider_than_its_window() {
    let Some(chromium) = chromium() else {
        // Written past the capture of the test's output, so that it is seen.
        #[expect(clippy::disallowed_methods, reason = "no terminal is written to but by tests")]
        let _ = writeln!(
            std::io::stderr(),
            "\nSKIPPED: no page was looked at in a browser: there is no Chromium; `CHROMIUM` can name one\n"
        );
        return;
    };
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
    let all = measured(&chromium, &folder, &names);
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
