//! No file of a crate needs itself by way of others.
//!
//! What a file needs is read from its code: what it imports, and what it names
//! by a path. A name is followed through re-exports to the file that defines
//! it. So a `mod.rs` that only declares and re-exports needs none of its
//! children; one whose own code names something of theirs does. Methods are not
//! followed, for their callers do not name the file.

use std::collections::{BTreeMap, BTreeSet};

use super::{HOUSES, House, files};

#[test]
fn no_file_needs_itself_by_way_of_others() {
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut edges = 0;
    for house in &HOUSES {
        let of = Crate::read(house);
        let graph = of.graph();
        edges += graph.values().map(BTreeSet::len).sum::<usize>();
        found.extend(
            circles(&graph).into_iter().map(|circle| circle.into_iter().map(str::to_owned).collect()),
        );
    }
    assert!(edges > 500, "only {edges} imports are read");
    assert!(found.is_empty(), "these files need each other: {found:#?}");
}

/// The modules of a crate by their paths: of `schema/mod.rs` it is `schema`.
struct Crate {
    modules: BTreeMap<Vec<String>, Module>,
}

struct Module {
    /// As messages call it, from the root of the workspace.
    file: String,
    /// The code, without comments, tests and imports.
    code: String,
    imports: Vec<Import>,
}

/// A name that a file imports.
struct Import {
    /// How the file calls it; `*` for everything.
    name: String,
    path: Vec<String>,
    /// Whether it is handed on.
    public: bool,
}

impl Crate {
    fn read(house: &House) -> Crate {
        let source = house.source();
        let modules = files(&source).into_iter().map(|(path, text)| {
            let inside = path.strip_prefix(&source).unwrap().to_str().unwrap();
            let mut module: Vec<String> =
                inside.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
            if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
                module.pop();
            }
            let prefix = if house.folder.is_empty() { String::new() } else { format!("{}/", house.folder) };
            (module, Module::read(format!("{prefix}src/{inside}"), &text))
        });
        Crate { modules: modules.collect() }
    }

    /// The files that each file needs.
    fn graph(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut graph = BTreeMap::new();
        for (path, module) in &self.modules {
            let mut needed = BTreeSet::new();
            let used = |name: &str| first_segments(&module.code).any(|found| found == name);
            for import in &module.imports {
                let handed_on = import.public && !used(&import.name);
                // A module that is imported counts by what is named of it.
                let is_module = self.module_at(path, &import.path).is_some();
                if !handed_on && !is_module {
                    needed.extend(self.file_of(path, &import.path));
                }
            }
            needed.extend(paths(&module.code).flat_map(|named| self.file_of(path, &named)));
            let file = module.file.as_str();
            needed.remove(file);
            graph.insert(file, needed);
        }
        graph
    }

    /// The module that a path names, seen from another module.
    fn module_at(&self, from: &[String], path: &[String]) -> Option<Vec<String>> {
        match self.follow(from, path, 0)? {
            (module, None) => Some(module),
            _ => None,
        }
    }

    /// The file that defines what a path names; `None` of other crates.
    fn file_of(&self, from: &[String], path: &[String]) -> Option<&str> {
        let (module, _) = self.follow(from, path, 0)?;
        Some(self.modules.get(&module)?.file.as_str())
    }

    /// The module that a path leads to, and the name in it where it ends with
    /// one.
    fn follow(
        &self,
        from: &[String],
        path: &[String],
        depth: usize,
    ) -> Option<(Vec<String>, Option<String>)> {
        assert!(depth < 20, "{path:?} is re-exported in a circle");
        let (first, mut rest) = path.split_first()?;
        let mut at = from.to_vec();
        match first.as_str() {
            "crate" => at.clear(),
            "self" => {}
            "super" => drop(at.pop()?),
            _ => {
                let child: Vec<String> = from.iter().chain([first]).cloned().collect();
                if self.modules.contains_key(&child) {
                    at = child;
                } else {
                    let import = self.import(from, first)?;
                    // What a name of another crate has is of that crate.
                    (at, _) =
                        self.follow(from, &import.path, depth + 1).filter(|(_, name)| name.is_none())?;
                }
            }
        }
        while let Some((segment, after)) = rest.split_first() {
            if segment == "super" {
                at.pop()?;
            } else {
                let child: Vec<String> = at.iter().chain([segment]).cloned().collect();
                if self.modules.contains_key(&child) {
                    at = child;
                } else {
                    return self.defined(&at, segment, depth);
                }
            }
            rest = after;
        }
        Some((at, None))
    }

    /// Where a name of a module is defined.
    fn defined(&self, module: &[String], name: &str, depth: usize) -> Option<(Vec<String>, Option<String>)> {
        match self.import(module, name) {
            Some(import) => self.follow(module, &import.path, depth + 1),
            None => Some((module.to_vec(), Some(name.to_owned()))),
        }
    }

    fn import(&self, module: &[String], name: &str) -> Option<&Import> {
        let imports = &self.modules.get(module)?.imports;
        // `use memchr::memchr` is of another crate, not of the name that it brings.
        imports
            .iter()
            .find(|import| import.name == name && import.path.first().is_some_and(|first| first != name))
    }
}

