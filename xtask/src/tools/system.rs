//! What the operating system provides, and its package manager.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Failure, Outcome};

/// The oldest PostgreSQL that Lühuan supports.
const OLDEST_POSTGRES: u32 = 15;

/// Chromium and the driver that speaks WebDriver for it.
pub struct Browser {
    /// The browser's program.
    pub chromium: PathBuf,
    /// The driver's program.
    pub chromedriver: PathBuf,
}

/// Which parts of the system a run needs.
pub struct Wanted {
    /// PostgreSQL's server programs.
    pub postgres: bool,
    /// Chromium, its driver, Chinese fonts, npm (for axe-core).
    pub browser: bool,
    /// Python 3 with venv.
    pub python: bool,
}

/// Installs what is missing, in one go, where that is possible without asking: as root, with apt. Elsewhere it
/// does nothing, and the look-up that follows says what to install.
pub fn install_missing(wanted: &Wanted) -> Outcome<()> {
    let mut packages = Vec::new();
    if wanted.postgres && postgres().is_err() {
        packages.push("postgresql");
    }
    if wanted.browser {
        if find_chromium().is_none() {
            packages.push("chromium");
        }
        if find_program("chromedriver").is_none() {
            packages.push("chromium-driver");
        }
        if !has_chinese_font() {
            packages.push("fonts-noto-cjk");
        }
        if find_program("npm").is_none() {
            packages.push("npm");
        }
    }
    if wanted.python && !has_python_venv() {
        packages.extend(["python3", "python3-venv"]);
    }
    if packages.is_empty() || !is_root() || find_program("apt-get").is_none() {
        return Ok(());
    }
    eprintln!("Installing {} ...", packages.join(", "));
    apt_get(&["update", "--quiet"])?;
    let mut install = vec!["install", "--quiet", "--yes", "--no-install-recommends"];
    install.extend(packages);
    apt_get(&install)
}

/// The folder of PostgreSQL's server programs, the newest that is there.
///
/// # Errors
/// When there is none, or none new enough.
pub fn postgres() -> Outcome<PathBuf> {
    let versions =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let mut folders: Vec<PathBuf> = versions.map(|version| version.join("bin")).collect();
    folders.extend(search_path());
    folders
        .into_iter()
        .filter_map(|folder| Some((postgres_version(&folder)?, folder)))
        .filter(|(version, _)| *version >= OLDEST_POSTGRES)
        // Of two alike the first: the package's own folder, not a link on the path.
        .reduce(|best, other| if other.0 > best.0 { other } else { best })
        .map(|(_, folder)| folder)
        .ok_or_else(|| {
            Failure::new(format!(
                "the tests need PostgreSQL's server programs (initdb, postgres), version {OLDEST_POSTGRES} or newer. \
                 Install them (Debian and Ubuntu: apt-get install postgresql; macOS: brew install postgresql) and \
                 run this again."
            ))
        })
}

/// Chromium and its driver.
///
/// # Errors
/// When one of them, or a font with Chinese characters, is missing.
pub fn browser() -> Outcome<Browser> {
    let (Some(chromium), Some(chromedriver), true) =
        (find_chromium(), find_program("chromedriver"), has_chinese_font())
    else {
        return Err(Failure::new(
            "the browser tests need Chromium, chromedriver of the same version, and a font with Chinese \
             characters. Install them (Debian: apt-get install chromium chromium-driver fonts-noto-cjk) and run \
             this again.",
        ));
    };
    Ok(Browser { chromium, chromedriver })
}

/// A program of this name on the search path.
pub fn find_program(name: &str) -> Option<PathBuf> {
    search_path().map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Whether this process may install packages and change users.
pub fn is_root() -> bool {
    answers("id", &["-u"]).is_some_and(|user| user.trim() == "0")
}

/// The main group of the user of this name, if there is one.
pub fn group_of(user: &str) -> Option<String> {
    answers("id", &["-g", user]).map(|group| group.trim().to_owned())
}

fn search_path() -> impl Iterator<Item = PathBuf> {
    // Debian keeps runuser, setpriv and others where an ordinary user's path does not reach.
    let standard = ["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).collect::<Vec<_>>().into_iter().chain(standard)
}

fn find_chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(find_program)
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` has the major version 15.
fn postgres_version(folder: &Path) -> Option<u32> {
    if !folder.join("initdb").is_file() {
        return None;
    }
    let answer = answers(folder.join("postgres").to_str()?, &["--version"])?;
    let (_, version) = answer.split_once("(PostgreSQL) ")?;
    version.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

fn has_chinese_font() -> bool {
    answers("fc-list", &[":lang=zh-cn", "family"]).is_some_and(|fonts| !fonts.trim().is_empty())
}

/// Debian ships Python without the part of venv that brings pip.
fn has_python_venv() -> bool {
    answers("python3", &["-c", "import venv, ensurepip"]).is_some()
}

/// What a program prints, if it is there and succeeds.
fn answers(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn apt_get(arguments: &[&str]) -> Outcome<()> {
    let status = Command::new("apt-get")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        // Standard output is for what a task answers.
        .stdout(io::stderr())
        .status()
        .map_err(|error| Failure::new(format!("cannot run apt-get: {error}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("apt-get {} failed ({status}): see its message above", arguments.join(" "))))
    }
}
