//! The whole program under load.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    goods,
    load::{Figures, Server, load, resident_mib},
};

/// Words that are searched for; drawn from what the goods are called.
const WORDS: &[&str] = &[
    "手机",
    "山地车",
    "沙发",
    "笔记本电脑",
    "相机",
    "婴儿车",
    "钢琴",
    "空调",
    "冰箱",
    "书桌",
    "耳机",
    "键盘",
    "显示器",
    "帐篷",
    "羽毛球拍",
    "iPhone 13",
    "华为",
    "小米",
    "佳能",
    "索尼",
    "宜家",
    "自行车 26寸",
    "儿童 自行车",
    "128G 国行",
    "吉他",
    "乐高",
    "shouji",
    "bijiben",
    "shafa",
    "投影仪",
    "咖啡机",
    "吸尘器",
];

/// Runs the bench and prints its table.
pub fn run(listings: usize, seconds: u32) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let luhuan = std::env::current_exe()?.with_file_name("luhuan");
    let data = folder.path().join("data");
    import(&luhuan, &data, folder.path(), listings)?;
    let bare = Server::start(Command::new(std::env::current_exe()?).args(["bare", "--bytes", "1600"]))?;
    let mut serve = Command::new(&luhuan);
    serve.args(["serve", "--listen", "127.0.0.1:0", "--set", "log.filter=warn", "--data"]).arg(&data);
    let indexing = Instant::now();
    let server = Server::start(&mut serve)?;
    wait_for_index(&server.origin, listings)?;
    println!("index ready after          {:>8.1} s", indexing.elapsed().as_secs_f64());
    println!("resident after indexing    {:>8} MiB", server.resident_mib());
    wait_for_photos(&server.origin)?;
    let ids = ids(&server.origin)?;
    let of = |form: &dyn Fn(&str) -> String| ids.iter().map(|id| form(id)).collect::<Vec<_>>();
    let words =
        |form: &dyn Fn(&str) -> String| WORDS.iter().map(|word| form(&encode(word))).collect::<Vec<_>>();
    let measured =
        |name: &str, origin: &str, paths: Vec<String>, base: Option<Figures>| -> io::Result<Figures> {
            load(folder.path(), origin, &paths, 2)?;
            let figures = load(folder.path(), origin, &paths, seconds)?;
            let ratio = base.map_or(100.0, |base| 100.0 * figures.per_second / base.per_second);
            println!(
                "{name:<26} {:>8.0}/s  p99 {:>7.2} ms  {ratio:>5.1} %{}",
                figures.per_second,
                figures.p99_ms,
                if figures.failed > 0 { format!("  {} FAILED", figures.failed) } else { String::new() }
            );
            Ok(figures)
        };
    let base = measured("bare axum, 1.6 KB", &bare.origin, vec!["/".to_owned()], None)?;
    let origin = server.origin.as_str();
    measured("listing JSON", origin, of(&|id| format!("/api/v1/listings/{id}")), Some(base))?;
    measured("listing page", origin, of(&|id| format!("/listings/{id}")), Some(base))?;
    let two = words(&|word| format!("/api/v1/search/listings?q={word}&facets=category,district"));
    measured("search, two facets", origin, two, Some(base))?;
    let none = words(&|word| format!("/api/v1/search/listings?q={word}&facets="));
    measured("search, no facets", origin, none, Some(base))?;
    measured("suggest", origin, words(&|word| format!("/api/v1/search/suggest?q={word}")), Some(base))?;
    measured("search page", origin, words(&|word| format!("/search?q={word}")), Some(base))?;
    measured("home page", origin, vec!["/".to_owned()], Some(base))?;
    println!("resident after load        {:>8} MiB", server.resident_mib());
    Ok(())
}

fn import(luhuan: &Path, data: &Path, folder: &Path, listings: usize) -> io::Result<()> {
    let file: PathBuf = folder.join("goods.jsonl");
    goods::write(&file, listings)?;
    let quiet = ["--set", "log.filter=error"];
    let loaded = Command::new(luhuan).args(["demo", "load", "--data"]).arg(data).args(quiet).status()?;
    if !loaded.success() {
        return Err(io::Error::other("the demo could not be loaded"));
    }
    let started = Instant::now();
    let mut import = Command::new(luhuan);
    import.args(["import", "listings"]).arg(&file).arg("--data").arg(data).args(quiet).stderr(Stdio::null());
    let mut child = import.spawn()?;
    let mut peak = 0;
    loop {
        peak = peak.max(resident_mib(child.id(), "VmHWM"));
        if let Some(status) = child.try_wait()? {
            // Chance puts a few rows together that a rule refuses: they are reported, not a failure of the bench.
            if status.code().is_none() {
                return Err(io::Error::other("the import was killed"));
            }
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    println!("import of {listings} listings  {:>7.1} s, {peak} MiB at most", started.elapsed().as_secs_f64());
    Ok(())
}

fn get(url: &str) -> io::Result<serde_json::Value> {
    let output = Command::new("curl").args(["--silent", "--fail", url]).output()?;
    serde_json::from_slice(&output.stdout).map_err(io::Error::other)
}

fn wait_for_index(origin: &str, listings: usize) -> io::Result<()> {
    for _ in 0..1200 {
        let found = get(&format!("{origin}/api/v1/search/listings?limit=1"))?;
        let total = found["total"].as_u64().unwrap_or_default();
        if found["degraded"] == false && total as usize >= listings * 9 / 10 {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err(io::Error::other("the index did not fill in time"))
}

/// The demo's photos are drawn by jobs in the first minutes: their decoding is not what is measured.
fn wait_for_photos(origin: &str) -> io::Result<()> {
    let done = || -> io::Result<String> {
        let output =
            Command::new("curl").args(["--silent", "--fail", &format!("{origin}/metrics")]).output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.lines().find(|line| line.contains("demo-photos")).unwrap_or_default().to_owned())
    };
    let mut before = String::new();
    for _ in 0..60 {
        std::thread::sleep(Duration::from_secs(5));
        let now = done()?;
        if !now.is_empty() && now == before {
            return Ok(());
        }
        before = now;
    }
    Err(io::Error::other("the demo's photos did not end in time"))
}

/// Two thousand listings, so that no cache of one answer flatters the figures.
fn ids(origin: &str) -> io::Result<Vec<String>> {
    let (mut ids, mut after) = (Vec::new(), String::new());
    while ids.len() < 2_000 {
        let page = get(&format!("{origin}/api/v1/listings?limit=100{after}"))?;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        ids.extend(items.iter().filter_map(|item| item["id"].as_str().map(str::to_owned)));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    Ok(ids)
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