impl Module {
    fn read(file: String, text: &str) -> Module {
        let code = super::code(text);
        let code = code.split("#[cfg(test)]\nmod ").next().unwrap();
        let code = code.split("#[cfg(test)]\n#[allow(").next().unwrap();
        let (mut rest, mut imports) = (String::new(), Vec::new());
        let mut open: Option<(String, bool)> = None;
        for line in code.lines() {
            let begun = line.trim_start();
            if open.is_none() {
                let visible = begun.starts_with("pub");
                let import = match begun.strip_prefix("use ") {
                    Some(import) => Some(import),
                    None if visible => begun.split_once(" use ").map(|(_, import)| import),
                    None => None,
                };
                match import {
                    Some(import) => open = Some((import.to_owned(), visible)),
                    None => rest.push_str(&format!("{line}\n")),
                }
            } else if let Some((import, _)) = &mut open {
                import.push_str(begun);
            }
            if let Some((import, public)) = open.take_if(|(import, _)| import.trim_end().ends_with(';')) {
                expand(import.trim_end().trim_end_matches(';'), &[], public, &mut imports);
            }
        }
        Module { file, code: rest, imports }
    }
}

/// The names of an import, those in brackets one by one.
fn expand(import: &str, before: &[String], public: bool, imports: &mut Vec<Import>) {
    let import = import.trim();
    let path = |path: &str| -> Vec<String> {
        before.iter().cloned().chain(path.split("::").map(|segment| segment.trim().to_owned())).collect()
    };
    if let Some((outer, list)) = import.split_once('{') {
        let outer = outer.trim().trim_end_matches("::");
        let outer = if outer.is_empty() { before.to_vec() } else { path(outer) };
        let (mut depth, mut entry) = (0, String::new());
        for character in list.strip_suffix('}').unwrap_or(list).chars() {
            depth += i32::from(character == '{') - i32::from(character == '}');
            if character == ',' && depth == 0 {
                expand(&std::mem::take(&mut entry), &outer, public, imports);
            } else {
                entry.push(character);
            }
        }
        expand(&entry, &outer, public, imports);
        return;
    }
    if import.is_empty() {
        return;
    }
    let (whole, alias) = import.split_once(" as ").map_or((import, None), |(path, name)| (path, Some(name)));
    let mut path = path(whole);
    if path.last().is_some_and(|last| last == "self" || last == "*") && path.len() > 1 {
        path.pop();
    }
    let name = match alias {
        Some(name) => name.trim().to_owned(),
        None if whole.ends_with('*') => "*".to_owned(),
        None => path.last().unwrap().clone(),
    };
    imports.push(Import { name, path, public });
}

/// The paths that code names, of two segments at least.
fn paths(code: &str) -> impl Iterator<Item = Vec<String>> {
    let other = |character: char| !(character.is_alphanumeric() || "_:".contains(character));
    code.split(other)
        .filter(|word| word.contains("::"))
        .map(|word| word.split("::").take_while(|segment| !segment.is_empty()).map(str::to_owned).collect())
}

/// The names that code begins a path with, those that stand alone among them.
fn first_segments(code: &str) -> impl Iterator<Item = &str> {
    let other = |character: char| !(character.is_alphanumeric() || "_:".contains(character));
    code.split(other).filter_map(|word| word.split(':').next())
}

/// The largest sets of files each of which needs every other.
fn circles<'g>(graph: &BTreeMap<&'g str, BTreeSet<&'g str>>) -> Vec<BTreeSet<&'g str>> {
    let reached = |from: &'g str| {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec![from];
        while let Some(file) = open.pop() {
            open.extend(graph.get(file).into_iter().flatten().filter(|next| reached.insert(next)));
        }
        reached
    };
    let reached: BTreeMap<&str, BTreeSet<&str>> = graph.keys().map(|file| (*file, reached(file))).collect();
    let mut circles: Vec<BTreeSet<&str>> = Vec::new();
    for (file, others) in &reached {
        let circle =
            others.iter().copied().filter(|other| reached.get(other).is_some_and(|back| back.contains(file)));
        let circle: BTreeSet<&str> = circle.collect();
        if circle.len() > 1 && !circles.contains(&circle) {
            circles.push(circle);
        }
    }
    circles
}

/// A crate of a few files.
fn crate_of(files: &[(&str, &str)]) -> Crate {
    let modules = files.iter().map(|(path, text)| {
        let module = path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
        (module, Module::read((*path).to_owned(), text))
    });
    Crate { modules: modules.collect() }
}

#[test]
fn names_are_followed_to_the_file_that_defines_them() {
    let files = [
        ("", "mod a;\nmod b;\npub use a::One;\n"),
        ("a", "mod inner;\npub use inner::{One, Two as Second};\n// use crate::b::Three;\n"),
        ("a/inner", "use crate::b;\npub struct One(b::Three);\npub struct Two;\n"),
        ("b", "use super::a::{\n    self,\n    Second,\n};\nfn f(_: a::One) {}\npub struct Three;\n"),
    ];
    let of = crate_of(&files);
    let graph = of.graph();
    let needs = |file: &str| graph[file].iter().copied().collect::<Vec<_>>();
    assert_eq!((needs(""), needs("a")), (vec![], vec![]));
    assert_eq!((needs("a/inner"), needs("b")), (vec!["b"], vec!["a/inner"]));
    assert_eq!(circles(&graph), [BTreeSet::from(["a/inner", "b"])]);
}

#[test]
fn a_folder_whose_own_code_names_its_children_needs_them() {
    let child = ("a/child", "use super::Own;\npub struct Child(Own);\n");
    let hands_on = crate_of(&[("a", "mod child;\npub use child::Child;\npub struct Own;\n"), child]);
    assert!(circles(&hands_on.graph()).is_empty());
    for code in ["fn f(_: Child) {}\n", "fn f() { child::g() }\n"] {
        let text = format!("mod child;\npub use child::Child;\npub struct Own;\n{code}");
        let uses = crate_of(&[("a", &text), child]);
        assert_eq!(circles(&uses.graph()), [BTreeSet::from(["a", "a/child"])], "{code}");
    }
}
