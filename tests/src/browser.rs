//! A real Chromium, driven over WebDriver.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::ChromiumLikeCapabilities;
use thirtyfour::prelude::*;

use crate::accessibility::{self, Violation};
use crate::environment;

/// How long chromedriver may take to answer.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// How long Chromium may take to end when asked.
const END_WITHIN: Duration = Duration::from_secs(5);

/// How long a click may take to lead to another page, on a busy machine.
const ARRIVE_WITHIN: Duration = Duration::from_secs(15);

/// A screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// 390 × 844, touched (but clicked where no JavaScript runs).
    Phone,
    /// 1280 × 900, with a mouse.
    Desktop,
    /// 360 × 740, the narrowest phone that pages are made for; otherwise as [`Screen::Phone`].
    SmallPhone,
}

impl Screen {
    /// The usual two: for a test that must hold on either.
    pub const ALL: [Self; 2] = [Self::Phone, Self::Desktop];

    /// Width and height in CSS pixels.
    #[must_use]
    pub const fn size(self) -> (u32, u32) {
        match self {
            Self::Phone => (390, 844),
            Self::Desktop => (1280, 900),
            Self::SmallPhone => (360, 740),
        }
    }
}

/// What a person prefers, or a machine can do.
#[derive(Clone, Debug)]
pub struct BrowserBuilder {
    screen: Screen,
    is_dark: bool,
    runs_scripts: bool,
    language: String,
}

impl BrowserBuilder {
    /// Prefers dark pages.
    #[must_use]
    pub fn dark(mut self) -> Self {
        self.is_dark = true;
        self
    }

    /// Runs no JavaScript.
    #[must_use]
    pub fn without_javascript(mut self) -> Self {
        self.runs_scripts = false;
        self
    }

    /// Asks for this language, such as `en`; else for `zh-CN`.
    #[must_use]
    pub fn language(mut self, language: &str) -> Self {
        language.clone_into(&mut self.language);
        self
    }

    /// Starts it.
    ///
    /// # Panics
    /// When chromedriver or Chromium does not come up.
    pub async fn start(self) -> Browser {
        let folder = environment::folder("browser-");
        let port = environment::free_port();
        let driver = Command::new(environment::required(environment::CHROMEDRIVER))
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start chromedriver: {error}"));
        let mut processes = Processes { driver, port, session: None };
        let address = format!("http://127.0.0.1:{port}");
        wait_for(&address).await;
        let capabilities = self.capabilities(folder.path()).expect("the capabilities are plain JSON");
        luhuan_store::outside::provide_tls();
        let driver = WebDriver::new(address, capabilities)
            .await
            .unwrap_or_else(|error| panic!("Chromium did not start: {error}"));
        processes.session = Some(Session::of(&driver));
        // The session ends with its processes: the driver's own way would wait long for a page that hangs.
        driver.clone().leak().expect("a new session was not ended yet");
        Browser { driver, processes, _folder: folder, runs_scripts: self.runs_scripts }
    }

    fn capabilities(&self, profile: &Path) -> WebDriverResult<thirtyfour::ChromeCapabilities> {
        let (width, height) = self.screen.size();
        let is_phone = self.screen != Screen::Desktop;
        // chromedriver taps with the help of a script of the page, and waits for ever where none may run.
        let is_touched = is_phone && self.runs_scripts;
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities.set_binary(&environment::required(environment::CHROMIUM))?;
        for argument in ARGUMENTS {
            capabilities.add_arg(argument)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.join("profile").display()))?;
        capabilities.add_arg(&format!("--window-size={width},{height}"))?;
        capabilities.add_arg(&format!("--lang={}", self.language))?;
        // Blink's own names: 0 is dark, 1 is light.
        capabilities
            .add_arg(&format!("--blink-settings=preferredColorScheme={}", u8::from(!self.is_dark)))?;
        // The window's frame takes some of its height; only an emulated screen is exactly as large as asked.
        capabilities.add_experimental_option(
            "mobileEmulation",
            json!({"deviceMetrics": {
                "width": width, "height": height, "pixelRatio": 1.0, "mobile": is_phone, "touch": is_touched,
            }}),
        )?;
        let mut preferences = json!({"intl.accept_languages": self.language});
        if !self.runs_scripts {
            // 2 is 'block'.
            preferences["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        capabilities.add_experimental_option("prefs", preferences)?;
        capabilities.set("goog:loggingPrefs", json!({"browser": "ALL"}))?;
        Ok(capabilities)
    }
}

/// Without a display, as root, and asking nothing of the world outside.
const ARGUMENTS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// A browser with a profile of its own. It ends when this is dropped. All of thirtyfour's driver can be used on it.
#[derive(Debug)]
pub struct Browser {
    // In this order: the processes end before their folder goes.
    driver: WebDriver,
    processes: Processes,
    _folder: TempDir,
    runs_scripts: bool,
}

impl Browser {
    /// A browser to be described further.
    #[must_use]
    pub fn builder(screen: Screen) -> BrowserBuilder {
        BrowserBuilder { screen, is_dark: false, runs_scripts: true, language: "zh-CN".to_owned() }
    }

