//! Reading the sections one by one, and the whole once all of them are right.

use super::faults::Faults;
use super::keys;
use super::layers::{Layers, Origin};
use super::reader::{Invalid, Reader};
use super::sections::{
    Archive, Auth, Billing, Cluster, Database, Demo, Limits, Log, Mail, Name, Paths, Sender, Server,
};
use super::url::PublicUrl;
use super::{Config, Environment};

/// A configuration of which some sections may be at fault, so that the rules between sections are
/// checked, and reported, together with the faults of single keys.
pub(super) struct Draft {
    pub environment: Result<Environment, Invalid>,
    pub server: Result<Server, Invalid>,
    pub database: Result<Database, Invalid>,
    pub auth: Result<Auth, Invalid>,
    pub archive: Result<Archive, Invalid>,
    pub cluster: Result<Cluster, Invalid>,
    pub limits: Result<Limits, Invalid>,
    pub billing: Result<Billing, Invalid>,
    pub mail: Result<Mail, Invalid>,
    pub demo: Result<Demo, Invalid>,
    pub log: Result<Log, Invalid>,
}

impl Draft {
    /// Reads every section, whatever is wrong with the others.
    pub fn read(layers: &Layers, faults: &mut Faults) -> Self {
        let mut reader = Reader::new(layers, faults);
        Self {
            environment: reader.environment(),
            server: server(&mut reader),
            database: database(&mut reader, layers),
            auth: auth(&mut reader),
            archive: archive(&mut reader),
            cluster: cluster(&mut reader),
            limits: limits(&mut reader),
            billing: billing(&mut reader),
            mail: mail(&mut reader),
            demo: demo(&mut reader),
            log: log(&mut reader),
        }
    }

    /// The configuration, when no section is at fault.
    pub fn finish(self) -> Result<Config, Invalid> {
        Ok(Config {
            environment: self.environment?,
            server: self.server?,
            database: self.database?,
            auth: self.auth?,
            archive: self.archive?,
            cluster: self.cluster?,
            limits: self.limits?,
            billing: self.billing?,
            mail: self.mail?,
            demo: self.demo?,
            log: self.log?,
        })
    }
}

// Every key of a section is read before the first `?`, so that all its faults are found.

fn server(reader: &mut Reader) -> Result<Server, Invalid> {
    let bind = reader.required(&keys::BIND);
    let admin_bind = reader.required(&keys::ADMIN_BIND);
    let public_url = reader.optional::<PublicUrl>(&keys::PUBLIC_URL);
    let trusted_proxies = reader.required(&keys::TRUSTED_PROXIES);
    Ok(Server {
        bind: bind?,
        admin_bind: admin_bind?,
        public_url: public_url?.map(|url| url.0),
        trusted_proxies: trusted_proxies?,
    })
}

fn database(reader: &mut Reader, layers: &Layers) -> Result<Database, Invalid> {
    let url = reader.required(&keys::DATABASE_URL);
    let migrate_url = reader.optional(&keys::MIGRATE_URL);
    let instance = reader.optional(&keys::INSTANCE);
    let pointer = match layers.origin(&keys::DATABASE_URL) {
        Origin::SecretFile { path, .. } => Some(path),
        _ => None,
    };
    Ok(Database {
        url: url?,
        pointer,
        migrate_url: migrate_url?,
        instance: instance?,
    })
}

fn auth(reader: &mut Reader) -> Result<Auth, Invalid> {
    let secret = reader.optional(&keys::AUTH_SECRET)?;
    Ok(Auth { secret })
}

fn archive(reader: &mut Reader) -> Result<Archive, Invalid> {
    let mode = reader.required(&keys::ARCHIVE_MODE);
    let acknowledge_no_archive = reader.required(&keys::ACKNOWLEDGE_NO_ARCHIVE);
    let socket = reader.optional(&keys::ARCHIVE_SOCKET);
    let url = reader.optional(&keys::ARCHIVE_URL);
    let litestream = reader.required(&keys::LITESTREAM);
    Ok(Archive {
        mode: mode?,
        acknowledge_no_archive: acknowledge_no_archive?,
        socket: socket?,
        url: url?,
        litestream: litestream?,
    })
}

fn cluster(reader: &mut Reader) -> Result<Cluster, Invalid> {
    let directory = reader.optional(&keys::CLUSTERS);
    let stanza = reader.required::<Name>(&keys::STANZA);
    let pgbackrest = reader.optional(&keys::PGBACKREST);
    let receivers = reader.optional::<Paths>(&keys::RECEIVERS);
    let superuser = reader.required::<Name>(&keys::SUPERUSER);
    let programs = reader.optional(&keys::PROGRAMS);
    Ok(Cluster {
        directory: directory?,
        stanza: stanza?.0,
        pgbackrest: pgbackrest?,
        receivers: receivers?.unwrap_or_default().0,
        superuser: superuser?.0,
        programs: programs?,
    })
}

fn limits(reader: &mut Reader) -> Result<Limits, Invalid> {
    let enabled = reader.required(&keys::LIMITS_ENABLED)?;
    Ok(Limits { enabled })
}

fn billing(reader: &mut Reader) -> Result<Billing, Invalid> {
    let enabled = reader.required(&keys::BILLING_ENABLED);
    let catalogue = reader.optional(&keys::CATALOGUE);
    Ok(Billing {
        enabled: enabled?,
        catalogue: catalogue?,
    })
}

fn mail(reader: &mut Reader) -> Result<Mail, Invalid> {
    let from = reader.optional::<Sender>(&keys::MAIL_FROM);
    let smtp_url = reader.optional(&keys::SMTP_URL);
    Ok(Mail {
        from: from?.map(|sender| sender.0),
        smtp_url: smtp_url?,
    })
}

fn demo(reader: &mut Reader) -> Result<Demo, Invalid> {
    let enabled = reader.required(&keys::DEMO_ENABLED)?;
    Ok(Demo { enabled })
}

fn log(reader: &mut Reader) -> Result<Log, Invalid> {
    let format = reader.required(&keys::LOG_FORMAT);
    let level = reader.required(&keys::LOG_LEVEL);
    Ok(Log {
        format: format?,
        level: level?,
    })
}
