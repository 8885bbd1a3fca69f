//! A server that sells, and somebody who looks after its payments.

use scorehold::domain::text::Text;
use scorehold::domain::user::{Email, UserDetails};
use scorehold::services::accounts::{self, NewAccount};
use serde_json::{Value, json};

use super::{Answer, Client, Database, Engine, Person, TestApp, uuid};

/// A server with payments enabled. It is asked like an application.
pub struct Shop {
    pub app: TestApp,
    pub operator: Person,
}

impl std::ops::Deref for Shop {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        &self.app
    }
}

impl Shop {
    /// Opens one on a database of its own.
    pub fn open(engine: Engine, settings: &[(&str, &str)]) -> Self {
        let selling = [&[("SCOREHOLD__BILLING__ENABLED", "true")], settings].concat();
        let app = TestApp::over(Database::migrated(engine), "test", &selling);
        let operator = operator(&app);
        Self { app, operator }
    }

    /// Lets time pass, after which the operator logs in again.
    pub fn pass(&mut self, seconds: i64) {
        self.app.pass(seconds);
        self.operator = self.operator.log_in(&self.app.anonymous());
    }

    /// Drafts an order and answers its path.
    #[track_caller]
    pub fn draft(&self, customer: &Client, body: Value) -> String {
        let keyed = customer.with("Idempotency-Key", &uuid());
        keyed.post("/orders", body).expect(201).location()
    }

    /// Takes a step, whose key is new.
    #[track_caller]
    pub fn step(&self, who: &Client, path: &str, step: &str, body: Value) -> Answer {
        let keyed = who.with("Idempotency-Key", &uuid());
        keyed.post(&format!("{path}/{step}"), body)
    }

    /// Notes that a submitted order was paid.
    #[track_caller]
    pub fn pay(&self, path: &str) -> Answer {
        self.step(&self.operator, path, "pay", json!({"reference": "no. 1"}))
            .expect(200)
    }

    /// An order that went all the way.
    #[track_caller]
    pub fn fulfilled(&self, customer: &Client, body: Value) -> String {
        let path = self.draft(customer, body);
        self.step(customer, &path, "submit", json!({})).expect(200);
        self.pay(&path);
        self.step(&self.operator, &path, "fulfil", json!({}))
            .expect(200);
        path
    }
}

/// Somebody who looks after payments.
pub fn operator(app: &TestApp) -> Person {
    let person = app.person("Op");
    let account = NewAccount {
        email: Email::new(&person.email).unwrap(),
        details: UserDetails {
            display_name: Text::new("Op").unwrap(),
        },
        password_hash: None,
    };
    app.act(|tx| accounts::appoint(tx, account));
    person
}
