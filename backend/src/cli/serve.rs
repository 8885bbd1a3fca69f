//! `scorehold serve`.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

use super::{failure, output::print, runtime};
use crate::config::{Config, Loaded, LogFormat};
use crate::db::migrate;
use crate::error::StartError;
use crate::services::demo;
use crate::state::AppState;
use crate::{http, logging};

/// Serves until it is told to stop, then lets what is under way finish.
pub fn run(loaded: Loaded) -> Result<(), StartError> {
    let Loaded {
        config, warnings, ..
    } = loaded;
    logging::start(&config.log);
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    if !config.environment.is_guarded() {
        tracing::info!("{}", migrate::run(&config)?);
    }
    runtime::block_on(serve(config))
}

async fn serve(config: Config) -> Result<(), StartError> {
    let listener = listen(config.server.bind, "SCOREHOLD__SERVER__BIND")?;
    let admin_listener = listen(config.server.admin_bind, "SCOREHOLD__SERVER__ADMIN_BIND")?;
    let address = listener.local_addr().map_err(failure)?;
    let state = AppState::open(config.clone())?;
    let server = http::serve(state.clone(), listener).map_err(failure)?;
    let admin = http::serve_admin(state.clone(), admin_listener).map_err(failure)?;
    let (handle, admin_handle) = (server.handle(), admin.handle());

    let until_stopped = async {
        let stop = stop_signals().map_err(failure)?;
        let demo = keep_demo(&config, &state);
        announce(&config, address)?;
        stop.await;
        tracing::info!("stopping");
        state.drain();
        demo.inspect(JoinHandle::abort);
        handle.stop(true).await;
        admin_handle.stop(true).await;
        Ok(())
    };
    let server = async { server.await.map_err(failure) };
    let admin = async { admin.await.map_err(failure) };
    tokio::try_join!(server, admin, until_stopped).map(|_| ())
}

fn listen(address: SocketAddr, setting: &str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).map_err(|error| {
        let why = match error.kind() {
            ErrorKind::AddrInUse => "another program listens there".to_owned(),
            _ => error.to_string(),
        };
        failure(format!(
            "cannot listen at {address}: {why}; {setting} sets the address"
        ))
    })
}

/// Resolves when the process is asked to stop; from the call on, a signal no longer kills it.
fn stop_signals() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn keep_demo(config: &Config, state: &AppState) -> Option<JoinHandle<()>> {
    let demo = config.demo.enabled.then(|| demo::keep_alive(state.clone()));
    demo.map(tokio::task::spawn_local)
}

/// A line for the person at the terminal, or a record for the log.
fn announce(config: &Config, address: SocketAddr) -> Result<(), StartError> {
    let url = config
        .server
        .public_url
        .clone()
        .unwrap_or_else(|| reachable(address));
    let (environment, database) = (config.environment, &config.database.url);
    match config.log.format {
        LogFormat::Text => print(&start_line(&url, config)),
        LogFormat::Json => {
            tracing::info!(%url, %address, %environment, %database, "serving");
            Ok(())
        }
    }
}

fn start_line(url: &str, config: &Config) -> String {
    let database = config.database.url.to_string().replacen(':', " ", 1);
    format!(
        "Scorehold is at {url} ({}, {database}; stop with Ctrl+C)\n",
        config.environment
    )
}

/// Nobody can open 0.0.0.0 in a browser.
fn reachable(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    format!("http://{address}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_address_is_named_with_its_setting() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let error = listen(address, "SCOREHOLD__SERVER__BIND").unwrap_err();
        assert_eq!(error.exit, 1);
        for part in [
            &address.to_string(),
            "another program",
            "SCOREHOLD__SERVER__BIND",
        ] {
            assert!(error.message.contains(part), "{}", error.message);
        }
    }

    #[test]
    fn the_start_line_names_what_a_person_needs() {
        let vars = [
            ("SCOREHOLD__ENVIRONMENT", "development"),
            ("SCOREHOLD__DATABASE__URL", "sqlite:data/scorehold.db"),
        ];
        let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = Config::load(None, vars).unwrap().config;
        assert_eq!(
            start_line(&reachable("0.0.0.0:8080".parse().unwrap()), &config),
            "Scorehold is at http://127.0.0.1:8080 (development, sqlite data/scorehold.db; stop with Ctrl+C)\n"
        );
    }
}
