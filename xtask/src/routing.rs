//! `cargo xtask bench routing`: the planner and PyVRP on the same instances, one after the other, with one thread and the
//! same seconds; then the planner's own figures. Tables go to `docs/src/benchmarks.md` between its routing marks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Failure, Outcome};
use crate::workspace::Workspace;

/// The peer, pinned.
const PEER: &str = "pyvrp==0.14.1";
const SCRIPT: &str = include_str!("routing.py");
const MARKS: [&str; 2] = ["<!-- routing figures -->", "<!-- end of routing figures -->"];
/// Seconds of each run, by the environment's `ROUTING_SECONDS` if that is set.
const SECONDS: &str = "10";

/// What one instance is, and what is known of it.
struct Known {
    name: String,
    family: String,
    file: PathBuf,
    best: f64,
}

/// Measures and writes the tables.
pub fn run(workspace: &Workspace) -> Outcome<()> {
    let seconds = std::env::var("ROUTING_SECONDS").unwrap_or_else(|_| SECONDS.to_owned());
    let built = Command::new("cargo")
        .current_dir(workspace.root())
        .args(["build", "--release", "--package", "luhuan-routing", "--examples"])
        .status()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    if !built.success() {
        return Err(Failure::new("the release build failed: see its message above"));
    }
    let python = peer(&workspace.tools().join("routing-peer"))?;
    let script = workspace.tools().join("routing-peer/routing.py");
    fs::write(&script, SCRIPT).map_err(|error| Failure::at(&script, "write", &error))?;
    let solver = workspace.release("examples/solve");
    let instances = instances(workspace.root())?;
    let mut rows = Vec::new();
    for known in &instances {
        let file = known.file.as_os_str();
        let ours = Command::new(&solver).arg(file).args(["--seconds", &seconds, "--seed", "1"]).output();
        let ours = number_after(&text_of(ours, &solver)?, "Cost");
        let theirs = Command::new(&python).arg(&script).arg(file).args([&seconds, "1"]).output();
        let theirs = text_of(theirs, &python)?.trim().parse::<f64>().ok();
        // The peer speaks in the file's whole numbers, the planner in the literature's decimals.
        let unit = if known.family.starts_with("VRPTW") { 10.0 } else { 1.0 };
        let gap = |cost: Option<f64>| cost.map(|cost| 100.0 * (cost - known.best) / known.best);
        rows.push((known, gap(ours), gap(theirs.map(|cost| cost / unit))));
        eprintln!(
            "{}: {:?} % ours, {:?} % PyVRP",
            known.name,
            rows[rows.len() - 1].1,
            rows[rows.len() - 1].2
        );
    }
    let own = text_of(Command::new(workspace.release("examples/measure")).output(), &solver)?;
    write_tables(workspace.root(), &seconds, &rows, &own)
}

/// A Python environment that holds the peer, made on the first run.
fn peer(home: &Path) -> Outcome<PathBuf> {
    let python = home.join("bin/python");
    let steps = [
        (PathBuf::from("python3"), vec!["-m", "venv"]),
        (python.clone(), vec!["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PEER]),
    ];
    for (program, arguments) in steps {
        let mut command = Command::new(&program);
        command.args(&arguments).stdin(Stdio::null());
        if arguments.last() == Some(&"venv") {
            command.arg(home);
        }
        let status = command.status().map_err(|error| Failure::new(format!("cannot run Python: {error}")))?;
        if !status.success() {
            return Err(Failure::new(
                "PyVRP could not be installed (Python 3 with venv, and a network, are needed)",
            ));
        }
    }
    Ok(python)
}

/// The instances that the crate's tests read, with the costs its list of best known ones names.
fn instances(root: &Path) -> Outcome<Vec<Known>> {
    let folder = root.join("crates/routing/tests/instances");
    let list = folder.join("best-known.csv");
    let text = fs::read_to_string(&list).map_err(|error| Failure::at(&list, "read", &error))?;
    let known = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let [name, problem, format, stops, best] = fields[..] else { return None };
        let file = match format {
            "solomon" => folder.join(format!("solomon/{name}.txt")),
            _ => folder.join(problem).join(format!("{name}.vrp")),
        };
        Some(Known {
            name: name.to_owned(),
            family: format!("{problem}, {}", if problem == "VRPTW" { stops } else { "all sizes" }),
            file,
            best: best.parse().ok()?,
        })
    };
    Ok(text.lines().skip(1).filter_map(known).collect())
}

fn text_of(output: std::io::Result<std::process::Output>, program: &Path) -> Outcome<String> {
    let output = output.map_err(|error| Failure::at(program, "run", &error))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Failure::new(format!("{} failed: {message}", program.display())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn number_after(text: &str, word: &str) -> Option<f64> {
    let line = text.lines().rev().find(|line| line.starts_with(word))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// An instance, and the two gaps in percent.
type Row<'a> = (&'a Known, Option<f64>, Option<f64>);

/// Puts the tables between the marks.
fn write_tables(root: &Path, seconds: &str, rows: &[Row], own: &str) -> Outcome<()> {
    let mut table =
        format!("\n| instance | family | Lühuan, {seconds} s | PyVRP, {seconds} s |\n|---|---|---|---|\n");
    let percent = |gap: Option<f64>| gap.map_or("no plan".to_owned(), |gap| format!("{gap:.2} %"));
    for (known, ours, theirs) in rows {
        table +=
            &format!("| {} | {} | {} | {} |\n", known.name, known.family, percent(*ours), percent(*theirs));
    }
    let mut families: Vec<&str> = rows.iter().map(|(known, ..)| known.family.as_str()).collect();
    families.dedup();
    for family in families {
        let of = |pick: fn(&Row) -> Option<f64>| {
            let gaps = rows.iter().filter(|row| row.0.family == family).map(pick).collect::<Option<Vec<_>>>();
            gaps.map(|gaps| gaps.iter().sum::<f64>() / gaps.len() as f64)
        };
        let (ours, theirs) = (of(|row| row.1), of(|row| row.2));
        table += &format!("| **mean** | {family} | **{}** | **{}** |\n", percent(ours), percent(theirs));
    }
    let page = root.join("docs/src/benchmarks.md");
    let text = fs::read_to_string(&page).map_err(|error| Failure::at(&page, "read", &error))?;
    let (Some(start), Some(end)) = (text.find(MARKS[0]), text.find(MARKS[1])) else {
        return Err(Failure::new("docs/src/benchmarks.md has lost its routing marks"));
    };
    let whole = format!("{}{table}\n{own}\n{}", &text[..start + MARKS[0].len()], &text[end..]);
    fs::write(&page, whole).map_err(|error| Failure::at(&page, "write", &error))
}
