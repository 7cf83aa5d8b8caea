//! `luhuan serve`.

use std::{net::ToSocketAddrs, process::ExitCode};

use tokio::{net::TcpListener, signal, sync::watch};

use super::CommandError;
use crate::{app::App, config::Config, http::metrics, server, upkeep};

pub(super) async fn serve(
    config: Config,
    demo: bool,
    demo_in_public: bool,
) -> Result<ExitCode, CommandError> {
    let listen = config.text("listen").to_owned();
    if demo && !demo_in_public {
        refuse_public(&listen)?;
    }
    let recorder = metrics::install();
    if demo {
        super::demo::load(&config).await?;
    }
    let app = App::open(config, demo).await?;
    let listener = TcpListener::bind(&listen)
        .await
        .map_err(|error| CommandError::Other(format!("cannot listen on {listen}: {error}")))?;
    let address = listener.local_addr()?;
    let router = server::router(app.clone(), recorder)?;
    let (stopping, stop) = watch::channel(false);
    let upkeep = upkeep::start(&app, &stop);
    greet(&app, &address.to_string());
    let mut stopped = stop.clone();
    let served = server::serve(router, listener, async move {
        wait_for_signal().await;
        tracing::info!("stopping: requests under way may end");
        stopping.send_replace(true);
        let _ = stopped.changed().await;
    })
    .await;
    upkeep.finish(&app).await;
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Demo passwords are public: they must not open a server that others can reach.
fn refuse_public(listen: &str) -> Result<(), CommandError> {
    let addresses = listen
        .to_socket_addrs()
        .map_err(|error| CommandError::Other(format!("'{listen}' is no address to listen on: {error}")))?;
    for address in addresses {
        if !address.ip().is_loopback() {
            return Err(CommandError::Other(format!(
                "a demo's passwords are public, so it listens on loopback only, not on {address}; \
                 --demo-in-public overrides this"
            )));
        }
    }
    Ok(())
}

fn greet(app: &App, address: &str) {
    println!("绿环 Lühuan is ready at http://{address}/");
    if !app.demo {
        println!("The first administrator is made by: luhuan user create LOGIN --role administrator");
        return;
    }
    println!("This is a demo city. Sign in with any of these (password in the last column):");
    for sign_in in luhuan_demo::sign_ins() {
        println!("  {:<24} {:<28} {}", sign_in.role, sign_in.login, sign_in.password);
    }
    println!("All accounts: luhuan demo accounts --json");
}

async fn wait_for_signal() {
    let interrupt = signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}
