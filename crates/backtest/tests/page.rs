//! The pages of a report and of a comparison: golden files, what they never hold, and
//! how they look in a real browser.
//!
//! `UPDATE_PAGES=1 cargo test -p target-rules-backtest --test all page::` writes the golden
//! files anew.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use target_rules_backtest::{Comparison, Report};
use target_rules_testing::browser::{Browser, FIRST_WIDER};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(file(name)).unwrap()
}

fn report() -> Report {
    serde_json::from_str(&text("report.json")).unwrap()
}

fn comparison() -> Comparison {
    serde_json::from_str(&text("comparison.json")).unwrap()
}

#[test]
fn pages_are_as_their_golden_files() {
    for (name, page) in [("report.html", report().to_html()), ("comparison.html", comparison().to_html())] {
        if std::env::var_os("UPDATE_PAGES").is_some() {
            std::fs::write(file(name), &page).unwrap();
        }
        assert!(page == text(name), "{name} differs; `UPDATE_PAGES=1` writes it anew");
    }
}

/// Every text of a document made into another one.
fn with_texts(value: &mut Value, change: &impl Fn(&str, &str) -> Option<String>, key: &str) {
    match value {
        Value::String(text) => {
            if let Some(other) = change(key, text) {
                *text = other;
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| with_texts(one, change, key)),
        Value::Object(all) => all.iter_mut().for_each(|(key, one)| with_texts(one, change, key)),
        _ => {}
    }
}

/// The pages of the same documents with other texts. Days, ids and kinds stay: others
/// would not be read.
fn pages_with(change: impl Fn(&str) -> String) -> [String; 2] {
    let free = |key: &str, text: &str| {
        let kept = ["day", "kind", "why", "enrolled", "id", "first", "second", "since", "until"];
        (!kept.contains(&key)).then(|| change(text))
    };
    let (mut one, mut two): (Value, Value) = (
        serde_json::from_str(&text("report.json")).unwrap(),
        serde_json::from_str(&text("comparison.json")).unwrap(),
    );
    with_texts(&mut one, &free, "");
    with_texts(&mut two, &free, "");
    // Digits stay as they are by way of a text.
    let report: Report = serde_json::from_str(&one.to_string()).unwrap();
    let comparison: Comparison = serde_json::from_str(&two.to_string()).unwrap();
    [report.to_html(), comparison.to_html()]
}

#[test]
fn nothing_comes_from_elsewhere_and_no_script_runs() {
    for page in [report().to_html(), comparison().to_html()] {
        for odd in
            ["http:", "https:", "//", "src=", "url(", "@import", "<script", "<link", "<iframe", "javascript:"]
        {
            assert!(!page.contains(odd), "{odd} stands in a page");
        }
        assert!(page.contains("default-src 'none'"));
        // Links lead to what is there.
        let links = page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        for link in links {
            let id = link.strip_prefix('#').unwrap();
            assert!(page.contains(&format!("id=\"{id}\"")), "{link} leads nowhere");
        }
    }
}

#[test]
fn texts_are_escaped_and_visible() {
    let hostile = "\"'><script>alert(1)</script><img onerror=x>\u{202e}\u{7}&";
    for page in pages_with(|_| hostile.to_owned()) {
        assert!(!page.contains("<script") && !page.contains("<img"), "a text is not escaped");
        assert!(!page.contains('\u{202e}') && !page.contains('\u{7}'), "a text is not made visible");
        assert!(page.contains("&lt;script&gt;alert(1)"));
    }
}

/// What is read aloud: each chart says in words what it shows.
#[test]
fn charts_have_words() {
    for page in [report().to_html(), comparison().to_html()] {
        let drawn = page.split("<svg").skip(1);
        for one in drawn {
            let head = one.split('>').next().unwrap();
            let hidden = head.contains("aria-hidden=\"true\"");
            assert!(hidden || head.contains("role=\"img\" aria-label=\""), "{head}");
        }
        assert!(page.contains("aria-label=\"14\u{a0}210\u{a0}hits") || page.contains("gained hits in"));
    }
}

#[test]
fn a_report_of_nothing_is_a_page() {
    let mut empty = report();
    empty.targets.clear();
    empty.focus.clear();
    empty.overlap.clear();
    empty.input.days.clear();
    empty.input.files.clear();
    empty.input.not_whole.clear();
    let page = empty.to_html();
    assert!(page.contains("There are no targets") && page.contains("No transaction says its day."));
    let mut empty = comparison();
    empty.changes.clear();
    assert!(empty.to_html().contains("hits what the old one hits"));
}

/// Of very many targets those with the most hits are shown.
#[test]
fn very_many_targets_are_a_page_of_a_few_hundred() {
    let mut many = report();
    let one = many.targets.first().unwrap().clone();
    many.targets = (0..5_000)
        .map(|at| {
            let mut target = one.clone();
            (target.id, target.eligible) = (format!("t{at}"), at);
            target
        })
        .collect();
    let page = many.to_html();
    assert_eq!(page.matches("data-label=\"Hits\"").count(), 300);
    assert!(page.contains("4\u{a0}700 more are in the report") && page.contains("t4999"));
}

/// Pixels: a telephone and a desk.
const WIDTHS: [u32; 2] = [390, 1200];

/// Shows each page in a frame of each width, and writes down how wide it is, the first
/// element that is wider, how many words there are, and the first that stand upon each
/// other. A line of text may reach into the space between lines.
const MEASURE: &str = r#"<!DOCTYPE html><html><body><pre id="told"></pre><script>
WIDER const jobs = JOBS, told = [];
function boxes(inner) {
  const all = [], walk = inner.createTreeWalker(inner.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (!node.data.trim() || node.parentElement.closest("title, style")) continue;
    const style = inner.defaultView.getComputedStyle(node.parentElement);
    if (style.visibility === "hidden" || node.parentElement.closest(".aside")) continue;
    const hidden = node.parentElement.closest("thead");
    if (hidden && hidden.getBoundingClientRect().width < 2) continue;
    const range = inner.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) if (box.width > 0 && box.height > 0) all.push({ node, box });
  }
  return all;
}
function upon(inner) {
  const all = boxes(inner), by = (one, other) => {
    const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
    const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
    return one.node !== other.node && wide > 1 && high > 3;
  };
  all.sort((one, other) => one.box.top - other.box.top);
  for (let at = 0; at < all.length; at++)
    for (let next = at + 1; next < all.length && all[next].box.top < all[at].box.bottom; next++)
      if (by(all[at], all[next])) return [all.length, (all[at].node.data + " | " + all[next].node.data).replace(/\s+/g, " ")];
  return [all.length, ""];
}
function measured(frame, name, width) {
  const inner = frame.contentDocument;
  // What is folded is measured too.
  inner.querySelectorAll("details").forEach(one => one.open = true);
  return [name, width, inner.documentElement.clientWidth, inner.documentElement.scrollWidth, ...upon(inner), firstWider(inner)];
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

#[test]
fn nothing_is_wider_than_its_window_and_no_words_are_upon_others() {
    let Some(browser) = Browser::find("a page of a report") else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    std::fs::create_dir_all(&folder).unwrap();
    let [unbroken, unbroken_too] = pages_with(|_| "unbroken".repeat(60));
    let [short, short_too] = pages_with(|_| "\u{416}".to_owned());
    // These are seen, so that the measures are some.
    let wide = "<!DOCTYPE html><body><div style=\"width:2000px\">wide</div>".to_owned();
    let upon = "<!DOCTYPE html><body><p>one</p><p style=\"margin-top:-2.1em\">two</p>".to_owned();
    let pages = [
        ("report.html", report().to_html()),
        ("comparison.html", comparison().to_html()),
        ("unbroken.html", unbroken),
        ("unbroken-comparison.html", unbroken_too),
        ("short.html", short),
        ("short-comparison.html", short_too),
        ("wide.html", wide),
        ("upon.html", upon),
    ];
    let mut jobs = Vec::new();
    for (name, page) in &pages {
        std::fs::write(folder.join(name), page).unwrap();
        jobs.extend(WIDTHS.map(|width| format!("[\"{name}\", {width}]")));
    }
    let outer = folder.join("measure.html");
    let measure = MEASURE.replace("JOBS", &format!("[{}]", jobs.join(", "))).replace("WIDER", FIRST_WIDER);
    std::fs::write(&outer, measure).unwrap();
    let lines = browser.table(&["--allow-file-access-from-files"], &format!("file://{}", outer.display()));
    assert_eq!(lines.len(), jobs.len(), "{lines:?}");
    let mut wrong = String::new();
    for line in &lines {
        let [name, width, seen, whole, words, upon, wider] = line.as_slice() else { panic!("{line:?}") };
        let number = |text: &str| text.parse::<u32>().unwrap();
        // A scroll bar takes a few pixels of the window.
        assert!(number(width).abs_diff(number(seen)) < 20, "{line:?}");
        let (is_wider, is_upon) = (number(whole) > number(seen) || !wider.is_empty(), !upon.is_empty());
        match name.as_str() {
            "wide.html" => assert!(is_wider, "what is too wide is not seen"),
            "upon.html" => assert!(is_upon, "words upon others are not seen"),
            _ => {
                assert!(number(words) > 100, "{line:?}");
                if is_wider || is_upon {
                    writeln!(wrong, "{line:?}").unwrap();
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