    /// A plain one.
    pub async fn start(screen: Screen) -> Self {
        Self::builder(screen).start().await
    }

    /// Goes to an address and waits until the page is loaded.
    ///
    /// # Panics
    /// When it cannot be loaded.
    pub async fn open(&self, url: &str) {
        self.driver.goto(url).await.unwrap_or_else(|error| panic!("cannot open {url}: {error}"));
    }

    /// Waits until the address holds `part`: a click on a link or button does not always wait for the page it leads
    /// to. Answers the whole address.
    ///
    /// # Panics
    /// When it does not in time, with where the browser is.
    pub async fn wait_for_address(&self, part: &str) -> String {
        let start = Instant::now();
        loop {
            let address = self.driver.current_url().await.map(|url| url.to_string()).unwrap_or_default();
            if address.contains(part) {
                return address;
            }
            assert!(
                start.elapsed() < ARRIVE_WITHIN,
                "the browser did not come to {part} but is at {address}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Writes what is on the screen as a PNG to `path`, making its folder.
    ///
    /// # Panics
    /// When it cannot.
    pub async fn screenshot(&self, path: &Path) {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("the folder of a screenshot can be made");
        }
        self.driver
            .screenshot(path)
            .await
            .unwrap_or_else(|error| panic!("no screenshot at {}: {error}", path.display()));
    }

    /// What Chromium has put on its console since it was asked last: errors of scripts, what the page's
    /// Content-Security-Policy kept from it, what could not be loaded.
    ///
    /// # Panics
    /// When chromedriver does not answer.
    pub async fn console(&self) -> Vec<String> {
        let client = crate::client::Client::new(format!("http://127.0.0.1:{}", self.processes.port));
        let path = format!("/session/{}/se/log", self.driver.session_id());
        let request = client.request(reqwest::Method::POST, &path).json(&json!({"type": "browser"}));
        let answer = client.send(request).await.expect(200).json();
        let entries = answer["value"].as_array().map(Vec::as_slice).unwrap_or_default();
        entries.iter().map(|entry| format!("{}: {}", entry["level"], entry["message"])).collect()
    }

    /// Asks axe-core what on this page keeps people with a disability out.
    ///
    /// # Panics
    /// When the browser runs no JavaScript, which axe-core is written in, or axe-core fails.
    pub async fn axe(&self) -> Vec<Violation> {
        assert!(self.runs_scripts, "axe-core is JavaScript: use a browser that runs it");
        accessibility::check(&self.driver).await
    }

    /// Asserts that axe-core finds nothing serious or critical on this page.
    ///
    /// # Panics
    /// When it does, with what and where.
    pub async fn assert_accessible(&self) {
        let mut report = String::new();
        for violation in self.axe().await.iter().filter(|violation| violation.is_grave()) {
            write!(report, "\n{violation}").expect("a string takes all that is written");
        }
        if !report.is_empty() {
            let page = self.driver.current_url().await.map(|url| url.to_string()).unwrap_or_default();
            panic!("axe-core has serious findings on {page}:{report}");
        }
    }
}

impl std::ops::Deref for Browser {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        &self.driver
    }
}

/// chromedriver and the Chromium that it started, which does not end with it.
#[derive(Debug)]
struct Processes {
    driver: Child,
    port: u16,
    session: Option<Session>,
}

/// What is needed to end a session from outside the test's own runtime, in a drop.
#[derive(Debug)]
struct Session {
    id: String,
    browser: Option<u64>,
}

impl Session {
    fn of(driver: &WebDriver) -> Self {
        let browser = driver.capabilities().get("goog:processID").and_then(serde_json::Value::as_u64);
        Self { id: driver.session_id().to_string(), browser }
    }

    /// Asks chromedriver to end the browser, and waits until it has.
    fn end(&self, port: u16) -> std::io::Result<()> {
        let mut connection = TcpStream::connect(("127.0.0.1", port))?;
        connection.set_read_timeout(Some(END_WITHIN))?;
        write!(connection, "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", self.id)?;
        connection.read_exact(&mut [0])
    }

    /// Ends a browser whose page hangs. That it fails means that the browser has ended.
    fn kill(&self) {
        if let Some(browser) = self.browser {
            Command::new("kill")
                .args(["-s", "KILL", &browser.to_string()])
                .stderr(Stdio::null())
                .status()
                .ok();
        }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        if let Some(session) = &self.session
            && session.end(self.port).is_err()
        {
            session.kill();
        }
        // Either fails only when the process has ended by itself.
        self.driver.kill().ok();
        self.driver.wait().ok();
    }
}

async fn wait_for(address: &str) {
    let client = crate::client::Client::new(address);
    let start = Instant::now();
    while start.elapsed() < READY_WITHIN {
        let request = client.request(reqwest::Method::GET, "/status");
        if client.try_send(request).await.is_ok_and(|answer| answer.json()["value"]["ready"] == true) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("chromedriver was not ready within {} s", READY_WITHIN.as_secs());
}
