//! Where things are: the repository, cargo's target folder, the tools kept in it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::failure::{Failure, Outcome};

/// The repository as cargo sees it.
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
    targets: Vec<TestTarget>,
}

/// A file of integration tests.
pub struct TestTarget {
    /// The package it belongs to.
    pub package: String,
    /// Its name, as `cargo test --test NAME` takes it.
    pub name: String,
}

impl Workspace {
    /// Asks cargo.
    pub fn find() -> Outcome<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .ok_or_else(|| Failure::new("xtask is not in a workspace"))?
            .to_path_buf();
        let output = cargo_in(&root)
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
        if !output.status.success() {
            return Err(Failure::new("cargo metadata failed: see its message above"));
        }
        let metadata: Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| Failure::new(format!("cannot read cargo metadata: {error}")))?;
        let target = metadata["target_directory"]
            .as_str()
            .ok_or_else(|| Failure::new("cargo metadata names no target folder"))?;
        Ok(Self { root, target: PathBuf::from(target), targets: test_targets(&metadata) })
    }

    /// The repository's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the tests need and was fetched once: kept beside the build, so that `cargo clean` takes it too.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Where `cargo build --release` puts a program.
    pub fn release(&self, name: &str) -> PathBuf {
        self.target.join("release").join(name)
    }

    /// Where `cargo build` puts the program.
    pub fn program(&self) -> PathBuf {
        self.target.join("debug/luhuan")
    }

    /// Where the documentation's pictures are.
    pub fn pictures(&self) -> PathBuf {
        self.root.join("docs/src/images")
    }

    /// Every file of integration tests in the workspace.
    pub fn test_targets(&self) -> &[TestTarget] {
        &self.targets
    }

    /// `cargo`, to be run at the root.
    pub fn cargo(&self) -> Command {
        cargo_in(&self.root)
    }
}

/// `cargo run` tells this process about the package xtask; a build script that watches such a variable would
/// build anew under xtask what a plain `cargo test` has built, and the other way round.
fn cargo_in(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root).stdin(Stdio::null());
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(&*name);
        }
    }
    command
}

fn test_targets(metadata: &Value) -> Vec<TestTarget> {
    let mut found = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        for target in package["targets"].as_array().into_iter().flatten() {
            let is_test =
                target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "test"));
            if let (true, Some(package), Some(name)) =
                (is_test, package["name"].as_str(), target["name"].as_str())
            {
                found.push(TestTarget { package: package.to_owned(), name: name.to_owned() });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_integration_tests_are_listed() {
        let metadata = serde_json::json!({"packages": [{"name": "luhuan-tests", "targets": [
            {"kind": ["lib"], "name": "luhuan_tests"},
            {"kind": ["test"], "name": "browser"},
        ]}]});
        let found = test_targets(&metadata);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].package.as_str(), found[0].name.as_str()), ("luhuan-tests", "browser"));
    }
}
