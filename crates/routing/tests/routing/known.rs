//! Reading the literature's instances: each best-known solution must cost what its file says.

use std::path::{Path, PathBuf};

use luhuan_routing::{Instance, Solution, check};

fn files(extension: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/instances");
    let mut files = Vec::new();
    for folder in
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        let inside = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files.extend(inside.filter(|path| path.extension().is_some_and(|found| found == extension)));
    }
    files.sort();
    files
}

#[test]
fn every_best_known_solution_costs_what_its_file_says() {
    let solutions = files("sol");
    assert!(solutions.len() >= 16);
    for path in solutions {
        let instance = std::fs::read_to_string(path.with_extension("vrp")).unwrap();
        let instance = Instance::parse(&instance).unwrap();
        let solution = Solution::parse(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let plan = instance.plan(&solution).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(check(&instance.problem, &plan), Ok(()), "{}", path.display());
        assert_eq!(Some(instance.written(plan.cost.total())), solution.cost, "{}", path.display());
    }
}
