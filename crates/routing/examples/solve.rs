//! Solves an instance of the literature and prints the routes:
//!
//! ```sh
//! cargo run --release -p luhuan-routing --example solve -- FILE --seconds 10 --threads 2 --seed 1
//! ```
//!
//! FILE is in Solomon's, VRPLIB's, or Li and Lim's format, told by its content. All is done within the seconds given, from
//! the start of the program, reading and writing included. `--iterations N` instead makes a run that can be repeated,
//! `--processor` counts the processor's time instead of the wall's (Linux), `--svg OUT` also draws the plan, and
//! `--from SOLUTION` starts from one.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use luhuan_routing::{Budget, Instance, Search, Solution, check, draw};

/// Kept back to write the plan down.
const WRITING: Duration = Duration::from_millis(100);

fn main() -> ExitCode {
    let begun = Instant::now();
    match run(begun) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(begun: Instant) -> Result<String, Box<dyn std::error::Error>> {
    let options = Options::parse(std::env::args().skip(1))?;
    let instance = Instance::parse(&std::fs::read_to_string(&options.file)?)?;
    let start = match &options.from {
        Some(file) => Some(instance.plan(&Solution::parse(&std::fs::read_to_string(file)?)?)?),
        None => None,
    };
    let mut budget = Budget { iterations: options.iterations, ..Budget::default() };
    if options.processor {
        budget.time = Some(Duration::from_secs_f64(options.seconds));
        budget.clock = Some(processor_time);
    } else if options.iterations.is_none() {
        // Large problems take longer to write down: a part of what is left is kept as well.
        let left = Duration::from_secs_f64(options.seconds).saturating_sub(begun.elapsed() + WRITING);
        budget.time = Some(left.mul_f64(0.985));
    }
    let mut search =
        Search::new(&instance.problem).budget(budget).seed(options.seed).threads(options.threads);
    if let Some(plan) = &start {
        search = search.from_plan(plan);
    }
    let solved = search.run();
    eprintln!("{} iterations, {:.2} s", solved.iterations, begun.elapsed().as_secs_f64());
    for left_out in solved.plan.unserved.iter().take(20) {
        let key = &instance.problem.stop(left_out.stop).key;
        eprintln!("stop {key} is left out: {}", left_out.reason);
    }
    if let Err(faults) = check(&instance.problem, &solved.plan) {
        return Err(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").into());
    }
    if let Some(file) = &options.svg {
        std::fs::write(file, draw(&instance.problem, &solved.plan))?;
    }
    Ok(instance.solution(&solved.plan).to_string())
}

struct Options {
    file: String,
    seconds: f64,
    threads: usize,
    seed: u64,
    iterations: Option<u64>,
    processor: bool,
    svg: Option<String>,
    from: Option<String>,
}

impl Options {
    fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn std::error::Error>> {
        let mut options = Self {
            file: String::new(),
            seconds: 10.0,
            threads: 1,
            seed: 1,
            iterations: None,
            processor: false,
            svg: None,
            from: None,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--seconds" => options.seconds = value()?.parse()?,
                "--threads" => options.threads = value()?.parse()?,
                "--seed" => options.seed = value()?.parse()?,
                "--iterations" => options.iterations = Some(value()?.parse()?),
                "--processor" => options.processor = true,
                "--svg" => options.svg = Some(value()?),
                "--from" => options.from = Some(value()?),
                _ if argument.starts_with("--") => return Err(format!("{argument} is not known").into()),
                _ => options.file = argument,
            }
        }
        if options.file.is_empty() || !(0.0..1e6).contains(&options.seconds) {
            return Err("usage: solve FILE --seconds N [--threads T] [--seed S]".into());
        }
        Ok(options)
    }
}

/// Time this thread has had on a processor (Linux; elsewhere it stands still, so give iterations too).
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split_whitespace().next().and_then(|word| word.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}
