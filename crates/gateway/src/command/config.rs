//! `luhuan config`.

use std::process::ExitCode;

use super::CommandError;
use crate::config::{Config, variable};

pub(super) fn show(config: &Config, json: bool) -> Result<ExitCode, CommandError> {
    if json {
        let keys: Vec<_> = config
            .shown()
            .map(|(key, value, origin)| {
                serde_json::json!({
                    "key": key.name, "value": value, "from": origin.to_string(),
                    "environment": variable(key.name), "help": key.help,
                })
            })
            .collect();
        super::print(&format!("{}\n", serde_json::Value::Array(keys)));
        return Ok(ExitCode::SUCCESS);
    }
    for (key, value, origin) in config.shown() {
        let line =
            format!("{} = {value:?}   ({origin}; {})\n    {}\n", key.name, variable(key.name), key.help);
        super::print(&line);
    }
    Ok(ExitCode::SUCCESS)
}
