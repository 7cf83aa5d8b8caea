//! Renders every page with made-up data into a folder, in both languages, to be looked at without a server's data:
//!
//!     cargo run -p luhuan-web --example preview -- OUT [PHOTOS]
//!
//! OUT gets `zh-CN/<page>.html`, `en/<page>.html`, `static/` and `photos/` (the pictures of PHOTOS, or those of
//! the categories); serve it as the root of a web server.

mod pages;

use std::error::Error;
use std::fs;
use std::path::Path;

use luhuan_web::assets;
use luhuan_web::text::{Locale, Text};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("usage: preview OUT [PHOTOS]")?;
    let out = Path::new(&out);
    for asset in assets::all() {
        let file = out.join("static").join(asset.name);
        fs::create_dir_all(file.parent().ok_or("a file has a folder")?)?;
        fs::write(file, asset.bytes)?;
    }
    let pictures = copy_pictures(out, arguments.next().as_deref())?;
    fs::write(out.join("manifest.webmanifest"), assets::manifest(Text::default()))?;
    let mut count = 0;
    for locale in Locale::ALL {
        let folder = out.join(locale.tag());
        fs::create_dir_all(&folder)?;
        for (name, html) in pages::all(pages::Stage { t: Text::of(locale), pictures })? {
            fs::write(folder.join(format!("{name}.html")), html)?;
            count += 1;
        }
    }
    println!("{count} pages in {}", out.display());
    Ok(())
}

/// Copies the pictures of `from`, or those of the categories, as `photos/<number>.jpg`; answers how many.
fn copy_pictures(out: &Path, from: Option<&str>) -> Result<usize, Box<dyn Error>> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/categories");
    let folder = from.map_or(own.as_path(), Path::new);
    let mut files: Vec<_> = fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some());
    files.sort();
    fs::create_dir_all(out.join("photos"))?;
    for (number, file) in files.iter().enumerate() {
        fs::copy(file, out.join("photos").join(format!("{number}.jpg")))?;
    }
    if files.is_empty() { Err("no pictures".into()) } else { Ok(files.len()) }
}
